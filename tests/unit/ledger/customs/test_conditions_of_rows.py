"""Conditions meet the rows of a usage file one after the other, as if each came by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import headworks as hw
from headworks.ledger.importing import import_usage
from tests.unit.ledger.customs.customs_story import Story, usage_csv, use


def conditional(terms: dict[str, Any]) -> Story:
    """Return a story with a further licence `l2` for 500 under one condition."""
    story = Story()
    story.do("condition.set", condition="it", title="A condition", terms=terms)
    story.do(
        "licence.issue", licence="l2", round="r1", party="bytedance", conditions=["it"],
        lines={"1": {"chip": "h200-sxm", "quantity": 500, "route": "mainland"}},
        valid_from="2026-02-01", valid_until="2026-08-01",
    )  # fmt: skip
    return story


def row(number: int, quantity: int, on: str, kind: str = "O") -> dict[str, Any]:
    return use(kind, f"26CN{number}", quantity=quantity, on=on, licence="l2")


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"kind": "cap", "limit": 100}, "bytedance may have 100 units, has 60, and 41 are to pass"),
        ({"kind": "window", "days": 30, "limit": 100},
         "100 may pass in any 30 days, 60 do from 2026-02-05 on, and 41 are to"),
    ],
)  # fmt: skip
def test_a_row_that_breaks_a_condition_with_those_before_it_is_named(
    terms: dict[str, Any], words: str, tmp_path: Path
) -> None:
    story = conditional(terms)
    path = usage_csv(tmp_path, 1, row(1, 60, "2026-02-05"), row(2, 41, "2026-02-10"))
    with pytest.raises(hw.LedgerError) as refused:
        import_usage(story.ledger, path, actor="customs")
    assert words in str(refused.value)
    assert f"{path}:4:" in str(refused.value)
    assert f"{path}:3:" not in str(refused.value)
    fits = usage_csv(tmp_path, 1, row(1, 60, "2026-02-05"), row(2, 40, "2026-02-10"))
    import_usage(story.ledger, fits, actor="customs")
    assert story.balance("line:l2:1") == 400


def test_what_a_contra_undoes_makes_room_in_a_window(tmp_path: Path) -> None:
    story = conditional({"kind": "window", "days": 30, "limit": 100})
    rows = (
        row(1, 90, "2026-02-05"), row(1, 90, "2026-02-08", "C"), row(2, 100, "2026-02-10"),
    )  # fmt: skip
    import_usage(story.ledger, usage_csv(tmp_path, 1, *rows), actor="customs")
    assert story.balance("line:l2:1") == 400
    assert story.ledger.verify().sound


def test_a_failed_adjustment_takes_nothing_from_a_window(tmp_path: Path) -> None:
    story = conditional({"kind": "window", "days": 30, "limit": 100})
    rows = (
        row(1, 90, "2026-02-05"), row(1, 101, "2026-02-05", "A"), row(2, 10, "2026-02-10"),
    )  # fmt: skip
    done = import_usage(
        story.ledger, usage_csv(tmp_path, 1, *rows), actor="customs", exceptions="hold"
    )
    assert done.counts["held"] == 1
    assert story.balance("line:l2:1") == 400


def test_credits_are_used_row_by_row(tmp_path: Path) -> None:
    story = conditional({
        "kind": "pairing", "domestic": ["ascend-910c"], "earned": 1, "used": 2,
        "trigger": "delivery",
    })  # fmt: skip
    story.do(
        "pairing.earn", condition="it", party="bytedance", chip="ascend-910c", quantity=200,
        trigger="delivery", reference="d-1",
    )  # fmt: skip
    rows = row(1, 60, "2026-02-05"), row(2, 40, "2026-02-10")
    import_usage(story.ledger, usage_csv(tmp_path, 1, *rows), actor="customs")
    assert story.balance("credits:it:bytedance") == 0
    with pytest.raises(hw.LedgerError, match="1 imports use 2 credits, and bytedance has 0"):
        import_usage(story.ledger, usage_csv(tmp_path, 2, row(3, 1, "2026-02-11")), actor="customs")
