"""Small scenarios in code, and a way to run them period by period, for tests of the flow."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import ScenarioError
from headworks.flow.conservation import check
from headworks.flow.draws import Draws
from headworks.flow.network import Network, network
from headworks.flow.period import step
from headworks.flow.state import State
from headworks.flow.streams import Streams
from headworks.scenario.catalogue import catalogue
from headworks.scenario.check import examine
from headworks.scenario.yaml_file import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from headworks.flow.balances import Balance
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Tree: TypeAlias = dict[str, Any]

START = dt.date(2026, 1, 5)
"""A Monday: the first day of all scenarios built here."""
EVIDENCE = {"kind": "assumed", "reason": "a case worked by hand"}
QUANTITIES = frozenset(
    {
        "initial", "amount", "size", "units", "need", "lead_time_days", "take_up", "validity_days",
        "patience_days", "lot", "history", "share", "confirmed", "probability", "delay_days",
        "for_days", "ratio", "grace", "grace_days", "per_days", "open_at_start", "mean_days_open",
        "mean_days_shut", "weekly_noise", "before_share", "power_overhead", "half_life_days",
        "price_usd", "reference_price_usd", "price_elasticity", "prepayment",
        "prepayment_deterrence",
    }
)  # fmt: skip
"""Keys under which a bare number stands for a known quantity."""
SOURCES = {
    "notice": {
        "producer": "A ministry", "title": "A notice", "published": dt.date(2026, 1, 1),
        "note": "made up", "confidence": "high",
    }
}  # fmt: skip


def day(number: int) -> dt.date:
    """Return a day counted from the start."""
    return START + dt.timedelta(days=number)


def week(number: int) -> dt.date:
    """Return the first day of a week counted from the start."""
    return day(7 * number)


def chip(tflops: float, bandwidth: float = 1000.0, watts: float = 1000.0) -> Tree:
    """Return a made-up chip whose TPP is eight times its rate."""
    known = {"value": tflops, "kind": "stated", "source": "notice"}
    return {
        "name": f"A chip of {tflops:g} TFLOP/s",
        "grade": "A",
        "peak_tflops": {"fp8": known},
        "memory_bandwidth_gb_per_s": {**known, "value": bandwidth},
        "tdp_w": {**known, "value": watts},
    }


CHIPS = {"alpha": chip(1000.0), "beta": chip(500.0, 2000.0), "home": chip(250.0)}


def passes(stock: str | None = None, **parts: Any) -> Tree:  # noqa: ANN401 - any part of a gate
    """Return a gate that moves goods."""
    return {"kind": "passes", "stock": stock, **parts}


def grants(stock: str | None = None, **parts: Any) -> Tree:  # noqa: ANN401 - any part of a gate
    """Return a gate that issues papers."""
    return {"kind": "grants", "stock": stock, **parts}


def stock(initial: float | Tree, weekly: float | Tree | None = None, **parts: Any) -> Tree:  # noqa: ANN401
    """Return a pool that lasts, with a weekly inflow."""
    return {"supply": "stock", "initial": initial, "flow": _weekly(weekly), **parts}


def rate(weekly: float | Tree, **parts: Any) -> Tree:  # noqa: ANN401 - any part of a pool
    """Return a pool that perishes every week."""
    return {"supply": "rate", "flow": _weekly(weekly), **parts}


def rounds(**each: Any) -> Tree:  # noqa: ANN401 - rounds by id, and the unit
    """Return a pool of rounds, by id, in the `unit` if one is given."""
    unit = each.pop("unit", "units")
    return {"supply": "rounds", "unit": unit, "rounds": each}


def a_round(on: dt.date, size: float | Tree, **parts: Any) -> Tree:  # noqa: ANN401 - any part of a round
    """Return a round that is certain to be confirmed."""
    return {"on": on, "size": size, "confirmed": 1, **parts}


def shares(**by_name: float) -> Tree:
    """Return a split by name; an underscore in a name stands for a dash."""
    return {"shares": {name.replace("_", "-"): part for name, part in by_name.items()}, **EVIDENCE}


def want(
    units: float | Tree, on: dt.date | None = None, *, schedule: Iterable[Tree] = (),
    need: float | Tree = 1,
    routes: Mapping[str, float] | None = None, **parts: Any,  # noqa: ANN401 - any part of a want
) -> Tree:  # fmt: skip
    """Return a want of so many units on one day (the first), or by a schedule."""
    return {
        "schedule": list(schedule) or [{"on": on or START, "units": units}],
        "need": need,
        "routes": shares(**(routes or {"main": 1.0})),
        **parts,
    }


def over(begin: dt.date, end: dt.date, units: float) -> Tree:
    """Return a request that builds up evenly over [begin, end)."""
    return {"from": begin, "to": end, "units": units}


def opening(*states: tuple[dt.date, str], **parts: Any) -> Tree:  # noqa: ANN401
    """Return an opening of known states, and whatever else it says."""
    dated = [{"from": at, "state": state, "source": "notice"} for at, state in states]
    return {"dated": dated, **parts}


def scenario(
    gates: Tree, wants: Tree, pools: Tree | None = None, routes: Tree | None = None,
    periods: int = 8, *, companies: Tree | None = None, **more: Any,  # noqa: ANN401 - any section
) -> Scenario:  # fmt: skip
    """Return a checked scenario.

    Args:
        gates: Gates by id.
        wants: By company, a want (of the chip `alpha`) or wants by chip.
        pools: Pools by id.
        routes: Gates by route; all goods gates in the order written as `main` if None.
        periods: Number of weeks.
        companies: What else companies say, by name.
        more: Any other section, or key at the top.
    """
    route = {"main": [name for name, gate in gates.items() if gate["kind"] == "passes"]}
    tree: Tree = {
        "scenario": "case", "title": "A case", "as_of": START, "start": START, "periods": periods,
        "power_overhead": 1.0, "sources": SOURCES, "chips": CHIPS, "pools": pools or {},
        "gates": gates,
        "routes": {
            name: found if isinstance(found, dict) else {"gates": found}
            for name, found in (routes or route).items()
        },
        "companies": {
            name: {
                "name": name,
                "wants": {"alpha": found} if "schedule" in found else found,
                **(companies or {}).get(name, {}),
            }
            for name, found in wants.items()
        },
        **more,
    }  # fmt: skip
    document = Document("case", tree=_with_numbers(tree))
    found = examine(document, catalogue())
    if found is None:
        raise ScenarioError(document.faults)
    return found


def _weekly(amount: float | Tree | None) -> list[Tree]:
    return [] if amount is None else [{"from": START, "amount": amount, "per_days": 7}]


def _with_numbers(tree: Any, key: str = "") -> Any:  # noqa: ANN401 - a tree of plain values
    """Return a tree in which every bare number that stands for a quantity has become one."""
    if isinstance(tree, dict):
        flow = "from" in tree and "per_days" in tree and "kind" not in tree
        return {
            name: value if flow and name == "per_days" else _with_numbers(value, name)
            for name, value in tree.items()
            if value is not None
        }
    if isinstance(tree, list):
        return [_with_numbers(value) for value in tree]
    if key in QUANTITIES and isinstance(tree, int | float):
        return {"value": tree, "dist": "fixed", **EVIDENCE}
    return tree


class Play:
    """A scenario that is run period by period; the laws are checked at the end of each."""

    def __init__(
        self, of: Scenario | Network, paths: int = 2, seed: int = 1, first_path: int = 0,
        balances: Iterable[Balance] = (),
    ) -> None:  # fmt: skip
        self.net = of if isinstance(of, Network) else network(of)
        draws = Draws(self.net.scenario, Streams(seed, first_path, paths))
        self.state = State(self.net, draws, tuple(balances))
        self.period = 0
        check(self.state)

    def to(self, finished: int) -> Play:
        """Run until so many periods are finished."""
        while self.period < finished:
            step(self.state, self.period)
            check(self.state)
            self.period += 1
        return self

    def units(self, stock: str, **of: str) -> float:
        """Return the units of a stock on the first path, of some lines."""
        return float(self.by_path(stock, **of)[0])

    def by_path(self, stock: str, **of: str) -> Floats:
        """Return the units of a stock, summed over some lines, shape (path,)."""
        rows = [
            number
            for number, line in enumerate(self.net.lines)
            if all(getattr(line, part) == name for part, name in of.items())
        ]
        assert rows
        return np.asarray(self.state.stock(stock)[rows].sum(axis=0))

    def waiting(self, gate: str) -> float:
        """Return the units that wait at a gate on the first path."""
        return float(self.state.goods[gate].waiting[:, 0].sum())

    def papers(self, gate: str, what: str) -> float:
        """Return papers of a gate on the first path: such as `unused` or `lapsed`."""
        return float(np.asarray(getattr(self.state.papers[gate], what))[:, 0].sum())

    def pool(self, name: str, what: str = "left") -> float:
        """Return an account of a pool on the first path: such as `left` or `booked`."""
        return float(getattr(self.state.pools[name], what)[:, 0].sum())


def course(of: Scenario, stock: str = "installed", **lines: str) -> list[float]:
    """Return the units of a stock at the end of each period, on the first path."""
    play = Play(of)
    return [play.to(n + 1).units(stock, **lines) for n in range(of.periods)]


def each_period(of: Scenario, read: Callable[[Play], float]) -> list[float]:
    """Return what is read at the end of each period."""
    play = Play(of)
    return [read(play.to(n + 1)) for n in range(of.periods)]
