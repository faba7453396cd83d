"""An explained path: its numbers are those of the forecast, and its sentences name the rules."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headworks.errors import UnknownName
from headworks.flow.explain import explain
from headworks.flow.forecast import forecast
from tests.unit.flow.build import (
    Tree,
    a_round,
    day,
    grants,
    opening,
    passes,
    rate,
    rounds,
    scenario,
    shares,
    stock,
    want,
    week,
)
from tests.unit.flow.worlds import lively, spread

if TYPE_CHECKING:
    from headworks.flow.explain import Explanation
    from headworks.flow.passages import Passage
    from headworks.flow.result import Forecast
    from headworks.scenario.scenario import Scenario

PATHS = 60


def told(of: Scenario, company: str = "buyer", **more: Any) -> dict[str, Passage]:  # noqa: ANN401
    """Return the passages of a company's only line by gate."""
    found = explain(of, company=company, paths=2, **more).passages
    assert len({passage.line for passage in found}) == 1
    return {passage.gate: passage for passage in found}


def event(act: str, on: int = 1, **parts: Any) -> Tree:  # noqa: ANN401 - any part of an event
    """Return an event that is certain to happen in a week."""
    return {"title": "News", "act": act, "on": week(on), "probability": 1, **parts}


def with_approval(
    *, wants: Tree | None = None, periods: int = 6, pool: Tree | None = None,
    made: float = 1000, export: Tree | None = None, events: Tree | None = None,
    **parts: Any,  # noqa: ANN401 - any part of the paper gate
) -> Scenario:  # fmt: skip
    """One buyer of 100 chips, who needs approvals granted in rounds before the seller allots."""
    gates = {
        "approval": grants("approved", pool="rounds", **parts),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["approval"], **(export or {})),
        "installation": passes("installed"),
    }
    pools = {"rounds": pool or rounds(first=a_round(day(0), 100)), "made": stock(made)}
    buyers = wants or {"buyer": want(100)}
    return scenario(gates, buyers, pools, periods=periods, events=events or {})


@functools.cache
def many() -> Forecast:
    return forecast(lively(), paths=PATHS, seed=7, passage=True, binding=False)


@functools.cache
def one(company: str) -> Explanation:
    return explain(lively(), company=company, paths=PATHS, seed=7)


def test_the_path_is_the_one_nearest_to_the_median() -> None:
    installed = many().samples(company="ash")
    found = one("ash")
    assert found.installed == installed[found.path]
    assert found.installed_med == np.median(installed)
    assert abs(installed - np.median(installed)).min() == abs(
        found.installed - np.median(installed)
    )


@pytest.mark.parametrize("company", ["ash", "birch", "cedar"])
def test_what_passed_is_what_the_forecast_recorded_on_that_path(company: str) -> None:
    net, path = many().net, one(company).path
    lines = {line.key: number for number, line in enumerate(net.lines)}
    checked = 0
    for passage in one(company).passages:
        if passage.gate == "orders":
            continue
        row = net.places[passage.gate].rows.lines.index(lines[passage.line])
        recorded = many().result.passage[passage.gate][-1, row, path]
        assert passage.passed == pytest.approx(recorded)
        checked += passage.passed > 1
    assert checked >= 2


@pytest.mark.parametrize("company", ["ash", "birch", "cedar"])
def test_orders_are_the_samples_of_that_path(company: str) -> None:
    path = one(company).path
    orders = [passage for passage in one(company).passages if passage.gate == "orders"]
    assert sum(passage.asked for passage in orders) == pytest.approx(
        many().samples("wanted", company=company)[path]
    )
    assert sum(passage.passed for passage in orders) == pytest.approx(
        many().samples("ordered", company=company)[path]
    )


@pytest.mark.parametrize("company", ["ash", "birch", "cedar"])
def test_what_came_has_passed_waits_or_was_withdrawn(company: str) -> None:
    """What is withdrawn is told at one gate of the route only, and is the stock of that path."""
    withdrawn = sum(
        passage.asked - passage.passed - passage.waiting
        for passage in one(company).passages
        if passage.kind == "passes"
    )
    recorded = many().samples("withdrawn", company=company)[one(company).path]
    assert withdrawn == pytest.approx(recorded, abs=1e-6)


def test_dates_are_the_periods_of_the_forecast() -> None:
    """Half of what ash ships has shipped by the end of the week named, and not a week before."""
    passage = next(p for p in one("ash").passages if p.gate == "export" and p.passed > 1)
    assert passage.half is not None
    end, before = passage.half + dt.timedelta(days=6), passage.half - dt.timedelta(days=1)
    path = one("ash").path
    by_then, by_before = (
        many().samples("shipped", company="ash", chip="alpha", at=at)[path] for at in (end, before)
    )
    assert by_then >= passage.passed / 2 > by_before


def test_lapsed_papers_are_told_with_their_number_their_life_and_their_weeks() -> None:
    """100 papers in week 0, a life of two weeks; the seller has 60 in week 0 and no more."""
    found = told(with_approval(made=60, validity_days=14))["approval"]
    assert "a paper lives 14 days: 40 lapse unused, 2026-01-19" in found.sentences
    assert "by the end 60 drawn, 40 lapsed" in found.sentences


def test_lapses_of_several_weeks_are_told_by_the_first_and_the_last() -> None:
    pool = rounds(first=a_round(day(0), 30), second=a_round(week(2), 30))
    found = told(with_approval(made=0, pool=pool, validity_days=7))["approval"]
    assert "a paper lives 7 days: 60 lapse unused, 2026-01-12 to 2026-01-26" in found.sentences


def test_papers_that_all_live_are_said_to() -> None:
    found = told(with_approval(validity_days=700))["approval"]
    assert "a paper lives 700 days; none lapses by the end" in found.sentences


def test_a_revocation_is_told_with_its_event_its_week_and_its_number() -> None:
    news = {"change-of-mind": event("revoke", on=3, gate="approval", share=0.5)}
    found = told(with_approval(made=60, events=news))["approval"]
    text = "the event change-of-mind (News) revokes 20 papers not used yet, 2026-01-26"
    assert text in found.sentences
    assert "by the end 60 drawn, 20 revoked, 20 unused" in found.sentences


def test_a_revocation_of_others_or_of_nothing_is_not_told() -> None:
    news = {"news": event("revoke", gate="approval", share=0.5, companies=["rival"])}
    both = {"buyer": want(100), "rival": want(10)}
    sentences = told(with_approval(wants=both, made=0, events=news))["approval"].sentences
    nothing = {"news": event("revoke", gate="approval", share=0.5)}
    sentences += told(with_approval(events=nothing))["approval"].sentences
    assert not [text for text in sentences if "event" in text or "revoked" in text]


def test_an_event_that_shuts_a_gate_is_told_where_something_waits() -> None:
    news = {
        "strike": event("shut", on=0, gate="export", for_days=14),
        "late": event("shut", on=4, gate="export", for_days=7),
    }
    found = told(with_approval(events=news))["export"]
    assert "the event strike (News) shuts it from 2026-01-05 to 2026-01-19" in found.sentences
    assert not [text for text in found.sentences if "late" in text or text.startswith("shut")]
    assert found.first == week(2)


def test_a_recall_and_a_diversion_are_told() -> None:
    news = {
        "recall": event("recall", on=2, gate="export", share=0.25),
        "turn": event("divert", on=3, pool="made", share=0.5),
    }
    found = told(with_approval(export={"opening": "shut"}, events=news))
    text = "the event recall (News) recalls 25 units that wait here, 2026-01-19"
    assert text in found["export"].sentences
    assert "by the end 25 recalled, 75 still waiting" in found["export"].sentences
    text = "the event turn (News) takes 50 % of the pool made and of its later inflow, 2026-01-26"
    assert text in found["allocation"].sentences


def paired(**parts: Any) -> Scenario:  # noqa: ANN401 - any part of the condition
    """100 imports against 20 domestic chips, installed in week 0."""
    condition = {"kind": "pairing", "domestic": ["home"], **parts}
    gates = {
        "export": passes("shipped", conditions={"pairs": condition}),
        "factory": passes("produced"),
        "installation": passes("installed"),
    }
    routes = {"main": ["export", "installation"], "home": ["factory", "installation"]}
    wants = {"buyer": {"alpha": want(100), "home": want(20, routes={"home": 1.0})}}
    return scenario(gates, wants, routes=routes, periods=4)


def export_of(case: Scenario) -> Passage:
    found = explain(case, company="buyer", chip="alpha", paths=2).passages
    return next(passage for passage in found if passage.gate == "export")


def test_a_pairing_is_told_with_its_ratio_its_grace_and_what_it_allows() -> None:
    """A domestic chip for two imports and 10 in advance: 10 + 20 / 0.5 is 50 by the end."""
    export = export_of(paired(direction="domestic_per_imported", ratio=0.5, grace=10))
    text = (
        "the condition pairs (pairing) applies: 0.5 domestic chips installed for each import, "
        "beyond a grace of 10, which allows buyer 50 by the end"
    )
    assert text in export.sentences
    assert export.passed == 50
    assert export.waiting == 50


def test_the_ratio_is_the_one_that_was_drawn_on_the_path() -> None:
    """Where the pairing alone binds, what passed is the ratio times the 20 domestic chips."""
    case = paired(direction="imported_per_domestic", ratio=spread(0.5, 4, high=4.5))
    ratios = set()
    for seed in range(1, 5):
        found = explain(case, company="buyer", chip="alpha", paths=1, seed=seed).passages
        export = next(passage for passage in found if passage.gate == "export")
        ratio = export.passed / 20
        text = f"applies: {ratio:.3g} imported for each domestic chip installed, which allows"
        assert any(text in sentence for sentence in export.sentences)
        ratios.add(round(ratio, 6))
    assert len(ratios) == 4


def test_a_pairing_in_tpp_allows_chips_by_their_own_figures() -> None:
    """A chip of home has a quarter of an alpha's TPP: 20 of them at 2 to 1 make 10 alphas."""
    export = export_of(paired(direction="imported_per_domestic", ratio=2, metric="tpp"))
    assert export.passed == 10
    assert any(
        "which allows buyer 10 by the end, counted in TPP" in text for text in export.sentences
    )


def test_a_condition_that_does_not_come_about_is_said_not_to() -> None:
    export = export_of(paired(direction="imported_per_domestic", ratio=2, probability=0))
    assert "the condition pairs (pairing) does not come about" in export.sentences
    assert export.passed == 100


def test_a_condition_on_others_is_not_told() -> None:
    parts = {"direction": "imported_per_domestic", "ratio": 2, "chips": ["beta"]}
    assert not [text for text in export_of(paired(**parts)).sentences if "pairs" in text]


def test_a_cap_and_a_share_of_a_flow_are_told_with_their_numbers() -> None:
    gates = {
        "export": passes(
            "shipped",
            conditions={
                "cap": {"kind": "cap", "amount": 70, "by": "company", "per_days": 28},
                "part": {"kind": "share_of_flow", "share": 0.5, "of": ["rival"]},
            },
        ),
        "installation": passes("installed"),
    }
    case = scenario(gates, {"buyer": want(100), "rival": want(60)}, periods=3)
    sentences = told(case)["export"].sentences
    assert any(
        "cap (cap) applies: no more than 70 for each company in any 28 days" in text
        for text in sentences
    )
    assert any("no more than 50 % of what rival have shipped" in text for text in sentences)


def test_rounds_are_told_with_their_size_and_what_was_granted() -> None:
    pool = rounds(
        first=a_round(day(9), 400, shares=shares(buyer=0.1, rival=0.9)),
        gone=a_round(day(20), 50, confirmed=0),
        theirs=a_round(day(21), 50, eligible=["rival"]),
        late=a_round(week(50), 50),
    )
    both = {"buyer": want(100), "rival": want(10)}
    case = with_approval(pool=pool, wants=both, take_up=0.5)
    sentences = told(case)["approval"].sentences
    text = "round first of 400, 10 % for buyer, 2026-01-12: 20 granted, 50 % of what was awarded"
    assert text in sentences
    assert "round not confirmed: gone" in sentences
    assert "round not held by the end: late" in sentences
    assert not [text for text in sentences if "theirs" in text]


def test_a_round_that_is_skipped_is_told_as_skipped() -> None:
    closed = opening((day(0), "shut"), while_shut="skip")
    sentences = told(with_approval(opening=closed))["approval"].sentences
    assert "round skipped, as the gate is shut: first" in sentences


def test_a_shut_paper_gate_is_told_while_a_want_waits_for_it() -> None:
    """Nothing is ordered before papers are granted; in week 3 all have drawn one and are at sea."""
    closed = opening(
        (day(0), "shut"), (week(2), "open"), (week(3), "shut"), (week(5), "open")
    )  # fmt: skip
    wants = {"buyer": want(100, reaction={"after": "approval", "before_share": 0})}
    at_sea = {"lead_time_days": 21}
    case = with_approval(wants=wants, opening=closed, periods=8, export=at_sea)
    found = told(case)["approval"]
    assert found.first == week(2)
    shut = [text for text in found.sentences if text.startswith("shut")]
    assert shut == ["shut while something waits, at least in part, from 2026-01-05 to 2026-01-19"]


def test_waiting_is_told_with_the_scarcest_paper() -> None:
    """Nothing is allotted for want of approvals until week 2, and then only 40 of 100."""
    pool = rounds(first=a_round(week(2), 40))
    found = told(with_approval(pool=pool))["allocation"]
    text = "most wait in the week of 2026-01-05: 100, for want of papers of approval"
    assert text in found.sentences


def test_waiting_is_split_over_papers_and_the_gate_itself() -> None:
    """100 wait for papers in week 0; of 100 papers in week 1, ten a week find a chip."""
    gates = {
        "approval": grants("approved", pool="rounds"),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    pools = {"rounds": rounds(first=a_round(week(1), 80)), "made": stock(0, 20)}
    found = told(scenario(gates, {"buyer": want(100)}, pools, periods=3))["allocation"]
    # Week 0: 100 for papers. Week 1: 40 allotted, 60 wait, 40 papers free: 20 of 60 for papers.
    # Week 2: 20 allotted, 40 wait, 20 papers free: 20 of 40 for papers. 140 of 200 in all.
    text = "of all waiting here 70 % for papers of approval, 30 % for room at the gate itself"
    assert text in found.sentences


def test_waiting_for_a_pool_and_for_an_opening_is_told() -> None:
    gates = {
        "customs": passes("cleared", opening=opening((day(0), "shut"), (week(2), "open"))),
        "installation": passes("installed", pool="crews"),
    }
    found = told(scenario(gates, {"buyer": want(100)}, {"crews": rate(30)}))
    assert (
        "most wait in the week of 2026-01-05: 100, as the gate is shut"
        in found["customs"].sentences
    )
    assert any(text.startswith("shut while something waits") for text in found["customs"].sentences)
    text = "most wait in the week of 2026-01-19: 70, as the pool crews has no more"
    assert text in found["installation"].sentences


def test_all_that_can_have_held_goods_up_is_named() -> None:
    """The gate shuts on the third day; 30 crews a week would do, and the cap is 20."""
    gates = {
        "installation": passes(
            "installed", pool="crews", opening=opening((day(2), "shut"), (day(7), "open")),
            conditions={"limit": {"kind": "cap", "amount": 20}},
        )
    }  # fmt: skip
    case = scenario(gates, {"buyer": want(100)}, {"crews": rate(30)})
    assert told(case)["installation"].sentences[1] == (
        "most wait in the week of 2026-01-05: 91, as the gate is shut for a part of it or the pool "
        "crews has no more or the condition limit allows no more"
    )


def test_what_waits_for_a_lot_is_said_to() -> None:
    gates = {"export": passes("shipped", lot=40), "installation": passes("installed")}
    case = scenario(gates, {"buyer": want(30)})
    assert told(case)["export"].sentences == (
        "by the end 30 still waiting",
        "most wait in the week of 2026-01-05: 30, as it is less than a lot",
        "least lot 40",
    )


def test_a_gate_that_holds_nothing_up_says_only_what_is_true_of_it() -> None:
    gates = {
        "customs": passes("cleared", opening=opening((week(3), "shut"), (week(5), "open"))),
        "installation": passes("installed", lead_time_days=7),
    }
    found = told(scenario(gates, {"buyer": want(100)}))
    assert found["customs"].sentences == ()
    assert found["installation"].sentences == ("lead time 7 days",)
    assert found["orders"].sentences == ()


def test_what_is_on_its_way_has_not_come_to_the_next_gate() -> None:
    gates = {
        "export": passes("shipped", pool="lorries", lead_time_days=21),
        "installation": passes("installed", lead_time_days=28),
    }
    case = scenario(gates, {"buyer": want(100)}, {"lorries": rate(20)}, periods=5)
    found = told(case)
    assert found["installation"].asked == 40
    assert "by the end 60 on their way from here" in found["export"].sentences
    assert "by the end 40 not in service yet" in found["installation"].sentences


def test_a_gate_that_nothing_comes_to_says_nothing() -> None:
    gates = {
        "export": passes("shipped", opening="shut", patience_days=70),
        "customs": passes("cleared", opening="shut", lead_time_days=20),
        "installation": passes("installed", lead_time_days=20),
    }
    found = told(scenario(gates, {"buyer": want(100)}))
    assert found["export"].sentences[1:] == (
        "most wait in the week of 2026-01-05: 90, as the gate is shut",
        "shut all the time",
        "what waits is withdrawn after 70 days on average",
    )
    assert found["customs"].sentences == found["installation"].sentences == ()
    assert found["customs"].headline == "customs: nothing comes here"


def test_a_line_that_is_not_admitted_is_said_not_to_be() -> None:
    gates = {
        "export": passes("shipped", admits=[{"companies": ["rival"]}]),
        "customs": passes("cleared"),
        "installation": passes("installed"),
    }
    case = scenario(gates, {"buyer": want(100), "rival": want(1)})
    sentences = told(case)["export"].sentences
    assert "most wait in the week of 2026-01-05: 100, not admitted" in sentences
    assert "not admitted, and held, all the time" in sentences


def test_orders_are_told_with_the_need_and_the_rule() -> None:
    gates = {
        "approval": grants("approved", pool="rounds"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    wants = {"buyer": want(100, need=0.5, reaction={"after": "approval", "before_share": 0.2})}
    pools = {"rounds": rounds(first=a_round(day(7), 30))}
    found = told(scenario(gates, wants, pools))["orders"]
    assert (found.asked, found.passed) == (100, 40)
    assert found.sentences == (
        "the need behind the stated want is 50",
        "20 % of the need is ordered beforehand, the rest as approval grants papers",
    )


def test_a_headline_has_numbers_and_dates() -> None:
    found = told(with_approval(made=60))
    assert found["orders"].headline == "orders: 100 of 100 wanted, 2026-01-05"
    assert found["approval"].headline == "approval: 100 papers for 100 wanted, 2026-01-05"
    assert found["allocation"].headline == "allocation: 60 of 100, 2026-01-05"
    gates = {"installation": passes("installed", title="Goods go into service", pool="crews")}
    slow = told(scenario(gates, {"buyer": want(100)}, {"crews": rate(30)}, periods=4))
    assert slow["installation"].headline == (
        "installation (Goods go into service): 100 of 100, 2026-01-05 to 2026-01-26, half by "
        "2026-01-12"
    )


def test_a_chip_that_the_company_does_not_want_is_refused_before_anything_is_run() -> None:
    ran: list[int] = []
    with pytest.raises(UnknownName, match="no want of birch for 'home'"):
        explain(lively(), company="birch", chip="home", progress=lambda done, _: ran.append(done))
    assert not ran


def test_json_has_the_numbers_as_plain_values() -> None:
    plain = one("ash").to_json()
    assert plain["at"] == one("ash").at.isoformat()
    assert (plain["company"], plain["chip"], plain["paths"]) == ("ash", "all", PATHS)
    keys = {"line", "gate", "kind", "title", "first", "half", "last", "asked", "of", "passed"}
    assert keys | {"waiting", "sentences", "sources"} == set(plain["passages"][0])


def sentences_of(world: Scenario, gate: str) -> str:
    told = explain(world, company="ash", paths=3, seed=1)
    (passage,) = [one for one in told.passages if one.gate == gate]
    return "\n".join(passage.sentences)


def certain(act: str, gate: str, on: int) -> Tree:
    """Return an event that surely takes half."""
    return {"title": "T", "act": act, "gate": gate, "on": day(on), "share": 0.5, "probability": 1}


def test_two_recalls_in_one_week_are_told_each_by_itself() -> None:
    """80 wait for allocation and 15 for customs as the second week begins and both are halved."""
    gates = {
        "allocation": passes("produced", pool="made"), "customs": passes("cleared", pool="desk"),
        "installation": passes("installed"),
    }  # fmt: skip
    events = {"first": certain("recall", "allocation", 8), "then": certain("recall", "customs", 9)}
    pools = {"made": rate(20), "desk": rate(5)}
    world = scenario(gates, {"ash": want(100)}, pools, periods=5, events=events)
    assert "recalls 40 units" in sentences_of(world, "allocation")
    assert "40 recalled" in sentences_of(world, "allocation")
    assert "recalls 8 units" in sentences_of(world, "customs")
    assert "8 recalled" in sentences_of(world, "customs")


def test_two_revocations_in_one_week_are_told_each_by_itself() -> None:
    """95 papers are unused: the first takes half of them, the second half of the rest."""
    gates = {
        "licence": grants("licensed"),
        "export": passes("shipped", pool="desk", requires=["licence"]),
        "installation": passes("installed"),
    }  # fmt: skip
    events = {"first": certain("revoke", "licence", 8), "then": certain("revoke", "licence", 9)}
    world = scenario(gates, {"ash": want(100)}, {"desk": rate(5)}, periods=4, events=events)
    told = sentences_of(world, "licence")
    assert "the event first (T) revokes 48 papers" in told
    assert "the event then (T) revokes 24 papers" in told


def test_what_is_not_taken_up_of_awards_is_told() -> None:
    gates = {
        "licence": grants("licensed", take_up=0.4),
        "export": passes("shipped", requires=["licence"]), "installation": passes("installed"),
    }  # fmt: skip
    world = scenario(gates, {"ash": want(100)}, {}, periods=4)
    assert "40 % of each award is taken up" in sentences_of(world, "licence")
