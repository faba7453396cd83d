"""Constants: realised efficiencies and fixed times, by chip, by family and by serving software."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, ValidationError

from headworks.errors import ScenarioError
from headworks.scenario.catalogue import catalogue, data_folder, missing_sources
from headworks.scenario.faults import describe
from headworks.scenario.model import Id, Record, Text
from headworks.scenario.quantity import Quantity
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput.draws import drawn, middle
from headworks.throughput.joint import Joint, label, packaged_joint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from headworks.throughput.draws import Draws

ANY = "any"
"""Scope of a constant that holds where no narrower one is known."""


class Constant(Quantity):
    """One constant: a quantity with the grade of its evidence."""

    grade: Literal["A", "B", "C", "D"]
    """A measured and repeatable, B fitted or from one paper, C carried over from another family,
    D a guess with a wide range."""
    fitted: bool = False
    """Whether `python -m bench.calibrate` moves it; its first value is the prior."""
    prior: list[float] | None = None
    """For fitted ones: p5, median and p95 before the fit."""


Scopes = dict[Id, Constant]


class Meaning(Record):
    """One constant by name: what it says, and its value in each scope."""

    says: Text
    """What the number means, for a reader."""
    unit: Literal[
        "share", "us", "ms", "count", "bytes", "gb_per_s", "factor", "log", "w_per_tflops"
    ]  # fmt: skip
    """Its unit, which is also the end of its name."""
    scopes: Annotated[Scopes, Field(min_length=1)]
    """Values by scope: a chip, a family of chips, a serving software, or `any`."""


class Measured(Record):
    """Runs in which a figure was measured, for one kind of model, that constants are fitted to."""

    chips: dict[Id, int] = Field(default_factory=dict)
    """Number of runs by chip, by id."""
    families: dict[Id, int] = Field(default_factory=dict)
    """Number of runs by family of models, as the protocol of validation names them."""


class ConstantFile(Record):
    """The file of constants."""

    measured: dict[Id, Measured] = Field(default_factory=dict)
    """By figure and kind of model, such as `tpot_dense`."""
    constants: dict[Id, Meaning]


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What a fit to measured cases found."""

    meanings: Mapping[str, Meaning]
    """Constants by name."""
    measured: Mapping[str, Measured] = field(default_factory=dict)
    """Runs that they were fitted to, by figure and kind of model."""
    joint: Joint = field(default_factory=Joint)
    """How those that were fitted hang together."""


class Constants:
    """The constants of one chip under one software, as draws.

    A scope that is named first goes before a later one: chip, family, software, `any`.
    """

    def __init__(self, calibration: Calibration, scopes: tuple[str, ...], count: int) -> None:
        """Hold a calibration and the scopes, narrowest first; nothing is drawn until asked for."""
        self.measured = calibration.measured
        self._meanings = calibration.meanings
        self._joint = calibration.joint
        self._scopes = (*scopes, ANY)
        self._count = count
        self._drawn: dict[str, Draws] = {}
        self._middles: dict[str, float] = {}

    def __getitem__(self, name: str) -> Draws:
        """Return the draws of a constant, shape `(draw,)`, in the unit that its name ends in."""
        if name not in self._drawn:
            scope = self.scope(name)
            constant = self._meanings[name].scopes[scope]
            tied = self._joint.scores(self._count).get((name, scope))
            if tied is None:
                values = drawn(constant, label((name, scope)), self._count)
            else:
                values = constant.distribution.quantile(tied)
            # No share of anything is above 1, as the tail of a lognormal would have it.
            self._drawn[name] = np.minimum(values, 1.0) if name.endswith("_share") else values
        return self._drawn[name]

    def middle(self, name: str) -> float:
        """Return the median of a constant that decides what is done, and so is not drawn."""
        if name not in self._middles:
            self._middles[name] = float(middle(self[name]))
        return self._middles[name]

    def scope(self, name: str) -> str:
        """Return the scope that a constant is taken from."""
        scopes = self._meanings[name].scopes
        return next(scope for scope in self._scopes if scope in scopes)

    def grade(self, name: str) -> str:
        """Return the grade of a constant's evidence."""
        return self._meanings[name].scopes[self.scope(name)].grade


def meanings(path: Path | None = None) -> dict[str, Meaning]:
    """Return the constants of a file; of the packaged one if None.

    Raises:
        ScenarioError: The file has faults; all of them are listed.
    """
    return _file(path).constants


@cache
def packaged() -> Calibration:
    """Return the calibration that comes with the package.

    Raises:
        ScenarioError: The file of constants has faults; all of them are listed.
    """
    record = _file(None)
    return Calibration(record.constants, record.measured, packaged_joint())


@cache
def _file(path: Path | None) -> ConstantFile:
    """Read and check a file of constants; the packaged one if None."""
    file = path or data_folder() / "calibration" / "constants.yaml"
    document = read_yaml(file)
    if document.faults:
        raise ScenarioError(document.faults)
    try:
        record = ConstantFile.model_validate(document.tree)
    except ValidationError as error:
        raise ScenarioError(list(describe(error, document, model=ConstantFile))) from None
    faults = list(missing_sources(record, document, catalogue()))
    for name, meaning in record.constants.items():
        path_of = ("constants", name)
        if ANY not in meaning.scopes:
            faults.append(document.fault(path_of, f"has no value for {ANY!r}", "add one"))
        if not name.endswith(f"_{meaning.unit}"):
            faults.append(document.fault(path_of, f"does not end in its unit {meaning.unit!r}"))
    if faults:
        raise ScenarioError(faults)
    return record
