"""What each claims rule keeps, whatever pool and claims: each law for just the rules that have it.

That the others break it is shown by the numbers of `tests/data/rationing/counterexamples.yaml`.
Here no law is read from the checks of one instance, and changes are drawn and not on a grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from headworks.rationing.properties import check
from headworks.rationing.rule import RULES
from tests.tiers import examples

NOTHING = Fraction(0)
UNITS = [Fraction(1, 7), Fraction(22, 7), Fraction(10**30), Fraction(10**9 + 7, 10**9 + 9)]
few = settings(max_examples=examples(12))
amounts = st.integers(0, 60).map(lambda n: Fraction(n, 6))  # so few that some are equal
shares = st.integers(0, 60).map(lambda n: Fraction(n, 60))
ORDERS = {count: [*permutations(range(count))] for count in range(1, 7)}
ANY_NUMBER = [name for name in RULES if name != "concede_and_divide"]


def keep(law: str) -> pytest.MarkDecorator:
    """Run a test for each rule that keeps a law."""
    names = [name for name in ANY_NUMBER if law in RULES[name].keeps]
    return pytest.mark.parametrize("name", names)


@dataclass(frozen=True)
class Shortage:
    """A pool, larger claims, and what rules want to know; in a test, with numbers of its own."""

    pool: Fraction
    claims: tuple[Fraction, ...]
    ranks: tuple[int, ...]
    """Place of each in the order; also its score, and its day if days are taken."""

    def awards(self, name: str) -> tuple[Fraction, ...]:
        order = sorted(range(len(self.ranks)), key=self.ranks.__getitem__)
        options: dict[str, Any] = {
            "priority": order, "scores": [-rank for rank in self.ranks],
            "days": [rank // 2 for rank in self.ranks],
        }  # fmt: skip
        needed = {option: options[option] for option in RULES[name].needs}
        return RULES[name].divide(self.pool, self.claims, **needed).awards

    @property
    def total(self) -> Fraction:
        return sum(self.claims, NOTHING)

    def on(self, pool: Fraction) -> Shortage:
        return Shortage(pool, self.claims, self.ranks)

    def claiming(self, claims: Any) -> Shortage:  # noqa: ANN401 - any sequence of amounts
        return Shortage(self.pool, tuple(claims), self.ranks)

    def only(self, kept: list[int]) -> Shortage:
        claims = tuple(self.claims[n] for n in kept)
        return Shortage(self.pool, claims, tuple(self.ranks[n] for n in kept))


@st.composite
def shortages(draw: st.DrawFn, least: int = 1) -> Shortage:
    claims = draw(st.lists(amounts, min_size=least, max_size=6))
    ranks = draw(st.sampled_from(ORDERS[len(claims)]))
    pool = draw(shares) * sum(claims, NOTHING)
    return Shortage(pool, tuple(claims), tuple(ranks))


@pytest.mark.parametrize("name", ANY_NUMBER)
@few
@given(problem=shortages())
def test_the_pool_is_spent_and_nobody_gets_less_than_nothing_or_more_than_the_claim(
    name: str, problem: Shortage
) -> None:
    awards = problem.awards(name)
    assert sum(awards) == problem.pool
    assert all(0 <= x <= d for x, d in zip(awards, problem.claims, strict=True))


@keep("order_preservation")
@few
@given(problem=shortages())
def test_equals_are_treated_alike_and_who_claims_more_gets_and_loses_no_less(
    name: str, problem: Shortage
) -> None:
    assert "equal_treatment" in RULES[name].keeps
    both = sorted(zip(problem.claims, problem.awards(name), strict=True))
    for (low, less), (high, more) in pairwise(both):
        assert less <= more
        assert low - less <= high - more


@keep("endowment_monotonicity")
@few
@given(problem=shortages(), share=shares)
def test_a_larger_pool_hurts_nobody(name: str, problem: Shortage, share: Fraction) -> None:
    more = problem.on(problem.pool + share * (problem.total - problem.pool))
    both = zip(problem.awards(name), more.awards(name), strict=True)
    assert all(before <= after for before, after in both)


@keep("claim_monotonicity")
@few
@given(problem=shortages(), more=amounts, data=st.data())
def test_who_claims_more_gets_no_less(
    name: str, problem: Shortage, more: Fraction, data: st.DataObject
) -> None:
    n = data.draw(st.sampled_from(range(len(problem.claims))))
    raised = [d + more * (k == n) for k, d in enumerate(problem.claims)]
    assert problem.awards(name)[n] <= problem.claiming(raised).awards(name)[n]


@keep("population_monotonicity")
@few
@given(problem=shortages(least=2), data=st.data())
def test_newcomers_help_nobody(name: str, problem: Shortage, data: st.DataObject) -> None:
    kept = data.draw(some_of(problem))
    before = problem.only(kept)
    assume(before.total >= problem.pool or name != "uniform")
    both = zip(before.awards(name), (problem.awards(name)[n] for n in kept), strict=True)
    assert all(alone >= crowded for alone, crowded in both)


@keep("linked_monotonicity")
@few
@given(problem=shortages(least=2), data=st.data())
def test_newcomers_who_bring_what_they_claim_hurt_nobody(
    name: str, problem: Shortage, data: st.DataObject
) -> None:
    kept = data.draw(some_of(problem))
    rest = problem.pool - (problem.total - problem.only(kept).total)
    assume(rest >= 0)
    both = zip(problem.only(kept).on(rest).awards(name), kept, strict=True)
    assert all(alone <= problem.awards(name)[n] for alone, n in both)


@keep("truncation_invariance")
@few
@given(problem=shortages())
def test_claiming_more_than_the_pool_is_pointless(name: str, problem: Shortage) -> None:
    cut = problem.claiming(min(d, problem.pool) for d in problem.claims)
    assert problem.awards(name) == cut.awards(name)


@keep("minimal_rights_first")
@few
@given(problem=shortages())
def test_what_nobody_else_can_claim_may_be_given_first(name: str, problem: Shortage) -> None:
    rights = [max(NOTHING, problem.pool - problem.total + d) for d in problem.claims]
    left = problem.claiming(d - m for d, m in zip(problem.claims, rights, strict=True))
    more = left.on(problem.pool - sum(rights)).awards(name)
    assert list(problem.awards(name)) == [m + x for m, x in zip(rights, more, strict=True)]


@keep("composition_up")
@few
@given(problem=shortages(), share=shares)
def test_tranches_change_nothing(name: str, problem: Shortage, share: Fraction) -> None:
    first = problem.on(problem.pool * share).awards(name)
    left = problem.claiming(d - x for d, x in zip(problem.claims, first, strict=True))
    then = left.on(problem.pool * (1 - share)).awards(name)
    assert list(problem.awards(name)) == [a + b for a, b in zip(first, then, strict=True)]


@keep("composition_down")
@few
@given(problem=shortages(), share=shares)
def test_a_pool_may_be_cut_after_the_awards(name: str, problem: Shortage, share: Fraction) -> None:
    larger = problem.on(problem.pool + share * (problem.total - problem.pool))
    assert problem.claiming(larger.awards(name)).awards(name) == problem.awards(name)


@keep("consistency")
@few
@given(problem=shortages(least=2), data=st.data())
def test_some_who_leave_with_their_awards_change_nothing(
    name: str, problem: Shortage, data: st.DataObject
) -> None:
    kept = data.draw(some_of(problem))
    theirs = tuple(problem.awards(name)[n] for n in kept)
    assert problem.only(kept).on(sum(theirs, NOTHING)).awards(name) == theirs


@keep("self_duality")
@few
@given(problem=shortages())
def test_losses_are_shared_like_gains(name: str, problem: Shortage) -> None:
    lost = problem.on(problem.total - problem.pool).awards(name)
    assert list(problem.awards(name)) == [d - x for d, x in zip(problem.claims, lost, strict=True)]


@few
@given(problem=shortages())
def test_equal_losses_are_the_dual_of_equal_awards(problem: Shortage) -> None:
    lost = problem.on(problem.total - problem.pool).awards("constrained_equal_awards")
    assert list(problem.awards("constrained_equal_losses")) == [
        d - x for d, x in zip(problem.claims, lost, strict=True)
    ]


@keep("no_advantageous_merging")
@few
@given(problem=shortages(least=2), data=st.data())
def test_several_gain_nothing_by_becoming_one(
    name: str, problem: Shortage, data: st.DataObject
) -> None:
    kept = data.draw(some_of(problem))
    merged = problem.total - problem.only(kept).total
    claims = (*problem.only(kept).claims, merged)
    as_one = Shortage(problem.pool, claims, tuple(range(len(claims)))).awards(name)[-1]
    assert as_one <= problem.pool - sum(problem.awards(name)[n] for n in kept)


@keep("no_advantageous_splitting")
@few
@given(problem=shortages(), parts=st.lists(st.integers(1, 9), min_size=2, max_size=4))
def test_nobody_gains_by_becoming_several(name: str, problem: Shortage, parts: list[int]) -> None:
    # The parts of the first keep its place: ranks of the others are moved out of the way.
    first, *others = problem.claims
    mine, *ranks = problem.ranks
    claims = (*(first * part / sum(parts) for part in parts), *others)
    places = (*(10 * mine + n for n in range(len(parts))), *(10 * rank for rank in ranks))
    days = Shortage(problem.pool, problem.claims, tuple(10 * rank for rank in problem.ranks))
    before = days.awards(name)[0]
    if name == "first_come_first_served":  # and their day, which two ranks share
        places = (*[10 * mine] * len(parts), *places[len(parts) :])
    split = Shortage(problem.pool, claims, places).awards(name)
    assert sum(split[: len(parts)]) <= before


@keep("full_compensation_of_small_claims")
@few
@given(problem=shortages())
def test_who_would_be_served_if_nobody_claimed_more_is(name: str, problem: Shortage) -> None:
    for d, x in zip(problem.claims, problem.awards(name), strict=True):
        assert x == d or sum(min(d, other) for other in problem.claims) > problem.pool


@pytest.mark.parametrize("law", ["regressive", "progressive"])
@few
@given(problem=shortages())
def test_shares_of_the_claim_fall_or_rise_with_it(law: str, problem: Shortage) -> None:
    for name in (name for name in RULES if law in RULES[name].keeps):
        both = sorted(zip(problem.claims, problem.awards(name), strict=True))
        shares_of = [x / d for d, x in both if d]
        assert shares_of == sorted(shares_of, reverse=law == "regressive")


@keep("replication_invariance")
@few
@given(problem=shortages(), times=st.integers(2, 4))
def test_the_same_several_times_gives_the_same_awards(
    name: str, problem: Shortage, times: int
) -> None:
    # Copies of one have its day.
    ranks = tuple(2 * rank for rank in problem.ranks)
    once = Shortage(problem.pool, problem.claims, ranks)
    often = Shortage(times * problem.pool, times * problem.claims, times * ranks)
    assert often.awards(name) == times * once.awards(name)


ALONE = [name for name in ANY_NUMBER if "days" not in RULES[name].needs]


@pytest.mark.parametrize("name", ALONE)
@few
@given(problem=shortages(), data=st.data())
def test_the_order_in_which_claimants_are_listed_changes_nothing(
    name: str, problem: Shortage, data: st.DataObject
) -> None:
    order = [*data.draw(st.sampled_from(ORDERS[len(problem.claims)]))]
    listed = problem.only(order).awards(name)
    assert list(listed) == [problem.awards(name)[n] for n in order]


@pytest.mark.parametrize("name", ANY_NUMBER)
@few
@given(problem=shortages(), unit=st.sampled_from(UNITS))
def test_awards_are_in_the_unit_of_pool_and_claims(
    name: str, problem: Shortage, unit: Fraction
) -> None:
    scaled = Shortage(problem.pool * unit, tuple(d * unit for d in problem.claims), problem.ranks)
    assert list(scaled.awards(name)) == [x * unit for x in problem.awards(name)]


@pytest.mark.parametrize("name", [n for n in ANY_NUMBER if n != "dominguez_thomson"])
@few
@given(problem=shortages())
def test_claims_of_nothing_change_nothing(name: str, problem: Shortage) -> None:
    # Dominguez and Thomson divide by the number of claimants, and so by one more.
    last = len(problem.claims)
    more = Shortage(problem.pool, (*problem.claims, NOTHING), (*problem.ranks, last))
    assert more.awards(name) == (*problem.awards(name), 0)


@few
@given(problem=shortages(), more=amounts, data=st.data())
def test_under_equal_awards_nobody_gains_by_claiming_more_than_the_award(
    problem: Shortage, more: Fraction, data: st.DataObject
) -> None:
    awards = problem.awards("constrained_equal_awards")
    n = data.draw(st.sampled_from(range(len(awards))))
    assume(awards[n] < problem.claims[n])
    raised = [d + more * (k == n) for k, d in enumerate(problem.claims)]
    assert problem.claiming(raised).awards("constrained_equal_awards") == awards


@few
@given(claims=st.tuples(amounts, amounts), share=shares)
def test_rules_that_extend_concede_and_divide_agree_with_it(
    claims: tuple[Fraction, Fraction], share: Fraction
) -> None:
    problem = Shortage(share * sum(claims, NOTHING), claims, (0, 1))
    wanted = problem.awards("concede_and_divide")
    for name in ("talmud", "random_arrival", "minimal_overlap", "adjusted_proportional"):
        assert problem.awards(name) == wanted


def check_what_is_kept(name: str, problem: Shortage) -> None:
    claims = problem.claims[:2] if name == "concede_and_divide" else problem.claims
    pool = min(problem.pool, sum(claims, NOTHING))
    options: dict[str, Any] = {
        "priority": sorted(range(len(claims)), key=problem.ranks.__getitem__),
        "scores": problem.ranks, "days": [rank // 2 for rank in problem.ranks],
    }  # fmt: skip
    needed = {option: options[option] for option in RULES[name].needs}
    assert check(RULES[name], pool, claims, needed, only=RULES[name].keeps).broken == ()


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=examples(10))
@given(problem=shortages(least=2))
def test_no_check_of_an_instance_finds_a_law_broken_that_a_rule_keeps(
    name: str, problem: Shortage
) -> None:
    check_what_is_kept(name, problem)


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
@settings(max_examples=examples(200))
@given(problem=shortages(least=2))
def test_no_check_of_many_instances_finds_a_law_broken_that_a_rule_keeps(
    name: str, problem: Shortage
) -> None:
    check_what_is_kept(name, problem)


def some_of(problem: Shortage) -> st.SearchStrategy[list[int]]:
    """Return some of the claimants, but not all."""
    count = len(problem.claims)
    members = st.integers(1, 2**count - 2)  # bit n says whether claimant n is kept
    return members.map(lambda bits: [n for n in range(count) if bits >> n & 1])
