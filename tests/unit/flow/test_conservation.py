"""The check of the conservation laws: it finds what is made or lost, and says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headworks.errors import ConservationError
from headworks.flow.conservation import check
from tests.unit.flow.build import Play
from tests.unit.flow.worlds import lively

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.state import State

FAULTS: dict[str, Callable[[State], object]] = {
    "goods": lambda state: state.installed.__iadd__(1e-6),
    "papers of approval": lambda state: state.papers["approval"].unused.__iadd__(1e-6),
    "pool made": lambda state: state.pools["made"].left.__iadd__(1e-6),
    "pool approvals": lambda state: state.rounds["approvals"].booked.__iadd__(1e-6),
}


@pytest.mark.parametrize("law", sorted(FAULTS))
def test_a_millionth_of_a_unit_too_many_is_found(law: str) -> None:
    state = Play(lively(), paths=4).to(8).state
    check(state)
    FAULTS[law](state)
    with pytest.raises(ConservationError, match=f"^{law}: "):
        check(state)


def test_what_is_not_a_number_breaks_a_law() -> None:
    state = Play(lively(), paths=4).to(8).state
    state.installed[0, 2] = float("nan")
    with pytest.raises(ConservationError, match="path 2"):
        check(state)


def test_a_path_is_named_by_its_number_in_the_whole_forecast() -> None:
    state = Play(lively(), paths=4, first_path=500).to(8).state
    state.installed[0, 3] += 1.0
    with pytest.raises(ConservationError, match="path 503"):
        check(state)


def test_rounding_errors_of_large_amounts_are_no_fault() -> None:
    state = Play(lively(), paths=4).to(8).state
    pool = state.pools["made"]
    pool.start += 1e9
    pool.left += 1e9 * (1 + 1e-13)
    check(state)
