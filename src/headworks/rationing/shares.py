"""Claims rules over arrays of many instances at once: one instance per path, one claim per line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import UnknownName

Floats: TypeAlias = NDArray[np.float64]
Rule: TypeAlias = Callable[[Floats, Floats, Floats | None], Floats]


def share(rule: str, claims: Floats, endowment: Floats, weights: Floats | None = None) -> Floats:
    """Share an endowment among claims by a named rule, for many paths at once.

    Where the claims of a path do not exceed its endowment, everybody gets the claim. Otherwise the
    awards of the path sum to its endowment.

    Args:
        rule: Name of the rule, one of `RULES`.
        claims: Shape (path, line), units, not negative. Never written to.
        endowment: Shape (path,), units; a negative one counts as nothing.
        weights: Shape (line,) or (path, line), positive; None weighs all lines alike.

    Returns:
        Awards, shape (path, line), units, between 0 and the claim.

    Raises:
        UnknownName: There is no such rule.
    """
    if rule not in RULES:
        raise UnknownName("rationing rule", rule, RULES)
    return RULES[rule](claims, np.maximum(endowment, 0.0), weights)


def proportional(claims: Floats, endowment: Floats, weights: Floats | None = None) -> Floats:
    """Award in proportion to claims: x = E d / Σd; with weights, in proportion to w d, capped at d.

    Cost O(n) per path without weights, O(n log n) with.

    Source: O'Neill 1982; Thomson 2019, "How to Divide When There Isn't Enough", chapter 2.
    """
    if weights is not None:
        return _fill(claims, endowment, np.broadcast_to(weights, claims.shape) * claims)
    total = claims.sum(axis=1)
    if (total <= endowment).all():
        return claims.copy(order="K")
    # Dividing by the larger of the two gives 1 where nothing is short, and nothing by zero.
    coefficient = endowment / np.maximum(np.maximum(total, endowment), np.finfo(np.float64).tiny)
    awards: Floats = claims * coefficient[:, None]
    return awards


def constrained_equal_awards(
    claims: Floats, endowment: Floats, weights: Floats | None = None
) -> Floats:
    """Award everybody the same, but nobody more than the claim: x = min(d, λ w), Σx = E.

    Cost O(n log n) per path.

    Source: Maimonides; Aumann and Maschler 1985; weighted form: Moulin 2000.
    """
    ones = np.ones(1) if weights is None else weights
    return _fill(claims, endowment, np.broadcast_to(ones, claims.shape))


def _fill(claims: Floats, endowment: Floats, weights: Floats) -> Floats:
    """Return min(d, λ w) with λ such that the awards sum to the endowment.

    Lines are filled in ascending order of d / w, the level at which each is satisfied. With the k
    lowest satisfied, the level that spends the endowment is (E - Σ their d) / (Σ other w); the
    first k for which that level does not pass the next line's own is the answer.
    """
    full = np.divide(claims, weights, out=np.zeros(claims.shape), where=weights > 0)
    order = np.argsort(full, axis=1, kind="stable")
    level = np.take_along_axis(full, order, axis=1)
    spent = np.cumsum(np.take_along_axis(claims, order, axis=1), axis=1)
    weight = np.cumsum(np.take_along_axis(weights, order, axis=1)[:, ::-1], axis=1)[:, ::-1]
    before = np.concatenate([np.zeros((len(claims), 1)), spent[:, :-1]], axis=1)
    candidate = np.divide(
        endowment[:, None] - before, weight, out=np.zeros(claims.shape), where=weight > 0
    )
    enough = candidate < level
    first = np.argmax(enough, axis=1)
    chosen = np.take_along_axis(candidate, first[:, None], axis=1)
    awards = np.minimum(claims, np.maximum(chosen, 0.0) * weights)
    return np.where(enough.any(axis=1)[:, None], awards, claims)


RULES: dict[str, Rule] = {
    "proportional": proportional,
    "constrained_equal_awards": constrained_equal_awards,
}
"""Rules by name."""
