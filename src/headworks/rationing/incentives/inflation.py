"""Inflation of orders, rule by rule: what misreporting gains, and where best replies lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.exact import Amount, written
from headworks.rationing.incentives.equilibrium import Equilibrium, equilibrium, under_terms
from headworks.rationing.incentives.game import Game, assembled, divided, missing, round_number
from headworks.rationing.incentives.grouping import Merging, Splitting, merging, splitting
from headworks.rationing.incentives.overstating import Overstating, overstating
from headworks.rationing.incentives.terms import NOTHING, Terms
from headworks.rationing.rule import RULES, Rule
from headworks.rationing.rule import rule as named_rule

if TYPE_CHECKING:
    from headworks.rationing.claimant import Claimant

DEPOSITS = tuple(map(Fraction, ("0", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1")))
"""Deposits that are tried, as shares of what a useful unit is worth beyond its price."""
CAPS = tuple(map(Fraction, ("1", "1.5", "2", "5", "10")))
"""Caps on requests that are tried, as multiples of the need."""
STEPS = 100
"""Steps of the grid up to the largest need, about: enough for a table of all rules."""


@dataclass(frozen=True, slots=True)
class Incentives:
    """What one rule invites its claimants to do."""

    game: Game
    overstating: tuple[Overstating, ...]
    splitting: tuple[Splitting, ...]
    merging: tuple[Merging, ...]
    equilibrium: Equilibrium

    @property
    def most_overstating(self) -> Overstating:
        """The claimant that gains most by overstating; the first where nobody does."""
        return max(self.overstating, key=lambda one: one.gain)

    @property
    def most_splitting(self) -> Splitting:
        """The claimant that gains most by splitting; the first where nobody does."""
        return max(self.splitting, key=lambda one: one.gain)

    @property
    def most_merging(self) -> Merging | None:
        """The two that gain most, or lose least, by merging; None for a single claimant."""
        return max(self.merging, key=lambda pair: pair.gain, default=None)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "rule": self.game.rule.name,
            "overstating": [one.to_json() for one in self.overstating],
            "splitting": [one.to_json() for one in self.splitting],
            "merging": [pair.to_json() for pair in self.merging],
            "equilibrium": self.equilibrium.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Inflation:
    """What each rule invites the same claimants to do, for the same pool."""

    pool: Fraction
    people: tuple[Claimant, ...]
    """The claimants; `request` of each is its true need."""
    terms: Terms
    rules: tuple[Incentives, ...]
    left_out: dict[str, str]
    """Rules that were not tried, by name, each with the reason."""
    deposits: tuple[Equilibrium, ...] = ()
    """The rule in question under a grid of deposits."""
    caps: tuple[Equilibrium, ...] = ()
    """The same under a grid of caps."""

    @property
    def need_total(self) -> Fraction:
        """All needs together."""
        return sum((one.request for one in self.people), NOTHING)

    def of(self, name: str) -> Incentives:
        """Return what one rule invites, by its name or an alias.

        Raises:
            InputError: There is no such rule, or it was not tried.
        """
        known = named_rule(name)
        for one in self.rules:
            if one.game.rule.name == known.name:
                return one
        message = f"{known.title} was not tried: {self.left_out.get(known.name, 'not asked for')}"
        raise InputError([Fault("rules", 0, known.name, message)])

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "pool": written(self.pool),
            "needs": {one.name: written(one.request) for one in self.people},
            "need_total": written(self.need_total),
            "terms": self.terms.to_json(),
            "rules": [one.to_json() for one in self.rules],
            "left_out": dict(self.left_out),
            "deposits": [one.to_json() for one in self.deposits],
            "caps": [one.to_json() for one in self.caps],
        }


def inflation(  # noqa: PLR0913 - the parts of a game, and what to try
    pool: Fraction,
    people: Sequence[Claimant],
    terms: Terms | None = None,
    rules: Sequence[str | Rule] | None = None,
    *,
    focus: str | Rule = "proportional",
    step: Fraction | None = None,
    deposits: Sequence[Amount] = DEPOSITS,
    caps: Sequence[Amount] = CAPS,
    progress: Callable[[int, int], None] | None = None,
) -> Inflation:
    """Return what each rule invites claimants with known needs to do.

    Args:
        pool: What there is to share, positive.
        people: The claimants; `request` of each is its true need.
        terms: Deposit, cap and what units above the need are worth.
        rules: Rules by name; all if not given. Those that lack something they need to know of the
            claimants are left out, with the reason.
        focus: The rule for which deposits and caps are varied.
        step: Requests are multiples of it; about 1/100 of the largest need if not given.
        deposits: Deposits that are tried for it, beside its own terms.
        caps: Caps that are tried for it, as multiples of the need.
        progress: Told how many rules and settings are done, and how many there are.

    Raises:
        InputError: Lists every fault.
    """
    found_terms = terms or Terms()
    most = max((one.request for one in people), default=NOTHING)
    faults: list[Fault] = []
    chosen: list[Rule] = []
    for given in [*(RULES if rules is None else rules), focus]:
        try:
            chosen.append(named_rule(given) if isinstance(given, str) else given)
        except InputError as error:
            faults.extend(error.faults)
    if pool <= 0:
        message = f"a pool of {pool} rewards no request"
        faults.append(Fault("pool", 0, "", message, "give a positive one"))
    if faults:
        raise InputError(faults)
    varied = chosen.pop()
    step = step or (round_number(min(pool, most) / STEPS) if most else None)
    left_out = {rule.name: reason for rule in chosen if (reason := _reason(rule, pool, people))}
    tried = [rule for rule in chosen if rule.name not in left_out]
    whole = len(tried) + len(deposits) + len(caps)
    tell = progress or (lambda _done, _whole: None)
    found: list[Incentives] = []
    for rule in tried:
        tell(len(found), whole)
        found.append(incentives(assembled(rule, pool, people, found_terms, step)))
    settings: list[tuple[Equilibrium, ...]] = [(), ()]
    if not _reason(varied, pool, people):
        varied_game = assembled(varied, pool, people, found_terms, step)
        done = len(tried)
        settings = [
            under_terms(
                varied_game, deposits=deposits, progress=lambda n, _: tell(done + n, whole)
            ),
            under_terms(
                varied_game, caps=caps,
                progress=lambda n, _: tell(done + len(deposits) + n, whole),
            ),
        ]  # fmt: skip
    return Inflation(
        pool, tuple(people), found_terms, tuple(found), left_out, settings[0], settings[1]
    )


def _reason(rule: Rule, pool: Fraction, people: Sequence[Claimant]) -> str:
    """Return why a rule cannot be tried, or nothing if it can."""
    if lack := missing(rule, people):
        return f"it needs the {lack} of everybody"
    try:
        divided(rule, pool, people, [one.request for one in people])
    except InputError as error:
        return error.faults[0].message
    return ""


def incentives(game: Game) -> Incentives:
    """Return what the rule of a game invites its claimants to do."""
    return Incentives(game, overstating(game), splitting(game), merging(game), equilibrium(game))
