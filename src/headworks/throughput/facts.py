"""Facts: what follows from a model alone, whatever chip runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.errors import Door
from headworks.throughput import arguments
from headworks.throughput.cards import NamedModel, named_model
from headworks.throughput.constants import ANY, packaged
from headworks.throughput.counts import (
    active_parameters,
    experts_touched,
    flops_per_token,
    kv_bytes_per_token,
    native_bits,
    parameters,
    prefill_flops_per_token,
    weight_bytes,
)
from headworks.throughput.intervals import rounded
from headworks.throughput.model_card import ModelCard
from headworks.throughput.precision import BYTES
from headworks.throughput.step import experts_reached

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT_TOKENS = 4096.0
"""Context at which operations are counted where none is stated."""
TOUCHED_BY = (1, 8, 64, 512)
"""Tokens of a step for which it is counted how many experts of a layer they touch."""
KV_BITS = (16, 8)
"""Bits of a cached number for which the bytes of a token are counted."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What follows from a model alone: parameters, cache, operations, experts."""

    named: NamedModel
    """The model as it was asked for."""
    context_tokens: float
    """Length of the prompt, and tokens that a written token sees, for the operations."""

    @property
    def card(self) -> ModelCard:
        """The shape that all follows from."""
        return self.named.card

    @property
    def weights(self) -> str:
        """Number format of the weights: as the model's name tells, or as they are published."""
        return self.named.precision or self.card.weights

    @property
    def weights_gb(self) -> float:
        """Gigabytes of all weights in that format; what quantising leaves alone is in 16 bits."""
        own = self.weights == self.card.weights
        bits = native_bits(self.card) if own else 8 * BYTES[self.weights]
        return weight_bytes(self.shape, bits) / 1e9

    @property
    def shape(self) -> ModelCard:
        """The card with what is quantised: of models of experts, in 4 bits, the experts alone."""
        mixed = self.card.experts is not None and BYTES[self.weights] < 1
        return self.card.model_copy(update={"quantised": "experts"}) if mixed else self.card

    @property
    def kv_bytes_per_token(self) -> dict[int, float]:
        """Bytes that a token adds to the cache by the bits of a number, windows not yet full."""
        return {bits: kv_bytes_per_token(self.card, bits) for bits in KV_BITS}

    @property
    def flops_per_token(self) -> dict[str, float]:
        """Operations of a token: `prefill`, the mean over a prompt, and `decode`, of one written.

        Latent attention is expanded in the prefill and absorbed in decoding, as engines do.
        """
        return {
            "prefill": prefill_flops_per_token(self.card, self.context_tokens),
            "decode": flops_per_token(self.card, self.context_tokens, form="absorbed"),
        }

    @property
    def experts_touched(self) -> dict[int, float]:
        """Routed experts of a layer that so many tokens are expected to go to; empty if dense.

        As steps are timed: tokens of one text choose partly alike, by the median of
        `routing_variety_share`.
        """
        held = self.card.experts
        if held is None:
            return {}
        variety = packaged().meanings["routing_variety_share"].scopes[ANY].median
        return {
            tokens: float(experts_reached(held, float(tokens), variety)) for tokens in TOUCHED_BY
        }

    @property
    def experts_touched_evenly(self) -> dict[int, float]:
        """The same where each token chooses evenly and independently of the others."""
        if self.card.experts is None:
            return {}
        return {tokens: experts_touched(self.card, tokens) for tokens in TOUCHED_BY}

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values that `json.dumps` takes."""
        card = self.card
        return {
            "model": arguments.model_id(card),
            "name": card.name,
            "parameters": parameters(card),
            "active_parameters": active_parameters(card),
            "layers": card.layers,
            "hidden": card.hidden,
            "vocab": card.vocab,
            "attention": card.attention.model_dump(
                include={
                    "kind",
                    "heads",
                    "kv_heads",
                    "head_dim",
                    "kv_rank",
                    "rope_dim",
                    "window",
                    "windowed_layers",
                },
            ),
            "experts": self._experts(),
            "kv_bytes_per_token": {
                f"{bits}_bits": size for bits, size in self.kv_bytes_per_token.items()
            },
            "context_tokens": self.context_tokens,
            "flops_per_token": self.flops_per_token,
            "weights": self.weights,
            "quantised": self.shape.quantised,
            "weights_gb": rounded(self.weights_gb),
            "source": card.source or card.formula,
            "remarks": self.remarks(),
        }

    def _experts(self) -> dict[str, Any] | None:
        held = self.card.experts
        if held is None:
            return None
        counts = {
            "touched_by_tokens": self.experts_touched,
            "touched_by_tokens_evenly": self.experts_touched_evenly,
        }
        return {
            "routed": held.routed,
            "active": held.active,
            "shared": held.shared,
            "layers": self.card.expert_layers,
        } | {
            name: {str(tokens): rounded(many) for tokens, many in touched.items()}
            for name, touched in counts.items()
        }

    def remarks(self) -> list[str]:
        """Return what a reader should know of the model and its name, in sentences."""
        return [said for said in (self.named.remark, self.card.note) if said]

    def __str__(self) -> str:
        """Return the facts as people read them."""
        from headworks.throughput.shown_facts import facts_lines

        return "\n".join(facts_lines(self))


def model_facts(
    model: str | Path | ModelCard, *, context_tokens: float = CONTEXT_TOKENS
) -> ModelFacts:
    """Return what follows from a model alone, whatever chip runs it.

    Args:
        model: Id, name or alias of the model; the path of a Hugging Face `config.json` or of its
            folder; or a card.
        context_tokens: Length of the prompt, and tokens that a written token sees, for which
            operations are counted.

    Raises:
        InputError: The model is not known or cannot be read, or there is no such context; all
            faults are listed.
    """
    door = Door()
    with door.checking():
        named = NamedModel(model) if isinstance(model, ModelCard) else named_model(model)
    with door.checking():
        context_tokens = arguments.amount("context_tokens", context_tokens)
    door.close()
    return ModelFacts(named, context_tokens)
