"""`headworks plan-round`: what is printed of the authority's plan, and its JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from headworks.cli.app import app
from headworks.cli.plan_round_tables import PLAN, picture
from headworks.planning.authority.plan import plan_round
from tests.unit.planning.rounds import a_scenario

if TYPE_CHECKING:
    from typer.testing import Result

GIVEN = (
    "h200-2026", "first", "--floor", "0.5", "--by", "2026-05-31", "--paths", "2",
    "--executor", "serial",
)  # fmt: skip


def run(*arguments: str) -> Result:
    environment = {"COLUMNS": "100", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["plan-round", *arguments], env=environment)


def test_the_picture_holds_the_frontier_the_rules_and_the_plan() -> None:
    found = plan_round(a_scenario(), "first", floor=0.5, paths=2, executor="serial")
    lines = picture(found)
    drawn = [line.partition("┤")[2] for line in lines if "┤" in line]
    # Most compute stands at the top.
    assert PLAN in "".join(drawn)
    assert drawn[0].strip() or drawn[1].strip()
    rule = next(line for line in lines if "proportional awards" in line)
    assert rule[0] in "".join(drawn)
    across = next(line for line in lines if "%" in line)
    assert "33." in across or "34." in across


def test_json_and_record_hold_the_awards(tmp_path: Path) -> None:
    record = tmp_path / "awards.json"
    data = json.loads(run(*GIVEN, "--json", "--record", str(record)).stdout)
    assert data["record"] == json.loads(record.read_text(encoding="utf-8"))
    assert {row["applicant"] for row in data["awards"]} == {"alibaba", "bytedance", "tencent"}
    for row in data["awards"]:
        assert row["floor"] - 1 <= row["award"] <= row["claim"] + 1
    assert sum(row["award"] for row in data["awards"]) <= data["size"] + 1


SMALL = ("open-gates", "first", "--paths", "2", "--executor", "serial")


def test_a_record_is_made_again_by_its_own_verb_and_rationing_says_by_which(
    tmp_path: Path,
) -> None:
    path = tmp_path / "awards.json"
    assert run(*SMALL, "--record", str(path)).exit_code == 0
    verified = run("open-gates", "--verify", str(path), "--executor", "serial", "--json")
    assert verified.exit_code == 0, verified.output
    assert json.loads(verified.stdout) == {"verified": True, "differences": []}
    other = run("closed", "--verify", str(path))
    assert other.exit_code == 1
    assert "inputs.scenario_sha256" in other.stdout
    by_ration = CliRunner().invoke(app, ["ration", "--verify", str(path)])
    assert by_ration.exit_code == 2
    assert f"headworks plan-round SCENARIO --verify {path}" in by_ration.stderr


def test_a_record_of_another_kind_is_told_with_the_verb_that_makes_it_again(tmp_path: Path) -> None:
    claims, bids = tmp_path / "claims.csv", tmp_path / "bids.csv"
    claims.write_text("name,claim\na,6\nb,3\n", encoding="utf-8")
    bids.write_text("name,units,price\na,6,10\nb,3,12\n", encoding="utf-8")
    makers = {
        "ration": (str(claims), "--pool", "6"),
        "auction": (str(bids), "--units", "6", "--format", "vickrey"),
    }
    for verb, words in makers.items():
        path = tmp_path / f"{verb}.json"
        made = CliRunner().invoke(app, [verb, *words, "--record", str(path)])
        assert made.exit_code == 0, made.output
        result = run("open-gates", "--verify", str(path))
        assert result.exit_code == 2
        thing = {"ration": "a rationing of one pool", "auction": "kind 'auction', an auction"}[verb]
        assert f"the record is of {thing}, not of the plan of a round" in result.stderr
        assert f"headworks {verb} --verify {path}" in result.stderr
    other = tmp_path / "other.json"
    other.write_text('{"awards": []}', encoding="utf-8")
    result = run("open-gates", "--verify", str(other))
    assert "give a file that `headworks plan-round --record` wrote" in result.stderr


@pytest.mark.slow
def test_what_is_printed_is_what_the_json_says() -> None:
    printed = run(*GIVEN)
    assert printed.exit_code == 0, printed.output
    assert "ByteDance" in printed.output
    assert "proportional awards" in printed.output
    for row in json.loads(run(*GIVEN, "--json").stdout)["awards"]:
        assert f"{row['award']:,.0f}" in printed.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["h200-2026"], "no round is named"),
        (["h200-2026", "first", "--verify", "awards.json", "--floor", "0.5"], "leave them out"),
        (["h200-2026", "--verify", "/no/where.json"], "cannot be read"),
        (["h200-2026", "frist"], "did you mean first"),
        (["h200-2026", "autumn", "--by", "2026-06-30"], "count later"),
        (["h200-2026", "first", "--floor", "7"], "outside [0, 1]"),
        (["h200-2026", "first", "--record", "/no/where.json"], "cannot be written"),
        (["one-gate", "first"], "there is no round 'first'; there are none"),
    ],
)
def test_bad_input_ends_with_a_message_and_the_way_out(given: list[str], said: str) -> None:
    result = run(*given)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_all_faults_are_told_at_once() -> None:
    result = run(
        "open-gates", "frist", "--floor", "7", "--set", "foo", "--record", "/no/where.json",
        "--paths", "0", "--by", "never", "--executor", "fast",
    )  # fmt: skip
    assert result.exit_code == 2
    said = (
        "'foo' is not a setting", "no round 'frist'; did you mean first?", "'never' is not a day",
        "/no/where.json cannot be written", "0 cannot be used here", "7.0 lies outside [0, 1]",
        "there is no executor 'fast'", "7 faults",
    )  # fmt: skip
    assert [words for words in said if words not in result.stderr] == []


def test_a_round_that_a_setting_may_have_been_about_is_not_missed() -> None:
    result = run(
        "open-gates", "second", "--set", "pools.approval-rounds.rounds.second", "--floor", "7"
    )
    assert result.exit_code == 2
    assert "is not a setting" in result.stderr
    assert "7.0 lies outside [0, 1]" in result.stderr
    assert "there is no round" not in result.stderr


def test_a_record_and_what_stands_beside_it_are_looked_at_together() -> None:
    result = run("nope", "first", "--verify", "/no/where.json")
    assert result.exit_code == 2
    for words in ("no scenario 'nope'", "ROUND say what the record", "cannot be read", "3 faults"):
        assert words in result.stderr
