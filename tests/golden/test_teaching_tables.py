"""Golden tables of the teaching scenarios, whose numbers can be worked out by hand."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from headworks.flow.forecast import forecast
from tests.data.teaching import TEACHING

if TYPE_CHECKING:
    from headworks.flow.result import Forecast

FOLDER = Path(__file__).parent
PREFIX = "forecast-"
DATES = ("2026-03-31", "2026-06-30", "2026-09-30", "2027-01-03")


@functools.cache
def teach(name: str) -> Forecast:
    return forecast(name, paths=3, seed=1, at=DATES)


def table(name: str) -> dict[str, Any]:
    """Return the medians by date, company and chip, and what each gate held back, compactly."""
    found = teach(name)
    units: dict[str, dict[str, dict[str, float]]] = {}
    for row in found.rows():
        assert row["units_p5"] == row["units_med"] == row["units_p95"]  # nothing is random here
        group = f"{row['company']} / {row['chip']}"
        stocks = units.setdefault(row["date"], {}).setdefault(group, {})
        if row["units_med"]:
            stocks[row["stock"]] = round(row["units_med"], 6)
    held = {row["gate"]: round(row["held_back_units_med"], 6) for row in found.binding_rows()}
    days = {row["gate"]: round(row["waiting_unit_days_med"], 6) for row in found.binding_rows()}
    compute = {
        f"{row['date']} / {row['company']} / {row['measure']}": round(row["value_med"], 3)
        for row in found.compute_rows()
        if row["company"] == "all"
    }
    return {"units": units, "held_back": held, "waiting_unit_days": days, "compute": compute}


@pytest.mark.parametrize("name", sorted(TEACHING))
def test_the_table_is_the_golden_one(name: str, update_golden: bool) -> None:
    path = FOLDER / f"{PREFIX}{name}.json"
    text = json.dumps(table(name), indent=1, ensure_ascii=False) + "\n"
    if update_golden:
        path.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(path.read_text(encoding="utf-8"))


def test_every_golden_table_is_used() -> None:
    assert {path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.json")} == TEACHING


def test_closed_installs_nothing() -> None:
    found = teach("closed")
    assert found.samples("installed").max() == 0
    assert found.samples("cleared").max() == 0
    assert found.samples("ordered").min() == 17_000


def test_open_gates_installs_all_that_is_ordered() -> None:
    found = teach("open-gates")
    assert (found.samples("installed") == found.samples("ordered")).all()
    assert found.samples("withdrawn").max() == found.samples("refused").max() == 0
    assert all(row["held_back_units_med"] == 0 for row in found.binding_rows())


def test_open_gates_installs_when_the_lead_times_have_passed() -> None:
    """Licences are usable in week 3, approvals in week 1: stock is given out in week 3.

    It is tested for a week, shipped for two and installed for four: there in week 10.
    """
    found = teach("open-gates")
    assert found.samples("installed", at="2026-03-15").max() == 0  # ten weeks finished
    assert found.samples("installed", at="2026-03-22").min() == 17_000


def test_one_gate_installs_what_was_made_two_weeks_ago() -> None:
    """1,000 in stock and 100 a week, two weeks of delivery: 1,100 + 100 (n - 3) after n weeks."""
    found = teach("one-gate")
    for weeks, units in ((2, 0), (3, 1100), (10, 1800), (52, 6000)):
        at = found.scenario.start.fromordinal(found.scenario.start.toordinal() + 7 * weeks - 1)
        assert found.samples("installed", at=at).tolist() == [units] * 3
    held = {row["gate"]: row["held_back_units_med"] for row in found.binding_rows()}
    assert held == {"all gates": 4000, "allocation": 4000, "installation": 0}
