"""Equilibria of orders: where best replies to best replies settle, or that they do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.rationing.incentives.profiles import (
    PROFILES_MAX,
    every_equilibrium,
    profiles_of,
)
from headworks.rationing.incentives.reply import best_reply
from headworks.rationing.incentives.terms import NOTHING, terms
from headworks.rationing.incentives.verdict import Equilibrium

if TYPE_CHECKING:
    from headworks.rationing.exact import Amount
    from headworks.rationing.incentives.game import Game

ROUNDS_MAX = 500
"""Rounds of replies after which orders count as unsettled."""
NARROW = 3
"""Steps of the grid within which a loop counts as settled: what both miss lies between them."""


@dataclass(slots=True)
class _Walk:
    """Requests as replies move them."""

    game: Game
    requests: list[Fraction]
    trace: list[Fraction] = field(default_factory=list)
    seen: dict[tuple[Fraction, ...], int] = field(default_factory=dict)
    history: list[tuple[Fraction, ...]] = field(default_factory=list)
    tries: int = 0

    def note(self) -> tuple[tuple[Fraction, ...], ...]:
        """Keep where requests stand; return the loop if they stood there before."""
        state = tuple(self.requests)
        self.trace.append(sum(state, NOTHING))
        if state in self.seen:
            return (*self.history[self.seen[state] + 1 :], state)
        self.seen[state] = len(self.history)
        self.history.append(state)
        return ()

    def round(self) -> bool:
        """Let everybody reply in turn; return whether anybody moved."""
        moved = False
        for n in range(len(self.requests)):
            reply = best_reply(self.game, n, self.requests)
            self.tries += reply.tries
            if reply.gain > 0:
                self.requests[n] = reply.request
                moved = True
        return moved


def equilibrium(
    game: Game,
    *,
    rounds_max: int = ROUNDS_MAX,
    tries_max: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Equilibrium:
    """Let claimants reply to each other, from the truth on, until nobody would move.

    In each round everybody in turn changes to the best request against what the others request,
    and stays where nothing is better. Where that ends, nobody gains by another request on the grid:
    an equilibrium by its definition; where it ends in a loop of a few steps, nobody gains more than
    the `regret` that is stated. It need not be the only one. That replies go in a loop, or run to
    the bound, does not prove that there is none: where there are at most `PROFILES_MAX`
    combinations of requests and replies go in a loop, all are checked. Equilibria in which
    claimants draw their requests by lot are not sought.

    Args:
        game: The game.
        rounds_max: Rounds after which it is given up.
        tries_max: Requests compared after which no further round is begun; without end if None,
            and none at all if 0.
        progress: Told the rounds done and the most that there can be.
    """
    walk = _Walk(game, list(game.truth))
    walk.note()
    verdict = "unsought" if tries_max == 0 else "unsettled"
    loop: tuple[tuple[Fraction, ...], ...] = ()
    for done in range(rounds_max):
        if tries_max is not None and walk.tries >= tries_max:
            break
        if progress is not None:
            progress(done, rounds_max)
        moved = walk.round()
        if not moved:
            verdict = _verdict(game, walk.requests)
            break
        if loop := walk.note():
            verdict = "cycle"
            break
    requests = tuple(walk.requests)
    regret, profiles = NOTHING, 0
    if verdict == "cycle" and _narrow(game, loop):
        verdict, loop = _verdict(game, requests), ()
        regret = max(best_reply(game, n, requests).gain for n in range(len(requests)))
    elif verdict == "unsettled" and sorted(set(walk.trace)) == walk.trace:
        verdict = "rising"
    if verdict == "cycle" and (number := profiles_of(game)) <= PROFILES_MAX:
        profiles = 0 if every_equilibrium(game) else number
    return Equilibrium(
        game, verdict, requests, game.awards(requests), tuple(walk.trace),
        _at_limit(game, requests, verdict), loop, regret, profiles, walk.tries,
    )  # fmt: skip


def _narrow(game: Game, loop: Sequence[Sequence[Fraction]]) -> bool:
    """Say whether everybody's requests stay within a few steps all along a loop."""
    return all(
        max(requests) - min(requests) <= NARROW * game.step for requests in zip(*loop, strict=True)
    )


def _verdict(game: Game, requests: Sequence[Fraction]) -> str:
    """Return what requests are from which nobody moves."""
    if any(_goes_on(game, n, requests) for n in range(len(requests))):
        return "runaway"
    if tuple(requests) == game.truth:
        return "truthful"
    if _at_limit(game, requests, "capped"):
        return "capped"
    return "inflated" if sum(requests, NOTHING) > sum(game.needs, NOTHING) else "shaded"


def _goes_on(game: Game, n: int, requests: Sequence[Fraction]) -> bool:
    """Say whether a claimant at the bound would go on if it were farther away."""
    if requests[n] < game.bound:
        return False
    return best_reply(replace(game, bound=2 * game.bound), n, requests).gain > 0


def _at_limit(game: Game, requests: Sequence[Fraction], verdict: str) -> tuple[str, ...]:
    """Return who requests more than the truth, and all that it may."""
    if verdict not in ("capped", "runaway"):
        return ()
    return tuple(
        name for n, name in enumerate(game.names)
        if requests[n] == game.limit(n) and requests[n] > game.truth[n]
    )  # fmt: skip


def under_terms(
    game: Game,
    *,
    deposits: Sequence[Amount] = (),
    caps: Sequence[Amount] = (),
    tries_max: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Equilibrium, ...]:
    """Return what best replies come to under each deposit, then under each cap, all else equal.

    Args:
        game: The game, with the terms that stay.
        deposits: Deposits for each unit requested, such as `0.05` or `"5%"`.
        caps: Caps on a request as multiples of the need, such as `1` or `"2x"`.
        tries_max: As for `equilibrium`, for each of them.
        progress: Told how many are done, and how many there are.

    Raises:
        InputError: Lists every deposit and cap that is no amount.
    """
    changes: list[dict[str, object]] = [{"deposit": deposit} for deposit in deposits]
    changes += [{"cap_of_need": cap} for cap in caps]
    faults: list[Fault] = []
    for change in changes:
        try:
            terms(change)
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    found: list[Equilibrium] = []
    for change in changes:
        if progress is not None:
            progress(len(found), len(changes))
        found.append(equilibrium(game.with_terms(**change), tries_max=tries_max))
    return tuple(found)
