"""Names of accounts: which account holds what, on the way from a pool to a site."""

from __future__ import annotations

UNITS = "units"
"""Unit of chips, one by one."""
CENTS = "usd_cents"
"""Unit of values."""


def source(unit: str) -> str:
    """Account from which a pool's volume, a meter or a permission comes: the world outside."""
    return f"source:{unit}"


def pool(name: str) -> str:
    """What a pool has left to award."""
    return f"pool:{name}"


def reserve(name: str, part: str) -> str:
    """What a pool keeps for some claimants."""
    return f"reserve:{name}:{part}"


def committed(name: str) -> str:
    """What the sub-pools of a pool have taken of it."""
    return f"committed:{name}"


def award(round_: str, party: str) -> str:
    """What a party was awarded in a round, and has neither licensed nor returned."""
    return f"award:{round_}:{party}"


def licensed(name: str) -> str:
    """What of a pool stands on licences, in the pool's unit."""
    return f"licensed:{name}"


def line(licence: str, number: str) -> str:
    """What a licence line has left; a reservation is a hold on it."""
    return f"line:{licence}:{number}"


def value(licence: str, number: str) -> str:
    """The value that a licence line has left, in cents."""
    return f"value:{licence}:{number}"


def spent(licence: str, number: str) -> str:
    """The value that was drawn."""
    return f"spent:{licence}:{number}"


def cleared(licence: str, number: str) -> str:
    """What customs released against a line, and is not yet installed."""
    return f"cleared:{licence}:{number}"


def installed(licence: str, number: str, site: str) -> str:
    """What is in service at a site."""
    return f"installed:{licence}:{number}:{site}"


def removed(licence: str, number: str) -> str:
    """What was taken out of service."""
    return f"removed:{licence}:{number}"


def order(name: str) -> str:
    """What of an order is neither shipped nor cancelled."""
    return f"order:{name}"


def shipped(name: str) -> str:
    """What of an order was shipped."""
    return f"shipped:{name}"


def meter(condition: str, holder: str) -> str:
    """What counts against a condition's ceiling."""
    return f"meter:{condition}:{holder}"


def waiver(licence: str, condition: str, number: int) -> str:
    """What may still pass under a waiver of some units."""
    return f"waiver:{licence}:{condition}:{number}"


def credits(condition: str, party: str) -> str:  # noqa: A001 - the word of the pairing rule
    """Credits that a party has earned and not used."""
    return f"credits:{condition}:{party}"


def used(condition: str) -> str:
    """Credits that imports have used."""
    return f"used:{condition}"


def credit_unit(condition: str) -> str:
    """Unit of a condition's credits."""
    return f"credits-{condition}"
