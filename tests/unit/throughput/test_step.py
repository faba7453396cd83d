"""Step: operations and bytes against figures worked out by hand from the published shapes.

A chip on which only arithmetic takes time shows the operations of a step, one on which only memory
traffic takes time shows its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from headworks.throughput import counts, model
from headworks.throughput.layout import Layout
from headworks.throughput.step import Tokens, step
from tests.unit.throughput.ideal import Book, a_chip, computing, engine, reading

PEAK, BANDWIDTH = 1000e12, 4000e9
"""Operations and bytes per second of the chip of the tests."""


@dataclass(frozen=True)
class Shape:
    """A model as its publisher's configuration has it, read by hand."""

    matrices: tuple[tuple[int, int, int], ...]
    """Layers, rows and columns of every matrix that each token is multiplied with."""
    head: tuple[int, int]
    """Rows and columns of the output head."""
    pair: int
    """Operations of one token with one token that it sees, per layer, in a prompt."""
    pair_decoded: int
    """The same for a token that is written."""
    cached: int
    """Numbers cached for a token per layer."""
    layers: int
    windowed: int = 0
    window: int = 0
    expert: int = 0
    """Weights of one routed expert."""
    expert_layers: int = 0
    routed: int = 0
    active: int = 0

    def read(self, tokens: int) -> float:
        """Return the operations of reading a prompt, whose last token alone is answered."""
        each = sum(layers * k * n for layers, k, n in self.matrices)
        each += self.expert_layers * self.active * self.expert
        return 2.0 * each * tokens + 2.0 * self.head[0] * self.head[1] + self.square(tokens)

    def square(self, tokens: int) -> float:
        """Return the operations of attention in a prompt, of whose square half is seen."""
        band = tokens**2 / 2
        near = band - max(tokens - self.window, 0) ** 2 / 2
        return self.pair * ((self.layers - self.windowed) * band + self.windowed * near)

    def seen(self, context: int) -> int:
        """Return the tokens that a token sees in all layers."""
        near = min(context, self.window)
        return (self.layers - self.windowed) * context + self.windowed * near

    def weights(self, requests: int) -> float:
        """Return the weights that a step reads which writes a token of each request."""
        each = sum(layers * k * n for layers, k, n in self.matrices)
        touched = 0.0
        if self.routed:
            touched = self.routed * (1 - (1 - self.active / self.routed) ** requests)
        return each + self.expert_layers * touched * self.expert + self.head[0] * self.head[1]


SHAPES = {
    # 40 layers of 5120, 40 heads of 128, blocks of 13824
    "llama-2-13b": Shape(
        ((40, 5120, 3 * 5120), (40, 5120, 5120), (40, 5120, 2 * 13824), (40, 13824, 5120)),
        (5120, 32000), 4 * 5120, 4 * 5120, 2 * 5120, 40,
    ),
    # 80 layers of 8192, 64 heads of 128 over 8 of keys and values, blocks of 28672
    "llama-3.1-70b": Shape(
        ((80, 8192, 10240), (80, 8192, 8192), (80, 8192, 57344), (80, 28672, 8192)),
        (8192, 128256), 4 * 8192, 4 * 8192, 2 * 1024, 80,
    ),
    # 61 layers of 7168, 128 heads; 3 dense blocks of 18432; 58 layers with one shared expert
    "deepseek-v3": Shape(
        (
            (61, 7168, 1536 + 576), (61, 1536, 128 * 192), (61, 512, 128 * 256),
            (61, 128 * 128, 7168), (3, 7168, 2 * 18432), (3, 18432, 7168),
            (58, 7168, 2 * 2048), (58, 2048, 7168),
        ),
        (7168, 129280), 2 * 128 * (192 + 128), 2 * 128 * (576 + 512), 576, 61,
        expert=44_040_192, expert_layers=58, routed=256, active=8,
    ),
    # 32 layers of 4096, 32 heads of 128 over 8; 2 of 8 experts of 14336
    "mixtral-8x7b": Shape(
        ((32, 4096, 4096 + 2048), (32, 4096, 4096)), (4096, 32000), 4 * 4096, 4 * 4096, 2048, 32,
        expert=176_160_768, expert_layers=32, routed=8, active=2,
    ),
    # 36 layers of 2880, 64 heads of 64 over 8, every other one with a window of 128; 4 of 128
    "gpt-oss-120b": Shape(
        ((36, 2880, 4096 + 1024), (36, 4096, 2880)), (2880, 201088), 4 * 4096, 4 * 4096, 1024, 36,
        windowed=18, window=128, expert=24_883_200, expert_layers=36, routed=128, active=4,
    ),
}  # fmt: skip
NAMES = list(SHAPES)
ROUTER = 0.006
"""Part of the operations of a model of experts that its routers may take: a small matrix each."""


def operations(name: str, tokens: Tokens, layout: Layout | None = None) -> float:
    """Return the operations of a step that its time amounts to."""
    return float(step(engine(model(name), computing(), layout), tokens).total[0]) * PEAK


def traffic(
    name: str,
    tokens: Tokens,
    layout: Layout | None = None,
    precision: str = "bf16",
    kv: str = "bf16",
) -> float:
    """Return the bytes of a step that its time amounts to."""
    return (
        float(
            step(engine(model(name), reading(), layout, precision=precision, kv=kv), tokens).total[
                0
            ]
        )
        * BANDWIDTH
    )


def within(found: float, expected: float, name: str) -> bool:
    room = ROUTER if SHAPES[name].routed else 1e-9
    return expected * (1 - 1e-9) <= found <= expected * (1 + room)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tokens", [128, 1000, 8192])
def test_reading_a_prompt_takes_the_operations_of_its_matrices(name: str, tokens: int) -> None:
    found = operations(name, Tokens(read=tokens, length=tokens))
    assert within(found, SHAPES[name].read(tokens), name)


@pytest.mark.parametrize("name", NAMES)
def test_the_operations_of_a_prompt_agree_with_the_counted_ones(name: str) -> None:
    """The counts give every token an answer and see the token itself; a step answers once."""
    tokens, card = 8192, model(name)
    head = 2 * counts.embedding_parameters(card)
    counted = tokens * counts.prefill_flops_per_token(card, tokens) - (tokens - 1) * head
    found = operations(name, Tokens(read=tokens, length=tokens))
    assert found == pytest.approx(counted, rel=0.005)


@pytest.mark.parametrize("name", NAMES)
def test_prompts_are_read_side_by_side(name: str) -> None:
    one, four = (operations(name, Tokens(read=512 * n, length=512)) for n in (1, 4))
    assert four == pytest.approx(4 * one)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("requests", "context"), [(1, 100), (64, 4000)])
def test_writing_takes_the_operations_of_a_token_each(
    name: str, requests: int, context: int
) -> None:
    shape = SHAPES[name]
    each = sum(layers * k * n for layers, k, n in shape.matrices)
    each += shape.expert_layers * shape.active * shape.expert + shape.head[0] * shape.head[1]
    expected = requests * (2.0 * each + shape.pair_decoded * shape.seen(context))
    found = operations(name, Tokens(requests, context))
    assert within(found, expected, name)
    counted = counts.flops_per_token(model(name), context, form="absorbed")
    assert found == pytest.approx(requests * counted, rel=0.005)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("requests", "context"), [(1, 100), (1, 8000), (64, 4000)])
def test_writing_reads_the_weights_touched_and_the_cache(
    name: str, requests: int, context: int
) -> None:
    shape = SHAPES[name]
    weights = 2 * shape.weights(requests)
    cache = 2 * requests * shape.cached * shape.seen(context)
    found = traffic(name, Tokens(requests, context))
    # Beside them only the rows themselves: under 1 % of the bytes.
    assert weights + cache <= found <= 1.01 * (weights + cache)
    assert cache == pytest.approx(requests * counts.kv_bytes(model(name), context, 16))


@pytest.mark.parametrize(("name", "weights"), [
    ("llama-2-13b", 12.852e9),  # 40 (104,857,600 + 212,336,640) + 163,840,000
    ("llama-3.1-70b", 69.502e9),  # 80 (150,994,944 + 704,643,072) + 1,050,673,152
    ("mixtral-8x7b", 12.748e9),  # 32 (41,943,040 + 2 x 176,160,768) + 131,072,000
    ("deepseek-v3", 36.520e9),
    ("gpt-oss-120b", 5.118e9),
])  # fmt: skip
def test_one_request_reads_the_weights_that_its_token_uses(name: str, weights: float) -> None:
    assert traffic(name, Tokens(1, 0)) == pytest.approx(2 * weights, rel=0.005)


def test_64_tokens_touch_222_of_the_experts_of_deepseek() -> None:
    one, many = (traffic("deepseek-v3", Tokens(n, 0)) for n in (1, 64))
    experts = 2 * 58 * 44_040_192
    assert many - one == pytest.approx((222.4 - 8) * experts, rel=0.005)


@pytest.mark.parametrize("name", ["llama-3.1-70b", "deepseek-v3"])
def test_8_bits_halve_the_bytes_of_all_but_the_head(name: str) -> None:
    shape = SHAPES[name]
    layers = shape.weights(1) - shape.head[0] * shape.head[1]
    saved = traffic(name, Tokens(1, 0)) - traffic(name, Tokens(1, 0), precision="fp8")
    assert saved == pytest.approx(layers, rel=1e-3)
    cache = [
        traffic(name, Tokens(1, 9000), kv=kv) - traffic(name, Tokens(1, 0))
        for kv in ("bf16", "fp8")
    ]
    assert cache[0] == pytest.approx(2 * cache[1])


def test_8_bits_double_the_rate_of_matrices_and_not_of_attention() -> None:
    tokens, shape = 4096, SHAPES["llama-3.1-70b"]
    narrow = engine(model("llama-3.1-70b"), computing(), precision="fp8")
    head = 2.0 * shape.head[0] * shape.head[1]
    wide = shape.square(tokens) + head
    expected = (shape.read(tokens) - wide) / (2 * PEAK) + wide / PEAK
    assert step(narrow, Tokens(read=tokens, length=tokens)).total[0] == pytest.approx(expected)


@pytest.mark.parametrize("tp", [2, 4, 8])
@pytest.mark.parametrize("name", ["llama-2-13b", "llama-3.1-70b", "mixtral-8x7b", "gpt-oss-120b"])
def test_a_tensor_group_shares_operations_bytes_and_cache(name: str, tp: int) -> None:
    group = Layout(tp=tp)
    prompt, written = Tokens(read=2048, length=2048), Tokens(16, 3000)
    assert operations(name, prompt, group) * tp == pytest.approx(operations(name, prompt), rel=0.01)
    assert traffic(name, written, group) * tp == pytest.approx(traffic(name, written), rel=0.03)


def test_a_latent_cache_is_read_by_every_chip_of_a_tensor_group() -> None:
    cached = [
        traffic("deepseek-v3", Tokens(16, 9000), layout)
        - traffic("deepseek-v3", Tokens(16, 0), layout)
        for layout in (Layout(), Layout(tp=8))
    ]
    assert cached[1] == pytest.approx(cached[0])
    assert cached[0] == pytest.approx(16 * 61 * 576 * 2 * 9000)


def test_keys_and_values_are_copied_where_the_group_is_larger_than_their_heads() -> None:
    cached = [
        traffic("llama-3.1-70b", Tokens(16, 9000), Layout(tp=tp))
        - traffic("llama-3.1-70b", Tokens(16, 0), Layout(tp=tp))
        for tp in (4, 8, 16)
    ]
    assert cached[0] == pytest.approx(2 * cached[1])
    assert cached[2] == pytest.approx(cached[1])


@pytest.mark.parametrize("groups", [2, 8])
def test_spread_experts_share_the_work_of_all_groups(groups: int) -> None:
    """Attention is done by each group for its own; the experts of all see all tokens once."""
    spread = Layout(dp=groups, ep=groups)
    prompt = Tokens(read=1024 * groups, length=1024)
    found = operations("deepseek-v3", prompt, spread) * groups
    assert found == pytest.approx(operations("deepseek-v3", prompt), rel=0.01)
    one, many = traffic("deepseek-v3", Tokens(64, 0)), traffic("deepseek-v3", Tokens(64, 0), spread)
    experts = 2 * 222.4 * 58 * 44_040_192
    assert one - many == pytest.approx(experts * (1 - 1 / groups), rel=0.01)


def test_experts_that_are_loaded_unevenly_take_longer() -> None:
    even, uneven = (
        engine(model("deepseek-v3"), computing(), Layout(dp=8, ep=8), constants=book)
        for book in (Book(), Book(imbalance_factor=1.5))
    )
    prompt = Tokens(read=8192, length=1024)
    longer = step(uneven, prompt).total[0] - step(even, prompt).total[0]
    experts = 2 * 8192 * 8 * 58 * 44_040_192 / 8 / PEAK
    assert longer == pytest.approx(0.5 * experts)


def test_a_tensor_group_sums_twice_in_a_layer() -> None:
    """Once after attention, once after the block: 160 sums of 2 x 7/8 x 8192 x 2 bytes a row."""
    group = engine(
        model("llama-3.1-70b"),
        reading(memory_bandwidth_gb_per_s=1e15, scale_up_gb_per_s=800.0),
        Layout(tp=8),
        constants=Book(all_reduce_us=5.0),
    )
    cost = step(group, Tokens(320, 1000))
    expected = 160 * (2 * 5e-6 + 2 * 7 / 8 * 320 * 8192 * 2 / 400e9)
    assert cost.network[0] == pytest.approx(expected)
    assert cost.total[0] == pytest.approx(expected)
    assert cost.bound_by() == "network"


def test_fixed_times_are_counted_per_layer_and_per_step() -> None:
    book = Book(layer_us=10.0, step_us=300.0)
    cost = step(engine(model("llama-3.1-70b"), constants=book), Tokens(1, 100))
    assert cost.latency[0] == pytest.approx(80 * 10e-6 + 300e-6)


def test_stages_hand_their_rows_on() -> None:
    book = Book(all_reduce_us=5.0)
    chip = reading(memory_bandwidth_gb_per_s=1e15, scale_up_gb_per_s=800.0)
    one, four = (
        step(engine(model("llama-2-13b"), chip, Layout(pp=pp), constants=book), Tokens(8, 100))
        for pp in (1, 4)
    )
    assert one.network[0] == pytest.approx(0, abs=1e-15)
    assert four.network[0] == pytest.approx(3 * (5e-6 + 8 * 5120 * 2 / 400e9), rel=1e-3)


def test_nothing_to_do_takes_the_fixed_time_alone() -> None:
    cost = step(engine(model("deepseek-v3"), a_chip(), constants=Book(step_us=7.0)), Tokens())
    assert cost.total[0] == pytest.approx(7e-6 + cost.bandwidth[0])
    assert cost.compute[0] == pytest.approx(0, abs=1e-12)
