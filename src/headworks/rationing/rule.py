"""Rules by name: each with its exact form, what it needs to know, and which properties it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headworks.errors import UnknownName
from headworks.rationing.rules import (
    arrival,
    enclosing,
    equal,
    ordered,
    overlap,
    proportional,
    steps,
    talmudic,
)

if TYPE_CHECKING:
    from headworks.rationing.rules.division import Exact


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: who gets what of a pool that is too small."""

    name: str
    title: str
    """As a sentence names it."""
    formula: str
    """One line of the field's notation: awards x, claims d, pool E, their sum D."""
    divide: Exact
    """The exact form: `divide(pool, claims, **options)`."""
    keeps: frozenset[str] = frozenset()
    """Names of the `PROPERTIES` that it keeps on every instance where weights are equal and claims
    reach the pool. Any other is broken on some instance, or asks for more claimants than two."""
    enclose: Exact | None = None
    """The same awards in bounds, `enclose(pool, claims, digits=..., known=...)`, for whole units
    where exact ones are too long; None where they never are. In `known`, a dictionary, it keeps
    what does not depend on digits."""
    takes: tuple[str, ...] = ()
    """Keyword options that it may be given: `weights`, `priority`, `scores` and `days` of one value
    for each claimant; `orders` and `seed` of a draw."""
    needs: tuple[str, ...] = ()
    """Those of them that it cannot do without."""
    aliases: tuple[str, ...] = ()
    beyond_claims: bool = False
    """Whether it awards more than is claimed where the pool is larger than all claims."""
    counts_idle: bool = False
    """Whether those who claim nothing change what the others get."""
    version: int = 1
    """Raised when the same input gives another answer."""


_FAIR = frozenset({
    "balance", "bounds", "equal_treatment", "order_preservation", "endowment_monotonicity",
    "claim_monotonicity",
})  # fmt: skip
"""What all rules keep that look at nothing but pool and claims."""
_POPULATION = frozenset({"population_monotonicity", "linked_monotonicity"})
_REDUCED = _POPULATION | {"consistency", "replication_invariance"}
"""What holds where awards follow from a level common to all."""
_TRANCHES = frozenset({"composition_up", "composition_down"})
_CLAIMED = frozenset({"truncation_invariance", "minimal_rights_first"})
_SMALL = frozenset({"no_advantageous_merging", "regressive"})
_LARGE = frozenset({"no_advantageous_splitting", "progressive"})
_EQUAL_AWARDS = (
    _FAIR | _REDUCED | _TRANCHES | _SMALL
    | {"truncation_invariance", "full_compensation_of_small_claims"}
)  # fmt: skip
_IN_ORDER = _POPULATION | _TRANCHES | {
    "balance", "bounds", "endowment_monotonicity", "claim_monotonicity", "consistency",
    "no_advantageous_splitting",
}  # fmt: skip
"""What holds where claimants are served one after the other; parts of one stay together."""

_RULES = (
    Rule(
        "proportional", "proportional awards", "x = λ d, Σx = E; weighted: x = min(d, λ w d)",
        proportional.proportional, takes=("weights",), aliases=("pro", "pro_rata"),
        keeps=_FAIR | _REDUCED | _TRANCHES | _SMALL | _LARGE | {"self_duality"},
    ),
    Rule(
        "constrained_equal_awards", "constrained equal awards", "x = min(d, λ w), Σx = E",
        equal.constrained_equal_awards, takes=("weights",), aliases=("cea", "uniform_gains"),
        keeps=_EQUAL_AWARDS,
    ),
    Rule(
        "constrained_equal_losses", "constrained equal losses", "x = max(0, d - λ), Σx = E",
        equal.constrained_equal_losses, aliases=("cel", "uniform_losses"),
        keeps=_FAIR | _REDUCED | _TRANCHES | _LARGE | {"minimal_rights_first"},
    ),
    Rule(
        "talmud", "Talmud awards", "E <= D/2: x = min(d/2, λ); else x = d - min(d/2, λ); Σx = E",
        talmudic.talmud, aliases=("tal",),
        keeps=_FAIR | _REDUCED | _CLAIMED | {"self_duality"},
    ),
    Rule(
        "reverse_talmud", "reverse Talmud awards",
        "E <= D/2: x = max(0, d/2 - λ); else x = d/2 + min(d/2, λ); Σx = E",
        talmudic.reverse_talmud, aliases=("rtal",),
        keeps=_FAIR | _REDUCED | {"self_duality"},
    ),
    Rule(
        "piniles", "Piniles awards",
        "E <= D/2: x = min(d/2, λ); else x = d/2 + min(d/2, λ); Σx = E",
        talmudic.piniles, aliases=("pin",),
        keeps=_FAIR | _REDUCED | _SMALL,
    ),
    Rule(
        "constrained_egalitarian", "constrained egalitarian awards",
        "E <= D/2: x = min(d/2, λ); else x = max(d/2, min(d, λ)); Σx = E",
        talmudic.constrained_egalitarian, aliases=("ce",),
        keeps=_FAIR | _REDUCED | _SMALL,
    ),
    Rule(
        "random_arrival", "random arrival awards",
        "x = mean over all orders of arrival of min(d, what is left)",
        arrival.random_arrival, takes=("orders", "seed"), aliases=("ra", "shapley"),
        keeps=_FAIR | _POPULATION | _CLAIMED | {"self_duality"},
    ),
    Rule(
        "minimal_overlap", "minimal overlap awards",
        "E <= max d: x = Σ (t - t') / (how many reach t), t = min(d, E); "
        "else x = max(0, d - s) + the same of s, Σ max(0, d - s) = E - s",
        overlap.minimal_overlap, aliases=("mo",),
        keeps=_FAIR | _CLAIMED | {"population_monotonicity"},
    ),
    Rule(
        "adjusted_proportional", "adjusted proportional awards",
        "x = m + λ min(R, d - m), m = max(0, E - Σ other d), R = E - Σm, Σx = E",
        proportional.adjusted_proportional, aliases=("apro",),
        keeps=_FAIR | _CLAIMED | {"self_duality"},
    ),
    Rule(
        "dominguez_thomson", "Dominguez–Thomson awards",
        "x = Σ of min(d, E) / n, step by step, of what is left of d and E",
        steps.dominguez_thomson, enclose=enclosing.enclosed_dominguez_thomson, aliases=("dt",),
        keeps=_FAIR | {"truncation_invariance", "regressive"},
        counts_idle=True,  # n is everybody
        version=2,
    ),
    Rule(
        "average", "the average of equal awards and equal losses", "x = (CEA + CEL) / 2",
        equal.average, aliases=("av",),
        keeps=_FAIR | _POPULATION | {"self_duality", "replication_invariance"},
    ),
    Rule(
        "concede_and_divide", "concede-and-divide",
        "n = 2: x = m + (E - Σm) / 2, m = max(0, E - other d)",
        proportional.concede_and_divide, aliases=("cd", "contested_garment"),
        keeps=_FAIR | _CLAIMED | {"self_duality"},
    ),
    Rule(
        "priority", "fixed priority", "x = min(d, what is left), in the order given",
        ordered.priority, takes=("priority",), needs=("priority",), aliases=("pri",),
        keeps=_IN_ORDER | _CLAIMED,
    ),
    Rule(
        "points", "ranking by points", "x = min(d, what is left), in descending order of scores",
        ordered.points, takes=("scores", "priority"), needs=("scores",), aliases=("pts",),
        keeps=_IN_ORDER | _CLAIMED,
    ),
    Rule(
        "uniform", "the uniform rule", "D >= E: x = min(d, λ); else x = max(d, λ); Σx = E",
        equal.uniform, aliases=("sprumont",), beyond_claims=True,
        keeps=_EQUAL_AWARDS,
    ),
    Rule(
        "first_come_first_served", "first come, first served",
        "x = λ d, with λ = 1 before the day on which the pool ends, and 0 after it",
        ordered.first_come_first_served, takes=("days",), needs=("days",), aliases=("fcfs",),
        keeps=_IN_ORDER | {"equal_treatment", "replication_invariance"},
    ),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}
"""Rules by name."""
ALIASES: dict[str, str] = {alias: rule.name for rule in _RULES for alias in rule.aliases}


def rule(name: str) -> Rule:
    """Return a rule by its name or an alias, whatever its case, with dashes or underscores.

    Raises:
        UnknownName: There is no such rule; the near names are offered.
    """
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    plain = ALIASES.get(plain, plain)
    if plain not in RULES:
        raise UnknownName("rationing rule", name, RULES, spelled=ALIASES)
    return RULES[plain]
