"""The state of a ledger: stages of every line, and a forecast that begins with them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import headworks as hw
from headworks.cli.app import app
from headworks.cli.from_ledger import ledger_balances
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told

DAY = dt.date.fromisoformat


def moved(place: Path | str = "memory") -> Told:
    """Return a ledger in which 200 of 500 are drawn, 150 of them in service."""
    told = first_round.licensed(place)
    told.do("shipment.draw", "customs", licence="cn-1", line="1", quantity=200, declaration="MRN-1")
    told.at("2026-02-20")
    told.do("installation.install", "large", licence="cn-1", line="1", site="north", quantity=150)
    return told


def rows(told: Told, as_of: str) -> dict[tuple[str, str], int]:
    found = told.ledger.state(DAY(as_of))
    assert {(row.company, row.chip, row.route) for row in found.rows} <= {
        ("large", "h200-sxm", "mainland")
    }
    return {(row.stage, row.gate): row.units for row in found.rows}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-01-27", {}),
        ("2026-02-09", {("unused", "cn_approval"): 500}),
        ("2026-02-10",
         {("unused", "cn_approval"): 300, ("drawn", "cn_approval"): 200, ("cleared", ""): 200}),
        ("2026-02-20",
         {("unused", "cn_approval"): 300, ("drawn", "cn_approval"): 200, ("cleared", ""): 50,
          ("installed", ""): 150}),
    ],
)  # fmt: skip
def test_stages_day_by_day(as_of: str, expected: dict[tuple[str, str], int]) -> None:
    assert rows(moved(), as_of) == expected


def test_a_reservation_is_still_an_unused_paper() -> None:
    told = first_round.licensed()
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=120)
    assert rows(told, "2026-02-10") == {("unused", "cn_approval"): 500}


def test_papers_whose_last_day_has_passed_are_told_and_not_counted() -> None:
    told = moved()
    told.at("2026-09-01")
    assert rows(told, "2026-07-31")["unused", "cn_approval"] == 300
    assert rows(told, "2026-08-01") == {
        ("drawn", "cn_approval"): 200, ("cleared", ""): 50, ("installed", ""): 150,
    }  # fmt: skip
    (why,) = told.ledger.state(DAY("2026-08-01")).unplaced
    assert why == "licence cn-1, line 1: 300 unused are past its last day"
    told.do("licence.expire", licence="cn-1")
    assert told.ledger.state(DAY("2026-09-01")).unplaced == ()


def test_what_was_recorded_later_is_left_out_when_asked() -> None:
    told = moved()
    before = told.ledger.state(DAY("2026-02-20"), known_by=dt.datetime(2026, 2, 11, tzinfo=dt.UTC))
    assert {row.stage: row.units for row in before.rows} == {
        "unused": 300, "drawn": 200, "cleared": 200,
    }  # fmt: skip


def test_goods_under_two_papers_are_counted_once() -> None:
    told = moved()
    told.do(
        "pool.open", pool="us", title="Export licences", unit="units", volume=1000,
        opens_on="2026-01-01", closes_on="2027-01-01", gate="us_licence", counts_goods=False,
    )  # fmt: skip
    told.do(
        "round.announce", round="us-one", pool="us", opens_on="2026-02-01",
        closes_on="2026-03-01", eligible=["large"],
    )  # fmt: skip
    told.do("round.open", round="us-one")
    told.do(
        "application.submit", "large", application="us-1", round="us-one", party="large",
        chip="h200-sxm", requested=300,
    )  # fmt: skip
    told.do("application.take_up", application="us-1")
    told.do("application.decide", application="us-1", need=300, grounds="case by case")
    told.at("2026-03-01")
    told.do("round.close", round="us-one")
    told.do("round.award", round="us-one")
    told.agreed("award.confirm", round="us-one")
    told.do(
        "licence.issue", licence="us-1", round="us-one", party="large",
        lines={"1": {"chip": "h200-sxm", "quantity": 300, "route": "mainland"}},
        valid_from="2026-02-01", valid_until="2027-02-01",
    )  # fmt: skip
    told.do("shipment.draw", "customs", licence="us-1", line="1", quantity=200, declaration="AES-1")
    found = rows(told, "2026-03-01")
    assert found["drawn", "us_licence"] == 200
    assert found["cleared", ""] + found["installed", ""] == 200


def test_what_a_forecast_cannot_place_is_told() -> None:
    told = first_round.awarded()
    told.do(
        "licence.issue", licence="cn-2", round="one", party="small",
        lines={"1": {"chip": "h200-sxm", "quantity": 100}}, valid_from="2026-02-01",
        valid_until="2026-08-01",
    )  # fmt: skip
    found = told.ledger.state(DAY("2026-02-10"))
    assert found.rows == ()
    assert found.unplaced == ("licence cn-2, line 1: it names no route",)


def story(place: Path) -> None:
    """Write a ledger of the companies of `h200-2026` that had drawn and installed by January."""
    now = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
    told = Told(hw.Ledger.create(place, administrator="root", clock=lambda: now[0]), now)
    for person, roles in first_round.OFFICE.items():
        told.do("actor.register", "root", person=person, name=person, roles=roles)
    told.do("party.register", party="bytedance", name="ByteDance", jurisdiction="CN")
    told.do(
        "actor.register", "root", person="bytedance", name="B", roles=["applicant"],
        party="bytedance",
    )  # fmt: skip
    told.do("site.register", site="s", name="S", jurisdiction="CN", operator="bytedance")
    told.do(
        "pool.open", pool="cn", title="Approvals", unit="units", volume=5000,
        opens_on="2025-12-01", closes_on="2027-01-01", gate="cn_approval",
    )  # fmt: skip
    told.do(
        "round.announce", round="one", pool="cn", opens_on="2025-12-20", closes_on="2026-01-20",
        eligible=["bytedance"],
    )  # fmt: skip
    told.do("round.open", round="one")
    told.do(
        "application.submit", "bytedance", application="a", round="one", party="bytedance",
        chip="h200-sxm", requested=5000, route="mainland",
    )  # fmt: skip
    told.do("application.take_up", application="a")
    told.do("application.decide", application="a", need=5000, grounds="a test")
    told.do("round.close", round="one", on="2026-01-20")
    told.do("round.award", round="one")
    told.agreed("award.confirm", round="one")
    told.do(
        "licence.issue", licence="l", round="one", party="bytedance",
        lines={"1": {"chip": "h200-sxm", "quantity": 4000, "route": "mainland"}},
        valid_from="2026-01-01", valid_until="2026-12-01",
    )  # fmt: skip
    told.do("shipment.draw", "customs", licence="l", line="1", quantity=1500, declaration="M")
    told.do("installation.install", "bytedance", licence="l", line="1", site="s", quantity=1200)
    told.ledger.close()


def test_a_forecast_begins_with_a_ledger(tmp_path: Path) -> None:
    story(tmp_path / "ledger.db")
    scenario = hw.load("h200-2026")
    balances = ledger_balances(str(tmp_path / "ledger.db"), scenario)
    line = "bytedance", "h200-sxm", "mainland"
    assert sorted(balances, key=lambda one: (one.holding, one.gate)) == [
        hw.Balance(*line, "installed", 1200),
        hw.Balance(*line, "passed", 1500, gate="cn_approval"),
        hw.Balance(*line, "unused", 2500, gate="cn_approval"),
        hw.Balance(*line, "waiting", 300, gate=scenario.routes["mainland"].gates[-1]),
    ]
    forecast = hw.forecast(scenario, paths=4, balances=balances, at=["2026-02-08"], binding=False)
    installed = forecast.samples("installed", company="bytedance", at="2026-02-08")
    assert all(installed >= 1200)


def test_the_command_begins_with_a_ledger_and_names_a_route_it_has_not(tmp_path: Path) -> None:
    story(tmp_path / "ledger.db")

    def forecast(name: str) -> Result:
        options = ["--paths", "2", "--no-binding", "--json", "--at", "2026-02-08"]
        place = str(tmp_path / "ledger.db")
        return CliRunner().invoke(app, ["forecast", name, "--from-ledger", place, *options])

    found = forecast("h200-2026")
    table = json.loads(found.stdout)["table"]
    (row,) = [
        one
        for one in table
        if (one["company"], one["chip"], one["stock"]) == ("bytedance", "h200-sxm", "installed")
    ]
    assert row["units_p5"] >= 1200
    wrong = forecast("one-gate")
    assert wrong.exit_code == 2
    assert isinstance(wrong.exception, SystemExit)


@pytest.mark.slow
def test_a_plan_counts_what_a_ledger_says_that_its_company_has(tmp_path: Path) -> None:
    story(tmp_path / "ledger.db")
    options = ["--paths", "2", "--fresh", "0", "--no-prices", "--json"]
    place = str(tmp_path / "ledger.db")
    company = ["--company", "bytedance", "--window", "3"]
    found = CliRunner().invoke(
        app, ["plan", "h200-2026", *company, "--from-ledger", place, *options]
    )
    assert found.exit_code == 0, found.output
    (row,) = json.loads(found.stdout)["held"]
    assert (row["chip"], row["route"], row["units"]) == ("h200-sxm", "mainland", 1500)
    assert 1200 <= row["installed_mean"] <= 1500


def test_a_line_overrun_in_its_tolerance_takes_nothing_of_the_others() -> None:
    told = first_round.awarded()
    told.do(
        "licence.issue", licence="w", round="one", party="large",
        lines={
            "1": {"chip": "h200-sxm", "quantity": 10, "tolerance": 5, "route": "mainland"},
            "2": {"chip": "h200-sxm", "quantity": 5, "route": "mainland"},
        },
        valid_from="2026-01-01", valid_until="2026-08-01",
    )  # fmt: skip
    told.do("shipment.draw", "customs", licence="w", line="1", quantity=15, declaration="d")
    stages = {row.stage: row.units for row in told.ledger.state().rows}
    assert stages == {"unused": 5, "drawn": 15, "cleared": 15}
