"""The result of an authority's plan: awards, the frontier, the rules beside it, and a record."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.rationing.record.seal import digest

if TYPE_CHECKING:
    from headworks.planning.authority.case import Case
    from headworks.planning.authority.outcome import Outcome
    from headworks.planning.authority.response import Response
    from headworks.planning.authority.terms import Terms
    from headworks.planning.problem import Floats

RECORD_FORMAT = 2
"""Raised when a record of the same plan is written in another way; 1 lacked the method of whole
units."""
RECORD_KIND = "round_plan"
DIGITS = 6
"""Decimals of shares, and of amounts in the record."""


@dataclass(frozen=True, slots=True)
class Point:
    """One split of the round on the picture of compute against domestic share."""

    name: str
    """`plan`, `frontier`, or the rule that made it."""
    title: str
    target: float | None
    """The domestic share that was asked for; None of a rule."""
    shares: Floats
    """Shares of the round, shape (applicant,)."""
    predicted: Outcome
    """What it becomes by the response curves."""
    simulated: Outcome
    """What it becomes in the flow."""

    def compute(self, *, by_curves: bool = False) -> float:
        """Return the mean compute of everyone in the story."""
        return float((self.predicted if by_curves else self.simulated).compute.mean())

    def domestic_share(self, share_of: str, *, by_curves: bool = False) -> float | None:
        """Return mean domestic compute over the mean of all, the least of the books.

        None where no book has any compute.
        """
        imported, domestic = (self.predicted if by_curves else self.simulated).books(share_of)
        return least_share(imported.mean(axis=-1), domestic.mean(axis=-1))

    def less_than(self, other: Point) -> tuple[float, float]:
        """Return how much less mean compute it has than another split, and the standard error.

        Both were run on the same luck, so that the difference is far surer than either mean.
        """
        less = other.simulated.compute - self.simulated.compute
        error = less.std(ddof=1) / np.sqrt(len(less)) if len(less) > 1 else 0.0
        return float(less.mean()), float(error)

    def to_json(self, case: Case, terms: Terms, plan: Point) -> dict[str, Any]:
        """Return it as plain values, beside the plan."""
        less, error = self.less_than(plan)
        p5, median, p95 = np.quantile(self.simulated.compute, [0.05, 0.5, 0.95])
        return {
            "name": self.name,
            "target": self.target,
            "shares": dict(zip(case.applicants, _rounded(self.shares), strict=True)),
            "compute": self.compute(),
            "compute_p5": float(p5),
            "compute_med": float(median),
            "compute_p95": float(p95),
            "less_than_plan": less,
            "less_than_plan_standard_error": error,
            "domestic_share": self.domestic_share(terms.share_of),
            "compute_by_curves": self.compute(by_curves=True),
            "domestic_share_by_curves": self.domestic_share(terms.share_of, by_curves=True),
        }


@dataclass(frozen=True)
class RoundPlan:
    """Whom to award how much of a round."""

    case: Case
    terms: Terms
    response: Response
    """The curves around the last split they were measured at."""
    plan: Point
    """The best awards."""
    units: tuple[float, ...]
    """The awards in the pool's unit, whole where that is a chip, at the round's median volume."""
    floors: Floats
    """Least share of the round of each applicant, shape (applicant,)."""
    frontier: tuple[Point, ...]
    """Best awards for rising targets, from none to the largest that can be met."""
    rules: tuple[Point, ...]
    """What rules of rationing would award."""
    prices: dict[str, float | None]
    """What a limit costs in mean compute: `unit` of the round more, `point` (a percentage point)
    of the target less, `floor` taken away; 0 where it does not bind."""
    passes: int
    """How often the curves were measured."""
    whole: str
    """Method of whole units."""

    @property
    def residual(self) -> float:
        """Curves against flow at the plan: difference of mean compute over what is simulated."""
        simulated = self.plan.compute()
        difference = abs(self.plan.compute(by_curves=True) - simulated)
        return difference / simulated if simulated else difference

    @property
    def probability(self) -> float | None:
        """Share of the paths with any compute on which the target is met; None without one."""
        return met(self.plan.simulated, self.terms.share_of, self.terms.target)

    @property
    def left(self) -> float:
        """Share of the round that nobody is awarded, since it would add nothing, or the target."""
        return max(1.0 - float(self.plan.shares.sum()), 0.0)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each applicant: claim, floor, award, and what is installed."""
        imported, domestic = self.plan.simulated.applicants.mean(axis=-1)
        return [
            {
                "applicant": name,
                "claim": float(self.case.claims[n]),
                "floor": float(self.floors[n] * self.case.size),
                "award": self.units[n],
                "share": round(float(self.plan.shares[n]), DIGITS),
                "imported": float(imported[n]),
                "domestic": float(domestic[n]),
            }
            for n, name in enumerate(self.case.applicants)
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values, in the form that other programs rely on."""
        case, terms = self.case, self.terms
        return {
            "status": "optimal",
            "scenario": case.scenario.scenario,
            "pool": case.pool,
            "round": case.round,
            "by": case.by.isoformat(),
            "measure": case.measure,
            "unit": case.unit,
            "size": case.size,
            "takes_place": case.takes_place,
            "paths": case.paths,
            "seed": case.seed,
            "target": terms.target,
            "target_probability": terms.probability,
            "share_of": terms.share_of,
            "floor": terms.floor,
            "floor_rule": terms.floor_rule,
            "objective": self.plan.compute(),
            "domestic_share": self.plan.domestic_share(terms.share_of),
            "met_on_paths": self.probability,
            "residual": self.residual,
            "passes": self.passes,
            "left": round(self.left, DIGITS),
            "awards": self.rows(),
            "prices": self.prices,
            "plan": self.plan.to_json(case, terms, self.plan),
            "frontier": [point.to_json(case, terms, self.plan) for point in self.frontier],
            "rules": [point.to_json(case, terms, self.plan) for point in self.rules],
            "record": self.record(),
        }

    def record(self) -> dict[str, Any]:
        """Return what makes the awards checkable: inputs with their hash, and a hash of it all.

        The inputs are enough to make the awards again: the scenario as it was read, the luck, the
        terms, the claims, and the means of the curves that the programme saw.
        """
        case, terms, response = self.case, self.terms, self.response
        inputs = {
            "scenario": case.scenario.scenario,
            "scenario_sha256": digest(case.scenario.model_dump(mode="json", by_alias=True)),
            "pool": case.pool,
            "round": case.round,
            "by": case.by.isoformat(),
            "measure": case.measure,
            "paths": case.paths,
            "seed": case.seed,
            "size": case.size,
            "claims": dict(zip(case.applicants, _rounded(case.claims), strict=True)),
            "target": terms.target,
            "target_probability": terms.probability,
            "share_of": terms.share_of,
            "floor": terms.floor,
            "floor_rule": terms.floor_rule,
            "whole": self.whole,
            "curves": {
                name: {
                    "shares": _rounded(levels),
                    "compute": [round(float(move.compute.mean()), DIGITS) for move in moves],
                }
                for name, levels, moves in zip(
                    case.applicants, response.levels, response.moves, strict=True
                )
            },
        }
        body = {
            "format": RECORD_FORMAT,
            "kind": RECORD_KIND,
            "software": f"headworks {version('headworks')}",
            "inputs": inputs,
            "inputs_sha256": digest(inputs),
            "awards": dict(zip(case.applicants, self.units, strict=True)),
        }
        return {**body, "sha256": digest(body)}


def least_share(imported: Floats, domestic: Floats) -> float | None:
    """Return the least domestic share of books with any compute, shapes (book,)."""
    whole = imported + domestic
    some = whole > 0
    return float((domestic[some] / whole[some]).min()) if some.any() else None


def met(outcome: Outcome, share_of: str, target: float) -> float | None:
    """Return the share of paths on which every book keeps to a target.

    A book without compute keeps to any; None where no path has any compute at all.
    """
    imported, domestic = outcome.books(share_of)
    whole = imported + domestic
    some = (whole > 0).any(axis=0)
    # A hair below the target is rounding, not a breach.
    kept = (domestic >= target * whole * (1 - 1e-9)).all(axis=0)
    return float(kept[some].mean()) if some.any() else None


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), DIGITS) for value in values]
