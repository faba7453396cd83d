"""Stated: the layout that a query states, with what it leaves out filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.throughput.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.throughput.query import Query


def stated_layout(query: Query) -> Layout:
    """Return the layout that is stated, its gaps filled.

    Groups of attention of a dense model are copies of it, and no part of the layout.
    """
    tp, pp, dp = degrees(query)
    if query.card.experts is None:
        return Layout(tp=tp, pp=pp, ep=query.ep or 1)
    if query.chips is not None and tp * pp * dp > query.chips and dp > 1 and tp % dp == 0:
        # Engines count the same chips once as a tensor group and once as groups of attention.
        tp = max(query.chips // (pp * dp), 1)
    ep = query.ep or (tp * dp if dp > 1 else 1)
    alone = query.phase in {"prefill", "decode"} and query.chips is not None
    if ep > tp * dp and (alone or query.dp is None):
        dp = max((query.chips or ep * pp) // (tp * pp), 1)
    return Layout(tp=tp, pp=pp, dp=dp, ep=min(ep, tp * dp))


def degrees(query: Query) -> tuple[int, int, int]:
    """Return the tensor group, the stages and the groups of attention, each as it is stated.

    What is not stated is what the chips leave for it.
    """
    pp = query.pp or 1
    if query.tp is not None:
        return query.tp, pp, query.dp or 1
    if _attends_apart(query, pp):
        return 1, pp, query.dp or max((query.chips or query.ep or 1) // pp, 1)
    dp = query.dp or 1
    return max((query.chips or dp * pp) // (dp * pp), 1), pp, dp


def _attends_apart(query: Query, pp: int) -> bool:
    """Return whether chips that share experts, with no tensor group stated, each attend alone.

    So they do where prompts are read or tokens written alone, and where no tensor group of all of
    them is stated or possible.
    """
    if query.card.experts is None or not query.ep or query.ep == 1:
        return False
    if query.phase in {"prefill", "decode"} or query.chips is None:
        return True
    group = max(query.chips // ((query.dp or 1) * pp), 1)
    return query.card.attention.heads % group != 0


def otherwise(query: Query, layout: Layout) -> Iterator[str]:
    """Yield what is said of a layout that is not the one that is stated."""
    tp, _, dp = degrees(query)
    if layout.tp != tp:
        yield (
            f"layout: {layout}, since {query.chips} chips hold TP{tp} and DP{dp} only where the "
            "same ones are counted in both"
        )
    elif query.card.experts is not None and query.dp is not None and layout.dp != dp:
        yield (
            f"layout: {layout}, since {layout.ep} chips share the experts of a layer, which makes "
            f"DP{layout.dp} of DP{dp}"
        )
    elif query.ep is not None and layout.ep != query.ep:
        yield f"layout: {layout}, since no more than {layout.ep} chips share the experts of a layer"


def uncounted(query: Query, layout: Layout) -> Iterator[str]:
    """Yield what is wrong if the stated chips are not those of the layout, nor of copies of it.

    Groups of attention of a dense model, which the layout leaves out, are copies of it.
    """
    copies = copies_stated(query)
    needed = layout.chips * copies
    if query.chips is None or query.chips % needed == 0:
        return
    clash = f"there are {query.chips:,}"
    if needed <= query.chips:
        clash = f"{query.chips:,} is no multiple of them"
    whole = f"{layout} DP{copies}" if copies > 1 else str(layout)
    yield f"{whole} takes {needed:,} chips; {clash}"


def copies_stated(query: Query) -> int:
    """Return the copies that a layout states: groups of attention without experts to share."""
    return query.dp or 1 if query.card.experts is None else 1
