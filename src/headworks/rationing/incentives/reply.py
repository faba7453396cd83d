"""Best replies: the request that brings a claimant most, given what the others request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count

from headworks.rationing.incentives.game import Game, grid_index
from headworks.rationing.incentives.terms import NOTHING

PEAKED = frozenset({
    "proportional", "constrained_equal_awards", "constrained_equal_losses", "random_arrival",
    "concede_and_divide", "priority", "points", "first_come_first_served",
})  # fmt: skip
"""Rules under which a claimant's award is a concave function of its own claim, from the first claim
on that is awarded anything, and nothing before: so the payoff rises to one peak and falls.

With others' claims fixed, R their sum: E r / (R + r) is concave, on a day as well as in all; so is
min(r, c), what equal awards, priority and points give; and the mean of min(r, what is left) over
all orders, where what is left does not depend on r. Under equal losses λ(r) solves λ + Σ min(d, λ)
= R + r - E, of which the left side is concave in λ; so λ is convex, and r - λ concave. With weights
that does not hold for proportional awards."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A claimant's best request against the requests of the others."""

    request: Fraction
    award: Fraction
    payoff: Fraction
    """In useful units."""
    gain: Fraction
    """What it brings more than the request that stood before."""
    tries: int = 0
    """Requests whose award was asked for."""


@dataclass(frozen=True, slots=True)
class _Try:
    request: Fraction
    award: Fraction
    payoff: Fraction

    def beats(self, other: _Try) -> bool:
        """Say whether this pays more, or as much with a smaller request."""
        mine, theirs = self.payoff, other.payoff
        return mine > theirs or (mine == theirs and self.request < other.request)


def best_reply(game: Game, n: int, requests: Sequence[Fraction]) -> Reply:
    """Return claimant n's best request; the standing one if none is better, else the smallest.

    Exact on the grid of the game; between its steps there may be a better one. No rule awards less
    to who claims more. So where asking too much costs nothing, payoffs never fall, and the smallest
    request that brings the most is found by bisection. So is the peak where there is only one, as
    under the rules in `PEAKED`. Elsewhere the grid is halved again and again, and a part is left
    out as soon as nothing in it can be better: no award in it is above that of its upper end and no
    request below its lower end.

    Args:
        game: The game.
        n: Number of the claimant.
        requests: The standing requests of all.
    """
    others = list(requests)
    known: dict[Fraction, _Try] = {}

    def tried(request: Fraction) -> _Try:
        if request not in known:
            others[n] = request
            award = game.awards(others)[n]
            known[request] = _Try(request, award, game.payoff(n, request, award))
        return known[request]

    standing = tried(requests[n])
    limit = game.limit(n)
    last = grid_index(game, game.reach(n))
    low, high = tried(NOTHING), tried(last * game.step)
    best = high if high.beats(low) else low
    for request in {limit, min(game.people[n].request, limit)}:
        if request % game.step:
            other = tried(request)
            best = other if other.beats(best) else best
    if standing.beats(best) and standing.request <= limit:
        best = standing
    if _never_falls(game):
        found = _first(game, last, tried, lambda one: one.payoff == high.payoff)
        best = found if found.beats(best) else best
    elif _has_peak(game):
        found = _peak(game, last, tried, standing.request)
        best = found if found.beats(best) else best
    else:
        best = _search(game, n, best, (low, high, last), tried)
    if best.payoff <= standing.payoff:
        best = standing
    gain = best.payoff - standing.payoff
    return Reply(best.request, best.award, best.payoff, gain, len(known))


def _never_falls(game: Game) -> bool:
    """Say whether a larger award is never worth less, nor a larger request by itself."""
    terms = game.terms
    on_excess = terms.salvage - terms.excess_cost - (terms.deposit if terms.refunded else NOTHING)
    return on_excess >= 0 and (terms.refunded or not terms.deposit)


def _first(
    game: Game, last: int, tried: Callable[[Fraction], _Try], fits: Callable[[_Try], bool]
) -> _Try:
    """Return the smallest request on the grid that fits, where all larger ones do, or the last."""
    if last and fits(tried(game.step)):
        return tried(NOTHING) if fits(tried(NOTHING)) else tried(game.step)
    start, end = 0, last
    while start < end:
        middle = (start + end) // 2
        start, end = (start, middle) if fits(tried(middle * game.step)) else (middle + 1, end)
    return tried(start * game.step)


def _has_peak(game: Game) -> bool:
    weighted = any(one.weight is not None for one in game.people)
    return game.rule.name in PEAKED and not (weighted and game.rule.name == "proportional")


def _peak(game: Game, last: int, tried: Callable[[Fraction], _Try], near: Fraction) -> _Try:
    """Return the smallest best request on the grid that is awarded anything, where one is.

    Args:
        game: The game.
        last: Number of the last request on the grid.
        tried: Returns what a request brings.
        near: Where the peak is sought first: with few steps if it is near.
    """

    def rises(k: int) -> bool:
        return tried((k + 1) * game.step).payoff > tried(k * game.step).payoff

    first = _first(game, last, tried, lambda one: one.award > 0)
    start, end = grid_index(game, first.request), last
    middle, leap = min(max(grid_index(game, near), start), max(end - 1, start)), 1
    while start < end:  # up to the first after which it no longer rises
        if rises(middle):
            start = middle + 1
            middle = middle + leap
        else:
            end = middle
            middle = middle - leap
        if not start <= middle < end:
            middle = (start + end) // 2
        leap *= 2
    return tried(start * game.step)


def _search(
    game: Game, n: int, best: _Try, ends: tuple[_Try, _Try, int],
    tried: Callable[[Fraction], _Try],
) -> _Try:  # fmt: skip
    """Return the best request on the grid between two ends, the most promising part first."""
    low, high, last = ends
    ticket = count()
    heap: list[tuple[Fraction, int, int, int, _Try, _Try]] = []

    def push(start: int, end: int, left: _Try, right: _Try) -> None:
        if end - start > 1:
            most = _most(game, n, (start + 1) * game.step, left, right)
            heappush(heap, (-most, next(ticket), start, end, left, right))

    push(0, last, low, high)
    while heap:
        promise, _, start, end, left, right = heappop(heap)
        if -promise < best.payoff:
            break
        if -promise == best.payoff and (start + 1) * game.step >= best.request:
            continue
        middle = (start + end) // 2
        found = tried(middle * game.step)
        best = found if found.beats(best) else best
        push(start, middle, left, found)
        push(middle, end, found, right)
    return best


def _most(game: Game, n: int, least: Fraction, left: _Try, right: _Try) -> Fraction:
    """Return what no request between two others can pay more than.

    Args:
        game: The game.
        n: Number of the claimant.
        least: The smallest request between them.
        left: The lower one.
        right: The higher one.
    """
    terms, need = game.terms, game.people[n].request
    used = min(right.award, need)
    worth = terms.salvage - terms.excess_cost - (terms.deposit if terms.refunded else NOTHING)
    excess = max((right if worth > 0 else left).award - need, NOTHING)
    forfeited = NOTHING if terms.refunded else max(least - used, NOTHING)
    return used + worth * excess - terms.deposit * forfeited
