"""The authority's plan: awards worked by hand, targets, floors, and what is said of bad input."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headworks.cli.app import COMMANDS
from headworks.errors import InputError
from headworks.planning.authority.plan import plan_round
from headworks.planning.authority.verification import OTHERS, verify_round
from headworks.rationing.record.kinds import KINDS
from tests.unit.flow.build import a_round, day, week
from tests.unit.planning.rounds import SLOW, a_scenario, one_alpha

if TYPE_CHECKING:
    from headworks.planning.authority.result import RoundPlan
    from headworks.scenario.scenario import Scenario


def planned(scenario: Scenario, round_: str = "first", **options: Any) -> RoundPlan:  # noqa: ANN401
    return plan_round(scenario, round_, **{"paths": 2, "executor": "serial", **options})


@cache
def plain() -> tuple[Scenario, RoundPlan]:
    """Return the scenario as it is, and its plan without target and floor."""
    scenario = a_scenario()
    return scenario, planned(scenario)


def shares(found: RoundPlan) -> dict[str, float]:
    return dict(zip(found.case.applicants, found.plan.shares.tolist(), strict=True))


def test_awards_go_where_chips_come_to_work() -> None:
    # birch can install 40 of whatever it is awarded, so 60 are better off with ash.
    scenario, found = plain()
    assert list(found.units) == [60, 40]
    assert found.plan.compute() == pytest.approx((100 + 25) * one_alpha(scenario))
    assert found.residual == pytest.approx(0, abs=1e-9)
    assert found.left == pytest.approx(0, abs=1e-6)


def test_a_rule_that_looks_at_claims_alone_does_worse() -> None:
    # Claims of 100 and 80: proportional awards are 500/9 and 400/9, of which birch can use 40.
    scenario, found = plain()
    by_name = {point.name: point for point in found.rules}
    assert by_name["proportional"].compute() == pytest.approx(
        (500 / 9 + SLOW + 25) * one_alpha(scenario)
    )
    assert all(point.compute() <= found.plan.compute() + 1e-9 for point in found.rules)
    less, error = by_name["proportional"].less_than(found.plan)
    assert less == pytest.approx((60 - 500 / 9) * one_alpha(scenario))
    assert error == pytest.approx(0)  # nothing is uncertain
    assert "concede_and_divide" in by_name
    assert "points" not in by_name


def test_a_target_limits_imports_to_what_domestic_chips_allow() -> None:
    # 25 domestic at a share of 0.3 leave room for 25 × 0.7 / 0.3 imported.
    scenario = a_scenario()
    found = planned(scenario, domestic_share=0.3)
    imported = 25 * 0.7 / 0.3
    assert found.plan.compute() == pytest.approx((imported + 25) * one_alpha(scenario), rel=1e-6)
    assert found.plan.domestic_share("applicants") == pytest.approx(0.3, rel=1e-6)
    assert found.probability == 1.0
    # A point of target less lets 25 × (0.71 / 0.29) in; a larger round lets in nothing.
    assert found.prices["point"] == pytest.approx(
        25 * (0.71 / 0.29 - 0.7 / 0.3) * one_alpha(scenario), rel=1e-4
    )
    assert found.prices["unit"] == pytest.approx(0, abs=1e-6)


def test_each_applicant_keeps_its_own_share() -> None:
    # ash has 20 home = 5 alpha, birch 80 = 20; at a share of a fifth each may have four times that.
    scenario = a_scenario()
    found = planned(scenario, domestic_share=0.2, share_of="each")
    assert shares(found) == pytest.approx({"ash": 0.2, "birch": 0.4}, abs=1e-6) or (
        shares(found)["ash"] == pytest.approx(0.2, abs=1e-6) and shares(found)["birch"] >= 0.4
    )
    assert found.plan.compute() == pytest.approx((20 + SLOW + 25) * one_alpha(scenario))


def test_who_has_no_domestic_chips_is_awarded_nothing_under_a_target_of_its_own() -> None:
    found = planned(a_scenario(home={"birch": 80}), domestic_share=0.1, share_of="each")
    assert shares(found)["ash"] == pytest.approx(0, abs=1e-9)


def test_a_floor_is_kept_though_it_costs_compute() -> None:
    # Equal awards are 50 each; birch must have nine tenths of that and can use 40.
    scenario = a_scenario()
    found = planned(scenario, floor=0.9, floor_rule="cea")
    assert list(found.units) == [55, 45]
    assert found.plan.compute() == pytest.approx((55 + SLOW + 25) * one_alpha(scenario))
    assert found.prices["floor"] == pytest.approx(5 * one_alpha(scenario), rel=1e-4)


def test_a_larger_round_is_worth_a_chip_for_each_unit() -> None:
    scenario, found = plain()
    assert found.prices["unit"] == pytest.approx(one_alpha(scenario), rel=1e-4)


def test_nobody_is_awarded_more_than_it_claims() -> None:
    found = planned(a_scenario(size=170))
    assert list(found.units) == [100, 70]


def test_the_frontier_falls_as_the_target_rises_to_the_largest_that_can_be_met() -> None:
    found = planned(a_scenario(), floor=0.5)
    targets = [point.target or 0.0 for point in found.frontier]
    compute = [point.compute() for point in found.frontier]
    assert targets == sorted(targets)
    assert (np.diff(compute) <= 1e-9).all()
    # Floors of 250/9 and 200/9 import 50: a share of 25 / 75.
    assert targets[-1] == pytest.approx(1 / 3, abs=1e-4)
    assert targets[0] == pytest.approx(25 / 125, abs=1e-4)


def test_a_contested_stock_is_measured_until_curves_and_flow_agree() -> None:
    # The seller has 50: what one is awarded beyond that, the other cannot have.
    scenario = a_scenario(seller=50)
    found = planned(scenario)
    assert found.residual <= 0.002
    assert found.plan.compute() == pytest.approx((50 + 25) * one_alpha(scenario))


def test_a_target_with_a_probability_is_met_on_so_many_paths() -> None:
    size = {"dist": "uniform", "p5": 40, "p95": 100, "kind": "assumed", "reason": "a case"}
    scenario = a_scenario(size=size)
    mean = planned(scenario, domestic_share=0.4, paths=40)
    sure = planned(scenario, domestic_share=0.4, probability=0.9, paths=40)
    assert mean.probability is not None
    assert sure.probability is not None
    assert mean.probability < 0.9 <= sure.probability
    assert sure.plan.compute() < mean.plan.compute()


def test_the_record_seals_inputs_and_awards() -> None:
    record = plain()[1].record()
    again = planned(a_scenario()).record()
    other = planned(a_scenario(), floor=0.5).record()
    assert record == again
    assert record["inputs_sha256"] != other["inputs_sha256"]
    assert record["awards"] == {"ash": 60, "birch": 40}
    assert record["inputs"]["claims"] == {"ash": 100, "birch": 80}


def test_a_record_of_a_plan_gives_the_same_again_and_tells_what_was_changed() -> None:
    scenario, found = plain()
    record = found.record()
    assert verify_round(record, scenario, executor="serial") == []
    forged = {**record, "awards": {**record["awards"], "ash": 70.0}}
    seal, award = verify_round(forged, scenario, executor="serial")
    assert seal.startswith("sha256: the record says")
    assert award == "awards.ash: the record says 70.0, running it again gives 60.0"
    (other,) = verify_round(record, a_scenario(seller=2000), executor="serial")
    assert other.startswith("inputs.scenario_sha256: the record says")


def test_a_record_of_something_else_or_half_a_record_is_refused() -> None:
    scenario, found = plain()
    record = found.record()
    with pytest.raises(InputError, match="of kind 'auction'"):
        verify_round({**record, "kind": "auction"}, scenario)
    with pytest.raises(InputError, match="of format 1, and this verb runs format"):
        verify_round({**record, "format": 1}, scenario)
    for kind in ("sale", None, ["auction"]):
        with pytest.raises(InputError, match=re.escape(f"of kind {kind!r}, not of the plan")):
            verify_round({**record, "kind": kind}, scenario)
    inputs = {key: value for key, value in record["inputs"].items() if key != "whole"}
    with pytest.raises(InputError, match="its inputs are incomplete: 'whole'"):
        verify_round({**record, "inputs": inputs}, scenario)


def test_every_kind_of_record_is_known_by_what_it_is_of_and_by_the_verb_that_makes_it() -> None:
    assert OTHERS.keys() == KINDS.keys()
    assert {verb for _, verb in OTHERS.values()} <= COMMANDS.keys()


def test_inputs_of_a_record_that_are_no_names_are_all_told() -> None:
    scenario, found = plain()
    record = found.record()
    damaged: dict[str, object] = {"whole": None, "floor_rule": ["a"], "measure": [1], "pool": {}}
    with pytest.raises(InputError) as caught:
        verify_round({**record, "inputs": {**record["inputs"], **damaged}}, scenario)
    assert {fault.key for fault in caught.value.faults} == {f"inputs.{key}" for key in damaged}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"domestic_share": 1.5}, "1.5 lies outside [0, 1]"),
        ({"probability": -0.1}, "-0.1 lies outside [0, 1]"),
        ({"floor": 2}, "2 lies outside [0, 1]"),
        ({"share_of": "everybody"}, "there is no choice of share_of 'everybody'"),
        ({"floor_rule": "talmudic"}, "did you mean talmud"),
        ({"floor_rule": "points"}, "needs scores"),
        ({"measure": "flops"}, "there is no measure of compute 'flops'"),
        ({"by": "soon"}, "'soon' is not a day"),
        ({"by": "2031-01-01"}, "lies outside the horizon"),
        ({"pool": "aprovals"}, "did you mean approvals"),
        ({"paths": 0}, "0 cannot be used here"),
        ({"whole": "by-hand"}, "there is no method of whole units"),
        ({"executor": "cloud"}, "there is no executor"),
    ],
)
def test_what_cannot_be_used_is_told(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as told:
        planned(a_scenario(), **options)
    assert said in str(told.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as told:
        plan_round(a_scenario(), "first", paths=0, domestic_share=2, probability=7, floor=-1)
    assert len(told.value.faults) == 4


def test_an_unknown_round_is_met_with_the_near_ones() -> None:
    with pytest.raises(InputError, match="no round 'frist'; did you mean first"):
        planned(a_scenario(), "frist")


def test_a_round_past_the_horizon_or_the_day_cannot_be_planned() -> None:
    scenario = a_scenario(others={"late": a_round(week(30), 10), "last": a_round(week(7), 10)})
    with pytest.raises(InputError, match="past the horizon"):
        planned(scenario, "late")
    with pytest.raises(InputError, match=r"after 2026-01-2\d, the day on which"):
        planned(scenario, "last", by=day(20))


def test_a_round_that_never_takes_place_or_that_nobody_asks_is_told() -> None:
    with pytest.raises(InputError, match="takes place on no path"):
        planned(a_scenario(round_={"confirmed": 0}))
    barred = a_scenario(round_={"eligible": ["cedar"]}, nobodies=["cedar"])
    with pytest.raises(InputError, match="none of cedar asks the round"):
        planned(barred)


def test_a_target_that_cannot_be_met_names_the_largest_that_can() -> None:
    with pytest.raises(InputError) as told:
        planned(a_scenario(), domestic_share=0.9, floor=0.5)
    assert "a domestic share of 90.00% cannot be met" in str(told.value)
    assert "the largest that awards of this round can leave is 33.33%" in str(told.value)
    assert "ask for at most 0.3333, or lower the floor (without one, 1.0000 can be)" in str(
        told.value
    )


def test_a_target_that_too_few_paths_can_meet_names_the_largest_that_can() -> None:
    with pytest.raises(InputError, match=r"cannot be met on 100.0% of the paths: the largest"):
        planned(a_scenario(), domestic_share=0.9, probability=1, floor=0.5)
