"""The page of a ledger's actions, from the records that check them."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.cli.ledger.post import ENVELOPE, type_text
from headworks.ledger.actions.registry import actions
from headworks.ledger.authority import ROLES, roles_with
from headworks.ledger.journal.soundness import TWO_PERSONS
from headworks.scenario.said import said_of

if TYPE_CHECKING:
    from headworks.ledger.actions.action import Action


def actions_page(note: str) -> str:
    """Return the page of all actions with their fields and the roles that may do them.

    Args:
        note: The line that says that the page is generated.
    """
    head = (
        "# Actions of a ledger\n\n"
        f"{note}\n"
        "What can be told to a ledger, by `headworks ledger post`, by `headworks ledger import`\n"
        "or by `hw.Ledger.act`. Every action has an `id` that its author chooses, an `actor`, a\n"
        "`reason` and the day `on` which it happens; the same id with the same content changes\n"
        "nothing.\n\n"
    )
    records: dict[type[Action], list[str]] = {}
    for name, record in sorted(actions().items()):
        records.setdefault(record, []).append(name)
    return head + _roles() + "".join(_section(*pair) for pair in records.items())


def _roles() -> str:
    rows = [f"| {role} | {', '.join(sorted(rights))} |" for role, rights in ROLES.items()]
    return "\n".join(["| Role | May |", "|---|---|", *rows, ""])


def _section(record: type[Action], names: list[str]) -> str:
    meant = said_of(record)
    fields = [
        f"| `{key}` | {type_text(field.annotation).replace(' | ', ' or ')} | "
        f"{'' if field.is_required() else 'optional'} | "
        f"{' '.join(meant.get(key, '').split())} |"
        for key, field in record.model_fields.items()
        if key not in ENVELOPE
    ]
    table = "\n".join(["| Field | Is | | Means |", "|---|---|---|---|", *fields])
    said = " ".join((record.__doc__ or "").split("\n\n")[0].split())
    by = "; ".join(
        f"`{name}` by {' or '.join(roles_with(name))}"
        + (", two of them" if name in TWO_PERSONS else "")
        for name in names
    )
    return f"\n## {', '.join(names)}\n\n{said} {by}.\n\n{table}\n"
