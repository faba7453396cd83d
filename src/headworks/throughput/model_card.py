"""Model cards: the shape of a language model, from which its bytes and operations follow."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from headworks.scenario.model import Record, Text
from headworks.scenario.quantity import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

ModelId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
"""A lower-case identifier such as `llama-3.1-70b`: unlike other ids it may hold a dot."""

Count = Annotated[int, Field(ge=1, le=10_000_000)]
CountOrNone = Annotated[int, Field(ge=0, le=10_000_000)]
"""How many, none included; the bound is far above any model's and keeps products finite."""
Parameters = Annotated[float, Field(gt=0, le=1e15)]

AttentionKind = Literal["mha", "gqa", "mqa", "mla"]
Weights = Literal["fp32", "bf16", "fp16", "fp8", "int8", "fp4", "int4"]


class Attention(Record):
    """How the layers attend: heads, what is cached for a token, and how far back they look."""

    kind: AttentionKind
    """mha (each head has its own keys and values), gqa (groups of heads share them), mqa (all do)
    or mla (multi-head latent attention: one compressed vector is cached for all heads)."""
    heads: Count
    """Query heads of a layer."""
    kv_heads: Count
    """Key and value heads of a layer; for mla as many as `heads`."""
    head_dim: Count
    """Length of a head's query and key; for mla the sum of `nope_dim` and `rope_dim`."""
    query_rank: Count | None = None
    """For mla: length of the compressed query; None where queries are not compressed."""
    kv_rank: Count | None = None
    """For mla: length of the compressed key and value, which is cached."""
    rope_dim: Count | None = None
    """For mla: length of the part of a key that carries the position, cached once for all heads."""
    nope_dim: Count | None = None
    """For mla: length of the part of a head's key that carries no position."""
    value_dim: Count | None = None
    """For mla: length of a head's value."""
    window: Count | None = None
    """Tokens that a windowed layer looks back; chunked attention counts with its full chunk."""
    windowed_layers: CountOrNone = 0
    """Layers that look back no further than `window`."""

    def faults(self) -> Iterator[str]:
        """Yield what does not fit together."""
        latent = {
            "kv_rank": self.kv_rank, "rope_dim": self.rope_dim,
            "nope_dim": self.nope_dim, "value_dim": self.value_dim,
        }  # fmt: skip
        if self.kind == "mla":
            missing = [name for name, size in latent.items() if size is None]
            if missing:
                yield f"attention of kind mla needs {', '.join(missing)}"
            elif self.head_dim != self.query_key_dim:
                yield (f"head_dim {self.head_dim} is not nope_dim + rope_dim, {self.query_key_dim}")
        else:
            latent["query_rank"] = self.query_rank
            given = [name for name, size in latent.items() if size is not None]
            if given:
                yield f"attention of kind {self.kind} has no {', '.join(given)}; only mla has"
        if self.heads % self.kv_heads:
            yield f"{self.heads} heads cannot be shared evenly by {self.kv_heads} kv_heads"
        elif self.kind != (kind := kind_of(self.heads, self.kv_heads)) and self.kind != "mla":
            yield f"{self.heads} heads with {self.kv_heads} kv_heads are {kind}, not {self.kind}"
        elif self.kind == "mla" and self.heads != self.kv_heads:
            yield f"mla has as many kv_heads as heads, not {self.kv_heads} and {self.heads}"
        if (self.window is None) != (self.windowed_layers == 0):
            yield "window and windowed_layers go together: give both or neither"

    @property
    def query_key_dim(self) -> int:
        """Length over which a head's query and key are multiplied."""
        if self.kind != "mla":
            return self.head_dim
        return (self.nope_dim or 0) + (self.rope_dim or 0)


def kind_of(heads: int, kv_heads: int) -> AttentionKind:
    """Return the kind of attention without compression that so many heads make."""
    if kv_heads == heads:
        return "mha"
    return "mqa" if kv_heads == 1 else "gqa"


class Experts(Record):
    """The experts of a layer that has them, and how many layers have none."""

    routed: Count
    """Experts of a layer among which the router chooses."""
    active: Count
    """Routed experts that a token goes to."""
    shared: CountOrNone = 0
    """Experts that every token goes to."""
    width: Count
    """Intermediate size of one routed expert."""
    shared_width: CountOrNone = 0
    """Intermediate size of one shared expert; 0 where there is none."""
    nodes_max: Count | None = None
    """Nodes whose experts a token chooses from at most, as its router is trained; None for any."""
    dense_layers: CountOrNone = 0
    """Layers that have one dense feed-forward block in place of experts."""

    def faults(self) -> Iterator[str]:
        """Yield what does not fit together."""
        if self.active > self.routed:
            yield f"{self.active} active experts are more than the {self.routed} routed ones"
        if bool(self.shared) != bool(self.shared_width):
            yield "shared and shared_width go together: give both or neither"


class ModelCard(Evidence):
    """One language model: a decoder of equal layers, in numbers that its publisher states.

    `kind` and `source` say where the numbers come from, `at` where in it.
    """

    name: Text
    """Name as its publisher writes it."""
    aliases: list[Text] = Field(default_factory=list)
    """Other spellings that resolve to this model, compared without case, blanks and dashes."""
    layers: Count
    """Decoder layers; those that only predict further tokens are left out."""
    hidden: Count
    """Length of the vector that a token has between layers."""
    vocab: Count
    """Rows of the embedding, padding included."""
    feed_forward: CountOrNone = 0
    """Intermediate size of a dense layer; 0 where every layer has experts."""
    gated: bool = True
    """Whether a feed-forward block has three matrices (SwiGLU) and not two."""
    tied_embeddings: bool = False
    """Whether the output head is the embedding, held once."""
    attention: Attention
    """How the layers attend."""
    experts: Experts | None = None
    """The experts; None for a dense model."""
    weights: Weights
    """Number format of the checkpoint as published."""
    quantised: Literal["layers", "experts"] = "layers"
    """What is held in `weights`: all matrices of the layers, or only the routed experts. The rest
    is in 16 bits."""
    total_parameters: Parameters | None = None
    """All parameters, as the publisher states; None where it does not."""
    active_parameters: Parameters | None = None
    """Parameters that a token uses, as the publisher states, with or without the embedding of the
    input; None where it does not, and for dense models."""
    released: dt.date | None = None
    """Day on which weights, or a report where there are none, came out; None where not known."""
    note: Text | None = None
    """Anything a reader should know before relying on the card."""

    @model_validator(mode="after")
    def _fits_together(self) -> ModelCard:
        faults = [*self.attention.faults(), *self._own_faults()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _own_faults(self) -> Iterator[str]:
        if self.attention.windowed_layers > self.layers:
            yield (
                f"windowed_layers {self.attention.windowed_layers} are more than the "
                f"{self.layers} layers"
            )
        if self.experts is not None:
            yield from self.experts.faults()
            if self.experts.dense_layers >= self.layers:
                yield (
                    f"dense_layers {self.experts.dense_layers} leave none of the {self.layers} "
                    "layers with experts"
                )
        elif self.quantised == "experts":
            yield "quantised is `experts`, but the model has none"
        if bool(self.feed_forward) != bool(self.dense_layers):
            yield (
                f"feed_forward is {self.feed_forward}, but {self.dense_layers} layers have a dense "
                "block"
            )
        if (
            self.total_parameters is not None
            and self.active_parameters is not None
            and self.active_parameters > self.total_parameters
        ):
            yield "active_parameters are more than total_parameters"

    @property
    def dense_layers(self) -> int:
        """Layers with one dense feed-forward block."""
        return self.layers if self.experts is None else self.experts.dense_layers

    @property
    def expert_layers(self) -> int:
        """Layers with experts."""
        return self.layers - self.dense_layers


class ModelFile(Record):
    """One file under `data/models`: the models of one publisher."""

    publisher: Text
    """Company that published the models."""
    models: dict[ModelId, ModelCard]
    """Models by id."""
