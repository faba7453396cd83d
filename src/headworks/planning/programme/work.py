"""Constraints on what runs: chips there are, power, and the work that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.rows import Rows, at_least, at_most

if TYPE_CHECKING:
    from headworks.planning.programme.stage import Stage


def placed(at: Stage) -> Rows:
    """Run no more chips than have arrived, or were there before.

    Σ over berths of the line: running[berth, month] − arrived[line, month] ≤ held[line, month]
    [units]
    """
    rows = at_most("placed", ("line", "month"), at.held)
    rows.on(rows.number[at.problem.berths.line], at["running"], 1.0)
    rows.on(rows.number, at["arrived"], -1.0)
    return rows


def power(at: Stage) -> Rows:
    """Draw no more power at a site than is there.

    Σ over berths at the site: power_mw[line] × running[berth, month]
    − begun[site, month − build_lead] ≤ power_mw[site, month]   [MW]
    """
    problem = at.problem
    berths, sites = problem.berths, problem.sites
    rows = at_most("power", ("site", "month"), sites.power_mw.astype(np.float64))
    somewhere = np.flatnonzero(berths.site >= 0)
    draw = problem.goods.power_mw[berths.line[somewhere], np.newaxis]
    rows.on(rows.number[berths.site[somewhere]], at["running"][somewhere], draw)
    site, month = np.ogrid[: len(sites.names), : len(problem.months)]
    ready = np.maximum(month - sites.build_lead[:, np.newaxis], -1)
    rows.on_decided(rows.number, np.where(ready >= 0, at.begun[site, ready], -1), -1.0)
    return rows


def work(at: Stage) -> Rows:
    """Serve the work that is wanted with chips, with what is rented, or not.

    Σ over berths of the company and work: rate[berth] × running[berth, month]
    + rented[company, work, month] + short[company, work, month] ≥ wanted[company, work, month]
    [H100-equivalents]
    """
    problem = at.problem
    rows = at_least("work", ("company", "work", "month"), at.outlook.wanted.astype(np.float64))
    berths = problem.berths
    served = rows.number[problem.company[berths.line], berths.work]
    rows.on(served, at["running"], berths.rate[:, np.newaxis])
    rows.on(rows.number, at["rented"], 1.0)
    rows.on(rows.number, at["short"], 1.0)
    return rows


def served(at: Stage) -> Rows:
    """Serve the least share of the work wanted that was asked for; no rows where none was.

    short[company, work, month] ≤ (1 − served_min) × wanted[company, work, month]
    [H100-equivalents]
    """
    least = at.problem.served_min
    upper = (1 - least) * np.maximum(at.outlook.wanted, 0.0)
    bound = upper if least > 0 else np.full(upper.shape, np.inf)
    rows = at_most("served", ("company", "work", "month"), bound)
    rows.on(rows.number, at["short"], 1.0)
    return rows
