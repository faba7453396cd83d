"""Collectives: what chips that share a model send each other, and how long it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.cost import Cost, messages
from headworks.throughput.operations import ACTIVATION_BYTES

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.layout import Size
    from headworks.throughput.machine import Machine

DISPATCH_BYTES = 1.0
"""Bytes of an activation on its way to an expert (FP8 or INT8); it returns at 16 bits."""


def all_reduce(machine: Machine, tokens: Draws | float, hidden: float, chips: Size) -> Cost:
    """Return the cost of summing `tokens` rows over `chips` chips.

    Small sums are made in one step, in which each chip reads the rows of all others; large ones in
    two, in which each sums its part of the rows and then reads the other parts: 2 (n - 1) / n of
    the rows instead of n - 1. Beyond the scale-up domain the chips of each domain do the first of
    the two steps, all that have the same part sum it between domains, each over a port of its own
    and again in two steps, and the second step follows.
    """
    if np.all(chips <= 1):
        return messages(machine.zero)
    constants = machine.constants
    fixed = constants["all_reduce_us"] * 1e-6
    rows = ACTIVATION_BYTES * tokens * hidden
    rate = machine.link * constants["link_share"]
    near = np.minimum(chips, machine.domain)
    two_steps = 2.0 * fixed + 2.0 * (near - 1) / near * rows / rate
    one_step = fixed + (near - 1) * rows / rate
    domains = -(-chips // machine.domain)
    port = machine.scale_out * constants["scale_out_share"]
    between = 2.0 * fixed + 2.0 * (domains - 1) / domains * rows / near / port
    within = np.minimum(two_steps, one_step)
    return messages(np.where(domains > 1, two_steps + between, within) * (chips > 1))


def exchange(
    machine: Machine,
    tokens: Draws | float,
    hidden: float,
    active: float,
    chips: Size,
    *,
    nodes_max: int | None,
    gathered: bool,
) -> Cost:
    """Return the cost of sending `tokens` rows of a chip to their experts and back.

    Args:
        machine: The chip.
        tokens: Rows that this chip sends.
        hidden: Length of a row.
        active: Experts that each row goes to.
        chips: Chips over which the experts are spread.
        nodes_max: Nodes that a row goes to at most; None for any.
        gathered: Whether rows that go to several experts of one node are sent to it once, and from
            there to its chips, as is done with the many rows of prompts. With the few rows of a
            step that only decodes, the way over another chip costs more than it saves.

    Within the scale-up domain each row goes to each of its experts' chips; beyond it, once to each
    node, or else once to each expert.
    """
    if np.all(chips <= 1):
        return messages(machine.zero)
    constants = machine.constants
    row = hidden * (DISPATCH_BYTES + ACTIVATION_BYTES)
    copies = chips * (1.0 - (1.0 - 1.0 / chips) ** active)
    within = tokens * row * copies / (machine.link * constants["link_share"])
    nodes = -(-chips // machine.domain)
    spread = np.minimum(nodes, min(active, nodes_max or active)) if gathered else active
    sent = spread * (nodes - 1) / nodes
    beyond = tokens * row * sent / (machine.scale_out * constants["scale_out_share"])
    far = np.maximum(within * machine.domain / chips, beyond)
    seconds = np.where(chips > machine.domain, far, within)
    return messages((2.0 * constants["exchange_us"] * 1e-6 + seconds) * (chips > 1))
