"""Conditions, tests and reactions: each must be able to start, and have figures to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.scenario.condition import Pairing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from headworks.errors import Fault
    from headworks.scenario.checks.context import Context
    from headworks.scenario.quantity import Quantity
    from headworks.scenario.yaml_file import KeyPath

FIGURES = {
    "tpp": "peak_tflops",
    "memory_bandwidth_gb_per_s": "memory_bandwidth_gb_per_s",
    "performance_density": "die_area_mm2",
}
"""The figure of a chip that each metric or measure needs, beside its peak rates."""


def pairings_can_start(context: Context) -> Iterator[Fault]:
    """Yield a fault where a company has nothing that would ever earn it the right to import."""
    for gate_id, gate in context.scenario.gates.items():
        for name, pairing in gate.conditions.items():
            if not isinstance(pairing, Pairing) or not _binds_at_once(pairing):
                continue
            stuck = [
                company
                for company in _limited(context, gate_id, pairing)
                if not any((company, chip) in context.wants for chip in pairing.domestic)
            ]
            if stuck:
                message = f"this pairing can never start for {', '.join(stuck)}, who want none of "
                message += f"{', '.join(pairing.domestic)}, and there is no grace"
                remedy = "give them such a want, set `grace`, or limit `companies`"
                yield context.fault(("gates", gate_id, "conditions", name), message, remedy)


def _limited(context: Context, gate_id: str, pairing: Pairing) -> list[str]:
    """Return the companies that a pairing limits, sorted."""
    chips = None if pairing.chips is None else set(pairing.chips)
    return sorted(
        {
            line.company
            for line in context.lines_through[gate_id]
            if (line.chip in chips if chips is not None else line.chip not in pairing.domestic)
            and (pairing.companies is None or line.company in pairing.companies)
        }
    )


def _binds_at_once(pairing: Pairing) -> bool:
    nothing_asked = pairing.direction == "domestic_per_imported" and _is_zero(pairing.ratio)
    return _is_zero(pairing.grace) and _is_zero(pairing.grace_days) and not nothing_asked


def _is_zero(quantity: Quantity | None) -> bool:
    return quantity is None or quantity.distribution.support[1] == 0


def pairings_have_two_sides(context: Context) -> Iterator[Fault]:
    """Yield a fault where a pairing limits the very chips that are to earn the right to import."""
    for gate_id, gate in context.scenario.gates.items():
        for name, pairing in gate.conditions.items():
            if isinstance(pairing, Pairing):
                both = sorted(set(pairing.chips or ()) & set(pairing.domestic))
                if both:
                    message = f"{', '.join(both)} stands on both sides of the pairing"
                    path = ("gates", gate_id, "conditions", name, "domestic")
                    yield context.fault(path, message, "name each chip on one side")


def metrics_have_figures(context: Context) -> Iterator[Fault]:
    """Yield a fault where a condition counts what one of its chips has no figure for."""
    for gate_id, gate in context.scenario.gates.items():
        for name, condition in gate.conditions.items():
            if condition.metric != "units":
                path: KeyPath = ("gates", gate_id, "conditions", name, "metric")
                chips = [*(condition.chips or context.chips_through(gate_id))]
                if isinstance(condition, Pairing):
                    chips += condition.domestic
                yield from _figures(context, path, condition.metric, chips)
        for number, test in enumerate(gate.admits):
            if test.measure is not None:
                path = ("gates", gate_id, "admits", number, "measure")
                yield from _figures(context, path, test.measure, context.chips_through(gate_id))


def _figures(context: Context, path: KeyPath, metric: str, chips: Iterable[str]) -> Iterator[Fault]:
    figure = FIGURES[metric]
    for chip in sorted(set(chips)):
        found = context.catalogue.chips.get(chip)
        if found is not None and not getattr(found, figure):
            message = f"{metric} is compared here, but the chip {chip!r} has no `{figure}`"
            yield context.fault(path, message, "add the figure, or leave the chip out")


def reactions_can_follow(context: Context) -> Iterator[Fault]:
    """Yield a fault where orders wait for papers that they do not need, or that wait for orders."""
    scenario = context.scenario
    for (company, chip), want in context.wants.items():
        reaction = want.reaction
        gate = scenario.gates.get(reaction.after) if reaction else None
        if reaction is None or gate is None or gate.kind != "grants":
            continue
        path: KeyPath = ("companies", company, "wants", chip, "reaction", "after")
        routes = [
            line.route for line in context.lines if (line.company, line.chip) == (company, chip)
        ]
        drawn = {paper for route in routes for paper, _ in context.papers_of(route)}
        if reaction.after not in drawn and reaction.after not in context.mentioned:
            message = f"orders wait for papers of {reaction.after!r}, which no route of this want "
            message += f"draws; drawn there: {', '.join(sorted(drawn)) or 'none'}"
            yield context.fault(path, message, "name a paper that its routes require")
        pool = scenario.pools.get(gate.pool or "")
        by_default = "wanted" if pool is not None and pool.supply == "rounds" else "ordered"
        asked_for = gate.requests or by_default
        if asked_for == "ordered" and _is_zero(reaction.before_share):
            message = (
                f"orders wait for papers of {reaction.after!r}, which are asked for only once "
            )
            message += "there are orders: neither can start"
            remedy = f"set `requests: wanted` at {reaction.after!r}, or a `before_share` above 0"
            yield context.fault(path, message, remedy)


CHECKS: tuple[Callable[[Context], Iterator[Fault]], ...] = (
    pairings_can_start,
    pairings_have_two_sides,
    metrics_have_figures,
    reactions_can_follow,
)
