"""Small problems of plans, for tests of the programme and its solvers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.flow.line import Line
from headworks.planning.problem import (
    Berths,
    Ceiling,
    Goods,
    Outlook,
    Problem,
    Ratio,
    Sites,
    Works,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

FREE = np.inf


def newsvendor(
    demand: Sequence[float],
    *,
    price: float = 30.0,
    shortfall: float = 100.0,
    **changed: Any,  # noqa: ANN401 (fields of a problem)
) -> Problem:
    """Return the problem of one chip, one month and one order before demand is known."""
    problem = Problem(
        months=(dt.date(2026, 1, 1),),
        lines=(Line("buyer", "chip", "road", 1.0),),
        companies=("buyer",),
        company=np.array([0]),
        works=("serving",),
        window=1,
        dates=(),
        nodes=(),
        goods=_goods(price=[price], months=1, prepaid=1.0),
        berths=Berths(np.array([0]), np.array([-1]), np.array([0]), np.array([1.0])),
        work=Works(np.array([0.0]), np.array([0.0]), np.array([shortfall])),
        sites=_no_sites(1),
        budget_usd=np.array([[FREE]]),
        year=np.array([0]),
        discount=np.ones(1),
        ratios=(),
        ceilings=(),
        pools=(),
        outlooks=tuple(
            outlook(1, 1, name=str(number), probability=1 / len(demand), wanted=[[[units]]])
            for number, units in enumerate(demand)
        ),
    )
    return replace(problem, **changed)


def outlook(
    lines: int,
    months: int,
    *,
    name: str = "0",
    **changed: Any,  # noqa: ANN401 (fields of an outlook)
) -> Outlook:
    """Return an outlook in which whatever is ordered arrives at once, and nothing is wanted."""
    plain = Outlook(
        name=name,
        probability=1.0,
        lag=np.zeros(lines, np.int64),
        slope=np.ones((1, lines, months)),
        offset=np.full((1, lines, months), FREE),
        wanted=np.zeros((1, 1, months)),
        pairing_ratio=np.zeros((0, months)),
        pairing_grace=np.zeros(0),
        ceiling=np.zeros((0, months)),
        pool=np.zeros((0, months)),
        node=np.zeros(0, np.int64),
    )
    arrays: dict[str, Any] = {
        key: np.asarray(value) if isinstance(value, list) else value
        for key, value in changed.items()
    }
    return replace(plain, **arrays)


def toy(**changed: Any) -> Problem:  # noqa: ANN401 (fields of a problem)
    """Return a problem of two months in which every constraint has a row.

    One company with an imported and a domestic chip, a site, a pairing of each kind, a ceiling, a
    pool, a budget, a date at which more can be ordered, and two outlooks that part there.
    """
    common: dict[str, Any] = {
        "lag": [1, 0],
        "offset": [[[0.0, 0.0], [0.0, 0.0]], [[50.0, 90.0], [FREE, FREE]]],
        "pairing_ratio": [[0.5, 0.5], [FREE, 0.8]],
        "pairing_grace": [5.0, 0.0],
        "ceiling": [[FREE, 120.0]],
        "pool": [[80.0, 160.0]],
    }
    likely = outlook(
        2, 2, name="0", probability=0.75, node=[0], **common,
        slope=[[[0.8, 0.9], [1.0, 1.0]], [[0.25, 0.25], [1.0, 1.0]]], wanted=[[[100.0, 200.0]]],
    )  # fmt: skip
    closed = outlook(
        2, 2, name="shut", probability=0.25, node=[1], **common,
        slope=[[[0.1, 0.2], [1.0, 1.0]], [[0.05, 0.05], [1.0, 1.0]]], wanted=[[[100.0, 240.0]]],
    )  # fmt: skip
    problem = Problem(
        months=(dt.date(2026, 12, 1), dt.date(2027, 1, 1)),
        lines=(Line("buyer", "far", "sea", 1.0), Line("buyer", "home", "road", 1.0)),
        companies=("buyer",),
        company=np.array([0, 0]),
        works=("serving",),
        window=1,
        dates=(1,),
        nodes=(0, 0),
        goods=replace(
            _goods(price=[30.0, 20.0], months=2, prepaid=0.5),
            nonrefundable=np.array([0.6, 0.2]),
            residual_usd=np.array([[6.0, 9.0], [3.0, 5.0]]),
            power_mw=np.array([0.2, 0.1]),
            lot=np.array([8.0, 0.0]),
            committed=np.array([[10.0, 0.0], [0.0, 0.0]]),
        ),
        berths=Berths(np.array([0, 1]), np.array([0, 0]), np.array([0, 0]), np.array([1.5, 0.5])),
        work=Works(np.array([40.0]), np.array([0.2]), np.array([60.0])),
        sites=Sites(
            ("north",), np.array([0]), np.array([[12.0, 15.0]]), np.array([20.0]),
            np.array([1]), np.array([[4.0, 0.0]]),
        ),
        budget_usd=np.array([[3_000.0, 9_000.0]]),
        year=np.array([0, 1]),
        discount=np.array([1.0, 0.9]),
        ratios=(
            Ratio("licence", 0, np.array([1.0, 0.0]), np.array([0.0, 1.0]), "ordered"),
            Ratio("customs", 0, np.array([1.0, 0.0]), np.array([0.0, 2.0]), "installed"),
        ),
        ceilings=(Ceiling("cap", np.array([1.0, 0.0])),),
        pools=(Ceiling("stock", np.array([1.0, 0.5])),),
        outlooks=(likely, closed),
        served_min=0.1,
    )  # fmt: skip
    return replace(problem, **changed)


def _goods(*, price: list[float], months: int, prepaid: float) -> Goods:
    lines = len(price)
    return Goods(
        price_usd=np.array(price),
        prepaid=np.full(lines, prepaid),
        nonrefundable=np.ones(lines),
        residual_usd=np.zeros((lines, months)),
        power_mw=np.zeros(lines),
        lot=np.zeros(lines),
        committed=np.zeros((lines, months)),
        order_max=np.full((lines, months), FREE),
    )


def _no_sites(months: int) -> Sites:
    return Sites(
        (), np.zeros(0, np.int64), np.zeros((0, months)), np.zeros(0),
        np.zeros(0, np.int64), np.zeros((0, months)),
    )  # fmt: skip
