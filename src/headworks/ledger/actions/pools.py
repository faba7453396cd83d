"""Pools: what there is to award in a period, with sub-pools, reserves and conversion factors."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version, move
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.view import View, refuse
from headworks.scenario.model import Record, Text

if TYPE_CHECKING:
    from headworks.ledger.journal.transfer import Transfer


class Sub(Record):
    """How a pool stands inside another one."""

    parent: Id
    draws: Literal["normal", "equivalent"] = "normal"
    """`normal` hits both alike, `equivalent` hits the parent through the coefficient (L4)."""
    coefficient: tuple[Amount, Amount] = (1, 1)
    """Units of the parent per unit of this pool, as numerator and denominator; rounded up."""


class OpenPool(Action):
    """Open a pool with its volume."""

    action: Literal["pool.open"]
    pool: Id
    title: Text
    unit: Id
    """`units` of chips, `tpp`, or another measure for which there are conversion factors."""
    volume: Amount
    """In the pool's smallest unit."""
    chips: tuple[Id, ...] = ()
    """Chips that it is for; all if empty."""
    opens_on: dt.date
    closes_on: dt.date
    """First day on which nothing can be awarded from it any more."""
    gate: Id | None = None
    """The scenario's gate whose papers its licences are, for the forecast."""
    counts_goods: bool = True
    """Whether what is drawn under it is the goods themselves; no for a second paper that the same
    goods need, so that they are counted once."""
    sub: Sub | None = None
    reserves: dict[Id, Amount] = Field(default_factory=dict)
    """Volumes kept for some claimants, inside the pool's own."""
    conditions: tuple[Id, ...] = ()
    """Conditions of every licence under the pool."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the pool and its accounts, filled from outside."""
        faults: list[Fault] = []
        if view.find("pool", self.pool) is not None:
            faults.append(Fault("pool", 0, self.pool, "it is open already", "choose another id"))
        if self.closes_on <= self.opens_on:
            message = f"it closes on {self.closes_on}, not after it opens on {self.opens_on}"
            faults.append(Fault("pool", 0, self.pool, message, "mend the days"))
        kept = sum(self.reserves.values())
        if kept > self.volume:
            message = f"its reserves of {kept:,} are more than its volume of {self.volume:,} (L3)"
            faults.append(Fault("pool", 0, self.pool, message, "keep less"))
        if self.sub is not None:
            faults += _misplaced(view, self.pool, self.unit, self.sub)
        refuse(faults)
        for condition in self.conditions:
            view.record("condition", condition)
        body = self.model_dump(mode="json", exclude={"id", "actor", "reason", "on", "action"})
        return Decision(
            opens=tuple(self._accounts(view)),
            records=(Version("pool", self.pool, {**body, "blocked": False}),),
            transfers=tuple(self._filling()),
        )

    def _accounts(self, view: View) -> list[Account]:
        days = self.opens_on, self.closes_on
        found = [
            Account(names.pool(self.pool), self.unit, 0, None, *days),
            Account(names.committed(self.pool), self.unit),
            Account(names.licensed(self.pool), self.unit),
            *(
                Account(names.reserve(self.pool, part), self.unit, 0, None, *days)
                for part in self.reserves
            ),
        ]
        return [*sources(view, self.unit), *found]

    def _filling(self) -> list[Transfer]:
        outside = names.source(self.unit)
        parts = {names.reserve(self.pool, part): size for part, size in self.reserves.items()}
        rest = self.volume - sum(parts.values())
        given = {**({names.pool(self.pool): rest} if rest else {}), **parts}
        return [
            move(self.id, number, outside, place, size, "volume")
            for number, (place, size) in enumerate(given.items(), start=1)
        ]


class BlockPool(Action):
    """Block a pool, so that requests are taken but nothing is awarded; or end that."""

    action: Literal["pool.block"]
    pool: Id
    blocked: bool = True

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the new version of the pool."""
        body = {**view.record("pool", self.pool), "blocked": self.blocked}
        return Decision(records=(Version("pool", self.pool, body),))


class EnlargePool(Action):
    """Add volume to a pool."""

    action: Literal["pool.enlarge"]
    pool: Id
    volume: Amount

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the pool with its new volume."""
        body = view.record("pool", self.pool)
        unit = body["unit"]
        return Decision(
            records=(Version("pool", self.pool, {**body, "volume": body["volume"] + self.volume}),),
            transfers=(
                move(self.id, 1, names.source(unit), names.pool(self.pool), self.volume, "volume"),
            ),
        )


class SetConversion(Action):
    """Say how much of a pool's unit one chip is; earlier versions stay (L17)."""

    action: Literal["conversion.set"]
    chip: Id
    unit: Id
    per_chip: Amount
    source: Text
    """Where the figure comes from."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the next version of the factor."""
        key = f"{self.chip}/{self.unit}"
        earlier = view.find("conversion", key)
        body = {
            "per_chip": self.per_chip,
            "version": 1 + (earlier["version"] if earlier else 0),
            "source": self.source,
        }
        return Decision(records=(Version("conversion", key, body),))


def sources(view: View, *units: str) -> list[Account]:
    """Return the accounts of the world outside that are not yet open."""
    wanted = dict.fromkeys(names.source(unit) for unit in units)
    there = view.standings(wanted)
    return [
        Account(name, name.removeprefix("source:"), floor=None)
        for name in wanted
        if name not in there
    ]


def parent_share(view: View, pool: str, amount: int) -> list[tuple[str, str, int]]:
    """Return what a change of a sub-pool moves in the pools above: debit, credit, amount (L4).

    What a sub-pool has taken of its parent is its own taken volume through the coefficient, rounded
    up once. A change moves the difference, so that however awards and returns are cut into parts,
    what was taken for them comes back whole, and no more than it.

    Args:
        view: The ledger, as it stands before the change.
        pool: Id of the sub-pool.
        amount: What is taken of it in all, in its unit; less than 0 where it is given back.
    """
    found: list[tuple[str, str, int]] = []
    at: dict[str, Any] = view.record("pool", pool)
    while at["sub"] is not None:
        parent, (above, below) = at["sub"]["parent"], at["sub"]["coefficient"]
        taken = _taken(view, pool, at)
        amount = -(-(taken + amount) * above // below) + (-taken * above // below)
        way = names.pool(parent), names.committed(parent)
        if amount:
            found.append((*(way if amount > 0 else way[::-1]), abs(amount)))
        pool, at = parent, view.record("pool", parent)
    return found


def _taken(view: View, pool: str, body: dict[str, Any]) -> int:
    """Return what a pool's volume has given to awards and to its own sub-pools."""
    places = [names.pool(pool), *(names.reserve(pool, part) for part in body["reserves"])]
    return int(body["volume"]) - sum(one.balance for one in view.standings(places).values())


def _misplaced(view: View, pool: str, unit: str, sub: Sub) -> list[Fault]:
    parent = view.record("pool", sub.parent)
    faults: list[Fault] = []
    if sub.draws == "normal" and sub.coefficient != (1, 1):
        message = "a normal sub-pool takes as much of its parent as is awarded from it (L4)"
        faults.append(Fault("pool", 0, pool, message, "say `draws: equivalent`"))
    if sub.draws == "normal" and parent["unit"] != unit:
        message = f"it counts {unit}, and its parent {sub.parent} counts {parent['unit']} (L4)"
        remedy = "say `draws: equivalent` with a coefficient"
        faults.append(Fault("pool", 0, pool, message, remedy))
    return faults
