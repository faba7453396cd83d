"""The baseline: the fixed model as one would write it once, in chunked NumPy, for itself alone.

Nothing here is general: the seven gates are seven blocks of array arithmetic. It uses NumPy's
generator, seeded per chunk, and keeps the installed units of each path at the end, or all that a
forecast keeps.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench import fixed_model as model
from bench.script_record import Record

Floats: TypeAlias = NDArray[np.float64]

CHUNK = 500


def installed(paths: int, seed: int = 1, first_path: int = 0) -> Floats:
    """Return the installed units of each path at the end, shape (path,)."""
    result = np.empty(paths)
    for start in range(0, paths, CHUNK):
        count = min(CHUNK, paths - start)
        rng = np.random.default_rng([seed, first_path + start])
        result[start : start + count] = _chunk(count, rng)
    return result


def part(of: tuple[int, int, int]) -> Floats:
    """Return what `installed` does, for a number of paths, a seed and the first path."""
    return installed(*of)


def recorded(paths: int, seed: int = 1, first_path: int = 0) -> Record:
    """Return what a forecast keeps of these paths; its luck is that of `installed`."""
    record = Record.empty(paths, first_path)
    for start in range(0, paths, CHUNK):
        count = min(CHUNK, paths - start)
        rng = np.random.default_rng([seed, first_path + start])
        _chunk(count, rng, record.part(start, count))
    return record


def recorded_part(of: tuple[int, int, int]) -> Record:
    """Return what `recorded` does, for a number of paths, a seed and the first path."""
    return recorded(*of)


def _open_until(paths: int, mean_open: float, mean_shut: float, rng: np.random.Generator) -> Floats:
    """Return the share of each week up to its last open moment, shape (week, path)."""
    horizon = model.WEEKS * 7.0
    until = np.zeros((model.WEEKS, paths))
    now = np.zeros(paths)
    is_open = rng.random(paths) < model.OPEN_AT_START
    while (now < horizon).any():
        mean = np.where(is_open, mean_open, mean_shut)
        end = now + rng.exponential(1.0, paths) * mean
        first = int(now.min() // 7)
        last = min(model.WEEKS, int(min(end.max(), horizon) // 7) + 1)
        t0 = np.arange(first, last)[:, None] * 7.0
        open_now = is_open & (np.minimum(end, t0 + 7) > np.maximum(now, t0))
        reach = np.where(open_now, (np.minimum(end, t0 + 7) - t0) / 7, 0.0)
        np.maximum(until[first:last], reach, out=until[first:last])
        now, is_open = end, ~is_open
    return until


def _share(claims: Floats, amount: Floats | float) -> Floats:
    """Return awards in proportion to claims, shape (company, path)."""
    total = claims.sum(axis=0)
    result: Floats = claims * np.minimum(1.0, amount / np.maximum(total, 1e-300))
    return result


def _chunk(  # noqa: PLR0915 - block by block
    paths: int, rng: np.random.Generator, record: Record | None = None
) -> Floats:
    shape = (model.COMPANIES, paths)
    orders = np.array(model.ORDERS_PER_WEEK)[:, None]
    low, high = model.ROUND_SIZE
    margin = (high - low) / 18
    licence_until = _open_until(paths, model.LICENCE_OPEN_DAYS, model.LICENCE_SHUT_DAYS, rng)
    customs_until = _open_until(paths, model.CUSTOMS_OPEN_DAYS, model.CUSTOMS_SHUT_DAYS, rng)
    sigma = np.sqrt(np.log1p(model.STOCK_NOISE**2))
    inflow = model.STOCK_PER_WEEK * np.exp(
        sigma * rng.standard_normal((model.WEEKS, paths)) - sigma**2 / 2
    )
    lead = int(model.LICENCE_LEAD_DAYS // 7)
    lab_lead = int(model.LAB_LEAD_DAYS // 7)
    install_lead = int(model.INSTALLATION_LEAD_DAYS // 7)
    pending = np.zeros((lead, *shape))
    testing = np.zeros((lab_lead, *shape))
    installing = np.zeros((install_lead, *shape))
    at_allocation, at_laboratory, at_export, at_customs, at_installation = (
        np.zeros(shape) for _ in range(5)
    )
    licences, approvals, done = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    under_test, not_usable = np.zeros(shape), np.zeros(shape)
    stock = np.full(paths, model.STOCK_INITIAL)
    leave = 1.0 - np.exp(-7.0 / model.CUSTOMS_PATIENCE_DAYS)
    for week in range(model.WEEKS):
        # what was under way arrives
        tested = testing[week % lab_lead]
        at_export += tested
        under_test -= tested
        done += installing[week % install_lead]
        usable = pending[week % lead]
        licences += usable
        not_usable -= usable
        stock += inflow[week]
        at_allocation += orders
        # papers: a licence office that opens and shuts, and a round every quarter
        upstream = at_allocation + at_laboratory + under_test + at_export
        licence = np.maximum(upstream - licences - not_usable, 0.0) * licence_until[week]
        pending[week % lead] = licence
        not_usable += licence
        approval = None
        if week % model.ROUND_EVERY_WEEKS == 0:
            size = rng.uniform(low - margin, high + margin, paths)
            approval = _share(np.maximum(upstream - approvals, 0.0), size)
            approvals += approval
        # allocation against papers that are not spoken for
        between = at_laboratory + under_test + at_export
        free = np.maximum(np.minimum(licences, approvals) - between, 0.0)
        allottable = np.minimum(at_allocation, free)
        if record is not None:
            record.hold("allocation", at_allocation - allottable, approvals - between - free)
        allotted = _share(allottable, stock)
        at_allocation -= allotted
        stock -= allotted.sum(axis=0)
        at_laboratory += allotted
        # laboratory
        test = _share(at_laboratory, model.LAB_PER_WEEK)
        at_laboratory -= test
        testing[week % lab_lead] = test
        under_test += test
        # export draws the papers
        fewest = np.minimum(licences, approvals)
        exported = np.minimum(at_export, fewest)
        if record is not None:
            record.hold("export", at_export - exported, approvals - fewest)
        at_export -= exported
        licences -= exported
        approvals -= exported
        at_customs += exported
        # customs
        cleared = at_customs * customs_until[week]
        at_customs -= cleared
        at_installation += cleared
        # installation
        fitted = _share(at_installation, model.INSTALLED_PER_WEEK)
        at_installation -= fitted
        installing[week % install_lead] = fitted
        # the impatient leave
        gone = at_customs * leave
        if record is not None:
            queues = at_allocation, at_laboratory, at_export, at_customs, at_installation
            record.wait(queues)
            passed = licence, approval, allotted, exported, cleared, gone
            record.count(passed)
            record.write(week + 1, done)
        at_customs -= gone
    return np.asarray(done.sum(axis=0))
