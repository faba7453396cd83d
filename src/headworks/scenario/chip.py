"""Chips: what one accelerator package can do, with a source for every number."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from headworks.scenario.model import Id, Record, Text
from headworks.scenario.quantity import Measured, Quantity, Usd

Dtype = Literal["fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp6", "fp4", "int4"]

BITS: dict[str, int] = {
    "fp64": 64, "fp32": 32, "tf32": 32, "bf16": 16, "fp16": 16,
    "fp8": 8, "int8": 8, "fp6": 6, "fp4": 4, "int4": 4,
}  # fmt: skip
"""Bit length of each data type: a definition, not a fact about the world."""

Grade = Literal["A", "B", "C", "D", "P"]
Quarter = Annotated[str, StringConstraints(pattern=r"^\d{4}(-Q[1-4])?$")]


def _above_zero(quantity: Quantity) -> Quantity:
    """Return the quantity if its median is above 0; a lognormal's support may touch it."""
    if quantity.median <= 0:
        message = f"the value is {quantity.median:g}, but must be above 0"
        raise ValueError(message)
    return quantity


AboveZero = AfterValidator(_above_zero)
Tflops = Annotated[Quantity, AfterValidator(Measured("tflops", low=0)), AboveZero]
Gigabytes = Annotated[Quantity, AfterValidator(Measured("gb", low=0)), AboveZero]
GigabytesPerSecond = Annotated[Quantity, AfterValidator(Measured("gb_per_s", low=0))]
Watts = Annotated[Quantity, AfterValidator(Measured("w", low=0)), AboveZero]
SquareMillimetres = Annotated[Quantity, AfterValidator(Measured("mm2", low=0)), AboveZero]


class Chip(Record):
    """One accelerator package as it is sold; dense rates, without structured sparsity."""

    name: Text
    """Full name as its designer writes it."""
    aliases: list[Text] = Field(default_factory=list)
    """Other spellings that resolve to this chip, compared without case, blanks and dashes."""
    grade: Grade
    """A vendor document or repeatable measurement, B paper or named analyst, C press or contract
    arithmetic, D rumour, P announced and not yet measured. The worst of its compute figures."""
    architecture: Id | None = None
    """Design family, such as `hopper`, by which statements of policy name chips; None where not
    known."""
    launch: Quarter | None = None
    """Quarter (or year) of first volume shipment; None where not known."""
    export_controlled_by: list[Literal["US"]] = Field(default_factory=list)
    """Jurisdictions whose export control reaches the chip wherever it is."""
    data_centre: bool | None = True
    """Whether the chip is designed or marketed for data centres, which the density lines of 3A090
    ask; None where that is not known."""
    peak_tflops: dict[Dtype, Tflops]
    """Peak dense rate by data type, in TFLOP/s (TOP/s for integers); empty where the designer
    discloses none."""
    doubtful: dict[Dtype, Text] = Field(default_factory=dict)
    """Data types whose rate is doubtful, with the reason; answers that rest on one give both
    readings."""
    memory_gb: Gigabytes | None = None
    """Memory of the package."""
    memory_type: Text | None = None
    """Memory technology, such as HBM3e."""
    memory_bandwidth_gb_per_s: GigabytesPerSecond | None = None
    """DRAM bandwidth of the package."""
    scale_up_gb_per_s: GigabytesPerSecond | None = None
    """Scale-up link, both directions summed."""
    tdp_w: Watts | None = None
    """Thermal design power."""
    die_area_mm2: SquareMillimetres | None = None
    """Die area that counts for performance density: dies on non-planar nodes, summed."""
    process: Text | None = None
    """Foundry process."""
    price_usd: Usd | None = None
    """Price of one unit."""
    note: Text | None = None
    """Anything a reader should know before relying on the row."""

    @model_validator(mode="after")
    def _doubt_has_a_rate(self) -> Chip:
        unknown = sorted(set(self.doubtful) - set(self.peak_tflops))
        if unknown:
            message = f"doubtful data types without a rate: {', '.join(unknown)}"
            raise ValueError(message)
        return self

    def tpp_by_dtype(self) -> dict[str, float]:
        """Return the total processing performance by data type: dense rate times bit length.

        Uncertain rates count with their median, rounded to 1e-6, since the logarithm of a lognormal
        would otherwise move a figure off a threshold.

        Source: Technical Notes to ECCN 3A090, which take the maximum over data types.
        """
        return {d: round(peak.median * BITS[d], 6) for d, peak in self.peak_tflops.items()}

    @property
    def tpp(self) -> float | None:
        """Total processing performance: the maximum over data types, doubtful ones left out.

        None where no rate is disclosed. `classification.classify` counts the doubtful ones too.
        """
        rates = self.tpp_by_dtype()
        sure = {dtype: tpp for dtype, tpp in rates.items() if dtype not in self.doubtful}
        return max((sure or rates).values(), default=None)


class ChipFile(Record):
    """One file under `data/chips`: the chips of one designer."""

    designer: Text
    """Company that designed the chips."""
    chips: dict[Id, Chip]
    """Chips by id."""
