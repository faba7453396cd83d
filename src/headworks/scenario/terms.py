"""Terms of sale: price, charges and prepayment, and what they do to the will to buy."""

from __future__ import annotations

from pydantic import Field

from headworks.scenario.model import Id, Record
from headworks.scenario.quantity import Factor, Share, Usd


class Terms(Record):
    """The terms on which one chip is offered.

    They scale the latent need by `min(1, (landed price / reference)^-elasticity) × (1 − prepayment
    × deterrence)`, where the landed price is the price with its charges.
    """

    price_usd: Usd
    """Price of one unit before charges: what the seller earns."""
    charges: dict[Id, Share] = Field(default_factory=dict)
    """Charges on top, as shares of the price, by name."""
    reference_price_usd: Usd | None = None
    """Landed price up to which the latent need is unchanged; None means that price does not act."""
    price_elasticity: Factor | None = None
    """Percentage of need lost per percentage of price above the reference."""
    prepayment: Share | None = None
    """Share of the price due with the order, without refund."""
    prepayment_deterrence: Share | None = None
    """Share of need that full prepayment would deter."""
