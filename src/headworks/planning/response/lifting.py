"""Conditions that a plan has as rows of its own, taken out of the gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headworks.scenario.condition import Cap, Pairing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from headworks.scenario.condition import Condition
    from headworks.scenario.gate import Gate
    from headworks.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Lifted:
    """A condition of a gate that is lifted for the planned companies."""

    gate: str
    name: str
    condition: Cap | Pairing

    @property
    def key(self) -> str:
        """Name of its streams, the same as in the flow."""
        return f"gates.{self.gate}.conditions.{self.name}"


def lifted(scenario: Scenario) -> Iterator[Lifted]:
    """Yield the conditions that concern each company, or each line, by itself.

    Those are pairings, and caps by line or company that count all that has ever passed. Caps over
    a rolling span, on groups or on all, and shares of another flow stay in the gates: how much of
    them is left depends on others, or on dates finer than months.
    """
    for gate, record in sorted(scenario.gates.items()):
        for name, condition in sorted(record.conditions.items()):
            if isinstance(condition, Pairing) or (
                isinstance(condition, Cap)
                and condition.by in {"line", "company"}
                and condition.per_days is None
            ):
                yield Lifted(gate, name, condition)


def without(scenario: Scenario, companies: Collection[str]) -> Scenario:
    """Return the scenario with these conditions lifted for some companies; others keep them."""
    names: dict[str, set[str]] = {}
    for one in lifted(scenario):
        names.setdefault(one.gate, set()).add(one.name)
    others = sorted(set(scenario.companies) - set(companies))
    gates = {
        name: _relieved(gate, names[name], others) if name in names else gate
        for name, gate in scenario.gates.items()
    }
    return scenario.model_copy(update={"gates": gates})


def _relieved(gate: Gate, names: Collection[str], others: Collection[str]) -> Gate:
    conditions: dict[str, Condition] = {}
    for name, condition in gate.conditions.items():
        limits = condition.companies
        bound = [one for one in (others if limits is None else limits) if one in others]
        if name not in names:
            conditions[name] = condition
        elif bound:
            conditions[name] = condition.model_copy(update={"companies": bound})
    return gate.model_copy(update={"conditions": conditions})
