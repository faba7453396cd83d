"""`headworks plan`: what is printed of a plan, its JSON, its files, and its messages."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from headworks.cli.app import app
from headworks.cli.messages import as_text
from headworks.cli.plan_tables import show
from headworks.planning.answers.knowing import GateValue
from headworks.planning.answers.scenarios import in_scenarios
from headworks.planning.plan import Effort, plan
from headworks.report.plan.writing import write_report
from headworks.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

ONE = ["open-gates", "--company", "large", "--paths", "1", "--fresh", "1"]


def run(*arguments: str) -> Result:
    environment = {"COLUMNS": "160", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["plan", *arguments], env=environment)


def test_the_answer_comes_first_and_then_what_it_rests_on() -> None:
    printed = run(*ONE)
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.startswith("A large company: within 6 months order 10,000 H200 SXM.")
    places = [
        printed.stdout.index(words)
        for words in ("Order now", "On one fresh path", "the plan", "open-gates, as known on")
    ]
    assert places == sorted(places)


def test_json_page_and_programme_are_of_one_plan(tmp_path: Path) -> None:
    page, folder = tmp_path / "plan.html", tmp_path / "programme"
    printed = run(*ONE, "--json", "--report", str(page), "--export", str(folder))
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    assert sum(row["units"] for row in told["orders"]) == pytest.approx(10_000)
    assert "10,000 H200 SXM" in page.read_text(encoding="utf-8")
    names = {path.name for path in folder.iterdir()}
    assert names == {"plan.mps", "mpi-sppy"}
    names = {path.name for path in (folder / "mpi-sppy").iterdir()}
    assert names == {"scen0.mps", "scen0_nonants.json"}


def test_a_plan_that_weighs_the_worst_is_exported_whole_alone(tmp_path: Path) -> None:
    printed = run(*ONE, "--fresh", "0", "--risk", "0.5", "--export", str(tmp_path))
    assert printed.exit_code == 0, printed.output
    assert [path.name for path in tmp_path.iterdir()] == ["plan.mps"]


def test_a_folder_that_cannot_be_exported_into_is_told_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headworks.planning.plan.make", pytest.fail)
    taken, page = tmp_path / "taken", tmp_path / "page.html"
    taken.write_text("mine", encoding="utf-8")
    for export, report, said in (
        (taken, page, "is no folder"),
        (tmp_path / "new", tmp_path / "new", "lies where the export into"),
        (taken, tmp_path / "no" / "page.html", "there is no folder"),
    ):
        result = run(*ONE, "--export", str(export), "--report", str(report))
        assert result.exit_code == 2
        assert said in result.stderr.replace("\n", " ")
        assert "Traceback" not in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


QUICK = [*ONE[:5], "--fresh", "0", "--no-prices"]


def test_other_scenarios_are_named_or_are_the_plan_s_own_changed() -> None:
    change = "gates.customs.opening=shut"
    printed = run(*QUICK, "--also", "closed", "--also", change, "--worst-case", "--json")
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    assert [row["name"] for row in told["scenarios"]] == ["open-gates", "closed", change]
    assert told["orders"] == []
    costs = [row["outcome"] for row in told["scenarios"]]
    assert costs[1] == pytest.approx(costs[2])
    assert told["objective"] == pytest.approx(max(costs))


def test_what_is_set_is_set_in_all_scenarios() -> None:
    set_ = ["--set", "planning.buyers.large.budgets.0.usd.value=1e8"]
    printed = run(*QUICK, "--also", "closed", *set_)
    assert printed.exit_code == 0, printed.output
    assert "If closed comes about" in printed.stdout


def test_the_scenario_in_which_the_plan_is_worst_is_printed_and_on_the_page(
    tmp_path: Path,
) -> None:
    page = tmp_path / "plan.html"
    printed = run(*QUICK, "--also", "closed", "--worst-case", "--report", str(page))
    assert printed.exit_code == 0, printed.output
    assert "At worst of 2 scenarios, in open-gates and closed, it comes to" in printed.stdout
    assert "the worst" in printed.stdout
    text = page.read_text(encoding="utf-8")
    assert "If another scenario comes about" in text
    command = (
        "headworks plan open-gates --company large --also closed --worst-case --paths 1 "
        "--outlooks 40 --fresh 0 --no-prices --seed 1 --report plan.html"
    )
    assert command in text


def test_the_interval_of_the_gap_is_printed_where_it_is_asked_for() -> None:
    printed = run(*QUICK, "--replications", "2")
    assert printed.exit_code == 0, printed.output
    assert "By 2 replications the plan is 0 million USD above the best" in printed.stdout


def test_what_takes_long_can_be_left_out() -> None:
    printed = run(*ONE, "--no-prices", "--no-rolling", "--no-information", "--json")
    told = json.loads(printed.stdout)
    assert told["prices"] == told["value_of_information"] == []
    names = [row["name"] for row in told["policies"]]
    assert names == ["plan", "mean", "everything", "domestic", "wait"]


def test_the_command_that_makes_a_plan_again_says_how_outlooks_are_chosen(tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    printed = run(*QUICK, "--reduction", "fast-forward", "--report", str(page))
    assert printed.exit_code == 0, printed.output
    assert "--reduction fast-forward" in page.read_text(encoding="utf-8")


def test_policies_are_printed_and_drawn_for_each_scenario(tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    printed = run(
        *ONE, "--no-prices", "--no-rolling", "--also", "closed", "--report", str(page)
    )  # fmt: skip
    assert printed.exit_code == 0, printed.output
    for title in (
        "On one fresh path of open-gates: million USD", "On one fresh path of closed: million USD",
        "At worst of 2 scenarios: million USD",
    ):  # fmt: skip
        assert title in printed.stdout
    text = page.read_text(encoding="utf-8")
    assert '<option value="closed">closed</option>' in text
    assert "In the scenario in which each does worst" in text


def test_what_has_no_end_in_one_scenario_is_shown_as_such_and_hides_nothing(
    tmp_path: Path,
) -> None:
    effort = Effort(paths=1, outlooks=1, fresh=1, prices=False, rolling=False)
    found = plan("open-gates", "large", also=["closed"], effort=effort)
    own, closed = found.tried
    broken = closed.trials[0].courses[0].impossible()
    endless = replace(
        closed.trials[0], outcome=np.array([broken.outcome]), cost_usd=np.array([broken.cost]),
        served=np.array([broken.served.sum()]), courses=(broken,),
    )  # fmt: skip
    everywhere = replace(
        found, tried=(replace(own, trials=(endless, *own.trials[1:])), replace(
            closed, trials=(endless, *closed.trials[1:]), information=None
        )),
    )  # fmt: skip
    with StringIO() as text:
        show(everywhere, Console(file=text, width=160))
        printed = text.getvalue()
    assert printed.count("∞") == 10  # mean, both quantiles and regret twice, and at worst
    assert printed.count("–") == 6  # the share of work, with both quantiles, twice
    assert "the plan for the mean" in printed
    assert "cannot be paid for on some of the fresh paths of open-gates." in " ".join(
        printed.split()
    )
    assert "It serves" not in printed
    told = json.loads(as_text(everywhere.to_json()))
    assert told["policies"][0]["mean"] is told["policies"][0]["served_share_mean"] is None
    assert told["policies_at_worst"][0]["served_share_mean"] is None
    assert told["value_of_information_by_scenario"][1]["value_of_information"] is None
    written = write_report(everywhere, tmp_path / "plan.html").read_text(encoding="utf-8")
    assert (
        "Not drawn: the plan. What is ordered cannot be paid for on some path of closed" in written
    )
    assert "It serves" not in written


def test_a_scenario_in_which_the_plan_cannot_be_paid_for_has_no_share_of_work(
    tmp_path: Path,
) -> None:
    effort = Effort(paths=1, outlooks=1, fresh=0, prices=False)
    found = plan("open-gates", "large", also=["closed"], effort=effort)
    own, closed = found.solution.courses
    solution = replace(found.solution, courses=(own, closed.impossible()))
    broken = replace(found, solution=solution, scenarios=in_scenarios(found.problem, solution))
    with StringIO() as text:
        show(broken, Console(file=text, width=160))
        printed = text.getvalue()
    (row,) = [line.split() for line in printed.splitlines() if line.startswith(" closed")]
    assert row == ["closed", "∞", "–", "1", "the", "worst"]
    assert json.loads(as_text(broken.to_json()))["scenarios"][1]["served_share"] is None
    # What counts for nothing in the plan hides nothing of its own outlook.
    written = write_report(broken, tmp_path / "plan.html").read_text(encoding="utf-8")
    assert "The work it serves" in written


@pytest.mark.parametrize(
    ("objective", "title", "cells"),
    [
        ("cost", "before ordering, million USD", ["1.2", "0.3"]),
        ("served", "before ordering, H100e months", ["1,234,567", "345,678"]),
    ],
)
def test_what_is_worth_finding_out_is_told_in_the_unit_of_the_objective(
    objective: str, title: str, cells: list[str]
) -> None:
    effort = Effort(paths=1, outlooks=1, fresh=1, prices=False, rolling=False, information=False)
    found = plan("open-gates", "large", objective=objective, effort=effort)
    known = GateValue("customs", "Customs", 1_234_567.0, 345_678.0)
    told = replace(found, tried=(replace(found.tried[0], information=(known,)),))
    with StringIO() as text:
        show(told, Console(file=text, width=160))
        printed = text.getvalue()
    assert title in " ".join(printed.split())
    (row,) = [line.split() for line in printed.splitlines() if line.startswith(" Customs")]
    assert row[1:] == cells


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["open-gates", "--company", "large", "--also", "nope"], "no scenario 'nope'"),
        (["open-gates", "--company", "large", "--also", "closed", "--also", "closed"], "twice"),
        (["open-gates", "--company", "large", "--also", "gates.x=1"], "--also"),
        (["open-gates", "--company", "large", "--also", "one-gate"], "has no company large"),
        (["open-gates"], "Missing option '--company'"),
        (["open-gates", "--company", "lareg"], "did you mean large"),
        (["open-gates", "--company", "large", "--risk", "2"], "is no share from 0 up to 1"),
        (
            ["open-gates", "--company", "large", "--risk", "0.5", "--worst-case"],
            "the worst case counts alone",
        ),
        (["open-gates", "--company", "large", "--objective", "profit"], "objective"),
        (["open-gates", "--company", "large", "--report", "/no/where.html"], "cannot be written"),
        (["open-gates", "--company", "large", "--export", "/no/where"], "is no folder that"),
        (["open-gates", "--company", "large", "--export", "x" * 300], "cannot be looked at"),
        (["h20-2025", "--company", "bytedance"], "does not say what a plan needs to know"),
    ],
)
def test_bad_input_ends_with_a_message_and_the_way_out(given: list[str], said: str) -> None:
    result = run(*given)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def faults(*given: str) -> list[str]:
    """Return the lines of a message, without those that only lead on."""
    result = run(*given)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    return [line.strip() for line in result.stderr.splitlines() if "→" not in line]


def test_all_faults_are_told_at_once() -> None:
    said = faults(
        "open-gates", "--company", "lareg", "--company", "lareg", "--also", "nope", "--also",
        "gates.x=1", "--risk", "2", "--risk-level", "1", "--window", "0", "--executor", "fast",
        "--gap", "-1", "--set", "foo", "--report", "/no/where.html", "--export", "/no/where",
        "--objective", "profit", "--seed", "-1", "--paths", "0", "--replications", "1",
    )  # fmt: skip
    for words in (
        "'foo' is not a setting", "there is no scenario 'nope'", "must be a mapping of keys, not 1",
        "no company 'lareg'; did you mean large?", "lareg stands there twice",
        "2.0 is no share from 0 up to 1", "1.0 is no share from 0 below 1",
        "there is no executor 'fast'", "-1.0 is no share", "/no/where.html cannot be written",
        "/no/where is no folder that can be made", "no objective 'profit'",
        "one replication has no spread", "16 faults",
    ):  # fmt: skip
        assert any(words in line for line in said), (words, said)


@pytest.mark.parametrize("scenario", ["nope", "open-gates"])
def test_a_ledger_that_is_not_there_is_told_beside_other_faults(
    scenario: str, tmp_path: Path
) -> None:
    ledger = str(tmp_path / "none.db")
    said = faults(scenario, "--company", "large", "--also", "neither", "--from-ledger", ledger)
    assert any("none.db" in line for line in said)
    assert any("no scenario 'neither'" in line for line in said)


def test_faults_of_an_unknown_scenario_do_not_hide_those_of_others() -> None:
    said = faults("nope", "--company", "large", "--also", "also-not", "--served-min", "2")
    for words in ("no scenario 'nope'", "no scenario 'also-not'", "2.0 is no share", "3 faults"):
        assert any(words in line for line in said)


def test_a_scenario_of_other_companies_is_told_beside_other_faults() -> None:
    said = faults("open-gates", "--company", "large", "--also", "one-gate", "--risk", "2")
    assert any("has no company large" in line for line in said)
    assert any("2.0 is no share" in line for line in said)


def test_a_scenario_of_other_prices_is_told_beside_other_faults() -> None:
    dear = "planning.life_months.value=24"
    said = faults("open-gates", "--company", "large", "--also", dear, "--risk", "2")
    assert any("it differs from open-gates in goods" in line for line in said)
    assert any("2.0 is no share" in line for line in said)
    assert said[-1] == "2 faults"


def test_what_is_set_wrongly_is_told_once_for_all_scenarios() -> None:
    change = "gates.customs.opening=shut"
    wrong = ("--set", "periods=abc", "--set", "gates.customs.opening=ajar")
    said = faults("open-gates", "--company", "large", *wrong, "--also", "closed", "--also", change)
    assert sum("this must be" in line for line in said) == 2
    assert said[-1] == "2 faults"


def test_what_another_scenario_cannot_have_set_is_told_as_of_it() -> None:
    set_ = ("--set", "gates.customs.opening=open")
    said = faults("open-gates", "--company", "large", *set_, "--also", "one-gate")
    assert said[0] == "--set, in one-gate"


@pytest.mark.parametrize(
    ("unread", "other", "missed"),
    [
        # Whatever the first says of a gate, the others are wrong.
        ("gates.customs.opening", "periods=abc", "this must be a whole number"),
        ("gates.customs.opening:open", "gates.port.opening=[", "not YAML"),
        ("foo", "gates.customs.opening=ajar", "this must be 'open' or 'shut'"),
    ],
)
def test_a_setting_that_cannot_be_read_hides_no_other(unread: str, other: str, missed: str) -> None:
    said = faults("open-gates", "--company", "large", "--set", unread, "--set", other)
    assert any("is not a setting" in line for line in said)
    assert any(missed in line for line in said)
    assert said[-1] == "2 faults"


@pytest.mark.parametrize(
    "given",
    [
        # The company may well be what the first setting would have added.
        ("--company", "new", "--set", "companies.new", "--set", "companies.new.title=New"),
        ("--company", "large", "--set", "gates.new.stock", "--set", "gates.new.opening=open"),
        ("--company", "large", "--set", "periods=3", "--set", "periods=0"),
    ],
)
def test_a_setting_that_cannot_be_read_makes_no_fault_of_what_rests_on_it(
    given: tuple[str, ...],
) -> None:
    assert faults("open-gates", *given)[-1] == "1 fault"


def test_a_page_never_takes_the_place_of_a_scenario_that_is_read(tmp_path: Path) -> None:
    (whole,) = load("open-gates").files
    other = tmp_path / "other.yaml"
    other.write_bytes(whole.read_bytes())
    told = run("closed", "--company", "large", "--also", str(other), "--report", str(other))
    assert told.exit_code == 2
    assert "is read, or written by another option" in " ".join(told.stderr.split())
    assert other.read_bytes() == whole.read_bytes()


def test_a_setting_that_cannot_be_read_hides_no_fault_of_a_scenario_besides() -> None:
    beside = ["--also", "gates.export.opening=zzz", "--set", "periods=3", "--set", "periods=4"]
    told = run("open-gates", "--company", "large", *beside)
    assert told.exit_code == 2
    assert "'zzz'" in told.stderr
    assert told.stderr.endswith("2 faults\n")


def test_changes_longer_than_a_file_s_name_are_changes() -> None:
    change = "; ".join(f"gates.customs.lead_time_days={days}" for days in range(12))
    told = run("open-gates", "--company", "large", "--also", change)
    assert told.exit_code == 2
    assert "set to '0', and then to '1'" in told.stderr
