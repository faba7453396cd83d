"""The sections of a report, in the order of the page: adding one is one record in `SECTIONS`."""

from __future__ import annotations

from headworks.report.content import Material, Section
from headworks.report.sections import (
    answer,
    basis,
    companies,
    comparison,
    compute,
    gates,
    seller,
    stocks,
    waterfall,
)

SECTIONS: tuple[Section[Material], ...] = (
    Section("answer", "The answer", answer.build),
    Section("comparison", "Against another scenario", comparison.build),
    Section("stocks", "How the numbers grow", stocks.build),
    Section("waterfall", "From wanted to installed", waterfall.build),
    Section("gates", "Which gate binds", gates.build),
    Section("companies", "Company by company", companies.build),
    Section("compute", "What the chips compute", compute.build),
    Section("seller", "The seller’s view", seller.build),
    Section("basis", "What the result rests on", basis.build),
)
"""A section whose `build` returns None is left out of the page."""

__all__ = ["SECTIONS"]
