from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import headworks as hw
from headworks.cli.app import app
from headworks.cli.validate import summary


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


def test_shares_of_numbers_sum_to_one() -> None:
    found = summary(hw.load("open-gates"))
    assert sum(found.share_by_kind.values()) == pytest.approx(1)
    assert found.share_by_kind["assumed"] > 0.5
