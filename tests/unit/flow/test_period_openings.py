"""Openings: dated states, processes, events that shut, and what each supply does meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.flow.build import (
    Play,
    a_round,
    course,
    day,
    each_period,
    grants,
    opening,
    over,
    passes,
    rate,
    rounds,
    scenario,
    stock,
    want,
    week,
)

if TYPE_CHECKING:
    import datetime as dt

    from headworks.scenario.scenario import Scenario


def gated(states: Any, pool: Any = None, units: float = 70, **more: Any) -> Scenario:  # noqa: ANN401
    """10 a day build up over the first week's days; one gate with an opening."""
    gates = {
        "customs": passes("cleared", opening=states, pool="pool" if pool else None),
        "installation": passes("installed"),
    }
    wants = {"buyer": want(0, schedule=[over(day(0), day(7), units)])}
    return scenario(gates, wants, {"pool": pool} if pool else {}, periods=4, **more)


def test_before_its_first_known_state_a_gate_is_open() -> None:
    assert course(gated(opening((week(2), "shut")))) == [70.0] * 4


def test_its_last_known_state_holds() -> None:
    assert course(gated(opening((day(-30), "shut"), (week(2), "open")))) == [0.0, 0.0, 70.0, 70.0]
    assert course(gated(opening((day(-30), "shut")))) == [0.0] * 4


def test_a_gate_without_a_pool_passes_what_had_come_by_its_last_open_moment() -> None:
    """Open on the first three days: 3/7 of what comes in the week has passed by then."""
    case = gated(opening((day(3), "shut"), (week(2), "open")))
    assert course(case) == pytest.approx([30.0, 30.0, 70.0, 70.0])


def test_what_had_come_before_passes_at_the_first_open_moment() -> None:
    """Open only on Tuesday of week 2: all of the old queue passes then, and 2/7 of what is new."""
    states = opening((day(0), "shut"), (day(15), "open"), (day(16), "shut"))
    gates = {
        "customs": passes("cleared", opening=states),
        "installation": passes("installed"),
    }  # fmt: skip
    wants = {"buyer": want(0, schedule=[over(day(0), day(28), 280)])}
    case = scenario(gates, wants, periods=4)
    assert course(case) == pytest.approx([0.0, 0.0, 140 + 20, 160.0])


def test_a_claim_that_was_there_before_is_granted_at_the_first_open_moment() -> None:
    states = opening((day(0), "shut"), (day(15), "open"), (day(16), "shut"))
    gates = {
        "licence": grants("licensed", opening=states),
        "export": passes("shipped", requires=["licence"]),
        "installation": passes("installed"),
    }  # fmt: skip
    wants = {"buyer": want(0, schedule=[over(day(0), day(28), 280)])}
    case = scenario(gates, wants, periods=4)
    assert course(case, "licensed") == pytest.approx([0.0, 0.0, 160.0, 160.0])


def test_claims_that_were_met_do_not_count_as_waiting() -> None:
    """100 are granted in week 0; of the 70 of week 1 the part of its first three days."""
    gates = {
        "licence": grants("licensed", opening=opening((day(10), "shut"))),
        "export": passes("shipped", requires=["licence"]),
        "installation": passes("installed"),
    }
    schedule = [{"on": day(0), "units": 100}, over(day(7), day(14), 70)]
    case = scenario(gates, {"buyer": want(0, schedule=schedule)}, periods=3)
    assert course(case, "licensed") == pytest.approx([100.0, 130.0, 130.0])


def test_a_rate_passes_its_open_share() -> None:
    """Shut for two of seven days in the middle of week 1: five sevenths of 7 a day."""
    states = opening((day(9), "shut"), (day(11), "open"))
    case = gated(states, rate(7), units=1000)
    assert course(case) == pytest.approx([7.0, 12.0, 19.0, 26.0])


def test_a_rate_perishes_while_its_gate_is_shut() -> None:
    states = opening((day(0), "shut"), (week(2), "open"))
    case = gated(states, rate(10))
    assert course(case) == [0.0, 0.0, 10.0, 20.0]
    assert each_period(case, lambda play: play.pool("pool", "perished")) == [10.0, 20.0, 20.0, 20.0]


def test_a_stock_accrues_while_its_gate_is_shut() -> None:
    states = opening((day(0), "shut"), (week(2), "open"))
    assert course(gated(states, stock(0, 10))) == [0.0, 0.0, 30.0, 40.0]


def test_a_stock_may_perish_and_a_rate_accrue() -> None:
    states = opening((day(0), "shut"), (week(2), "open"), while_shut="perish")
    assert course(gated(states, stock(0, 10))) == [0.0, 0.0, 10.0, 20.0]
    states = opening((day(0), "shut"), (week(2), "open"), while_shut="accrue")
    assert course(gated(states, rate(10))) == [0.0, 0.0, 30.0, 40.0]


def test_a_rate_counts_while_any_gate_that_books_it_is_open() -> None:
    gates = {
        "north": passes("cleared", pool="crews", opening=opening((week(1), "shut"))),
        "south": passes("cleared", pool="crews"),
        "installation": passes("installed"),
    }
    routes = {"n": ["north", "installation"], "s": ["south", "installation"]}
    wants = {"n": want(100, routes={"n": 1.0}), "s": want(100, routes={"s": 1.0})}
    case = scenario(gates, wants, {"crews": rate(10)}, routes, 2)
    assert course(case, company="n") == pytest.approx([5.0, 5.0])
    assert course(case, company="s") == pytest.approx([5.0, 15.0])


def test_a_lot_passes_only_if_the_week_begins_open() -> None:
    """A lot is a discrete decision: open from Tuesday on is too late for week 1."""
    states = opening((day(0), "shut"), (day(8), "open"))
    gates = {
        "allocation": passes("produced", pool="made", lot=5, opening=states),
        "installation": passes("installed"),
    }  # fmt: skip
    case = scenario(gates, {"buyer": want(50)}, {"made": stock(50)}, periods=3)
    assert course(case) == [0.0, 0.0, 50.0]


def shut_by(*events: tuple[dt.date, float], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        f"halt-{number}": {
            "title": "A halt", "act": "shut", "gate": "customs", "on": on, "for_days": days,
            "probability": 1, **more,
        }
        for number, (on, days) in enumerate(events)
    }  # fmt: skip


def test_an_event_shuts_a_gate_for_a_time() -> None:
    case = gated("open", rate(7), units=1000, events=shut_by((day(9), 2)))
    assert course(case) == pytest.approx([7.0, 12.0, 19.0, 26.0])


def test_an_event_may_come_late_or_not_at_all() -> None:
    late = gated("open", rate(7), units=1000, events=shut_by((day(9), 2), delay_days=7))
    assert course(late) == pytest.approx([7.0, 14.0, 19.0, 26.0])
    never = gated("open", rate(7), units=1000, events=shut_by((day(9), 2), probability=0))
    assert course(never) == pytest.approx([7.0, 14.0, 21.0, 28.0])


def test_events_that_overlap_shut_once() -> None:
    case = gated("open", rate(7), units=1000, events=shut_by((day(7), 4), (day(9), 3)))
    assert course(case) == pytest.approx([7.0, 9.0, 16.0, 23.0])


def test_an_event_does_not_open_a_gate_when_it_ends() -> None:
    states = opening((day(8), "shut"))
    case = gated(states, rate(7), units=1000, events=shut_by((day(7), 7)))
    assert course(case) == pytest.approx([7.0, 7.0, 7.0, 7.0])


def process(**parts: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of a process
    certain = {"open_at_start": 1, "mean_days_open": 1e9, "mean_days_shut": 1e9}
    return {"process": {**certain, **parts}}


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        (None, [0.0, 0.0, 0.0, 0.0]),
        (day(-40), [0.0, 0.0, 0.0, 0.0]),
        (day(7), [7.0, 7.0, 7.0, 7.0]),
        (day(10), [7.0, 10.0, 10.0, 10.0]),
        (day(70), [7.0, 14.0, 21.0, 28.0]),
    ],
)
def test_a_process_begins_on_its_day(begins: dt.date | None, expected: list[float]) -> None:
    """Shut at its start, and practically for ever."""
    states = process(open_at_start=0, **({} if begins is None else {"from": begins}))
    assert course(gated(states, rate(7), units=1000)) == pytest.approx(expected)


def test_a_process_may_have_begun_before_the_start() -> None:
    states = process(**{"from": day(-40)})
    assert course(gated(states, rate(7), units=1000)) == pytest.approx([7.0, 14.0, 21.0, 28.0])


def test_a_process_follows_the_last_known_state() -> None:
    """Without a day of its own it begins with the last known state, which it then replaces."""
    states = opening((day(-9), "shut"), **process())
    assert course(gated(states, rate(7), units=1000)) == pytest.approx([7.0, 14.0, 21.0, 28.0])
    states = opening((day(0), "shut"), **process(**{"from": day(7)}))
    assert course(gated(states, rate(7), units=1000)) == pytest.approx([0.0, 7.0, 14.0, 21.0])


def test_papers_of_a_rate_are_granted_for_its_open_share() -> None:
    states = opening((day(9), "shut"), (day(11), "open"))
    gates = {
        "licence": grants("licensed", pool="desk", opening=states),
        "export": passes("shipped", requires=["licence"]),
        "installation": passes("installed"),
    }  # fmt: skip
    case = scenario(gates, {"buyer": want(1000)}, {"desk": rate(7)}, periods=3)
    assert course(case, "licensed") == pytest.approx([7.0, 12.0, 19.0])


def test_a_round_awards_in_full_if_the_week_begins_open() -> None:
    gates = {
        "approval": grants("approved", pool="rounds", opening=opening((day(8), "shut"))),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    pool = rounds(first=a_round(day(12), 40))
    case = scenario(gates, {"buyer": want(1000)}, {"rounds": pool}, periods=3)
    assert course(case, "approved") == [0.0, 40.0, 40.0]


def test_papers_are_drawn_only_as_goods_pass() -> None:
    gates = {
        "licence": grants("licensed"),
        "export": passes("shipped", requires=["licence"], opening="shut"),
        "installation": passes("installed"),
    }
    play = Play(scenario(gates, {"buyer": want(50)})).to(3)
    assert (play.papers("licence", "unused"), play.papers("licence", "drawn")) == (50.0, 0.0)
