"""Rounds small enough to award by hand: everything certain, every award a known number of chips.

Two companies ask a round of 100 for `alpha`, an import; `home`, a quarter of it by TPP, is made at
home. What ash is awarded is installed at once; of what birch is awarded no more than 40 is, since
its site takes five a week for eight weeks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headworks.flow.compute import measures
from headworks.throughput import Realised
from tests.unit.flow.build import CHIPS, Tree, a_round, day, grants, passes, rate, rounds, want
from tests.unit.flow.build import scenario as checked
from tests.unit.flow.build import stock as lasting

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

WEEKS = 8
SLOW = 40.0
"""What birch's site can take by the end."""
HOME = {"ash": 20.0, "birch": 80.0}
"""Domestic chips of each, all installed by the end: 25 of `alpha` together."""


def a_scenario(
    *, size: float | Tree = 100, home: dict[str, float] | None = None, seller: float = 1000,
    round_: Tree | None = None, **more: Any,  # noqa: ANN401 - any section
) -> Scenario:  # fmt: skip
    """Return the scenario with one round.

    Args:
        size: The round.
        home: Domestic chips by company.
        seller: What the seller has of `alpha`.
        round_: Other parts of the round.
        more: Other sections, rounds beside it as `others`, and companies that want nothing as
            `nobodies`.
    """
    others, nobodies = more.pop("others", {}), more.pop("nobodies", ())
    gates = {
        "approval": grants("approved", pool="approvals"),
        "export": passes("shipped", pool="made", requires=["approval"]),
        "slow": passes("cleared", pool="site"),
        "factory": passes("produced"),
        "installation": passes("installed"),
    }
    pools = {
        "approvals": rounds(first={**a_round(day(0), size), **(round_ or {})}, **others),
        "made": lasting(seller),
        "site": rate(SLOW / WEEKS),
    }
    routes = {
        "fast": ["export", "installation"],
        "main": ["export", "slow", "installation"],
        "made-at-home": ["factory", "installation"],
    }
    chips = {**CHIPS, "alpha": {**CHIPS["alpha"], "export_controlled_by": ["US"]}}
    domestic = HOME if home is None else home
    wants: Tree = {
        "ash": {"alpha": want(100, routes={"fast": 1.0})},
        "birch": {"alpha": want(80, routes={"main": 1.0})},
    }
    wants |= {name: {"home": want(0, routes={"made_at_home": 1.0})} for name in nobodies}
    for name, units in domestic.items():
        if units:
            wants[name]["home"] = want(units, routes={"made_at_home": 1.0})
    return checked(gates, wants, pools, routes, WEEKS, chips=chips, **more)


def one_alpha(scenario: Scenario) -> float:
    """Return what one `alpha` counts for."""
    return measures(scenario, Realised())["h100e_tpp"]["alpha"]
