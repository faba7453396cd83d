"""Ceilings: caps, rolling caps, groups, pairing, and shares of what others have had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.flow.build import (
    Play,
    Tree,
    course,
    day,
    over,
    passes,
    rate,
    scenario,
    want,
    week,
)

if TYPE_CHECKING:
    import datetime as dt

    from headworks.scenario.scenario import Scenario


def capped(
    wants: Tree,
    *,
    since: dt.date | None = None,
    **condition: Any,  # noqa: ANN401 - any part of a condition
) -> Scenario:
    gates = {
        "export": passes(
            "shipped", conditions={"cap": {"kind": "cap", "from": since, **condition}}
        ),
        "installation": passes("installed"),
    }
    companies = {"one": {"party_group": "related"}, "two": {"party_group": "related"}}
    known = {name: found for name, found in companies.items() if name in wants}
    return scenario(gates, wants, periods=6, companies=known)


def test_a_cap_is_cumulative_unless_it_says_otherwise() -> None:
    wants = {"one": want(0, schedule=[over(day(0), day(42), 60)])}
    assert course(capped(wants, amount=25)) == pytest.approx([10.0, 20.0, 25.0, 25.0, 25.0, 25.0])


def test_a_rolling_cap_frees_what_passed_a_span_ago() -> None:
    """25 in any two weeks: 25 in week 0, nothing in week 1, 25 in week 2."""
    case = capped({"one": want(100)}, amount=25, per_days=14)
    assert course(case) == [25.0, 25.0, 50.0, 50.0, 75.0, 75.0]


def test_a_rolling_cap_of_one_period_is_a_ceiling_per_period() -> None:
    assert course(capped({"one": want(100)}, amount=25, per_days=7))[:4] == [25, 50, 75, 100]


def test_a_rolling_cap_under_a_period_counts_as_one_period() -> None:
    assert course(capped({"one": want(100)}, amount=25, per_days=1))[:4] == [25, 50, 75, 100]


def test_a_group_shares_its_ceiling_within_the_period_in_proportion() -> None:
    case = capped(
        {"one": want(30), "two": want(10), "three": want(50)}, by="party_group", amount=20
    )
    play = Play(case).to(1)
    assert [play.units("shipped", company=name) for name in ("one", "two", "three")] == (
        pytest.approx([15.0, 5.0, 20.0])
    )


@pytest.mark.parametrize(
    ("by", "expected"),
    [("line", 80.0), ("company", 60.0), ("party_group", 40.0), ("all", 20.0)],
)
def test_a_ceiling_is_shared_by_whom_it_names(by: str, expected: float) -> None:
    """Four lines: one company with two chips, a relative of it, and a third."""
    two_chips = {"alpha": want(50), "beta": want(50)}
    wants = {"one": two_chips, "two": want(50), "three": want(50)}
    assert Play(capped(wants, by=by, amount=20)).to(3).units("shipped") == pytest.approx(expected)


def test_a_cap_may_count_compute() -> None:
    """One alpha counts 8,000 and one beta 4,000: 120,000 hold 10 of each."""
    wants = {"one": {"alpha": want(50), "beta": want(50)}}
    play = Play(capped(wants, amount=120_000, metric="tpp")).to(2)
    assert play.units("shipped", chip="alpha") == pytest.approx(10.0)
    assert play.units("shipped", chip="beta") == pytest.approx(10.0)


def test_a_cap_may_concern_some_chips_or_companies() -> None:
    wants = {"one": {"alpha": want(50), "beta": want(50)}, "two": want(50)}
    play = Play(capped(wants, amount=10, chips=["alpha"], companies=["one"])).to(1)
    assert play.units("shipped", company="one", chip="alpha") == 10.0
    assert play.units("shipped", company="one", chip="beta") == 50.0
    assert play.units("shipped", company="two") == 50.0


def test_a_cap_applies_from_its_first_day_and_counts_what_passed_before() -> None:
    wants = {"one": want(0, schedule=[over(day(0), day(42), 60)])}
    case = capped(wants, amount=15, since=week(2))
    assert course(case) == pytest.approx([10.0, 20.0, 20.0, 20.0, 20.0, 20.0])


def test_a_condition_that_fails_to_come_limits_nothing() -> None:
    assert course(capped({"one": want(50)}, amount=10, probability=0))[0] == 50.0


def test_two_ceilings_hold_together() -> None:
    conditions = {
        "all": {"kind": "cap", "by": "all", "amount": 30},
        "each": {"kind": "cap", "by": "company", "amount": 18},
    }
    gates = {"export": passes("shipped", conditions=conditions), "end": passes("installed")}
    play = Play(scenario(gates, {"one": want(40), "two": want(40)})).to(2)
    assert play.units("shipped", company="one") == pytest.approx(15.0)


def test_what_a_ceiling_leaves_is_filled_in_later_periods() -> None:
    """Each week's claims share the room in proportion: ceilings are met and never passed."""
    wants = {"one": want(10), "two": want(0, schedule=[over(day(0), day(42), 600)])}
    case = capped(wants, by="all", amount=50)
    assert course(case, "shipped") == pytest.approx([50.0] * 6)


def paired(
    *,
    at: str = "export",
    since: dt.date | None = None,
    **condition: Any,  # noqa: ANN401 - any part of a condition
) -> Scenario:
    """100 imports wanted, 10 domestic chips installed a week."""
    gates = {
        "export": passes("shipped"),
        "allotment": passes("produced", pool="fab"),
        "installation": passes("installed"),
    }
    pairing = {"kind": "pairing", "domestic": ["home"], "from": since, **condition}
    gates[at]["conditions"] = {"pairing": pairing}
    routes = {"main": ["export", "installation"], "home": ["allotment", "installation"]}
    wants = {"one": {"alpha": want(100), "home": want(60, routes={"home": 1.0})}}
    return scenario(gates, wants, {"fab": rate(10)}, routes)


IMPORTED: dict[str, Any] = {"direction": "imported_per_domestic"}
DOMESTIC: dict[str, Any] = {"direction": "domestic_per_imported"}


def test_pairing_counts_what_was_installed_before_the_period() -> None:
    """Half an import per domestic chip, which come 10 a week: 0, 5, 10 and so on."""
    case = paired(ratio=0.5, **IMPORTED)
    assert course(case, "shipped", chip="alpha")[:4] == [0.0, 5.0, 10.0, 15.0]


def test_pairing_has_two_directions() -> None:
    """Half a domestic chip per import is two imports per domestic chip."""
    case = paired(ratio=0.5, **DOMESTIC)
    assert course(case, "shipped", chip="alpha")[:4] == [0.0, 20.0, 40.0, 60.0]
    assert course(case, "shipped", chip="alpha") == course(
        paired(ratio=2, **IMPORTED), "shipped", chip="alpha"
    )


def test_no_domestic_chips_per_import_limit_nothing() -> None:
    assert course(paired(ratio=0, **DOMESTIC), "shipped", chip="alpha")[0] == 100.0


def test_grace_may_pass_before_any_domestic_chip_counts() -> None:
    case = paired(ratio=1, grace=25, **IMPORTED)
    assert course(case, "shipped", chip="alpha")[:4] == [25.0, 35.0, 45.0, 55.0]


def test_days_of_grace_delay_the_condition_but_not_the_count() -> None:
    """Not enforced in week 0, when all 100 pass; then nothing is left to hold."""
    case = paired(ratio=1, grace_days=7, **IMPORTED)
    assert course(case, "shipped", chip="alpha")[0] == 100.0
    case = paired(ratio=1, grace_days=7, **IMPORTED, since=week(2))
    assert course(case, "shipped", chip="alpha")[0] == 100.0


def test_pairing_counts_compute_if_it_says_so() -> None:
    """A domestic chip has a quarter of the TPP of an import: 10 of them earn 2.5."""
    case = paired(ratio=1, metric="tpp", **IMPORTED)
    assert course(case, "shipped", chip="alpha")[:3] == pytest.approx([0.0, 2.5, 5.0])


def test_pairing_may_count_domestic_orders() -> None:
    case = paired(ratio=1, trigger="ordered", **IMPORTED)
    assert course(case, "shipped", chip="alpha")[:3] == [0.0, 60.0, 60.0]


def test_pairing_at_a_shared_gate_leaves_the_domestic_chips_alone() -> None:
    """Without `chips` it limits all but the chips that earn: else neither could ever start."""
    case = paired(at="installation", ratio=0.5, **IMPORTED)
    assert course(case, chip="home")[:3] == [10.0, 20.0, 30.0]
    assert course(case, chip="alpha")[:3] == [0.0, 5.0, 10.0]


def of_others(**condition: Any) -> Scenario:  # noqa: ANN401 - any part of a condition
    """A share of what a company elsewhere has been shipped: 20 a week of each of two chips."""
    rule = {"kind": "share_of_flow", "of": ["elsewhere"], "share": 0.1, **condition}
    gates = {
        "export": passes("shipped", conditions={"share": rule}),
        "installation": passes("installed"),
    }
    each = [over(day(0), day(56), 160)]
    elsewhere = {"alpha": want(0, schedule=each), "beta": want(0, schedule=each)}
    wants = {"one": want(100), "two": want(300), "elsewhere": elsewhere}
    return scenario(gates, wants)


def test_a_share_of_what_others_have_had_is_one_ceiling_for_all_others() -> None:
    """40 a week elsewhere: a tenth is 4 a week, a week behind, 1 and 3 by claims."""
    case = of_others()
    assert course(case, "shipped", company="one")[:3] == pytest.approx([0.0, 1.0, 2.0])
    assert course(case, "shipped", company="two")[:3] == pytest.approx([0.0, 3.0, 6.0])


def test_those_whose_flow_is_the_reference_are_not_limited_by_it() -> None:
    assert course(of_others(), "shipped", company="elsewhere")[:2] == pytest.approx([40.0, 80.0])


def test_a_share_of_a_flow_counts_only_the_chips_it_names() -> None:
    case = of_others(chips=["alpha"])
    assert course(case, "shipped", company="two")[:3] == pytest.approx([0.0, 1.5, 3.0])
