"""Laws of what follows from a model card, for any shape."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from headworks.throughput import ModelCard, counts
from headworks.throughput.model_card import Attention, Experts, kind_of


@st.composite
def attentions(draw: st.DrawFn, layers: int) -> Attention:
    window = draw(st.none() | st.integers(1, 5000))
    windowed = draw(st.integers(1, layers)) if window else 0
    heads = draw(st.sampled_from([1, 2, 8, 64]))
    if draw(st.booleans()):
        rope, nope = draw(st.integers(1, 128)), draw(st.integers(1, 256))
        return Attention(
            kind="mla", heads=heads, kv_heads=heads, head_dim=rope + nope,
            query_rank=draw(st.none() | st.integers(1, 2000)), kv_rank=draw(st.integers(1, 1000)),
            rope_dim=rope, nope_dim=nope, value_dim=draw(st.integers(1, 256)),
            window=window, windowed_layers=windowed,
        )  # fmt: skip
    kv_heads = draw(st.sampled_from([n for n in (1, 2, 8, 64) if heads % n == 0]))
    return Attention(
        kind=kind_of(heads, kv_heads), heads=heads, kv_heads=kv_heads,
        head_dim=draw(st.integers(1, 256)), window=window, windowed_layers=windowed,
    )  # fmt: skip


@st.composite
def experts(draw: st.DrawFn, layers: int) -> Experts:
    routed = draw(st.integers(1, 512))
    shared = draw(st.integers(0, 2))
    return Experts(
        routed=routed,
        active=draw(st.integers(1, routed)),
        shared=shared,
        width=draw(st.integers(1, 10_000)),
        shared_width=draw(st.integers(1, 10_000)) if shared else 0,
        dense_layers=draw(st.integers(0, layers - 1)),
    )


@st.composite
def cards(draw: st.DrawFn) -> ModelCard:
    layers = draw(st.integers(1, 130))
    some = draw(st.none() | experts(layers))
    has_dense = some is None or some.dense_layers > 0
    return ModelCard(
        name="Any",
        kind="stated",
        source="example",
        layers=layers,
        hidden=draw(st.integers(1, 20_000)),
        vocab=draw(st.integers(1, 300_000)),
        feed_forward=draw(st.integers(1, 60_000)) if has_dense else 0,
        gated=draw(st.booleans()),
        tied_embeddings=draw(st.booleans()),
        attention=draw(attentions(layers)),
        experts=some,
        weights=draw(st.sampled_from(["bf16", "fp8", "fp4"])),
        quantised=draw(st.sampled_from(["layers", "experts"])) if some else "layers",
    )


CONTEXTS = st.integers(0, 1_000_000)
BITS = st.sampled_from([4, 4.25, 8, 16, 32])


@given(cards())
def test_a_token_uses_no_more_than_there_is(card: ModelCard) -> None:
    used, total = counts.active_parameters(card), counts.parameters(card)
    assert 0 < used <= total
    assert used == total or card.experts is not None
    assert counts.multiplied_parameters(card) < used


@given(cards(), BITS, BITS)
def test_fewer_bits_are_fewer_bytes_and_16_bits_are_two_bytes(
    card: ModelCard, one: float, other: float
) -> None:
    few, many = sorted((one, other))
    assert counts.weight_bytes(card, few) <= counts.weight_bytes(card, many)
    assert counts.weight_bytes(card, 16) == 2 * counts.parameters(card)
    assert counts.weight_bytes(card, few) >= counts.parameters(card) * few / 8
    assert math.isclose(
        counts.kv_bytes_per_token(card, few) * many, counts.kv_bytes_per_token(card, many) * few
    )


@given(cards(), CONTEXTS, CONTEXTS)
def test_bytes_and_operations_grow_with_the_context(card: ModelCard, one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert counts.kv_bytes(card, short, 16) <= counts.kv_bytes(card, long, 16)
    assert counts.kv_bytes(card, long, 16) <= long * counts.kv_bytes_per_token(card, 16)
    assert counts.flops_per_token(card, short) <= counts.flops_per_token(card, long)
    assert counts.flops_per_token(card, 0) == 2 * counts.multiplied_parameters(card)


@given(cards(), st.integers(1, 40))
def test_the_mean_over_a_prompt_is_the_mean_of_its_tokens(card: ModelCard, tokens: int) -> None:
    each = [counts.flops_per_token(card, seen) for seen in range(1, tokens + 1)]
    assert math.isclose(counts.prefill_flops_per_token(card, tokens), math.fsum(each) / tokens)


@given(cards(), CONTEXTS)
def test_training_is_three_times_forward_and_at_most_four(card: ModelCard, sequence: int) -> None:
    forward = counts.prefill_flops_per_token(card, sequence)
    none = counts.training_flops_per_token(card, sequence, "none")
    selective = counts.training_flops_per_token(card, sequence, "selective")
    full = counts.training_flops_per_token(card, sequence, "full")
    assert math.isclose(none, 3 * forward)
    assert none <= selective <= full <= 4 * forward * (1 + 1e-12)


@given(cards(), CONTEXTS, CONTEXTS)
def test_more_tokens_touch_more_experts_and_never_more_than_there_are(
    card: ModelCard, one: int, other: int
) -> None:
    few, many = sorted((one, other))
    touched = counts.experts_touched(card, many)
    assert counts.experts_touched(card, few) <= touched
    if card.experts is None:
        assert touched == 0
    else:
        assert touched <= min(card.experts.routed, many * card.experts.active) * (1 + 1e-9)
        work = counts.tokens_per_expert(card, many) * card.experts.routed
        assert math.isclose(work, many * card.experts.active)
