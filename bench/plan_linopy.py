"""The programme of a plan in linopy, as somebody would write it there: the baseline and a check.

Written from the definitions of `planning.problem`, with orders as they are placed and cumulative
ones as variables, for all outlooks at once on arrays with labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from headworks.planning.problem import Problem


def linopy_model(problem: Problem) -> tuple[Any, float]:
    """Return the extensive form of a problem whose risk is the mean, and what it leaves out."""
    data = _Data(problem)
    model: Any = linopy.Model()
    _decided(model, data)
    _arrivals(model, data)
    _use(model, data)
    _budget(model, data)
    return model, _objective(model, data)


class _Data:
    """Arrays of a problem with labels, all outlooks together."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        goods, sites = problem.goods, problem.sites
        self.months = pd.RangeIndex(len(problem.months), name="month")
        self.window = pd.RangeIndex(problem.window, name="month")
        self.lines = pd.RangeIndex(len(problem.lines), name="line")
        self.sites = pd.RangeIndex(len(sites.names), name="site")
        self.nodes = pd.RangeIndex(len(problem.nodes), name="node")
        self.works = pd.RangeIndex(len(problem.works), name="work")
        self.companies = pd.RangeIndex(len(problem.companies), name="company")
        self.both = pd.RangeIndex(len(self.companies) * len(self.works), name="both")
        self.years = pd.RangeIndex(problem.budget_usd.shape[1], name="year")
        self.outlooks = pd.RangeIndex(len(problem.outlooks), name="outlook")
        self.berths = pd.RangeIndex(len(problem.berths.line), name="berth")
        self.price = xr.DataArray(goods.price_usd, dims="line")
        self.prepaid = xr.DataArray(goods.prepaid, dims="line") * self.price
        self.rest = self.price - self.prepaid
        self.discount = xr.DataArray(problem.discount, dims="month")
        self.committed = xr.DataArray(np.cumsum(goods.committed, axis=1), dims=("line", "month"))
        self.wanted = self._each("wanted", "company", "work", "month")
        self.lag = self._each("lag", "line")
        self.chance = self._each("probability")

    def _each(self, name: str, *dims: str) -> xr.DataArray:
        values = np.stack([getattr(outlook, name) for outlook in self.problem.outlooks])
        return xr.DataArray(values, dims=("outlook", *dims))

    def by_both(self, values: xr.DataArray) -> xr.DataArray:
        """Return values with company and work as one axis."""
        return xr.DataArray(
            values.to_numpy().reshape(len(self.outlooks), len(self.both), -1),
            coords=[self.outlooks, self.both, self.months],
        )

    def of_work(self, values: Any) -> Any:  # noqa: ANN401
        """Return a value of each work for each company and work."""
        return np.tile(values, len(self.companies))

    def slope(self) -> tuple[xr.DataArray, xr.DataArray]:
        """Return slopes and offsets of the response curves."""
        dims = ("segment", "line", "month")
        return self._each("slope", *dims), self._each("offset", *dims)

    def cap(self, name: str, number: int) -> xr.DataArray:
        """Return the amounts of a ceiling or a pool."""
        return self._each(name, name, "month").isel({name: number}, drop=True)

    def pairing(self) -> tuple[xr.DataArray, xr.DataArray]:
        """Return ratios and graces of pairings."""
        return self._each("pairing_ratio", "ratio", "month"), self._each("pairing_grace", "ratio")


def _decided(model: Any, data: _Data) -> None:  # noqa: ANN401
    """Add orders, building, and what is ordered in each outlook by each month."""
    problem = data.problem
    most = xr.DataArray(problem.goods.order_max[:, : problem.window], dims=("line", "month"))
    order = model.add_variables(0, most, [data.lines, data.window], name="order")
    build_max = xr.DataArray(
        problem.sites.build_max_mw[:, : problem.window], dims=("site", "month")
    )
    build = model.add_variables(0, build_max, [data.sites, data.window], name="build")
    later = model.add_variables(0, coords=[data.nodes, data.lines], name="later")
    total = model.add_variables(0, coords=[data.outlooks, data.lines, data.months], name="ordered")
    step = total - total.shift(month=1)
    model.add_constraints(step.isel(month=slice(0, problem.window)) - order == 0, name="now")
    dates = list(problem.dates)
    if dates:
        node = xr.DataArray(
            np.stack([outlook.node for outlook in problem.outlooks]), dims=("outlook", "month")
        ).assign_coords(month=dates)
        placed = later.sel(node=node)
        model.add_constraints(step.sel(month=dates) - placed == 0, name="at nodes")
    quiet = [m for m in range(problem.window, len(data.months)) if m not in dates]
    if quiet:
        model.add_constraints(step.sel(month=quiet) == 0, name="between")
    begun = model.add_variables(0, coords=[data.sites, data.months], name="begun")
    rise = begun - begun.shift(month=1)
    model.add_constraints(rise.isel(month=slice(0, problem.window)) - build == 0, name="begin")
    rest = list(range(problem.window, len(data.months)))
    if rest:
        model.add_constraints(rise.sel(month=rest) == 0, name="no more")


def _arrivals(model: Any, data: _Data) -> None:  # noqa: ANN401
    arrived = model.add_variables(
        0, coords=[data.outlooks, data.lines, data.months], name="arrived"
    )
    later_months = {"month": slice(1, None)}
    rise = (arrived - arrived.shift(month=1)).isel(later_months)
    model.add_constraints(rise >= 0, name="rising")
    early = data.months.to_numpy() - data.lag.to_numpy()[:, :, np.newaxis]
    outlook, line, _ = np.ogrid[: len(data.outlooks), : len(data.lines), :1]
    axes = [data.outlooks, data.lines, data.months]
    before = _picked(model, "ordered", (outlook, line, np.maximum(early, 0)), axes)
    there = xr.DataArray(early >= 0, coords=axes)
    before = there * before
    committed = there * xr.DataArray(
        data.committed.to_numpy()[line, np.maximum(early, 0)], coords=axes
    )
    model.add_constraints(arrived - before <= committed, name="lead")
    slope, offset = data.slope()
    for piece in range(slope.sizes["segment"]):
        one, free = slope.isel(segment=piece, drop=True), offset.isel(segment=piece, drop=True)
        bound = free + one * committed
        model.add_constraints(
            arrived - one * before <= bound, name=f"response {piece}", mask=np.isfinite(bound)
        )
    for name in ("ceiling", "pool"):
        for number, cap in enumerate(getattr(data.problem, f"{name}s")):
            amount = data.cap(name, number)
            model.add_constraints(
                _weighed(cap.weight, arrived) <= amount,
                name=f"{name} {number}",
                mask=np.isfinite(amount),
            )
    _pairing(model, data, arrived)


def _pairing(model: Any, data: _Data, arrived: Any) -> None:  # noqa: ANN401
    problem = data.problem
    if not problem.ratios:
        return
    ratios, graces = data.pairing()
    for number, rule in enumerate(problem.ratios):
        own = problem.company == rule.company
        imported, domestic = np.where(own, rule.imported, 0.0), np.where(own, rule.domestic, 0.0)
        ratio = ratios.isel(ratio=number, drop=True)
        holds = np.isfinite(ratio)
        ratio = ratio.where(holds, 0.0)
        bound = graces.isel(ratio=number, drop=True) + 0 * ratio
        if rule.trigger == "ordered":
            earned = _weighed(domestic, model.variables["ordered"])
            bound = bound + ratio * (xr.DataArray(domestic, dims="line") * data.committed).sum(
                "line"
            )
        else:
            earned = _weighed(domestic, arrived)
        model.add_constraints(
            _weighed(imported, arrived) - ratio * earned <= bound,
            name=f"pairing {number}",
            mask=holds,
        )


def _weighed(weight: Any, arrived: Any) -> Any:  # noqa: ANN401
    """Return the sum over lines that have a weight."""
    some = np.flatnonzero(weight)
    return (xr.DataArray(weight[some], dims="line") * arrived.isel(line=some)).sum("line")


def _use(model: Any, data: _Data) -> None:  # noqa: ANN401
    problem, berths = data.problem, data.problem.berths
    running = model.add_variables(
        0, coords=[data.outlooks, data.berths, data.months], name="running"
    )
    every = [data.outlooks, data.both, data.months]
    wanted = data.by_both(data.wanted)
    most = wanted * xr.DataArray(data.of_work(problem.work.rent_max), dims="both")
    rented = model.add_variables(0, most, every, name="rented")
    short = model.add_variables(0, coords=every, name="short")
    placed = _grouped(running, berths.line, "line")
    model.add_constraints(placed - model.variables["arrived"] <= 0, name="placed")
    if len(data.sites):
        somewhere = np.flatnonzero(berths.site >= 0)
        draw = xr.DataArray(problem.goods.power_mw[berths.line[somewhere]], dims="berth")
        drawn = _grouped(draw * running.isel(berth=somewhere), berths.site[somewhere], "site")
        early = data.months.to_numpy() - problem.sites.build_lead[:, np.newaxis]
        site = np.arange(len(data.sites))[:, np.newaxis]
        axes = [data.sites, data.months]
        begun = _picked(model, "begun", (site, np.maximum(early, 0)), axes)
        begun = xr.DataArray(early >= 0, coords=axes) * begun
        there = xr.DataArray(problem.sites.power_mw, dims=("site", "month"))
        model.add_constraints(drawn - begun <= there, name="power")
    number = problem.company[berths.line] * len(data.works) + berths.work
    rate = xr.DataArray(berths.rate, dims="berth")
    served = _grouped(rate * running, number, "both")
    model.add_constraints(served + rented + short >= wanted, name="work")
    if problem.served_min > 0:
        model.add_constraints(short <= (1 - problem.served_min) * wanted, name="served")


def _grouped(expression: Any, of: Any, dim: str) -> Any:  # noqa: ANN401
    """Return sums over what belongs to the same entry."""
    inner = "line" if dim == "company" else "berth"
    return (1 * expression).groupby(xr.DataArray(of, dims=inner, name=dim)).sum()


def _picked(model: Any, name: str, at: tuple[Any, ...], axes: Any) -> Any:  # noqa: ANN401
    """Return a variable at other places, which linopy's own selection does not do for lags."""
    variable = model.variables[name]
    parts = {
        part: xr.DataArray(getattr(variable, part).to_numpy()[at], coords=axes)
        for part in ("labels", "lower", "upper")
    }
    return linopy.Variable(xr.Dataset(parts), model, name)


def _budget(model: Any, data: _Data) -> None:  # noqa: ANN401
    problem = data.problem
    own = _belongs(problem.company, len(data.companies), "line")
    rent = xr.DataArray(data.of_work(problem.work.rent_usd), dims="both")
    owns_site = _belongs(problem.sites.company, len(data.companies), "site")
    total, arrived = model.variables["ordered"], model.variables["arrived"]
    last = np.flatnonzero(np.append(np.diff(problem.year) != 0, [True]))
    for number, month in enumerate(last):
        spent = _rise(total, last, number, month) * data.prepaid
        spent = spent + _rise(arrived, last, number, month) * data.rest
        each = _grouped(spent, problem.company, "company")
        months = np.flatnonzero(problem.year == number)
        rents = (rent * model.variables["rented"].isel(month=months)).sum("month")
        company = np.repeat(np.arange(len(data.companies)), len(data.works))
        each = each + rents.groupby(xr.DataArray(company, dims="both", name="company")).sum()
        if len(data.sites):
            build = _rise(model.variables["begun"], last, number, month)
            cost = xr.DataArray(problem.sites.build_usd, dims="site")
            each = each + (owns_site * cost * build).sum("site")
        ordered = problem.goods.committed[:, problem.year == number].sum(axis=1)
        sunk = (own * data.prepaid * xr.DataArray(ordered, dims="line")).sum("line")
        amount = xr.DataArray(problem.budget_usd[:, number], dims="company")
        model.add_constraints(
            each <= (amount - sunk) + 0 * data.chance,
            name=f"budget {number}",
            mask=np.isfinite(amount) & (data.chance >= 0),
        )


def _belongs(of: Any, count: int, dim: str) -> xr.DataArray:  # noqa: ANN401
    return xr.DataArray((np.arange(count)[:, np.newaxis] == of) * 1.0, dims=("company", dim))


def _rise(total: Any, last: Any, number: int, month: Any) -> Any:  # noqa: ANN401
    """Return by how much a running total grew in a year."""
    end = total.sel(month=month) * 1.0
    return end - total.sel(month=int(last[number - 1])) if number else end


def _objective(model: Any, data: _Data) -> float:  # noqa: ANN401
    """Add the objective; return its constant, which linopy does not take."""
    problem, goods = data.problem, data.problem.goods
    total, arrived = model.variables["ordered"], model.variables["arrived"]
    end = float(problem.discount[-1])
    lost = xr.DataArray(goods.nonrefundable, dims="line")
    refund = (1 - lost) * data.prepaid * end
    per_unit = data.rest * data.discount - xr.DataArray(
        goods.residual_usd * end, dims=("line", "month")
    )
    following = per_unit.shift(month=-1, fill_value=0.0)
    after = data.discount.shift(month=-1, fill_value=0.0)
    final = {"month": len(data.months) - 1}
    cost = (data.chance * data.prepaid * (data.discount - after) * total).sum()
    cost = cost + (data.chance * (per_unit - following) * arrived).sum()
    weight = data.chance * data.discount
    for name, price in (("rented", problem.work.rent_usd), ("short", problem.work.shortfall_usd)):
        per_unit_of = xr.DataArray(data.of_work(price), dims="both")
        cost = cost + (weight * per_unit_of * model.variables[name]).sum()
    cost = cost + (data.chance * refund * arrived.sel(final)).sum()
    cost = cost - (data.chance * refund * total.sel(final)).sum()
    if len(data.sites):
        of_build = xr.DataArray(problem.sites.build_usd, dims="site")
        window = data.discount.isel(month=slice(0, problem.window))
        cost = cost + (of_build * window * model.variables["build"]).sum()
    model.add_objective(cost)
    paid = goods.prepaid * goods.price_usd
    back = (1 - goods.nonrefundable) * paid * end
    return float(paid @ goods.committed @ problem.discount - back @ goods.committed.sum(axis=1))
