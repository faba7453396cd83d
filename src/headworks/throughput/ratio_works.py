"""Works by which chips are compared: what the packaged file defines, read and checked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from headworks.errors import ScenarioError
from headworks.scenario.catalogue import data_folder
from headworks.scenario.faults import describe
from headworks.scenario.model import Id, Record, Text
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput.model_card import ModelId

if TYPE_CHECKING:
    from pathlib import Path

Measure = Literal["peak", "bandwidth", "product", "prefill", "decode", "training"]
UNITS: dict[Measure, str] = {
    "peak": "TFLOP/s",
    "bandwidth": "TB/s",
    "product": "TFLOP/s",
    "prefill": "tokens/s",
    "decode": "tokens/s",
    "training": "tokens/s",
}
"""Unit of each measure, for one chip."""
Above = Annotated[float, Field(gt=0)]
Size = Annotated[int, Field(ge=1)]


class RatioWork(Record):
    """One work: a set-up that every chip is put to, defined and not measured."""

    title: Text
    """Name of its row."""
    phrase: Text
    """What it is called in a sentence, such as `reading prompts`."""
    measure: Measure
    """What is counted for one chip: the stated peak or bandwidth, operations of one product, or
    the tokens that are read, written or trained on."""
    reason: Text
    """Why it has these numbers."""
    precision: Text | None = None
    """Format of the weights."""
    kv_precision: Text | None = None
    """Format of cached keys and values."""
    model: ModelId | None = None
    """The model; needed where tokens are counted."""
    chips: Annotated[list[Size], Field(min_length=1)] = Field(default_factory=lambda: [1])
    """Numbers of chips, ascending: the first that holds the model and the load is taken."""
    tp: Size | None = None
    """Tensor parallel chips; the fastest layout is taken where no part of it is stated."""
    pp: Size | None = None
    """Pipeline stages."""
    ep: Size | None = None
    """Chips that share the experts of a layer."""
    experts_over_all: bool = False
    """Whether each chip attends to its own requests and the experts are spread over all chips."""
    input_tokens: Above | None = None
    """Tokens of a prompt, or of a sequence."""
    output_tokens: Above | None = None
    """Tokens written for a request."""
    requests_per_chip: Above | None = None
    """Requests in flight for each chip."""
    tpot_ms: Above | None = None
    """Longest time per token, with as many requests as that allows."""
    tokens: Above | None = None
    """Rows of the product."""
    size: Above | None = None
    """Rows and columns of the product's weights."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> RatioWork:
        needed = {
            "peak": ["precision"],
            "bandwidth": [],
            "product": ["precision", "tokens", "size"],
        }
        names = needed.get(self.measure, ["model", "precision", "input_tokens"])
        missing = [name for name in names if getattr(self, name) is None]
        if missing:
            message = f"a work that counts {self.measure} needs {', '.join(missing)}"
            raise ValueError(message)
        one_of = (self.requests_per_chip, self.tpot_ms)
        if self.measure == "decode" and sum(given is not None for given in one_of) != 1:
            message = "decoding needs either requests_per_chip or tpot_ms"
            raise ValueError(message)
        if sorted(set(self.chips)) != self.chips:
            message = "chips must ascend"
            raise ValueError(message)
        return self


class RatioFile(Record):
    """The file of works."""

    works: Annotated[dict[Id, RatioWork], Field(min_length=1)]


@cache
def ratio_works(path: Path | None = None) -> dict[str, RatioWork]:
    """Return the works of a file by id, in its order; the packaged ones if None.

    Raises:
        ScenarioError: The file has faults; all of them are listed.
    """
    document = read_yaml(path or data_folder() / "works" / "ratios.yaml")
    if document.faults:
        raise ScenarioError(document.faults)
    try:
        return RatioFile.model_validate(document.tree).works
    except ValidationError as error:
        raise ScenarioError(list(describe(error, document, model=RatioFile))) from None
