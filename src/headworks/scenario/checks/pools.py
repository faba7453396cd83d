"""Pools: each is booked by gates that agree on it, and counts chips in a unit that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.scenario.gate import WEIGHTED, Gate, Opening
from headworks.scenario.pool import FlowSharePool, RoundsPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from headworks.errors import Fault
    from headworks.scenario.checks.context import Context

WHILE_SHUT: dict[str, tuple[str, ...]] = {
    "stock": ("accrue", "perish"),
    "rate": ("perish", "accrue"),
    "rounds": ("postpone", "skip"),
    "share_of_flow": (),
}
"""What each supply can do while its gate is shut; the first one is what it does by default."""


def pools_in_use(context: Context) -> Iterator[Fault]:
    """Yield a fault for each pool that no gate books."""
    named = {gate.pool for gate in context.scenario.gates.values() if gate.pool is not None}
    booked = context.meant(named, "pools")
    for pool_id in context.scenario.pools:
        if pool_id not in booked and pool_id not in context.mentioned:
            message = f"no gate books the pool {pool_id!r}"
            yield context.fault(("pools", pool_id), message, "name it at a gate, or remove it")


def gates_agree(context: Context) -> Iterator[Fault]:
    """Yield a fault where gates that share a pool are of two kinds, or would share it two ways."""
    first: dict[str, tuple[str, Gate]] = {}
    for gate_id, gate in context.scenario.gates.items():
        if gate.pool is None or gate.pool not in context.scenario.pools:
            continue
        other_id, other = first.setdefault(gate.pool, (gate_id, gate))
        for part in ("kind", "rationing", "weights"):
            one, two = getattr(other, part), getattr(gate, part)
            if one != two:
                message = f"{gate_id!r} and {other_id!r} share the pool {gate.pool!r}, but "
                message += f"their `{part}` differ: {two!r} and {one!r}"
                remedy = "make them equal, or give each gate its own pool"
                yield context.fault(("gates", gate_id, part), message, remedy)


def weights_fit(context: Context) -> Iterator[Fault]:
    """Yield a fault where a rule does not take the weights of its gate, or lacks them."""
    for gate_id, gate in context.scenario.gates.items():
        if gate.weights and gate.rationing not in WEIGHTED:
            message = f"{gate_id!r} has `weights`, but its `rationing` is {gate.rationing!r}, "
            message += "which takes none"
            remedy = f"remove them, or share by {', '.join(WEIGHTED[:-1])} or {WEIGHTED[-1]}"
            yield context.fault(("gates", gate_id, "weights"), message, remedy)
        elif gate.rationing == "priority" and not gate.weights:
            message = f"the `rationing` of {gate_id!r} is 'priority', but it has no `weights`"
            remedy = "add `weights`, the largest for the company that is served first"
            yield context.fault(("gates", gate_id, "rationing"), message, remedy)


def papers_only(context: Context) -> Iterator[Fault]:
    """Yield a fault where goods book rounds or a share of a flow, which only papers can."""
    for gate_id, gate in context.scenario.gates.items():
        pool = context.scenario.pools.get(gate.pool or "")
        if gate.kind == "passes" and isinstance(pool, RoundsPool | FlowSharePool):
            message = f"the pool {gate.pool!r} is a supply of {pool.supply!r}, which only a gate "
            message += f"that grants can book, and {gate_id!r} passes goods"
            remedy = "grant papers from it, and require them at this gate"
            yield context.fault(("gates", gate_id, "pool"), message, remedy)


def products_named(context: Context) -> Iterator[Fault]:
    """Yield a fault where a share of a flow has no reference for a chip that needs its papers."""
    for gate_id, gate in context.scenario.gates.items():
        pool = context.scenario.pools.get(gate.pool or "")
        if isinstance(pool, FlowSharePool):
            for chip in context.chips_through(gate_id):
                if chip not in pool.products:
                    message = f"{chip!r} needs papers of {gate_id!r}, but the pool {gate.pool!r} "
                    message += f"has a reference only for {', '.join(sorted(pool.products))}"
                    path = ("pools", str(gate.pool), "products")
                    yield context.fault(path, message, f"add {chip!r} there")


def units_exist(context: Context) -> Iterator[Fault]:
    """Yield a fault where a pool counts in a unit that one of its chips has no figure for."""
    overhead_lost = "power_overhead" in context.left_out.get("scenario", {})
    for gate_id, gate in context.scenario.gates.items():
        pool = context.scenario.pools.get(gate.pool or "")
        if pool is None or pool.unit == "units":
            continue
        path = ("pools", str(gate.pool), "unit")
        if pool.unit == "mw" and context.scenario.power_overhead is None and not overhead_lost:
            message = f"the pool {gate.pool!r} counts megawatts, but there is no `power_overhead`"
            yield context.fault(path, message, "add `power_overhead` to the scenario")
        for chip_id, chip in context.chips_through(gate_id).items():
            figure = "tdp_w" if pool.unit == "mw" else "peak_tflops"
            if not getattr(chip, figure):
                message = f"the pool {gate.pool!r} counts {pool.unit}, but {chip_id!r}, which "
                message += f"passes {gate_id!r}, has no `{figure}`"
                remedy = "add the figure to the chip, or count in another unit"
                yield context.fault(path, message, remedy)


def while_shut_fits(context: Context) -> Iterator[Fault]:
    """Yield a fault where a gate's `while_shut` is not one that its supply can do."""
    for gate_id, gate in context.scenario.gates.items():
        shut = gate.opening.while_shut if isinstance(gate.opening, Opening) else None
        pool = context.scenario.pools.get(gate.pool or "")
        if shut is None or (gate.pool is not None and pool is None):
            continue
        can = () if pool is None else WHILE_SHUT[pool.supply]
        if shut not in can:
            supply = "no pool" if pool is None else f"a supply of {pool.supply!r}"
            message = f"`while_shut: {shut}` does not fit {gate_id!r}, which books {supply}"
            remedy = f"say {' or '.join(can)}" if can else "remove it"
            yield context.fault(("gates", gate_id, "opening", "while_shut"), message, remedy)


def shares_are_eligible(context: Context) -> Iterator[Fault]:
    """Yield a fault where a round names a share for a company that it does not admit."""
    for pool_id, pool in context.scenario.pools.items():
        for name, one in pool.rounds.items() if isinstance(pool, RoundsPool) else ():
            for company, share in one.shares.shares.items() if one.shares else ():
                if share > 0 and one.eligible is not None and company not in one.eligible:
                    message = f"{company!r} has a share of the round, but is not `eligible`"
                    path = ("pools", pool_id, "rounds", name, "shares", "shares", company)
                    yield context.fault(path, message, "add it to `eligible`, or drop its share")


CHECKS: tuple[Callable[[Context], Iterator[Fault]], ...] = (
    pools_in_use,
    gates_agree,
    weights_fit,
    papers_only,
    products_named,
    units_exist,
    while_shut_fits,
    shares_are_eligible,
)
