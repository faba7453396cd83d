"""Model cards: what must fit together, told all at once."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from headworks.throughput.model_card import ModelCard

GQA = {"kind": "gqa", "heads": 8, "kv_heads": 2, "head_dim": 64}
MLA = {
    "kind": "mla", "heads": 8, "kv_heads": 8, "head_dim": 192, "query_rank": 96,
    "kv_rank": 512, "rope_dim": 64, "nope_dim": 128, "value_dim": 128,
}  # fmt: skip
EXPERTS = {"routed": 16, "active": 2, "width": 256}


def card(**fields: Any) -> ModelCard:  # noqa: ANN401 - fields of a record, some wrong on purpose
    record: dict[str, Any] = {
        "name": "Example 1B",
        "kind": "stated",
        "source": "example",
        "layers": 4,
        "hidden": 512,
        "vocab": 1000,
        "feed_forward": 2048,
        "attention": GQA,
        "weights": "bf16",
    }
    return ModelCard.model_validate(record | fields)


def test_a_dense_card_has_a_block_in_every_layer() -> None:
    assert (card().dense_layers, card().expert_layers) == (4, 0)


def test_a_card_with_experts_says_which_layers_have_none() -> None:
    some = card(experts=EXPERTS | {"dense_layers": 1})
    assert (some.dense_layers, some.expert_layers) == (1, 3)
    assert card(experts=EXPERTS, feed_forward=0).dense_layers == 0


def test_the_length_of_a_query_of_latent_attention_has_two_parts() -> None:
    assert card(attention=MLA).attention.query_key_dim == 192
    assert card().attention.query_key_dim == 64


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"attention": GQA | {"heads": 9}}, "9 heads cannot be shared evenly by 2 kv_heads"),
        ({"attention": GQA | {"kind": "mha"}}, "8 heads with 2 kv_heads are gqa, not mha"),
        ({"attention": GQA | {"kv_heads": 1}}, "8 heads with 1 kv_heads are mqa, not gqa"),
        ({"attention": GQA | {"kv_heads": 8}}, "8 heads with 8 kv_heads are mha, not gqa"),
        ({"attention": GQA | {"kv_rank": 512}}, "attention of kind gqa has no kv_rank"),
        ({"attention": GQA | {"query_rank": 512}}, "attention of kind gqa has no query_rank"),
        ({"attention": GQA | {"window": 128}}, "window and windowed_layers go together"),
        ({"attention": GQA | {"windowed_layers": 2}}, "window and windowed_layers go together"),
        (
            {"attention": GQA | {"window": 128, "windowed_layers": 5}},
            "windowed_layers 5 are more than the 4 layers",
        ),
        ({"attention": MLA | {"kv_rank": None}}, "attention of kind mla needs kv_rank"),
        ({"attention": MLA | {"head_dim": 128}}, "head_dim 128 is not nope_dim + rope_dim, 192"),
        ({"attention": MLA | {"kv_heads": 2}}, "mla has as many kv_heads as heads, not 2 and 8"),
        ({"experts": EXPERTS | {"active": 17}}, "17 active experts are more than the 16 routed"),
        ({"experts": EXPERTS | {"shared": 1}}, "shared and shared_width go together"),
        ({"experts": EXPERTS | {"dense_layers": 4}}, "dense_layers 4 leave none of the 4 layers"),
        ({"experts": EXPERTS}, "feed_forward is 2048, but 0 layers have a dense block"),
        ({"feed_forward": 0}, "feed_forward is 0, but 4 layers have a dense block"),
        ({"quantised": "experts"}, "quantised is `experts`, but the model has none"),
        (
            {"total_parameters": 1e9, "active_parameters": 2e9},
            "active_parameters are more than total_parameters",
        ),
        ({"source": None}, "a value of kind 'stated' needs source"),
        ({"layers": 0}, "greater than or equal to 1"),
        ({"layers": 4.0}, "valid integer"),
        ({"depth": 4}, "Extra inputs"),
        ({"weights": "bf15"}, "'bf16'"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        card(**fields)
    assert words in str(caught.value)


def test_all_that_does_not_fit_comes_at_once() -> None:
    wrong = {"attention": GQA | {"kind": "mha", "window": 128}, "experts": EXPERTS | {"active": 99}}
    with pytest.raises(ValidationError) as caught:
        card(**wrong)
    for words in ("are gqa, not mha", "go together", "99 active", "0 layers have a dense"):
        assert words in str(caught.value)


def test_a_card_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        card().layers = 5  # type: ignore[misc]  # what the type checker refuses too
