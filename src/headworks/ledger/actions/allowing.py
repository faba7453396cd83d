"""Allowing: bounds that let stand what is left of something larger, which stood before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account, Standing
    from headworks.ledger.journal.transfer import Transfer
    from headworks.ledger.journal.view import View


def allowing(view: View, made: Iterable[Transfer]) -> tuple[Account, ...]:
    """Return the accounts of conditions that transfers lead out of their bounds, with such as fit.

    A draw that stands is posted anew when it is made smaller, also under a cap that was lowered
    since; and credits that turn out not to have been earned are taken back, also from a party that
    has used them. What is still to pass is asked by the terms, and not by these bounds.

    Args:
        view: The ledger, as it stands before the transfers.
        made: Transfers that post at once, in their order.
    """
    moves = list(made)
    names = [name for one in moves for name in (one.debit, one.credit)]
    sums = {name: one.copy() for name, one in view.standings(names).items()}
    for one in moves:
        if one.debit in sums:
            sums[one.debit].debits_posted += one.amount
        if one.credit in sums:
            sums[one.credit].credits_posted += one.amount
    return tuple(filter(None, map(let_stand, sums.values())))


def let_stand(standing: Standing) -> Account | None:
    """Return a condition's account with bounds that fit what is there; None where they do."""
    account = standing.account
    if not account.name.startswith(("meter:", "credits:")):
        return None
    if account.floor is not None and standing.available < account.floor:
        return replace(account, floor=standing.available)
    if account.ceiling is not None and standing.expected > account.ceiling:
        return replace(account, ceiling=standing.expected)
    return None
