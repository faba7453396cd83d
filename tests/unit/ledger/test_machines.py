"""State machines: every step in every state either leads where the design says, or is refused."""

from __future__ import annotations

from itertools import product

import pytest

import headworks as hw
from headworks.ledger.machines import CASE, LICENCE, ROUND, TRANSFER, Machine, step

ENDS = {
    "case": {"withdrawn", "returned", "closed"},
    "licence": {"expired", "surrendered", "revoked", "cancelled", "superseded"},
    "round": {"cancelled", "revoked"},
    "transfer": {"approved", "refused"},
}
"""States on which nothing follows."""
FIRST = {"case": "draft", "licence": "draft", "round": "announced", "transfer": "asked"}
MACHINES = {"case": CASE, "licence": LICENCE, "round": ROUND, "transfer": TRANSFER}
GIVEN = {
    "case": "draft submitted in_review awaiting_applicant decided closed withdrawn returned "
    "under_appeal",
    "licence": "draft issued suspended exhausted expired surrendered revoked cancelled superseded",
    "round": "announced open closed provisional confirmed reallocation final cancelled revoked",
    "transfer": "asked approved refused",
}
"""The states that the design gives."""


def states(machine: Machine) -> set[str]:
    return {state for state, _ in machine} | set(machine.values())


def pairs() -> list[tuple[str, str, str]]:
    return [
        (name, state, one)
        for name, machine in MACHINES.items()
        for state, one in product(sorted(states(machine)), sorted({one for _, one in machine}))
    ]


@pytest.mark.parametrize(("name", "state", "one"), pairs())
def test_every_step_in_every_state(name: str, state: str, one: str) -> None:
    machine = MACHINES[name]
    if (after := machine.get((state, one))) is not None:
        assert step(machine, state, one, what="it") == after
        return
    with pytest.raises(hw.LedgerError) as refused:
        step(machine, state, one, what="it")
    said = str(refused.value)
    assert f"it is {state}, in which it cannot {one.replace('_', ' ')}" in said
    if state in ENDS[name]:
        assert "nothing follows on that state" in said
    else:
        assert "it can " in said


@pytest.mark.parametrize("name", MACHINES)
def test_states_are_those_of_the_design_and_each_can_be_reached(name: str) -> None:
    machine = MACHINES[name]
    assert states(machine) == set(GIVEN[name].split())
    reached = {FIRST[name]}
    for _ in machine:
        reached |= {after for (state, _), after in machine.items() if state in reached}
    assert reached == states(machine)
    assert {one for one in reached if not any(at == one for at, _ in machine)} == ENDS[name]
