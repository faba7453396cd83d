"""What a usage file comes to is the same in every store: memory, a SQLite file, PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from headworks.ledger.importing import import_usage
from tests.unit.ledger.customs.customs_story import Story, usage_csv, use

SAMPLES = Path("tests/data/ledger")


def test_usage_files_leave_the_same_balances_in_every_store(place: str) -> None:
    story = Story(place)
    for name in ("gacc-0001.csv", "gacc-0002.jsonl"):
        import_usage(story.ledger, SAMPLES / name, actor="customs")
    assert (story.balance("line:l1:1"), story.balance("cleared:l1:1")) == (370, 130)
    assert (story.balance("line:l1:2"), story.balance("spent:l1:2")) == (260, 120_000)
    assert story.ledger.verify().sound
    story.ledger.close()


def test_a_dry_run_and_a_draw_undone_in_its_own_file_leave_nothing(
    place: str, tmp_path: Path
) -> None:
    story = Story(place)
    before = story.ledger.verify()
    path = usage_csv(tmp_path, 1, use(), use("A", quantity=70), use("C", quantity=70))
    import_usage(story.ledger, path, actor="customs", dry_run=True)
    assert story.ledger.verify() == before
    import_usage(story.ledger, path, actor="customs")
    assert story.balance("line:l1:1") == 500
    assert story.ledger.verify().sound
    story.ledger.close()
