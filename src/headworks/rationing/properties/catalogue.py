"""The properties that a rule may keep: what each says, and what is tried to break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from headworks.rationing.properties import amounts, division, parties
from headworks.rationing.properties.trial import Trial

Check: TypeAlias = Callable[[Trial], Iterator[str | None]]
"""Yields, for each change that was tried, None or the numbers that break the property."""

POOLS = "the pool given, and each twelfth of all claims"


@dataclass(frozen=True, slots=True)
class Property:
    """One thing that may be wanted of a rule."""

    name: str
    title: str
    says: str
    """What it means to claimants."""
    tries: str
    """What is tried on an instance of up to `ALL` claimants."""
    check: Check


_PROPERTIES = (
    Property(
        "balance", "Balance",
        "what is awarded is the pool, or all claims where they are less",
        POOLS, division.balance,
    ),
    Property(
        "bounds", "Bounds", "nobody gets less than nothing or more than the claim",
        POOLS, division.bounds,
    ),
    Property(
        "equal_treatment", "Equal treatment of equals", "equal claims get equal awards",
        "all claimants who are alike, and copies of all with twice the pool",
        division.equal_treatment,
    ),
    Property(
        "order_preservation", "Order preservation",
        "who claims more gets no less, and loses no less",
        "all claimants in the order of their claims", division.order_preservation,
    ),
    Property(
        "endowment_monotonicity", "Endowment monotonicity", "a larger pool hurts nobody",
        POOLS, amounts.endowment_monotonicity,
    ),
    Property(
        "claim_monotonicity", "Claim monotonicity", "who claims more gets no less than before",
        "each claim halved, raised by half, doubled", amounts.claim_monotonicity,
    ),
    Property(
        "population_monotonicity", "Population monotonicity", "a newcomer helps nobody",
        "each claimant taken away, and newcomers who claim as much, a quarter, twice as much",
        parties.population_monotonicity,
    ),
    Property(
        "linked_monotonicity", "Linked endowment-population monotonicity",
        "a newcomer who brings as much as it claims hurts nobody",
        "the same, with the claim taken from the pool or brought to it",
        parties.linked_monotonicity,
    ),
    Property(
        "truncation_invariance", "Claims truncation invariance",
        "claiming more than the pool is pointless",
        "claims cut to the pool, and each claim raised to the pool and to twice as much",
        amounts.truncation_invariance,
    ),
    Property(
        "minimal_rights_first", "Minimal rights first",
        "what nobody else can claim may be given at once",
        "minimal rights given first, and the rest shared", amounts.minimal_rights_first,
    ),
    Property(
        "composition_up", "Composition up",
        "the pool may be released in tranches",
        "the pool in two tranches, by twelfths, and as the first of two", amounts.composition_up,
    ),
    Property(
        "composition_down", "Composition down",
        "a pool may be cut after the awards",
        "the pool cut by twelfths after the awards, and larger pools cut to it",
        amounts.composition_down,
    ),
    Property(
        "consistency", "Consistency",
        "somebody who leaves with the award changes nothing for the others",
        "each claimant taken away with the award, and all but each pair", parties.consistency,
    ),
    Property(
        "self_duality", "Self-duality", "gains and losses are shared alike",
        "what is missing shared as losses", amounts.self_duality,
    ),
    Property(
        "no_advantageous_merging", "No advantageous merging", "two gain nothing by becoming one",
        "each pair and all but each merged, with the best of what they have beside claims, and "
        "what each would get as several", parties.no_advantageous_merging,
    ),
    Property(
        "no_advantageous_splitting", "No advantageous splitting",
        "nobody gains by becoming two",
        "each claimant split into two or three, equal and not, and what each pair would get as one",
        parties.no_advantageous_splitting,
    ),
    Property(
        "full_compensation_of_small_claims", "Full compensation of small claims",
        "who would be served in full if nobody claimed more, is",
        "all claimants", division.full_compensation,
    ),
    Property(
        "regressive", "Regressive", "the small get no smaller share of their claim than the large",
        "all claimants in the order of their claims", division.regressive,
    ),
    Property(
        "progressive", "Progressive",
        "the large get no smaller share of their claim than the small",
        "all claimants in the order of their claims", division.progressive,
    ),
    Property(
        "replication_invariance", "Replication invariance",
        "twice the pool and everybody twice changes nobody's award",
        "pool and claimants taken twice, and three times", parties.replication_invariance,
    ),
)  # fmt: skip

PROPERTIES: dict[str, Property] = {one.name: one for one in _PROPERTIES}
"""Properties by name."""
