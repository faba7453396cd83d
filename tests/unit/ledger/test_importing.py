from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from headworks.errors import InputError
from headworks.ledger.importing import import_actions, import_file
from tests.unit.ledger.customs.customs_story import Story, usage_csv, use

SCRIPT = """\
- action: party.register
  id: p1
  actor: officer
  party: alibaba
  name: Alibaba
  jurisdiction: CN
- action: licence.suspend
  id: p2
  actor: officer
  licence: l1
  on: 2026-02-12
"""


@pytest.fixture
def story() -> Story:
    return Story()


def written(folder: Path, text: str, name: str = "script.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(story: Story, path: Path) -> str:
    before = story.ledger.verify()
    with pytest.raises(InputError) as caught:
        import_file(story.ledger, path, actor="customs")
    assert story.ledger.verify() == before
    return str(caught.value)


def test_a_script_of_actions_is_done_as_a_whole(story: Story, tmp_path: Path) -> None:
    done = import_file(story.ledger, written(tmp_path, SCRIPT))
    assert done.counts == {"party.register": 1, "licence.suspend": 1}
    assert story.licence_state() == "suspended"
    assert story.ledger.records("licence")["l1"]["suspensions"] == [["2026-02-12", None]]
    assert import_file(story.ledger, written(tmp_path, SCRIPT)).repeated


def test_json_lines_say_the_same(story: Story, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"action": "party.register", "id": "p1", "actor": "officer", "party": "alibaba",
         "name": "Alibaba", "jurisdiction": "CN"},
        {"action": "licence.suspend", "id": "p2", "actor": "officer", "licence": "l1",
         "on": "2026-02-12"},
    ]  # fmt: skip
    text = "\n\n".join(json.dumps(row) for row in rows)
    import_file(story.ledger, written(tmp_path, text, "script.jsonl"))
    other = Story()
    import_file(other.ledger, written(tmp_path, SCRIPT))
    assert story.ledger.verify().head == other.ledger.verify().head


def test_a_dry_run_of_a_script_writes_nothing(story: Story, tmp_path: Path) -> None:
    before = story.ledger.verify()
    tried = import_actions(story.ledger, written(tmp_path, SCRIPT), dry_run=True)
    assert (tried.counts, tried.dry_run) == ({"party.register": 1, "licence.suspend": 1}, True)
    assert story.ledger.verify() == before
    story.do("licence.suspend", licence="l1")  # the ledger can still be written


def test_one_action_that_may_not_happen_takes_back_all(story: Story, tmp_path: Path) -> None:
    path = written(tmp_path, SCRIPT.replace("licence: l1", "licence: l9"))
    said = refused(story, path)
    assert f"{path}:7: 2. licence.suspend p2: there is no licence 'l9'" in said


def test_all_actions_that_cannot_be_read_are_told_with_their_lines(
    story: Story, tmp_path: Path
) -> None:
    text = SCRIPT.replace("name: Alibaba", "nam: Alibaba").replace("on: 2026", "on: x2026")
    path = written(tmp_path, text.replace("licence.suspend", "licence.suspnd"))
    said = refused(story, path)
    assert f"{path}:5: nam: unknown key 'nam'; did you mean name?" in said
    assert "the key name is missing" in said
    assert f"{path}:7: action: there is no action 'licence.suspnd'" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("action: party.register\n", "a script is a list of actions"),
        ("- 7\n", "item 1 is no action"),
        ("- {}\n", "there is no action 'None'"),
        ("[]\n", "the script holds no action"),
        ("- a: 1\n  a: 2\n", "duplicate key"),
        ("- [\n", "not YAML"),
    ],
)
def test_what_is_no_script_is_told_so(story: Story, tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(story, written(tmp_path, text))


def test_a_line_that_is_no_json_is_told_so(story: Story, tmp_path: Path) -> None:
    path = written(tmp_path, '{"action": "party.register"\n', "s.jsonl")
    assert f"{path}:1: the line is no JSON" in refused(story, path)


def test_a_script_may_import_a_usage_file_beside_it(story: Story, tmp_path: Path) -> None:
    usage_csv(tmp_path, 1, use())
    text = "- {action: customs.import, id: u1, actor: customs, file: usage-1.csv}\n"
    import_file(story.ledger, written(tmp_path, text))
    assert story.balance("line:l1:1") == 440
    missing = written(tmp_path, text.replace("usage-1", "usage-9"))
    assert f"{missing}:1: file: the file cannot be read" in refused(story, missing)


def test_faults_of_a_usage_file_in_a_script_name_both_places(story: Story, tmp_path: Path) -> None:
    usage_csv(tmp_path, 1, use(quantity=501))
    path = written(
        tmp_path, "- {action: customs.import, id: u1, actor: customs, file: usage-1.csv}\n"
    )
    said = refused(story, path)
    assert f"{path}:1: 1. customs.import u1: usage-1.csv:3: quantity: the line has 500" in said


def test_the_kind_of_a_file_is_seen(story: Story, tmp_path: Path) -> None:
    assert import_file(story.ledger, usage_csv(tmp_path, 1, use()), actor="customs").kind == "usage"
    sample = Path("tests/data/ledger/gacc-0002.jsonl")
    assert "nothing drawn under 310120260000000418 stands" in refused(story, sample)


def test_progress_of_a_script_reaches_its_end(story: Story, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = [
        {"action": "party.register", "id": f"p{n}", "actor": "officer", "party": f"p{n}",
         "name": "P", "jurisdiction": "CN"}
        for n in range(25)
    ]  # fmt: skip
    path = written(tmp_path, "\n".join(json.dumps(row) for row in rows), "s.jsonl")
    import_actions(story.ledger, path, progress=lambda n, of: told.append((n, of)))
    assert told == [(10, 25), (20, 25), (25, 25)]
    assert len(story.ledger.records("party")) == 26
    assert story.ledger.journal.today() == dt.date(2026, 2, 20)
