"""Best replies: the request that brings a claimant most, given what the others request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count

from headworks.rationing.incentives.game import Game, grid_index
from headworks.rationing.incentives.terms import NOTHING


@dataclass(frozen=True, slots=True)
class Reply:
    """A claimant's best request against the requests of the others."""

    request: Fraction
    award: Fraction
    payoff: Fraction
    """In useful units."""
    gain: Fraction
    """What it brings more than the request that stood before."""


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

    Exact on the grid of the game. The grid is halved again and again, and a part is left out as
    soon as nothing in it can be better: no award in it is above that of its upper end and no
    request below its lower end, because no rule awards less to who claims more.

    Args:
        game: The game.
        n: Number of the claimant.
        requests: The standing requests of all.
    """
    others = list(requests)

    def tried(request: Fraction) -> _Try:
        others[n] = request
        award = game.awards(others)[n]
        return _Try(request, award, game.payoff(n, request, award))

    standing = tried(requests[n])
    limit = game.limit(n)
    last = grid_index(game, limit)
    low, high = tried(NOTHING), tried(last * game.step)
    best = high if high.beats(low) else low
    for request in {limit, min(game.people[n].request, limit)}:
        if request % game.step:
            other = tried(request)
            best = other if other.beats(best) else best
    if standing.beats(best) and standing.request <= limit:
        best = standing
    best = _search(game, n, best, (low, high, last), tried)
    if best.payoff <= standing.payoff:
        best = standing
    return Reply(best.request, best.award, best.payoff, best.payoff - standing.payoff)


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
