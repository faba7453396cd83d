from __future__ import annotations

import datetime as dt
import json
import shlex
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import headworks as hw
from headworks.cli.app import app
from headworks.cli.validate import summary

if TYPE_CHECKING:
    from pathlib import Path


def test_a_scenario_without_faults_is_summed_up() -> None:
    result = CliRunner().invoke(app, ["validate", "open-gates"])
    assert result.exit_code == 0
    assert "open-gates: no faults" in result.output
    assert "3 companies, 7 gates, 5 lines" in result.output


def test_json_holds_the_summary() -> None:
    result = CliRunner().invoke(app, ["validate", "one-gate", "--json"])
    answer = json.loads(result.output)
    assert answer["faults"] == []
    assert (answer["summary"]["companies"], answer["summary"]["lines"]) == (1, 1)


LATE = """\
scenario: late
title: A want and an event after the end
base: open-gates
overrides:
  late:
    reason: test
    set:
      companies.large.wants.h200-sxm.schedule.0.on: 2031-01-01
      events.halt:
        act: shut
        title: A halt
        gate: customs
        on: 2027-01-04
        for_days: {value: 5, dist: fixed, kind: assumed, reason: test}
        probability: {value: 1, dist: fixed, kind: assumed, reason: test}
"""


def test_what_begins_after_the_horizon_is_remarked_and_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "late.yaml"
    path.write_text(LATE, encoding="utf-8")
    result = CliRunner().invoke(app, ["validate", str(path)])
    assert result.exit_code == 0
    assert "no faults" in result.stdout
    assert result.stderr == (
        f"{path}\n"
        "  line 8  companies.large.wants.h200-sxm.schedule.0.on\n"
        "    companies.large.wants.h200-sxm.schedule begins on 2031-01-01, after the last day of "
        "the horizon, 2027-01-03: it has no effect\n"
        "    → correct the day, or lengthen `periods`\n"
        "  line 13  events.halt.on\n"
        "    events.halt begins on 2027-01-04, after the last day of the horizon, 2027-01-03: it "
        "has no effect\n"
        "    → correct the day, or lengthen `periods`\n"
        "2 remarks\n"
    )
    answer = json.loads(CliRunner().invoke(app, ["validate", str(path), "--json"]).stdout)
    assert [remark["line"] for remark in answer["remarks"]] == [8, 13]
    assert answer["faults"] == []


LATE_WANT = "companies.buyer.wants.h200-sxm.schedule.0.on=2031-01-01"


def test_what_is_set_is_looked_at_too() -> None:
    result = CliRunner().invoke(app, ["validate", "one-gate", "--set", LATE_WANT])
    assert result.exit_code == 0
    assert "begins on 2031-01-01" in result.stderr
    result = CliRunner().invoke(app, ["validate", "one-gate", "--set", "periods=0"])
    assert result.exit_code == 2
    assert "--set\n  periods\n    this must be at least 1, not 0\n" in result.stderr


@pytest.mark.parametrize(
    "given",
    [
        ["forecast", "one-gate", "--no-binding"],
        ["compare", "one-gate"],
        ["compare", "one-gate", "one-gate"],
        ["explain", "one-gate", "--company", "buyer"],
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_run_tells_in_one_line_that_there_are_remarks(given: list[str], form: list[str]) -> None:
    result = CliRunner().invoke(app, [*given, "--set", LATE_WANT, "--paths", "2", *form])
    assert result.exit_code == 0
    command = f"headworks validate one-gate --set {LATE_WANT}"
    assert result.stderr == f"1 remark on one-gate; to see: {command}\n"
    assert "remark" not in result.stdout
    shown = CliRunner().invoke(app, shlex.split(command)[1:])
    assert shown.stderr.endswith("1 remark\n")


def test_remarks_on_both_sides_of_a_comparison_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "late.yaml"
    path.write_text(LATE, encoding="utf-8")
    result = CliRunner().invoke(app, ["compare", str(path), str(path), "--paths", "2"])
    assert result.stderr == f"2 remarks on {path}; to see: headworks validate {path}\n"


@pytest.mark.parametrize("name", hw.scenario_names())
def test_nothing_is_remarked_of_a_packaged_scenario(name: str) -> None:
    assert hw.load(name).remarks == ()


def test_a_series_is_remarked_once_and_only_if_all_of_it_comes_too_late() -> None:
    amount = {"value": 5, "dist": "fixed", "kind": "assumed", "reason": "test"}
    flow = [{"from": dt.date(2026, 1, 5), "amount": amount, "per_days": 7}]
    flow.append({**flow[0], "from": dt.date(2031, 1, 6)})
    assert hw.load("one-gate", set_={"pools.finished-chips.flow": flow}).remarks == ()
    days = (dt.date(2032, 1, 5), dt.date(2031, 1, 6))
    schedule = [{"on": day, "units": amount} for day in days]
    key = "companies.buyer.wants.h200-sxm.schedule"
    (remark,) = hw.load("one-gate", set_={key: schedule}).remarks
    assert remark.key == f"{key}.1.on"
    assert "begins on 2031-01-06" in remark.message


def test_shares_of_numbers_sum_to_one() -> None:
    found = summary(hw.load("open-gates"))
    assert sum(found.share_by_kind.values()) == pytest.approx(1)
    assert found.share_by_kind["assumed"] > 0.5
