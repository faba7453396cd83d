"""Checkpoints: an auditor signs off the log as it stands."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from headworks.errors import Fault
from headworks.ledger.actions.action import Action, Decision, Version
from headworks.ledger.checkpoints import checkpoint
from headworks.ledger.journal.view import View, refuse


class SignCheckpoint(Action):
    """Sign off the log: its number of events and its root, which is then published."""

    action: Literal["checkpoint.sign"]
    size: int | None = None
    """Number of events that are signed off; all so far if None."""
    root: str | None = None
    """The root that the auditor computed, to be compared; not compared if None."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the checkpoint."""
        seq, _, _ = view.head()
        found = checkpoint(view, seq if self.size is None else self.size)
        if self.root is not None and self.root != found["root"]:
            message = f"the log of {found['size']} events has the root {found['root']}"
            refuse([Fault("root", 0, self.root, message, "verify the ledger before you sign")])
        body = {**found, "by": self.actor}
        return Decision(records=(Version("checkpoint", str(found["size"]), body),))
