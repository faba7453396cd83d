"""Claims rules over arrays of many instances at once: one instance per path, one claim per line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import InputError, UnknownName
from headworks.rationing.arrays.equal import (
    average,
    constrained_equal_awards,
    constrained_equal_losses,
)
from headworks.rationing.arrays.faint import FAINT, even_weights, is_faint
from headworks.rationing.arrays.halves import (
    constrained_egalitarian,
    piniles,
    reverse_talmud,
    talmud,
)
from headworks.rationing.arrays.overlap import minimal_overlap
from headworks.rationing.arrays.proportions import adjusted_proportional, priority, proportional
from headworks.rationing.arrays.shortage import Floats, Rule, Shortage, total_of
from headworks.rationing.arrays.steps import dominguez_thomson
from headworks.rationing.arrays.uneven import EXACT, is_uneven
from headworks.rationing.arrays.uneven import shared as shared_exactly

if TYPE_CHECKING:
    from numpy.typing import NDArray

RULES: dict[str, Rule] = {
    "proportional": proportional,
    "constrained_equal_awards": constrained_equal_awards,
    "constrained_equal_losses": constrained_equal_losses,
    "talmud": talmud,
    "reverse_talmud": reverse_talmud,
    "piniles": piniles,
    "constrained_egalitarian": constrained_egalitarian,
    "minimal_overlap": minimal_overlap,
    "adjusted_proportional": adjusted_proportional,
    "dominguez_thomson": dominguez_thomson,
    "average": average,
    "uniform": constrained_equal_awards,
    "priority": priority,
}
"""Rules by name."""
WEIGHTED = frozenset({"proportional", "constrained_equal_awards", "priority"})
"""Names of the rules that take weights."""


def share(
    rule: str,
    claims: Floats,
    endowment: Floats,
    weights: Floats | None = None,
    *,
    total: Floats | None = None,
) -> Floats:
    """Share an endowment among claims by a named rule, for many paths at once.

    Where the claims of a path do not exceed its endowment, everybody gets the claim, also by the
    uniform rule, which elsewhere shares out what nobody wants. Otherwise the awards of the path sum
    to its endowment. They equal those of the exact rule to 1e-12 of the endowment, or to a few
    steps of the smallest float, 2^-1074. They do not depend on the other paths, nor on the layout
    of the claims in memory. Paths whose weights differ by more than 2^300 are shared by the exact
    rule, one by one, which is slow. Fastest where paths lie side by side in memory, as in
    the transpose of an array (line, path).

    Args:
        rule: Name of the rule, one of `RULES`.
        claims: Shape (path, line), units, not negative. Never written to.
        endowment: Shape (path,), units; a negative one counts as nothing.
        weights: Shape (line,) or (path, line), positive, for the rules in `WEIGHTED`; None weighs
            all lines alike. By `priority` a line is served before all of less weight.
        total: Sum of the claims of each path, shape (path,), where the caller has it already.

    Returns:
        Awards, shape (path, line), units, between 0 and the claim.

    Raises:
        UnknownName: There is no such rule.
        InputError: The rule takes no weights.
    """
    if rule not in RULES:
        raise UnknownName("rationing rule", rule, RULES)
    if weights is not None and rule not in WEIGHTED:
        message = f"the rule {rule!r} takes no weights; leave them out, or use one of "
        raise InputError(message + ", ".join(sorted(WEIGHTED)))
    rows = np.ascontiguousarray(claims.T, dtype=np.float64)
    if not rows.size:
        return np.zeros_like(claims)
    if total is None:
        total = total_of(rows)
    pool = np.minimum(np.maximum(endowment, 0.0), total)
    by_line = None if weights is None else np.atleast_2d(np.asarray(weights, np.float64)).T
    short = Shortage(rows, pool, total, None if by_line is None else even_weights(by_line))
    if by_line is not None and rule in EXACT and (uneven := is_uneven(by_line, total)).any():
        awards = _with_uneven(rule, short, by_line, np.broadcast_to(uneven, pool.shape))
    else:
        awards = _even(rule, short)
    if rule == "proportional" and by_line is None:
        return awards.T  # where there is enough, claims have been multiplied by 1
    # Adding infinity, and cutting to the claim, gives the claim itself where there is enough.
    enough = total <= endowment
    if enough.any():
        awards += np.where(enough, np.inf, 0.0)
    return np.minimum(awards, rows, out=awards).T


def _even(rule: str, short: Shortage) -> Floats:
    """Return awards, shape (line, path), where no weights are uneven."""
    awards = RULES[rule](short)
    if rule in FAINT and (faint := is_faint(short)).any():
        awards[:, faint] = FAINT[rule](short.of(faint))
    return awards


def _with_uneven(rule: str, short: Shortage, weights: Floats, uneven: NDArray[np.bool_]) -> Floats:
    """Return awards, shape (line, path), where the weights of some paths are uneven."""
    awards = np.empty_like(short.claims)
    wide = np.broadcast_to(weights, short.claims.shape)
    awards[:, uneven] = shared_exactly(rule, short.of(uneven), wide[:, uneven])
    if not uneven.all():
        awards[:, ~uneven] = _even(rule, short.of(~uneven))
    return awards
