"""Streams, drivers and draws: the same luck whoever asks, and the stated distributions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from headworks.flow.draws import Draws
from headworks.flow.drivers import QUARTER_DAYS, Drivers, first_day, quarter
from headworks.flow.openings import Openings, openings
from headworks.flow.streams import Streams, stream_key
from headworks.scenario.driver import Driver
from headworks.scenario.gate import Opening
from headworks.scenario.quantity import Quantity
from tests.unit.flow.build import START, opening, passes, scenario, want

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS = {"kind": "assumed", "reason": "a test", "dist": "fixed"}


def test_a_number_is_the_first_word_of_numpys_own_philox() -> None:
    streams = Streams(seed=5, first_path=40, paths=6)
    drawn = streams.uniform("gates.customs", ordinal=3, sub=2, branch=1)
    for path, number in zip(range(40, 46), drawn, strict=True):
        key = stream_key(5, "gates.customs")
        word = int(np.random.Philox(key=key, counter=[path, 3, 2, 1]).random_raw())
        assert number == ((word >> 11) + 0.5) / 2**53


def test_philox_is_what_its_authors_published() -> None:
    """The known answer of Philox 4x64 with ten rounds for key and counter of zeros.

    Source: Random123, kat_vectors; NumPy advances the counter before the first block.
    """
    before_zero = [2**64 - 1] * 4
    words = np.random.Philox(key=[0, 0], counter=before_zero).random_raw(4)
    assert [f"{int(word):016x}" for word in words] == [
        "16554d9eca36314c", "db20fe9d672d0fdc", "d7e772cee186176b", "7e68b68aec7ba23b",
    ]  # fmt: skip


@pytest.mark.parametrize("cut", [1, 7, 50, 99])
def test_numbers_do_not_depend_on_the_chunk(cut: int) -> None:
    whole = Streams(1, 0, 100).uniform("a", 2)
    parts = [Streams(1, 0, cut).uniform("a", 2), Streams(1, cut, 100 - cut).uniform("a", 2)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_chosen_paths_draw_what_they_draw_among_all() -> None:
    whole = Streams(1, 0, 40)
    chosen = (17, 3, 39, 3)
    some = Streams(1, 3, 4, chosen)
    assert [some.path(number) for number in range(4)] == [17, 3, 39, 3]
    assert np.array_equal(some.score("a", 2), whole.score("a", 2)[list(chosen)])
    assert np.array_equal(some.scores("a", 5, 3), whole.scores("a", 5, 3)[:, list(chosen)])
    assert Streams(1, 7, 5).path(2) == 9


def test_numbers_do_not_depend_on_what_was_drawn_before() -> None:
    fresh, used = Streams(1, 0, 5), Streams(1, 0, 5)
    used.score("b", 9)
    used.score("a", 1)
    assert np.array_equal(fresh.score("a"), used.score("a"))
    assert np.array_equal(fresh.score("a"), fresh.score("a"))


def test_a_score_that_is_kept_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Streams(1, 0, 5).score("a")[0] = 0.0


@pytest.mark.parametrize("which", ["seed", "name", "ordinal", "sub", "branch"])
def test_each_part_of_the_address_gives_other_numbers(which: str) -> None:
    base = {"seed": 1, "name": "gates.a", "ordinal": 0, "sub": 0, "branch": 0}
    other = {**base, which: "gates.b" if which == "name" else 2}

    def drawn(at: dict[str, object]) -> NDArray[np.float64]:
        streams = Streams(int(str(at["seed"])), 0, 20_000)
        parts = [int(str(at[part])) for part in ("ordinal", "sub", "branch")]
        return streams.uniform(str(at["name"]), *parts)

    one, two = drawn(base), drawn(other)
    assert not np.isin(one, two).any()
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(20_000)


def test_numbers_are_uniform_and_paths_independent() -> None:
    drawn = Streams(3, 0, 50_000).uniform("x")
    assert 0 < drawn.min() < drawn.max() < 1
    assert stats.kstest(drawn, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4 / np.sqrt(50_000)
    scores = Streams(3, 0, 50_000).score("x")
    assert stats.kstest(scores, "norm").pvalue > 0.001


def driver(half_life_days: float) -> Driver:
    days = Quantity.model_validate({"value": half_life_days, **DAYS})
    return Driver(title="A mood", half_life_days=days)


def walks(half_life_days: float, paths: int = 20_000) -> NDArray[np.float64]:
    end = dt.date(2029, 1, 5)
    found = Drivers({"mood": driver(half_life_days)}, Streams(2, 0, paths), START, end)
    return found.values["mood"]


def test_a_driver_is_standard_normal_at_all_times() -> None:
    walk = walks(200)
    assert np.abs(walk.mean(axis=1)).max() < 4 / np.sqrt(20_000)
    assert np.abs(walk.std(axis=1) - 1).max() < 4 / np.sqrt(2 * 20_000)
    assert stats.kstest(walk[-1], "norm").pvalue > 0.001


@pytest.mark.parametrize("half_life_days", [30.0, 182.6, 1000.0])
def test_a_driver_forgets_by_its_half_life(half_life_days: float) -> None:
    walk = walks(half_life_days)
    for lag in (1, 2, 4):
        stated = 2 ** (-lag * QUARTER_DAYS / half_life_days)
        sampled = np.corrcoef(walk[0], walk[lag])[0, 1]
        assert abs(sampled - stated) < 4 / np.sqrt(20_000)


def test_drivers_do_not_depend_on_their_order_or_on_each_other() -> None:
    both = {"a": driver(100), "b": driver(50)}
    end = dt.date(2027, 1, 1)
    one = Drivers(both, Streams(1, 0, 9), START, end)
    other = Drivers(dict(reversed(both.items())), Streams(1, 0, 9), START, end)
    alone = Drivers({"a": both["a"]}, Streams(1, 0, 9), START, end)
    assert np.array_equal(one.values["a"], other.values["a"])
    assert np.array_equal(one.values["a"], alone.values["a"])


def test_the_same_quarter_has_the_same_luck_whenever_it_is_first_asked() -> None:
    assert quarter(dt.date(2026, 3, 31)) == quarter(dt.date(2026, 1, 1))
    assert first_day(quarter(dt.date(2026, 5, 6))) == dt.date(2026, 4, 1)


def test_what_loads_on_a_driver_stays_standard_normal_and_correlates_as_stated() -> None:
    streams = Streams(4, 0, 40_000)
    drivers = Drivers({"mood": driver(100)}, streams, START, dt.date(2027, 1, 1))
    score = drivers.load({"mood": 0.6}, streams.score("own"), 200.0)
    third = drivers.values["mood"][2]  # the quarter of day 200, from July on
    assert abs(score.std() - 1) < 0.02
    assert abs(np.corrcoef(score, third)[0, 1] - 0.6) < 0.02
    assert abs(np.corrcoef(score, streams.score("own"))[0, 1] - 0.8) < 0.02


def test_a_quarter_begins_on_its_first_day() -> None:
    streams = Streams(4, 0, 10)
    drivers = Drivers({"mood": driver(100)}, streams, START, dt.date(2027, 1, 1))
    before, on = (dt.date(2026, 4, 1) - START).days - 1, (dt.date(2026, 4, 1) - START).days
    own = streams.score("own")
    assert np.array_equal(
        drivers.load({"mood": 1.0}, own, float(before)), drivers.values["mood"][0]
    )
    assert np.array_equal(drivers.load({"mood": 1.0}, own, float(on)), drivers.values["mood"][1])


def test_an_event_happens_as_often_as_stated_and_more_often_when_drivers_favour_it() -> None:
    case = scenario(
        {"installation": passes("installed")}, {"a": want(1)},
        drivers={"mood": {"title": "A mood", "half_life_days": 100}},
    )  # fmt: skip
    draws = Draws(case, Streams(6, 0, 40_000))
    chance = Quantity.model_validate({"value": 0.3, "drivers": {"mood": 0.8}, **DAYS})
    happens = draws.happens("news", chance)
    assert abs(happens.mean() - 0.3) < 0.01
    mood = draws.drivers.values["mood"][0]
    assert happens[mood > 1].mean() > 0.7
    for value, share in ((0.0, 0.0), (1.0, 1.0)):
        sure = Quantity.model_validate({"value": value, **DAYS})
        assert draws.happens("sure", sure).mean() == share


def sampled(loading: float, half_life: float, paths: int, periods: int = 520) -> Openings:
    """Openings of a gate that is open two thirds of the time, for ten years."""
    case = scenario(
        {"installation": passes("installed")}, {"a": want(1)}, periods=periods,
        drivers={"mood": {"title": "A mood", "half_life_days": half_life}},
    )  # fmt: skip
    process = {
        name: {"value": value, **DAYS}
        for name, value in (
            ("open_at_start", 2 / 3), ("mean_days_open", 40), ("mean_days_shut", 20),
        )
    }  # fmt: skip
    drivers = {"drivers": {"mood": loading}} if loading else {}
    record = Opening.model_validate({"process": {**process, **drivers}})
    return openings("gates.g.opening", record, case, Draws(case, Streams(8, 0, paths)))


def test_the_sampled_open_share_is_the_stated_one_from_the_first_week_on() -> None:
    found = sampled(0.0, 100, 4000)
    by_week = found.share.mean(axis=1)
    assert np.abs(by_week - 2 / 3).max() < 4.5 * np.sqrt(2 / 9 / 4000)
    per_path = found.share.mean(axis=0)
    assert abs(per_path.mean() - 2 / 3) < 4 * per_path.std() / np.sqrt(4000)


def frozen_share(loading: float) -> float:
    """Return the open share if the mood never changed: the mean over moods of open / (open + shut).

    Given a mood D the mean of a spell is that of -log P(Z > r D + sqrt(1 - r²) e) over e.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    score = loading * nodes[:, None] + np.sqrt(1 - loading**2) * nodes
    means_open = -40 * (stats.norm.logsf(score) * weights).sum(axis=1)
    means_shut = -20 * (stats.norm.logcdf(score) * weights).sum(axis=1)
    return float((means_open / (means_open + means_shut) * weights).sum())


@pytest.mark.parametrize(("loading", "half_life"), [(0.3, 180), (0.5, 180), (0.9, 180), (0.5, 5)])
def test_the_open_share_under_drivers_lies_between_the_stated_one_and_that_of_a_frozen_mood(
    loading: float, half_life: float
) -> None:
    """Moods move the share towards a half.

    By 0.01, 0.025 and 0.063 at loadings of 0.3, 0.5 and 0.9 if they never changed, and by less as
    they change faster than spells begin.
    """
    share = sampled(loading, half_life, 2000).share[52:]
    per_path = share.mean(axis=0)
    error = 4 * per_path.std() / np.sqrt(2000)
    assert frozen_share(loading) - error <= per_path.mean() <= 2 / 3 + error
    assert 2 / 3 - frozen_share(loading) < {0.3: 0.011, 0.5: 0.026, 0.9: 0.064}[loading]


def test_drivers_spread_the_open_share_between_paths() -> None:
    alone = sampled(0.0, 180, 2000).share.mean(axis=0)
    moody = sampled(0.7, 180, 2000).share.mean(axis=0)
    assert moody.std() > 1.2 * alone.std()


def test_a_high_mood_keeps_a_gate_open_and_a_low_one_shut() -> None:
    """The mood of a path hardly changes within its first year with a half-life of 20 years."""
    case = scenario(
        {"installation": passes("installed")},
        {"a": want(1)},
        drivers={"mood": {"title": "A mood", "half_life_days": 7300}},
    )
    mood = Draws(case, Streams(8, 0, 2000)).drivers.values["mood"][0]
    share = sampled(0.7, 7300, 2000, periods=52).share.mean(axis=0)
    assert share[mood > 0.5].mean() > share[mood < -0.5].mean() + 0.3
    against = sampled(-0.7, 7300, 2000, periods=52).share.mean(axis=0)
    assert against[mood > 0.5].mean() < against[mood < -0.5].mean() - 0.3


def test_spells_last_as_long_as_stated() -> None:
    """Of gates open when a week begins, exp(-7/40) are still open throughout it."""
    found = sampled(0.0, 100, 2000)
    whole = (found.share == 1.0)[found.at_start]
    stated = np.exp(-7 / 40)
    assert abs(whole.mean() - stated) < 4 * np.sqrt(stated * (1 - stated) / whole.size)


def test_what_a_period_knows_of_an_opening_fits_together() -> None:
    found = sampled(0.3, 100, 300)
    assert ((found.share >= 0) & (found.share <= 1)).all()
    assert (found.until >= found.share - 1e-12).all()
    assert ((found.until > 0) == (found.share > 0)).all()
    assert (found.share[found.at_start] > 0).all()
    assert ((found.until < 1) <= (found.share < 1)).all()


def test_known_states_are_exact() -> None:
    case = scenario({"installation": passes("installed")}, {"a": want(1)}, periods=4)
    states = opening(
        (START + dt.timedelta(days=3), "shut"), (START + dt.timedelta(days=15), "open")
    )
    record = Opening.model_validate(states)
    found = openings("g", record, case, Draws(case, Streams(1, 0, 2)))
    np.testing.assert_allclose(found.share[:, 0], [3 / 7, 0, 6 / 7, 1])
    np.testing.assert_allclose(found.until[:, 0], [3 / 7, 0, 1, 1])
    assert found.at_start[:, 0].tolist() == [True, False, False, True]


def test_two_spells_within_a_week_count_both() -> None:
    case = scenario({"installation": passes("installed")}, {"a": want(1)}, periods=2)
    at = [START + dt.timedelta(days=n) for n in (1, 3, 5)]
    states = opening((at[0], "shut"), (at[1], "open"), (at[2], "shut"))
    found = openings("g", Opening.model_validate(states), case, Draws(case, Streams(1, 0, 2)))
    np.testing.assert_allclose(found.share[:, 0], [3 / 7, 0])
    np.testing.assert_allclose(found.until[:, 0], [5 / 7, 0])
