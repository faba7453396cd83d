"""The command that a report shows gives that report again, or there is none."""

from __future__ import annotations

import datetime as dt
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

import headworks as hw
from headworks.cli.app import app
from headworks.report.command import command
from headworks.report.page import render
from headworks.scenario.quantity import Quantity
from headworks.throughput import PeakAndBandwidth

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.flow.compare import Comparison
    from headworks.flow.result import Forecast


def again(line: str, tmp_path: Path) -> str:
    """Return the page that a command writes."""
    (program, *words) = shlex.split(line)
    assert program == "headworks"
    assert words[-2:] == ["--report", "report.html"]
    target = tmp_path / "again.html"
    result = CliRunner().invoke(app, [*words[:-1], str(target)])
    assert result.exit_code == 0, result.output
    return target.read_text(encoding="utf-8")


def made(**arguments: Any) -> Forecast:  # noqa: ANN401 - arguments of many types
    return hw.forecast(**{"scenario": "one-gate", "paths": 3, "binding": False, **arguments})


def compared(base: Any, other: Any) -> Comparison:  # noqa: ANN401 - scenarios by name or themselves
    return hw.compare(base, other, paths=3, binding=True)


def test_a_plain_forecast_needs_no_more_than_its_name(one_gate: Forecast) -> None:
    assert command(one_gate) == (
        "headworks forecast one-gate --paths 50 --seed 1 --report report.html"
    )


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "my own.yaml"
    CliRunner().invoke(app, ["new", str(path), "--from", "one-gate", "--name", "one-gate"])
    found = made(scenario=path)
    assert command(found).startswith(f"headworks forecast '{path}' --paths 3")
    assert again(command(found), tmp_path) == render(found)


@pytest.mark.parametrize("name", ["a\nb.yaml", "a\udcff.yaml"])
def test_a_path_that_cannot_be_shown_is_in_no_page(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("scenario: mine\ntitle: Mine\nbase: one-gate\n", encoding="utf-8")
    found = made(scenario=path)
    assert command(found) == ""
    assert render(found).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"gates.allocation.lead_time_days": "{p5: 7, p95: 28}"},
        {"gates.allocation.lead_time_days": {"p5": 7, "p95": 28.5}},
        {"title": "'It''s $HOME'", "periods": 9},
        {"companies.buyer.wants.h200-sxm.schedule.0.on": dt.date(2026, 2, 2)},
        {
            "pools.finished-chips.initial": Quantity(
                kind="assumed", reason="test", dist="fixed", value=3
            )
        },
        {"gates.allocation.title": None, "routes.mainland.gates": ["allocation", "installation"]},
    ],
)
def test_what_was_set_and_asked_is_in_it(changes: dict[str, object], tmp_path: Path) -> None:
    scenario = hw.load("one-gate", set_={"gates.allocation.title": "'A'", **changes})
    found = made(scenario=scenario, seed=7, at=["2026-02-28", "2026-03-01"])
    assert again(command(found), tmp_path).split("<h1>")[1] == render(found).split("<h1>")[1]


def test_both_sides_of_a_comparison_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    CliRunner().invoke(app, ["new", str(path), "--from", "open-gates", "--name", "open-gates"])
    for other in ({}, {"periods": 40}):
        both = compared("open-gates", hw.load(path, set_=other))
        line = command(both.other, both)
        assert line.startswith(f"headworks compare open-gates {path} --paths 3")
        assert again(line, tmp_path) == render(both.other, comparison=both)


def test_a_comparison_with_a_changed_self_names_it_once(tmp_path: Path) -> None:
    changed = hw.load("one-gate", set_={"gates.allocation.lead_time_days": "28"})
    both = compared("one-gate", changed)
    line = command(both.other, both)
    assert line == (
        "headworks compare one-gate --paths 3 --seed 1 "
        "--set gates.allocation.lead_time_days=28 --report report.html"
    )
    assert again(line, tmp_path) == render(both.other, comparison=both)


def test_a_comparison_with_itself_names_it_twice() -> None:
    both = compared("one-gate", "one-gate")
    assert command(both.other, both).startswith("headworks compare one-gate one-gate --paths")


class Other(PeakAndBandwidth):
    """A model with a name of its own."""

    name = "another"


def test_there_is_none_where_a_command_cannot_say_it() -> None:
    scenario = hw.load("one-gate")
    copied = scenario.model_copy(update={"title": "Changed in code"})
    have = [hw.Balance("buyer", "h200-sxm", "mainland", "installed", 5)]
    built = hw.Scenario.model_validate(scenario.model_dump(by_alias=True))
    own = hw.load("one-gate", catalogue=hw.catalogue())
    for found in (
        made(scenario=copied),
        made(scenario=built),
        made(scenario=own),
        made(balances=have),
        made(throughput=Other()),
    ):
        assert command(found) == ""
        assert "This command" not in render(found)


def test_there_is_none_where_the_base_of_a_comparison_was_changed() -> None:
    """On the command line only the other scenario can be changed."""
    changed = hw.load("one-gate", set_={"gates.allocation.lead_time_days": "28"})
    both = compared(changed, "one-gate")
    assert command(both.other, both) == ""
