"""Collectives: what chips that share a model send each other, and how long it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.cost import Cost, messages
from headworks.throughput.operations import ACTIVATION_BYTES

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.machine import Machine

DISPATCH_BYTES = 1.0
"""Bytes of an activation on its way to an expert (FP8 or INT8); it returns at 16 bits."""
NODES_MAX = 4
"""Nodes that a token is sent to at most: the limit that DeepSeek-V3 trains its router with."""


def all_reduce(machine: Machine, tokens: Draws | float, hidden: float, chips: int) -> Cost:
    """Return the cost of summing `tokens` rows over `chips` chips: a ring, 2 (n - 1) / n each."""
    if chips <= 1:
        return messages(machine.zero)
    constants = machine.constants
    bytes_each = 2.0 * (chips - 1) / chips * ACTIVATION_BYTES * tokens * hidden
    rate = machine.link * constants["link_share"]
    if chips > machine.domain:
        rate = np.minimum(rate, machine.scale_out * constants["scale_out_share"])
    return messages(constants["all_reduce_us"] * 1e-6 + bytes_each / rate)


def exchange(
    machine: Machine, tokens: Draws | float, hidden: float, active: float, chips: int
) -> Cost:
    """Return the cost of sending `tokens` rows of a chip to their experts and back.

    Args:
        machine: The chip.
        tokens: Rows that this chip sends.
        hidden: Length of a row.
        active: Experts that each row goes to.
        chips: Chips over which the experts are spread.

    Within the scale-up domain each row goes to each of its experts' chips; beyond it, once to each
    node, of which there are at most `NODES_MAX`.
    """
    if chips <= 1:
        return messages(machine.zero)
    constants = machine.constants
    row = hidden * (DISPATCH_BYTES + ACTIVATION_BYTES)
    copies = chips * (1.0 - (1.0 - 1.0 / chips) ** active)
    within = tokens * row * copies / (machine.link * constants["link_share"])
    seconds = within
    if chips > machine.domain:
        nodes = -(-chips // machine.domain)
        sent = min(active, NODES_MAX, nodes) * (nodes - 1) / nodes
        beyond = tokens * row * sent / (machine.scale_out * constants["scale_out_share"])
        seconds = np.maximum(within * machine.domain / chips, beyond)
    return messages(2.0 * constants["exchange_us"] * 1e-6 + seconds)
