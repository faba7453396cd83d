"""Customs' figure adopted: the difference moves with all that counts against conditions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import headworks as hw
from headworks.ledger.importing import import_usage
from tests.unit.ledger.customs.customs_story import Story, total, usage_csv, use
from tests.unit.ledger.customs.test_conditions_of_rows import conditional, row

CAP = {"kind": "cap", "limit": 100}
WINDOW = {"kind": "window", "days": 30, "limit": 100}
PAIRING = {
    "kind": "pairing", "domestic": ["ascend-910c"], "earned": 1, "used": 2, "trigger": "delivery",
    "grace": 500,
}  # fmt: skip


def differing(story: Story, folder: Path, theirs: int) -> None:
    """Import two draws of 30 and 20 on `l2`, of which customs counts another total."""
    rows = row(1, 30, "2026-02-05"), row(2, 20, "2026-02-10")
    path = usage_csv(folder, 1, *rows, total(theirs, licence="l2"))
    import_usage(story.ledger, path, actor="customs")


def adopt(story: Story, **given: Any) -> None:  # noqa: ANN401 - fields of an action
    given = {"discrepancy": "units/l2/1", "adopt": "theirs", "grounds": "seen", **given}
    story.do("discrepancy.resolve", "auditor", **given)


@pytest.mark.parametrize(
    ("terms", "account", "before", "after"),
    [
        (CAP, "meter:it:bytedance", 50, 60),
        (CAP, "meter:it:bytedance", 50, 35),
        (PAIRING, "credits:it:bytedance", -100, -120),
        (PAIRING, "credits:it:bytedance", -100, -70),
    ],
)
def test_a_difference_moves_what_counts(
    terms: dict[str, Any], account: str, before: int, after: int, tmp_path: Path
) -> None:
    story = conditional(terms)
    theirs = abs(after) // (2 if terms is PAIRING else 1)
    differing(story, tmp_path, theirs)
    assert story.balance(account) == before
    adopt(story)
    assert story.balance(account) == after
    assert [story.balance(one) for one in ("line:l2:1", "cleared:l2:1")] == [500 - theirs, theirs]
    assert story.ledger.verify().sound


def test_less_than_we_have_comes_back_from_the_newest_days_of_a_window(tmp_path: Path) -> None:
    story = conditional(WINDOW)
    differing(story, tmp_path, 15)
    adopt(story)
    days = ("2026-02-05", "2026-02-10")
    assert [story.balance(f"meter:it:l2.{day}") for day in days] == [15, 0]


def test_more_than_a_cap_allows_is_refused_with_its_numbers(tmp_path: Path) -> None:
    story = conditional(CAP)
    differing(story, tmp_path, 101)
    with pytest.raises(hw.LedgerError, match="may hold 100 units, holds 50, and 51 are to enter"):
        adopt(story)


def test_less_than_we_have_on_an_ended_licence_goes_back_to_the_pool(tmp_path: Path) -> None:
    story = Story()
    import_usage(story.ledger, usage_csv(tmp_path, 1, use(quantity=60), total(40)), actor="customs")
    story.do("licence.surrender", "holder", licence="l1")
    before = story.balance("pool:cn")
    adopt(story, discrepancy="units/l1/1")
    assert story.balance("pool:cn") == before + 20
    assert [story.balance(one) for one in ("line:l1:1", "cleared:l1:1")] == [0, 40]


def test_less_than_we_have_reopens_an_exhausted_licence(tmp_path: Path) -> None:
    story = Story()
    story.licence("l3", {"1": 50})
    rows = use(quantity=50, licence="l3"), total(49, licence="l3")
    import_usage(story.ledger, usage_csv(tmp_path, 1, *rows), actor="customs")
    assert story.ledger.records("licence")["l3"]["state"] == "exhausted"
    adopt(story, discrepancy="units/l3/1")
    assert story.ledger.records("licence")["l3"]["state"] == "issued"
