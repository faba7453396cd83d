"""Inflation of orders, rule by rule: what misreporting gains, and where best replies lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Door, Fault, InputError
from headworks.rationing.exact import Amount, written
from headworks.rationing.incentives.effort import Effort, effort
from headworks.rationing.incentives.equilibrium import equilibrium, under_terms
from headworks.rationing.incentives.game import Game, assembled, divided, missing, round_number
from headworks.rationing.incentives.grouping import Merging, Splitting, merging, splitting
from headworks.rationing.incentives.overstating import Overstating, overstating
from headworks.rationing.incentives.terms import NOTHING, Terms
from headworks.rationing.rule import RULES, Rule
from headworks.rationing.rule import rule as named_rule

if TYPE_CHECKING:
    from headworks.rationing.incentives.verdict import Equilibrium
    from headworks.rationing.intake.claimant import Claimant

DEPOSITS = tuple(map(Fraction, ("0", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1")))
"""Deposits that are tried, as shares of what a useful unit is worth beyond its price."""
CAPS = tuple(map(Fraction, ("1", "1.5", "2", "5", "10")))
"""Caps on requests that are tried, as multiples of the need."""
STEPS = 100
"""Steps of the grid up to the largest need, about: enough for a table of all rules."""


TRUTHFUL = frozenset({"constrained_equal_awards", "uniform", "priority", "points"})
"""Rules under which a larger claim never brings a useful unit: who is not awarded the whole claim
is awarded an amount that does not depend on it."""
LAWS = {"splitting": "no_advantageous_splitting", "merging": "no_advantageous_merging"}
"""The properties that exclude a gain, by what would bring it."""


@dataclass(frozen=True, slots=True)
class Incentives:
    """What one rule invites its claimants to do."""

    game: Game
    overstating: tuple[Overstating, ...]
    splitting: tuple[Splitting, ...]
    merging: tuple[Merging, ...]
    equilibrium: Equilibrium
    effort: Effort
    """What was tried: gains are those of the best of it, and larger ones may be."""

    @property
    def truthful(self) -> bool:
        """Whether no overstating can pay, which is proven."""
        terms = self.game.terms
        return self.game.rule.name in TRUTHFUL and terms.salvage <= terms.excess_cost

    @property
    def proven(self) -> frozenset[str]:
        """Which of `overstating`, `splitting`, `merging` can bring no gain, whatever the claims."""
        found = {"overstating"} if self.truthful else set()
        if all(one.weight is None for one in self.game.people):
            keeps = self.game.rule.keeps
            found |= {name for name, law in LAWS.items() if law in keeps}
        return frozenset(found)

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
            "proven_to_bring_nothing": sorted(self.proven),
            "tried": self.effort.to_json(self.game.names),
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

    What is found is the best of what was tried, as `Incentives.effort` says: of more than 12
    claimants under costly rules, and of more than 25 under all, only some are looked at.

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
    chosen = _chosen([*(RULES if rules is None else rules), focus], pool)
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
    settings: tuple[tuple[Equilibrium, ...], ...] = ((), ())
    if not _reason(varied, pool, people):
        played = assembled(varied, pool, people, found_terms, step)
        settings = _settings(played, deposits, caps, lambda n: tell(len(tried) + n, whole))
    return Inflation(pool, tuple(people), found_terms, tuple(found), left_out, *settings)


def _chosen(rules: Sequence[str | Rule], pool: Fraction) -> list[Rule]:
    """Return the rules of these names.

    Raises:
        InputError: A name is unknown, or the pool rewards no request; all are listed.
    """
    found: list[Rule] = []
    door = Door()
    for given in rules:
        with door.checking():
            found.append(named_rule(given) if isinstance(given, str) else given)
    with door.checking():
        if pool <= 0:
            message = f"a pool of {pool} rewards no request"
            raise InputError([Fault("pool", 0, "", message, "give a positive one")])
    door.close()
    return found


def _settings(
    game: Game, deposits: Sequence[Amount], caps: Sequence[Amount], tell: Callable[[int], None]
) -> tuple[tuple[Equilibrium, ...], tuple[Equilibrium, ...]]:
    """Return what best replies come to under each deposit, and under each cap."""
    known = effort(game.rule, game.needs)
    most = 2 * known.tries_max if known else None  # with a deposit replies settle slowly
    by_deposit = under_terms(game, deposits=deposits, tries_max=most, progress=lambda n, _: tell(n))
    by_cap = under_terms(
        game, caps=caps, tries_max=most, progress=lambda n, _: tell(len(deposits) + n)
    )
    return by_deposit, by_cap


def _reason(rule: Rule, pool: Fraction, people: Sequence[Claimant]) -> str:
    """Return why a rule cannot be tried, or nothing if it can."""
    if lack := missing(rule, people):
        return f"it needs the {lack} of everybody"
    if effort(rule, [one.request for one in people]) is None:
        return f"it takes too long for {len(people)} claimants"
    try:
        divided(rule, pool, people, [one.request for one in people])
    except InputError as error:
        return error.faults[0].message
    return ""


def incentives(game: Game, tried: Effort | None = None) -> Incentives:
    """Return what the rule of a game invites its claimants to do.

    Args:
        game: The game.
        tried: What to try; as much as takes some seconds if not given.

    Raises:
        InputError: There are too many claimants for the rule.
    """
    known = tried or effort(game.rule, game.needs)
    if known is None:
        message = f"{game.rule.title} takes too long for {len(game.people)} claimants"
        remedy = "merge related parties, or join the small ones into one"
        raise InputError([Fault("rule", 0, game.rule.name, message, remedy)])
    return Incentives(
        game,
        overstating(game, only=known.looked_at),
        splitting(game, unequal=known.unequal, only=known.looked_at),
        merging(game, only=known.looked_at),
        equilibrium(game, tries_max=known.tries_max),
        known,
    )
