"""A large ledger: how long verification takes, how much memory, and how soon `may-pass` answers.

Run by itself, since filling the ledger takes minutes: `python -m bench.ledger_large`, and with
`--per-event 1` for as many events as transfers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from headworks.ledger import names
from headworks.ledger.journal.event import Draft
from headworks.ledger.journal.transfer import Transfer
from headworks.ledger.ledger import Ledger

BATCH = 1_000
ASKED = 200
FIRST = dt.date(2026, 2, 1)
DAYS = 300


def main() -> None:
    """Fill a ledger, and print what it took to verify and to ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transfers", type=int, default=2_000_000)
    parser.add_argument("--per-event", type=int, default=BATCH)
    given = parser.parse_args()
    transfers, per_event = given.transfers, given.per_event
    with tempfile.TemporaryDirectory() as folder:
        ledger = _licensed(Path(folder) / "ledger.db", 10 * transfers)
        begin = time.perf_counter()
        for number in range(transfers // BATCH):
            # One transaction, so that the filling does not wait for the disk at every event.
            with ledger.journal.writing() as turn:
                for first in range(0, BATCH, per_event):
                    turn.append(_draws(number, first, per_event))
        filled = time.perf_counter() - begin
        print(f"{transfers:,} transfers, {transfers / filled:,.0f} a second")
        opening, *asked = [_ask(ledger, number) for number in range(1 + ASKED)]
        print(f"may-pass: median {1e3 * statistics.median(asked):.2f} ms, "
              f"slowest of {ASKED} {1e3 * max(asked):.1f} ms, "
              f"the first, which reads the chips, {1e3 * opening:.1f} ms")  # fmt: skip
        begin = time.perf_counter()
        found = ledger.verify()
        spent = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"verify: {spent:.1f} s for {found.transfers:,} transfers in {found.events:,} "
              f"events, sound: {found.sound}; "
              f"most memory of the whole run {peak:.2f} GB")  # fmt: skip
        ledger.close()


def _licensed(place: Path, units: int) -> Ledger:
    """Return a ledger with one licence, under a cap, a rolling limit and a rule on chips."""
    ledger = Ledger.create(place, administrator="root")

    def do(action: str, actor: str = "office", **fields: Any) -> None:  # noqa: ANN401
        name = f"{action}-{len(done)}"
        done.append(name)
        ledger.act({"action": action, "actor": actor, "id": name, **fields})

    done: list[str] = []
    for person, roles in (
        ("office", ["officer"]), ("one", ["approver"]), ("two", ["approver"]),
    ):  # fmt: skip
        do("actor.register", "root", person=person, name=person, roles=roles)
    do("party.register", party="buyer", name="Buyer", jurisdiction="CN")
    do("actor.register", "root", person="buyer", name="B", roles=["applicant"], party="buyer")
    for name, terms in {
        "cap": {"kind": "cap", "limit": units},
        "window": {"kind": "window", "days": 30, "limit": units},
        "admits": {"kind": "admits", "reviews": ["case_by_case"]},
    }.items():
        do("condition.set", condition=name, title=name, terms=terms)
    days = {"opens_on": "2026-01-01", "closes_on": "2027-01-01"}
    do("pool.open", pool="pool", title="Pool", unit="units", volume=units, **days)
    do(
        "round.announce", round="round", pool="pool", eligible=["buyer"], opens_on="2026-01-01",
        closes_on="2026-02-01",
    )  # fmt: skip
    do("round.open", round="round")
    do(
        "application.submit", "buyer", application="a", round="round", party="buyer",
        chip="h200-sxm", requested=units, on="2026-01-02",
    )  # fmt: skip
    do("application.take_up", application="a")
    do("application.decide", application="a", need=units, grounds="a bench")
    do("round.close", round="round")
    do("round.award", round="round", on="2026-01-31")
    do("award.confirm", "one", round="round", on="2026-01-31")
    do("proposal.agree", "two", proposal=done[-1])
    do(
        "licence.issue", licence="licence", round="round", party="buyer",
        lines={"1": {"chip": "h200-sxm", "quantity": units}}, valid_from="2026-02-01",
        valid_until="2027-01-01", conditions=["cap", "window", "admits"],
    )  # fmt: skip
    return ledger


def _draws(number: int, first: int, count: int) -> Draft:
    """Return some of the thousand draws of a batch; batches are spread over the days of a year."""
    debit, credit = names.line("licence", "1"), names.cleared("licence", "1")
    return Draft(
        f"d{number}-{first}", "shipment.draw", "customs", "shipment.draw",
        effective_on=FIRST + dt.timedelta(days=number % DAYS),
        transfers=tuple(
            Transfer(f"d{number}-{part}", debit, credit, 1, "draw", reference=f"MRN{part:08d}")
            for part in range(first, first + count)
        ),
    )  # fmt: skip


def _ask(ledger: Ledger, number: int) -> float:
    begin = time.perf_counter()
    ledger.may_pass("licence", "1", 100, on=FIRST + dt.timedelta(days=number % DAYS))
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
