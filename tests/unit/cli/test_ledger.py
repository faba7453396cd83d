"""`headworks ledger`: told and asked from the command line; nothing is written where it refuses."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from headworks.cli.app import app
from headworks.cli.ledger import COMMANDS
from headworks.ledger.actions.registry import actions
from headworks.ledger.ledger import Ledger


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which the story of January was played, to be copied."""
    made = tmp_path_factory.mktemp("played") / "ledger.db"
    done("init", "--ledger", str(made), "--administrator", "root")
    done("import", "january-2026", "--ledger", str(made))
    return made


@pytest.fixture
def place(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of that ledger, and the folder to be in."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(played, tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ledger", *arguments])


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def read(*arguments: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads(done(*arguments, "--json"))


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert "Traceback" not in result.output
    return result.stderr


@pytest.mark.usefixtures("place")
def test_records_are_listed_by_kind_and_state_and_shown_whole() -> None:
    assert "proposal: 2\n" in done("records")
    assert read("records")["application"] == 4
    waiting = done("records", "proposal", "--state", "open")
    assert waiting == "confirm-deepseek: open, award.confirm by industry\n"
    assert list(read("records", "proposal", "--state", "open")) == ["confirm-deepseek"]
    assert done("records", "proposal", "--state", "withdrawn") == "no proposal is withdrawn\n"
    shown = done("records", "application", "tencent-1")
    assert shown.startswith("application tencent-1\n")
    assert "  need: 120,000\n" in shown
    assert read("records", "application", "tencent-1")["need"] == 120_000
    assert "there is no kind of record 'shipmant'" in refused("records", "shipmant")
    assert "tencent-1" in refused("records", "application", "tencent-7")


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_verb_explains_itself_by_example(verb: str) -> None:
    assert f"headworks ledger {verb}" in done(verb, "--help")


def test_the_story_of_january_is_what_it_says(place: Path) -> None:
    assert place.joinpath("ledger.db").is_file()
    licences = {one["licence"]: one for one in read("licence", "list")}
    assert {name: one["state"] for name, one in licences.items()} == {
        "cn-1": "suspended", "cn-2": "suspended", "cn-3": "suspended",
    }  # fmt: skip
    assert sum(one["lines"]["1"]["left"] for one in licences.values()) == 410_000
    rounds = read("round", "list")
    assert rounds["first"]["state"] == "confirmed"
    assert rounds["deepseek"]["state"] == "provisional"
    assert read("verify")["sound"] is True


@pytest.mark.usefixtures("place")
def test_may_pass_says_no_with_the_reason_and_then_yes() -> None:
    asked = ("may-pass", "cn-1", "1", "20000", "--on", "2026-02-10")
    result = run(*asked)
    assert result.exit_code == 1
    assert "suspended since 2026-01-28" in result.output
    done("post", "licence.reinstate", "licence=cn-1", "--actor", "planning", "--on", "2026-02-02")
    done(
        "post", "pairing.earn", "condition=domestic-pairing", "party=bytedance",
        "chip=ascend-910c", "quantity=10000", "trigger=contract", "reference=order-1",
        "--actor", "planning", "--on", "2026-02-03",
    )  # fmt: skip
    answer = read(*asked)
    assert answer["passes"] is True
    assert {one["kind"] for one in answer["rules"]} >= {"status", "validity", "quantity"}


@pytest.mark.usefixtures("place")
def test_an_action_sent_twice_happens_once() -> None:
    told = ("post", "licence.reinstate", "licence=cn-1", "--actor", "planning", "--on",
            "2026-02-02", "--id", "mine")  # fmt: skip
    first, second = read(*told), read(*told)
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert (first["seq"], first["hash"]) == (second["seq"], second["hash"])
    other = refused(*told[:-3], "2026-02-03", "--id", "mine")
    assert "has this id and other content (L5)" in other


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("post", "shipment.drew"), "did you mean shipment.draw"),
        (("post", "shipment.draw"), "field required"),
        (("post", "shipment.draw", "licence"), "'licence' is not a setting"),
        (("post", "shipment.draw", "actor=x"), "give --actor"),
        (("post", "licence.suspend", "licence=cn-9", "--actor", "planning"),
         "there is no licence 'cn-9'"),
        (("post", "licence.suspend", "licence=cn-1", "--actor", "customs"),
         "has customs, and licence.suspend takes officer (L16)"),
        (("post", "licence.suspend", "licence=cn-1", "--actor", "ghost"), "there is no such actor"),
        (("post", "licence.suspend", "licence=cn-1", "--actor", "planning"),
         "it is suspended, in which it cannot suspend"),
        (("balance", "--on", "yesterday"), "'yesterday' is no day"),
        (("balance", "--known-by", "soon"), "'soon' is no moment"),
        (("licence", "show", "cn-9"), "there are cn-1, cn-2 and cn-3"),
        (("licence", "show"), "question about licences"),
        (("round", "show", "second"), "there is no round 'second'"),
        (("round", "begin", "first"), "there is no step of a round"),
        (("may-pass", "cn-1", "2", "5"), "there is no line of licence cn-1 '2'"),
        (("may-pass", "cn-1", "1", "0"), "0 units can neither pass"),
        (("import", "nowhere.yaml"), "there is no such file"),
        (("export", "out", "--format", "xls"), "there is no format 'xls'"),
        (("checkpoint", "--prove", "nothing"), "there is no event 'nothing'"),
        (("checkpoint", "--size", "5000"), "there are 48 events, and 5000 are asked for"),
        (("checkpoint", "--since", "0"), "0 is not among 1 to 48"),
        (("init", "--administrator", "root"), "there is a ledger already"),
        (("init",), "none is named"),
        (("init", "--ledger", "new.db", "--administrator", "Not Ok"), "'Not Ok' is no id"),
        (("verify", "--ledger", ""), "no place is named"),
        (("post", "actor.register", "person=q", "name=Q", "roles=[officer", "--actor", "root"),
         "'[officer' is no list and no mapping"),
        (("post", "pool.enlarge", "pool=cn-h200-2026", "volume={? [a] : 3}", "--actor", "root"),
         "'{? [a] : 3}' is no list and no mapping"),
        (("post", "pool.enlarge", "pool=cn-h200-2026", f"volume={'9' * 5000}", "--actor", "root"),
         "input should be a valid integer"),
        (("post", "pool.enlarge", "pool=cn-h200-2026", "volume=1e3", "--actor", "root"),
         "input should be a valid integer"),
        (("import", os.devnull), "the file is empty"),
        (("verify", "--ledger", "other.db"), "there is no ledger here"),
        (("verify", "--ledger", "mysql://host/name"), "not in mysql"),
        (("drew",), "there is no verb 'drew'"),
    ],
)  # fmt: skip
def test_bad_input_is_met_with_a_message_and_nothing_is_written(
    place: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = read("verify")
    assert words in refused(*arguments)
    assert read("verify") == before
    assert place.joinpath("ledger.db").is_file()


@pytest.mark.parametrize("name", sorted(actions()))
def test_the_fields_of_every_action_are_listed(name: str) -> None:
    wanted = read("post", name, "--list")
    assert all(field["type"] for field in wanted.values())


def test_a_proof_is_checked_without_the_ledger(place: Path) -> None:
    kept = place / "proof.json"
    kept.write_text(done("checkpoint", "--prove", "confirm-first", "--json"), encoding="utf-8")
    assert "yes" in done("checkpoint", "--check", str(kept))
    proof = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({**proof, "hash": proof["root"]}), encoding="utf-8")
    result = run("checkpoint", "--check", str(kept))
    assert result.exit_code == 1
    kept.write_text("{}", encoding="utf-8")
    assert "it is no proof" in refused("checkpoint", "--check", str(kept))


def test_a_later_root_only_continues_an_earlier_one(place: Path) -> None:
    kept = place / "proof.json"
    kept.write_text(done("checkpoint", "--since", "29", "--json"), encoding="utf-8")
    assert "yes" in done("checkpoint", "--check", str(kept))


def test_a_dry_run_writes_nothing(place: Path) -> None:
    before = read("verify")
    script = place / "more.yaml"
    script.write_text(
        "- {id: x, action: licence.reinstate, actor: planning, licence: cn-1}\n", encoding="utf-8"
    )
    (shown,) = read("import", "more.yaml", "--dry-run")
    assert (shown["dry_run"], shown["counts"]) == (True, {"licence.reinstate": 1})
    assert read("verify") == before


def test_a_field_given_twice_is_refused_and_not_guessed(place: Path) -> None:
    place.joinpath("twice.jsonl").write_text(
        '{"action": "pool.block", "id": "x", "actor": "planning", "pool": "cn-h200-2026", '
        '"pool": "cn-h200-deepseek"}\n',
        encoding="utf-8",
    )
    assert "'pool' is given twice" in refused("import", "twice.jsonl")


@pytest.mark.usefixtures("place")
def test_words_that_yaml_would_read_as_something_else_stay_text() -> None:
    done(
        "post", "party.register", "party=no", "name=1e3", "jurisdiction=中国", "--actor", "planning"
    )
    done(
        "post", "party.register", "party=007", "name=null", "jurisdiction=NO", "--actor", "planning"
    )
    ledger = Ledger("ledger.db")
    parties = ledger.records("party")
    ledger.close()
    assert (parties["no"]["name"], parties["no"]["jurisdiction"]) == ("1e3", "中国")
    assert (parties["007"]["name"], parties["007"]["jurisdiction"]) == ("null", "NO")


def test_a_script_that_fails_in_the_middle_writes_nothing(place: Path) -> None:
    before = read("verify")
    script = place / "more.yaml"
    script.write_text(
        "- {id: x, action: licence.reinstate, actor: planning, licence: cn-1}\n"
        "- {id: y, action: licence.reinstate, actor: planning, licence: cn-1}\n",
        encoding="utf-8",
    )
    said = refused("import", "more.yaml")
    assert "more.yaml" in said
    assert "it is issued, in which it cannot reinstate" in said
    assert read("verify") == before
