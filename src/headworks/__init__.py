"""Headworks: how many scarce AI accelerators pass the gates, and which gate holds the rest.

*Headworks are the gates at the head of a canal that decide how much water gets in.* A scenario
passes the gates; the ledger records what has passed, the forecast says what will, the plan says
what to do, and the report shows it.

The rooms, each of which may import only those above it (the full table is a test):

    errors        every error raised on purpose
    scenario      what is assumed: quantities with sources, dated policy, chips, companies, gates
    rationing     who gets how much when there is not enough
    throughput    what a chip computes
    flow          what will pass, and which gate binds
    planning      what to do, and what it would be worth to know
    ledger        what has passed
    report        what is shown
    cli           the command line, one module for each verb

Public names are loaded when they are first used, so that `import headworks` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headworks.errors import (
        ConservationError,
        Fault,
        HeadworksError,
        InputError,
        LedgerError,
        NotInForce,
        ScenarioError,
        UnknownName,
    )
    from headworks.flow.balances import Balance
    from headworks.flow.compare import Comparison, compare
    from headworks.flow.explain import Explanation, explain
    from headworks.flow.forecast import forecast
    from headworks.flow.result import Forecast
    from headworks.ledger.ledger import Ledger
    from headworks.planning.authority.plan import plan_round
    from headworks.planning.authority.result import RoundPlan
    from headworks.planning.plan import Effort, plan
    from headworks.planning.problem import Risk
    from headworks.planning.result import Plan
    from headworks.rationing.auctions.result import Auction
    from headworks.rationing.auctions.selling import auction
    from headworks.rationing.pools.result import PooledRation
    from headworks.rationing.pools.sharing import ration_pools
    from headworks.rationing.ration import ration
    from headworks.rationing.resources.result import ResourceRation
    from headworks.rationing.resources.sharing import ration_resources
    from headworks.rationing.result import Ration
    from headworks.scenario.catalogue import Catalogue, catalogue
    from headworks.scenario.classification import classify
    from headworks.scenario.load import load, scenario_names, validate
    from headworks.scenario.scenario import Scenario
    from headworks.throughput.best import Best, best_configuration
    from headworks.throughput.facts import ModelFacts, model_facts
    from headworks.throughput.ratios import Ratios, ratios
    from headworks.throughput.worth import Worth, worth

    __version__: str

__all__ = [
    "Auction",
    "Balance",
    "Best",
    "Catalogue",
    "Comparison",
    "ConservationError",
    "Effort",
    "Explanation",
    "Fault",
    "Forecast",
    "HeadworksError",
    "InputError",
    "Ledger",
    "LedgerError",
    "ModelFacts",
    "NotInForce",
    "Plan",
    "PooledRation",
    "Ration",
    "Ratios",
    "ResourceRation",
    "Risk",
    "RoundPlan",
    "Scenario",
    "ScenarioError",
    "UnknownName",
    "Worth",
    "auction",
    "best_configuration",
    "catalogue",
    "classify",
    "compare",
    "explain",
    "forecast",
    "load",
    "model_facts",
    "plan",
    "plan_round",
    "ration",
    "ration_pools",
    "ration_resources",
    "ratios",
    "scenario_names",
    "validate",
    "worth",
]

# A name becomes public by its line here, in `__all__` and among the imports for type checkers.
_HOME = {
    "Auction": "headworks.rationing.auctions.result",
    "Balance": "headworks.flow.balances",
    "Best": "headworks.throughput.best",
    "Catalogue": "headworks.scenario.catalogue",
    "Comparison": "headworks.flow.compare",
    "ConservationError": "headworks.errors",
    "Effort": "headworks.planning.plan",
    "Explanation": "headworks.flow.explain",
    "Fault": "headworks.errors",
    "Forecast": "headworks.flow.result",
    "HeadworksError": "headworks.errors",
    "InputError": "headworks.errors",
    "Ledger": "headworks.ledger.ledger",
    "LedgerError": "headworks.errors",
    "ModelFacts": "headworks.throughput.facts",
    "NotInForce": "headworks.errors",
    "Plan": "headworks.planning.result",
    "PooledRation": "headworks.rationing.pools.result",
    "Ration": "headworks.rationing.result",
    "Ratios": "headworks.throughput.ratios",
    "ResourceRation": "headworks.rationing.resources.result",
    "Risk": "headworks.planning.problem",
    "RoundPlan": "headworks.planning.authority.result",
    "Scenario": "headworks.scenario.scenario",
    "ScenarioError": "headworks.errors",
    "UnknownName": "headworks.errors",
    "Worth": "headworks.throughput.worth",
    "auction": "headworks.rationing.auctions.selling",
    "best_configuration": "headworks.throughput.best",
    "catalogue": "headworks.scenario.catalogue",
    "classify": "headworks.scenario.classification",
    "compare": "headworks.flow.compare",
    "explain": "headworks.flow.explain",
    "forecast": "headworks.flow.forecast",
    "load": "headworks.scenario.load",
    "model_facts": "headworks.throughput.facts",
    "plan": "headworks.planning.plan",
    "plan_round": "headworks.planning.authority.plan",
    "ration": "headworks.rationing.ration",
    "ration_pools": "headworks.rationing.pools.sharing",
    "ration_resources": "headworks.rationing.resources.sharing",
    "ratios": "headworks.throughput.ratios",
    "scenario_names": "headworks.scenario.load",
    "validate": "headworks.scenario.load",
    "worth": "headworks.throughput.worth",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name == "__version__":
        from importlib.metadata import version

        found: object = version("headworks")
    elif name in _HOME:
        found = getattr(importlib.import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__, "__version__"})
