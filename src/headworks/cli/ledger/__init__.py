"""`headworks ledger`: the ledger of what has passed, one module for each of its verbs.

Keep a ledger of what was awarded, licensed, reserved, drawn at customs and installed, and ask it
what is left, whether a shipment may pass, and why.

A ledger is a file, or a PostgreSQL database by its URL. Every verb takes it as `--ledger`, or from
the variable HEADWORKS_LEDGER; without either it is `ledger.db` in this folder.

Examples:
    headworks ledger init --administrator root
    headworks ledger import january-2026
    headworks ledger balance
    headworks ledger may-pass cn-7 1 20000 --on 2026-02-10
    headworks ledger verify
"""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "balance": ("headworks.cli.ledger.balance", "Show accounts, today or as they once stood."),
    "checkpoint": ("headworks.cli.ledger.checkpoint", "Sign off the log, or prove an event in it."),
    "export": ("headworks.cli.ledger.export", "Write the ledger as Parquet, CSV or beancount."),
    "import": ("headworks.cli.ledger.import_", "Import scripts of actions, or usage files."),
    "init": ("headworks.cli.ledger.init", "Make a ledger, or bring an older one up to date."),
    "licence": ("headworks.cli.ledger.licence", "Show licences with what they have left."),
    "log": ("headworks.cli.ledger.log", "Show what happened, event by event."),
    "may-pass": ("headworks.cli.ledger.may_pass", "Say whether a shipment may pass, and why."),
    "post": ("headworks.cli.ledger.post", "Do one action, such as drawing a shipment."),
    "records": ("headworks.cli.ledger.records", "Show proposals, shipments and other records."),
    "round": ("headworks.cli.ledger.round", "Show rounds, and move one from step to step."),
    "state": ("headworks.cli.ledger.state", "Show what a forecast would begin with."),
    "verify": ("headworks.cli.ledger.verify", "Read the whole journal again and check it."),
}
"""Each verb of the ledger with its module and the line that the overview shows."""
