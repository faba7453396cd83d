"""The plan as a whole: hand-computed answers, what it prints as JSON, and what it refuses."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import headworks as hw

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALL = hw.Effort(paths=1, outlooks=1, fresh=1)


def assumed(value: float) -> dict[str, object]:
    return {"value": value, "dist": "fixed", "kind": "assumed", "reason": "a test"}


@cache
def of_open_gates() -> hw.Plan:
    return hw.plan("open-gates", "large", effort=SMALL)


def planned(
    name: str, company: str, set_: Mapping[str, object], objective: str = "cost"
) -> hw.Plan:
    return hw.plan(hw.load(name, set_=set_), company, effort=SMALL, objective=objective)


def faults(
    name: str,
    company: str | tuple[str, ...],
    set_: Mapping[str, object] | None = None,
    **options: Any,  # noqa: ANN401 - of `hw.plan`
) -> str:
    with pytest.raises(hw.InputError) as caught:
        hw.plan(hw.load(name, set_=set_ or {}), company, **{"effort": SMALL, **options})
    return "\n".join(
        f"{fault.key} {fault.file} {fault.message} → {fault.remedy}"
        for fault in caught.value.faults
    )


def test_what_open_gates_let_through_is_ordered_at_once() -> None:
    """10,000 H200 are wanted; a unit costs less than the work it would leave undone."""
    found = of_open_gates()
    rows = list(found.order_rows())
    assert {row["month"] for row in rows} == {"2026-01"}
    assert sum(row["units"] for row in rows) == pytest.approx(10_000)


def test_plan_and_flow_agree_where_nothing_is_random() -> None:
    found = of_open_gates()
    assert found.residual.expected == pytest.approx(0.0, abs=1e-9)
    assert found.trials[0].outcome[0] == pytest.approx(found.solution.objective)


def test_without_chance_neither_planning_for_it_nor_knowing_is_worth_anything() -> None:
    values = of_open_gates().values
    assert values is not None
    assert values.vss == pytest.approx(0.0, abs=1e-6)
    assert values.evpi == pytest.approx(0.0, abs=1e-6)


def test_a_chip_that_costs_more_than_the_work_is_not_ordered() -> None:
    """A unit works for at most 13 months of 730.5 hours at 5 USD, or 47,483 USD in all."""
    dear = planned(
        "one-gate",
        "buyer",
        {"planning.offers.h200-sxm.price_usd.value": 100_000, "planning.life_months.value": 1},
    )
    assert list(dear.order_rows()) == []
    cheap = planned(
        "one-gate",
        "buyer",
        {"planning.offers.h200-sxm.price_usd.value": 10_000, "planning.life_months.value": 1},
    )
    assert sum(row["units"] for row in cheap.order_rows()) > 1000


def test_no_site_runs_more_than_its_power() -> None:
    found = of_open_gates()
    running = found.solution.courses[0].running
    berths = found.problem.berths
    here = berths.site == 0
    draw = found.problem.goods.power_mw[berths.line[here]] @ running[here]
    assert np.all(draw <= 8.0 + found.solution.decisions.build.sum() + 1e-6)


def test_a_smaller_budget_orders_less_and_says_what_more_would_save() -> None:
    poor = planned("open-gates", "large", {"planning.buyers.large.budgets.0.usd.value": 1e8})
    assert sum(row["units"] for row in poor.order_rows()) < 5000
    prices = [row for row in poor.price_rows() if row["constraint"] == "budget"]
    assert prices[0]["value"] > 0
    assert "budget of A large company for 2026" in prices[0]["sentence"]


def test_the_work_not_served_alone_can_be_the_objective() -> None:
    found = planned("open-gates", "large", {}, objective="served")
    course = found.solution.courses[0]
    assert found.solution.objective == pytest.approx(course.short.sum())
    assert found.to_json()["objective_unit"] == "h100e_months"


def test_companies_that_share_pools_are_planned_together() -> None:
    found = hw.plan("open-gates", ["large", "medium"], effort=SMALL)
    assert {row["company"] for row in found.order_rows()} == {"large", "medium"}


@cache
def held_against(*also: str, worst_case: bool) -> hw.Plan:
    effort = hw.Effort(paths=1, outlooks=1, fresh=0, prices=False)
    risk = hw.Risk(worst_case=worst_case)
    return hw.plan("open-gates", "large", also=also, risk=risk, effort=effort)


def test_it_is_told_while_companies_are_planned_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headworks.planning.solve.method.COLUMNS_MAX", 0)
    told: list[tuple[str, int, int]] = []
    hw.plan(
        "open-gates", ["large", "medium"], effort=hw.Effort(paths=1, fresh=0, prices=False),
        progress=lambda *step: told.append(step),
    )  # fmt: skip
    alone = [step for step in told if step[0] == "each company alone"]
    assert alone[:3] == [("each company alone", done, 2) for done in range(3)]


def test_what_the_plan_comes_to_in_another_scenario_is_told_beside() -> None:
    """Where customs never open nothing arrives, and nothing else changes the orders."""
    found = held_against("closed", worst_case=False)
    assert found.solution.objective == pytest.approx(of_open_gates().solution.objective)
    assert found.orders().equals(of_open_gates().orders())
    told = found.to_json()
    assert [row["name"] for row in told["scenarios"]] == ["open-gates", "closed"]
    assert told["worst_scenarios"] == ["closed"]
    own, closed = told["scenarios"]
    assert own["outcome"] == pytest.approx(told["objective"])
    assert closed["cost_usd"] > own["cost_usd"]
    assert (own["worst"], closed["worst"]) == (False, True)


@cache
def beside(worst_case: bool) -> dict[str, Any]:
    found = hw.plan(
        "open-gates", "large", also=["closed"], risk=hw.Risk(worst_case=worst_case),
        effort=hw.Effort(paths=1, outlooks=1, fresh=1, prices=False),
    )  # fmt: skip
    return found.to_json()


@pytest.mark.parametrize("worst_case", [False, True])
def test_policies_are_tried_in_each_scenario_on_the_same_luck(worst_case: bool) -> None:
    told = beside(worst_case)
    own, closed = told["policies_by_scenario"]
    assert (own["scenario"], closed["scenario"]) == ("open-gates", "closed")
    assert own["policies"] == told["policies"]
    assert [row["name"] for row in closed["policies"]] == [row["name"] for row in told["policies"]]
    outcomes = {row["name"]: row["outcome"] for row in told["scenarios"]}
    for one in (own, closed):  # nothing is random: fresh paths are what the plan was made for
        assert one["policies"][0]["mean"] == pytest.approx(outcomes[one["scenario"]])
        assert min(row["regret_mean"] for row in one["policies"]) == pytest.approx(0.0, abs=1e-6)


def test_the_plan_for_the_worst_case_has_the_least_mean_at_worst_of_all_policies() -> None:
    worst = {row["name"]: row for row in beside(worst_case=True)["policies_at_worst"]}
    least = min(row["mean"] for row in worst.values())
    assert worst["plan"]["mean"] == pytest.approx(least)
    usual = {row["name"]: row for row in beside(worst_case=False)["policies_at_worst"]}
    assert usual["plan"]["scenario"] == "closed"
    assert usual["plan"]["mean"] > worst["plan"]["mean"]


def test_a_plan_that_looks_at_no_other_scenario_says_nothing_of_any() -> None:
    told = of_open_gates().to_json()
    for key in ("policies_by_scenario", "policies_at_worst", "value_of_information_by_scenario"):
        assert told[key] == []


@pytest.mark.slow
def test_what_to_find_out_is_told_in_each_scenario() -> None:
    """When a licence comes is worth knowing where customs are open, and nothing where not."""
    lead = {"dist": "lognormal", "p5": 10, "p95": 300, "kind": "assumed", "reason": "a test"}
    set_ = {"gates.us_licence.lead_time_days": lead}
    effort = hw.Effort(paths=30, outlooks=3, fresh=30, prices=False, rolling=False)
    shut = hw.load("open-gates", set_={**set_, "gates.customs.opening": "shut"})
    found = hw.plan(hw.load("open-gates", set_=set_), "large", also={"shut": shut}, effort=effort)
    told = found.to_json()
    own, other = told["value_of_information_by_scenario"]
    assert own["value_of_information"] == told["value_of_information"]
    assert (own["scenario"], other["scenario"]) == ("open-gates", "shut")
    values = [
        {row["gate"]: row["value"] for row in one["value_of_information"]} for one in (own, other)
    ]
    assert values[0].keys() == values[1].keys() == {"us_licence"}
    assert values[0]["us_licence"] > 0
    assert values[1]["us_licence"] == pytest.approx(0.0, abs=1e-6)


def test_the_prepayment_that_is_lost_is_what_ordering_adds_where_nothing_arrives() -> None:
    """Half of it is given back at the end, discounted as the last month is."""
    ordered = held_against("closed", worst_case=False)
    nothing = held_against("closed", worst_case=True)
    assert list(nothing.order_rows()) == []
    goods, problem = ordered.problem.goods, ordered.problem
    paid = (goods.prepaid * goods.price_usd) @ ordered.solution.decisions.order
    lost = float(paid @ problem.discount[: problem.window])
    back = float(((1 - goods.nonrefundable) * goods.prepaid * goods.price_usd)
        @ ordered.solution.decisions.order.sum(axis=1)) * problem.discount[-1]  # fmt: skip
    shut = {one.name: one.cost_usd for one in ordered.scenarios}["closed"]
    assert shut - nothing.solution.objective == pytest.approx(lost - back, rel=1e-6)


def test_the_worst_case_comes_to_no_more_than_that_of_the_plan_for_its_own_scenario() -> None:
    worst, mean = (held_against("closed", worst_case=counts) for counts in (True, False))
    assert worst.solution.objective == pytest.approx(max(one.outcome for one in worst.scenarios))
    assert worst.solution.objective < max(one.outcome for one in mean.scenarios)
    assert worst.to_json()["worst_case"]


def test_a_scenario_beside_itself_has_its_own_plan_as_the_worst_case() -> None:
    found = hw.plan(
        "open-gates", "large", also={"again": "open-gates"}, risk=hw.Risk(worst_case=True),
        effort=hw.Effort(paths=1, outlooks=1, fresh=0, prices=False),
    )  # fmt: skip
    assert found.solution.objective == pytest.approx(of_open_gates().solution.objective)
    assert [one.name for one in found.scenarios] == ["open-gates", "again"]


def test_all_scenarios_that_cannot_be_held_against_are_told_at_once() -> None:
    told = faults("open-gates", "large", also=["nope", "open-gates", "colsed"], served_min=2.0)
    for words in ("no scenario 'nope'", "did you mean closed", "2.0 is no share", "more than one"):
        assert words in told, words


def test_scenarios_of_other_companies_months_or_prices_are_refused_with_both_sides() -> None:
    other = hw.load("closed", set_={"periods": 40})
    dear = hw.load("closed", set_={"planning.life_months.value": 24})
    told = faults("open-gates", "large", also={"short": other, "dear": dear, "one": "one-gate"})
    for words in (
        "periods short", "by 7 days, and open-gates from",
        "planning dear it differs from open-gates in goods",
        "companies one it has no company large",
    ):  # fmt: skip
        assert words in told, words


def test_scenarios_of_other_prices_are_told_beside_other_faults() -> None:
    dear = hw.load("closed", set_={"planning.life_months.value": 24})
    poor = hw.load("closed", set_={"planning.buyers.large.budgets.0.usd.value": 1e8})
    told = faults(
        "open-gates", "large",
        also={"dear": dear, "poor": poor, "fine": "closed", "one": "one-gate"},
        risk=hw.Risk(weight=2.0), window_months=0,
    )  # fmt: skip
    for words in (
        "planning dear it differs from open-gates in goods",
        "planning poor it differs from open-gates in budget_usd",
        "companies one it has no company large", "2.0 is no share", "window_months",
    ):  # fmt: skip
        assert words in told, words
    assert told.count("\n") == 4


def test_means_that_cannot_be_told_hide_no_other_fault() -> None:
    """What works are measured by is unknown in one, so that its prices cannot be held against."""
    unknown = {"planning.works.training.measure": "nothing"}
    told = faults(
        "open-gates", "large", unknown, also={"one": "one-gate"}, risk=hw.Risk(weight=2.0)
    )
    for words in ("'nothing'", "companies one it has no company large", "2.0 is no share"):
        assert words in told, words


WRONG: Any = object()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"company": 3}, "company 3 is no name of a company"),
        ({"company": ["large", 3, None]}, "None is no name of a company"),
        ({"risk": 3}, "risk 3 does not say how outcomes are weighed"),
        ({"risk": hw.Risk(weight=WRONG, worst_case=True)}, "risk.weight"),
        ({"effort": 3}, "effort 3 does not say how much is run"),
        ({"effort": 0}, "effort 0 does not say how much is run"),
        ({"effort": hw.Effort(time_limit_s=-1)}, "time_limit_s -1 is no time"),
        ({"effort": hw.Effort(gap=WRONG, time_limit_s=WRONG)}, "time_limit_s <object"),
        ({"progress": 3}, "progress 3 cannot be called"),
        ({"throughput": 3}, "throughput 3 is no throughput model"),
        ({"also": 3}, "also 3 is no list of scenarios"),
        ({"also": [3]}, "also 3 is no scenario"),
        ({"also": {"": "closed"}}, "also '' is no name of a scenario"),
        ({"also": {3: "closed"}}, "also 3 is no name of a scenario"),
    ],
)
def test_an_argument_of_another_kind_is_told_beside_other_faults(
    given: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headworks.planning.plan.make", pytest.fail)
    company = given.get("company", "large")
    options = {name: value for name, value in given.items() if name != "company"}
    assert said in faults("open-gates", company, **options)
    both = faults("open-gates", company, **options, served_min=2.0)
    assert said in both
    assert "2.0 is no share" in both


def test_json_has_what_other_programs_rely_on() -> None:
    found = of_open_gates().to_json()
    assert found["status"] == "optimal"
    assert found["gap"] <= 0.005
    assert {"chip", "month", "units"} <= found["orders"][0].keys()
    assert {"name", "mean", "p5", "p95"} <= found["policies"][0].keys()
    assert found["policies"][0]["name"] == "plan"
    assert {"prices", "vss", "evpi", "value_of_information", "objective"} <= found.keys()


def test_a_company_that_is_not_there_is_met_with_the_near_ones() -> None:
    assert "did you mean large" in faults("open-gates", "lareg")


def test_all_that_cannot_be_used_is_told_at_once() -> None:
    told = faults(
        "open-gates", "nobody", risk=hw.Risk(weight=1.5, level=1.0), served_min=-0.1,
        objective="profit", window_months=0, effort=hw.Effort(paths=0, replications=1),
    )  # fmt: skip
    for words in (
        "no company 'nobody'", "1.5 is no share", "1.0 is no share", "-0.1 is no share",
        "objective", "window_months", "paths", "one replication has no spread",
    ):  # fmt: skip
        assert words in told, words


def test_outlooks_are_chosen_as_is_asked_for_and_the_json_says_how() -> None:
    assert of_open_gates().to_json()["reduction"] == "k-medoids"
    effort = hw.Effort(paths=1, outlooks=1, fresh=0, prices=False, reduction="fast-forward")
    found = hw.plan("open-gates", "large", effort=effort)
    assert found.to_json()["reduction"] == found.prospect.selection.reduction == "fast-forward"
    wrong: Any = ["fast-forward"]
    assert "no method of reduction" in faults(
        "open-gates", "large", effort=hw.Effort(reduction=wrong)
    )


def test_a_scenario_that_is_not_there_hides_no_other_fault() -> None:
    with pytest.raises(hw.InputError) as caught:
        hw.plan("nope", "large", also=["neither"], served_min=2, executor="fast")
    said = str(caught.value)
    for words in ("'nope'", "'neither'", "2 is no share", "'fast'"):
        assert words in said
    assert len(caught.value.faults) == 4


def test_a_scenario_that_says_nothing_of_plans_is_refused() -> None:
    told = faults("h20-2025", "bytedance")
    assert "does not say what a plan needs to know" in told
    assert "--from h200-2026" in told


def test_a_budget_below_what_is_committed_is_told_with_both_sums() -> None:
    order = {
        "chip": "h200-sxm",
        "route": "mainland",
        "on": dt.date(2026, 1, 5),
        "units": assumed(1000),
    }
    told = faults("open-gates", "large", {
        "planning.buyers.large.committed": [order],
        "planning.buyers.large.budgets.0.usd.value": 1e6,
    })  # fmt: skip
    assert "the budget of 2026, 1,000,000 USD, is below the " in told


def test_sites_without_power_are_told() -> None:
    hall = {
        "power_mw": assumed(0),
        "build_usd_per_mw": assumed(1),
        "build_lead_days": assumed(0),
        "build_max_mw_per_year": assumed(0),
    }
    told = faults(
        "one-gate",
        "buyer",
        {
            "power_overhead": assumed(1.5),
            "planning.buyers": {"buyer": {"sites": {"hall": hall}}},
        },
    )
    assert "the sites of buyer have no power, and none can be built" in told


def test_gates_that_let_nothing_through_are_told() -> None:
    told = faults("closed", "large")
    assert "does anything that large orders arrive" in told
    assert "headworks explain" in told


def test_a_horizon_shorter_than_the_lead_times_is_told() -> None:
    told = faults("open-gates", "large", {"periods": 4})
    assert "shorter than every lead time" in told
