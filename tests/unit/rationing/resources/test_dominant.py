"""Dominant-resource fairness: the published example, its guarantees, whole tasks, bad input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from headworks.rationing.exact import Amount, exact
from headworks.rationing.resources import dominant
from headworks.rationing.resources import tasks as in_whole
from headworks.rationing.rules.equal import constrained_equal_awards

if TYPE_CHECKING:
    from headworks.rationing.resources.dominant import DominantShares

Need: TypeAlias = dict[str, int]

NAMES = ("chips", "power_mw", "slots")
PAPER = ({"cpu": 9, "gb": 18}, [{"cpu": 1, "gb": 4}, {"cpu": 3, "gb": 1}])


Needs: TypeAlias = Sequence[Mapping[str, Amount]]
Shared: TypeAlias = tuple[
    dict[str, Fraction], list[dict[str, Fraction]], list[Fraction | None], list[Fraction]
]


def read(
    room: Mapping[str, Amount],
    needs: Needs,
    claims: Sequence[Amount | None] | None,
    weights: Sequence[Amount] | None,
) -> Shared:
    bounds = [None] * len(needs) if claims is None else claims
    return (
        {name: exact(amount) for name, amount in room.items()},
        [{name: exact(amount) for name, amount in need.items()} for need in needs],
        [None if bound is None else exact(bound) for bound in bounds],
        [exact(weight) for weight in weights or [1] * len(needs)],
    )


def dominant_resource_fairness(
    room: Mapping[str, Amount],
    needs: Needs,
    claims: Sequence[Amount | None] | None = None,
    weights: Sequence[Amount] | None = None,
) -> DominantShares:
    return dominant.dominant_resource_fairness(*read(room, needs, claims, weights))


def whole_tasks(
    room: Mapping[str, Amount],
    needs: Needs,
    order: Iterable[int],
    claims: Sequence[Amount | None] | None = None,
    weights: Sequence[Amount] | None = None,
) -> DominantShares:
    return in_whole.whole_tasks(*read(room, needs, claims, weights), list(order))


def test_the_example_of_ghodsi_and_others() -> None:
    found = dominant_resource_fairness(*PAPER)  # Ghodsi and others 2011, section 4.1
    assert list(found.tasks) == [3, 2]
    assert list(found.shares) == [Fraction(2, 3), Fraction(2, 3)]
    assert found.dominant == ("gb", "cpu")
    assert found.held_by == ("cpu", "cpu")
    assert list(found.used) == [9, 14]
    assert whole_tasks(*PAPER, order=[1, 0]) == found


def test_the_weighted_example_by_hand() -> None:
    found = dominant_resource_fairness(*PAPER, weights=[2, 1])
    assert list(found.shares) == [Fraction(12, 13), Fraction(6, 13)]
    assert found.shares[0] == 2 * found.shares[1]
    assert found.held_by == ("gb", "gb")


def test_who_has_the_claim_leaves_the_rest_to_the_others() -> None:
    found = dominant_resource_fairness(*PAPER, claims=[1, None])
    assert list(found.tasks) == [1, Fraction(8, 3)]
    assert found.held_by == (None, "cpu")


def test_who_does_not_need_the_full_resource_rises_on() -> None:
    room = {"chips": 10, "power_mw": 100}
    needs = [{"chips": 1}, {"chips": 1, "power_mw": 1}, {"power_mw": 1}]
    found = dominant_resource_fairness(room, needs)
    assert list(found.tasks) == [5, 5, 95]
    assert found.held_by == ("chips", "chips", "power_mw")


def test_who_needs_what_there_is_not_has_nothing() -> None:
    found = dominant_resource_fairness({"chips": 0, "power_mw": 4}, [{"chips": 1}, {"power_mw": 1}])
    assert list(found.tasks) == [0, 4]
    assert found.held_by == ("chips", "power_mw")


def test_who_needs_nothing_has_the_claim() -> None:
    found = dominant_resource_fairness({"chips": 4}, [{}, {"chips": 1}], claims=[9, None])
    assert list(found.tasks) == [9, 4]
    assert found.dominant == (None, "chips")


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 100))
def test_with_one_resource_it_is_constrained_equal_awards(claims: list[int], pool: int) -> None:
    found = dominant_resource_fairness({"chips": pool}, [{"chips": 1}] * len(claims), claims=claims)
    exact = constrained_equal_awards(Fraction(pool), [Fraction(claim) for claim in claims])
    assert found.tasks == exact.awards


# Guarantees

needs_of_one = st.fixed_dictionaries({name: st.integers(0, 4) for name in NAMES}).filter(
    lambda need: any(need.values())
)
parties = st.tuples(needs_of_one, st.none() | st.integers(0, 30), st.integers(1, 4))
worlds = st.tuples(
    st.fixed_dictionaries({name: st.integers(0, 60) for name in NAMES}),
    st.lists(parties, min_size=1, max_size=5),
)
World: TypeAlias = tuple[Need, list[tuple[Need, int | None, int]]]


def shared(world: World) -> DominantShares:
    """Return the shares of a world."""
    room, people = world
    return dominant_resource_fairness(
        room,
        [need for need, _, _ in people],
        claims=[claim for _, claim, _ in people],
        weights=[weight for _, _, weight in people],
    )


def tasks_from(bundle: Sequence[Fraction], need: Need, claim: int | None) -> Fraction:
    """Return the tasks that amounts of the resources are good for."""
    pairs = zip(bundle, (need[name] for name in NAMES), strict=True)
    found = min(amount / each for amount, each in pairs if each)
    return found if claim is None else min(found, Fraction(claim))


def bundle_of(found: DominantShares, n: int, need: Need) -> list[Fraction]:
    """Return what somebody has of each resource."""
    return [found.tasks[n] * need[name] for name in NAMES]


@given(worlds)
def test_nobody_could_have_more_without_taking_it_from_another(world: World) -> None:
    room, people = world
    found = shared(world)
    assert all(used <= room[name] for name, used in zip(found.resources, found.used, strict=True))
    full = {
        name for name, used in zip(found.resources, found.used, strict=True) if used == room[name]
    }
    for (need, claim, _), tasks, held in zip(people, found.tasks, found.held_by, strict=True):
        assert claim is None or tasks <= claim
        if held is None:
            assert tasks == claim
        else:
            assert held in full
            assert need[held]


@given(worlds)
def test_who_is_held_has_the_largest_share_by_weight_of_what_holds_it(world: World) -> None:
    _, people = world
    found = shared(world)
    level = [share / weight for share, (_, _, weight) in zip(found.shares, people, strict=True)]
    for n, held in enumerate(found.held_by):
        if held is not None:
            assert level[n] == max(level[m] for m, (need, _, _) in enumerate(people) if need[held])


@given(worlds)
def test_nobody_envies_another_by_weight(world: World) -> None:
    _, people = world
    found = shared(world)
    for n, (need, claim, weight) in enumerate(people):
        for m, (other, _, its_weight) in enumerate(people):
            scaled = [a * Fraction(weight, its_weight) for a in bundle_of(found, m, other)]
            assert tasks_from(scaled, need, claim) <= found.tasks[n]


@given(worlds)
def test_sharing_beats_a_part_of_everything(world: World) -> None:
    room, people = world
    found = shared(world)
    total = sum(weight for _, _, weight in people)
    for n, (need, claim, weight) in enumerate(people):
        part = [Fraction(room[name] * weight, total) for name in NAMES]
        assert tasks_from(part, need, claim) <= found.tasks[n]


@given(worlds, needs_of_one, st.none() | st.integers(0, 30))
def test_nobody_gains_by_a_false_report(world: World, need: Need, claim: int | None) -> None:
    room, people = world
    truth = shared(world)
    true_need, true_claim, weight = people[0]
    false = shared((room, [(need, claim, weight), *people[1:]]))
    assert tasks_from(bundle_of(false, 0, need), true_need, true_claim) <= truth.tasks[0]


@given(worlds)
def test_the_place_in_the_list_is_of_no_account(world: World) -> None:
    room, people = world
    there = shared((room, people[::-1]))
    assert there.tasks[::-1] == shared(world).tasks


# Whole tasks


def one_by_one(world: World, order: list[int]) -> list[int]:
    """Give tasks one by one to the lowest dominant share by weight."""
    room, people = world
    left = {name: Fraction(room[name]) for name in NAMES}
    counts = [0] * len(people)

    def level(n: int) -> Fraction:
        need, _, weight = people[n]
        return counts[n] * max(Fraction(need[r], room[r]) for r in NAMES if need[r]) / weight

    rising = [n for n in order if all(room[r] or not people[n][0][r] for r in NAMES)]
    while rising:
        n = min(rising, key=level)
        need, claim, _ = people[n]
        if counts[n] == claim or any(need[name] > left[name] for name in NAMES):
            rising.remove(n)
            continue
        counts[n] += 1
        for name in NAMES:
            left[name] -= need[name]
    return counts


@given(worlds, st.integers(1, 20), st.data())
def test_whole_tasks_are_given_one_by_one(world: World, size: int, data: st.DataObject) -> None:
    room, people = {name: amount * size for name, amount in world[0].items()}, world[1]
    order = data.draw(st.permutations(range(len(people))))
    found = whole_tasks(
        room,
        [need for need, _, _ in people],
        claims=[claim for _, claim, _ in people],
        weights=[weight for _, _, weight in people],
        order=order,
    )
    assert list(found.tasks) == one_by_one((room, people), order)
    for n, (need, claim, _) in enumerate(people):
        held = found.held_by[n]
        left = {
            name: room[name] - used for name, used in zip(found.resources, found.used, strict=True)
        }
        if held is None:
            assert found.tasks[n] == claim
        else:
            assert left[held] < need[held]
        assert all(amount >= 0 for amount in left.values())


def test_a_tie_for_the_last_task_goes_by_the_order() -> None:
    needs = [{"chips": 2}] * 3
    assert list(whole_tasks({"chips": 8}, needs, order=[2, 0, 1]).tasks) == [1, 1, 2]
    assert list(whole_tasks({"chips": 8}, needs, order=[1, 0, 2]).tasks) == [1, 2, 1]


def test_a_smaller_task_goes_on_where_a_larger_one_is_passed_over() -> None:
    found = whole_tasks({"chips": 10}, [{"chips": 6}, {"chips": 1}], order=[0, 1])
    assert list(found.tasks) == [1, 4]


def test_large_pools_are_quick() -> None:
    room = {"chips": 10**12, "power_mw": 10**6, "slots": 10**5}
    needs: list[dict[str, int | str]] = [
        {"chips": 1 + n % 97, "power_mw": f"{1 + n % 9}/1000"} for n in range(500)
    ]
    needs[0] = {"chips": 10**11, "slots": 1}
    exact = dominant_resource_fairness(room, needs)
    whole = whole_tasks(room, needs, order=range(500))
    assert exact.used[1] == room["power_mw"]
    assert all(abs(a - b) < 2 * 10**6 for a, b in zip(exact.tasks, whole.tasks, strict=True))
    assert whole.used[1] <= room["power_mw"] < whole.used[1] + Fraction(1, 1000)
