"""All combinations of requests on a grid, and the contest whose equilibrium is known."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from headworks.errors import Fault, InputError
from headworks.rationing.incentives.game import Game, grid_index
from headworks.rationing.incentives.terms import NOTHING, ONE

PROFILES_MAX = 20_000
"""Combinations of requests up to which all are checked for an equilibrium."""


def profiles_of(game: Game) -> int:
    """Return how many combinations of requests the grid of a game has."""
    number = 1
    for n in range(len(game.people)):
        number *= len(_requests(game, n)) if number <= PROFILES_MAX else 1
    return number


def _requests(game: Game, n: int) -> list[Fraction]:
    limit = game.limit(n)
    own = {limit, min(game.people[n].request, limit)}
    last = grid_index(game, limit)
    if last > PROFILES_MAX:
        return [NOTHING] * last  # too many to be looked at; only their number counts
    return sorted({k * game.step for k in range(last + 1)} | own)


def every_equilibrium(game: Game) -> tuple[tuple[Fraction, ...], ...]:
    """Return all combinations of requests on the grid from which nobody gains by moving alone.

    Raises:
        InputError: There are more than `PROFILES_MAX` combinations.
    """
    if profiles_of(game) > PROFILES_MAX:
        message = f"there are more than {PROFILES_MAX:,} combinations of requests"
        remedy = "take a larger step, a lower bound or a cap, or fewer claimants"
        raise InputError([Fault("step", 0, "", message, remedy)])
    grids = [_requests(game, n) for n in range(len(game.people))]
    payoffs: dict[tuple[Fraction, ...], tuple[Fraction, ...]] = {}
    best: dict[tuple[int, tuple[Fraction, ...]], Fraction] = {}
    for profile in product(*grids):
        awards = game.awards(profile)
        paid = tuple(game.payoff(n, profile[n], awards[n]) for n in range(len(profile)))
        payoffs[profile] = paid
        for n, payoff in enumerate(paid):
            others = (n, profile[:n] + profile[n + 1 :])
            best[others] = max(best.get(others, payoff), payoff)
    return tuple(
        profile for profile, paid in payoffs.items()
        if all(
            payoff == best[n, profile[:n] + profile[n + 1 :]] for n, payoff in enumerate(paid)
        )
    )  # fmt: skip


def contest_total(pool: Fraction, claimants: int, deposit: Fraction) -> Fraction:
    """Return the orders in the symmetric equilibrium of proportional rationing with a deposit.

    Each of n claimants, none of whom gets all that it needs, asks until one unit more brings what
    it forfeits: E (R - r) / R² = φ / (1 + φ). With R = n r, R = E (n - 1) (1 + φ) / (n φ): the
    equilibrium of a contest whose prize is the pool (Tullock 1980). Below the pool nothing is
    short, so orders are never less than it.
    """
    if not deposit or claimants < 2:  # noqa: PLR2004 - a contest has two sides
        raise InputError([Fault("deposit", 0, "", "without a deposit or rivals there is no bound")])
    return max(pool, pool * Fraction(claimants - 1, claimants) * (ONE + deposit) / deposit)
