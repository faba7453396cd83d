"""Laws of throughput, for any chip, model, load and constants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from headworks.errors import InputError
from headworks.scenario.catalogue import catalogue
from headworks.throughput import machine as machines
from headworks.throughput import model, models
from headworks.throughput.answer import Answer, ask
from headworks.throughput.constants import meanings
from headworks.throughput.counts import Recompute, multiplied_parameters
from headworks.throughput.draws import scores
from headworks.throughput.layout import Layout, faults
from headworks.throughput.machine import lacks
from headworks.throughput.memory import requests_max
from headworks.throughput.phases import RATES
from headworks.throughput.query import Phase, Query
from headworks.throughput.serving import Load, Served, serve
from headworks.throughput.step import Engine, Tokens, step
from headworks.throughput.training import train
from tests.property.test_counts_laws import cards
from tests.tiers import examples
from tests.unit.throughput.ideal import Book, a_chip, engine

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip
    from headworks.throughput.draws import Draws
    from headworks.throughput.model_card import ModelCard

COUNT = 4
"""Draws of each random constant."""
CLOSE = 1 + 1e-9
"""Room for rounding."""
# fmt: off
RANGES = {
    "share": (0.05, 1.0), "factor": (0.5, 1.5), "us": (0.0, 200.0), "ms": (0.0, 100.0),
    "count": (1.0, 64.0), "log": (0.0, 0.3), "w_per_tflops": (0.01, 1.0),
    "gb_per_s": (10.0, 400.0), "bytes": (1.0, 20.0),
}
SOME = ["llama-2-13b", "llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b", "gpt-oss-120b",
        "qwen3-30b-a3b", "deepseek-v3", "gpt-3-175b"]
# fmt: on
CAPABLE = [chip_id for chip_id, chip in catalogue().chips.items() if not lacks(chip)]


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Return constants of any size, a few draws of each."""
    dice = np.random.default_rng(draw(st.integers(0, 10_000)))
    values: dict[str, float | Draws] = {
        name: dice.uniform(*RANGES[meaning.unit], COUNT) for name, meaning in meanings().items()
    }
    values["domain_count"] = float(draw(st.sampled_from([4, 8, 72])))
    values["prompt_attention_half_count"] = dice.uniform(0.0, 4000.0, COUNT)
    values["roofline_sharpness_factor"] = dice.uniform(1.0, 6.0)
    values["read_budget_count"] = dice.uniform(1000.0, 20_000.0, COUNT)
    return Book(COUNT, **values)


@st.composite
def chips(draw: st.DrawFn, memory_gb: float = 1e9) -> Chip:
    """Return a chip of any speed."""
    bf16 = draw(st.floats(10, 5000))
    return a_chip(
        peak_tflops={"bf16": bf16, **({"fp8": 2 * bf16} if draw(st.booleans()) else {})},
        memory_bandwidth_gb_per_s=draw(st.floats(100, 20_000)),
        scale_up_gb_per_s=draw(st.floats(5, 4000)),
        memory_gb=memory_gb,
        tdp_w=draw(st.none() | st.floats(50, 2000)),
    )


KNOWN = st.sampled_from(SOME).map(model)
ANY_CARD = KNOWN | cards()
LENGTHS = st.integers(1, 50_000)
REQUESTS = st.floats(1, 4000)


@st.composite
def layouts(draw: st.DrawFn, card: ModelCard) -> Layout:
    tp = draw(st.sampled_from([n for n in (1, 2, 4, 8, 16) if card.attention.heads % n == 0]))
    pp = draw(st.sampled_from([n for n in (1, 2, 4) if n <= card.layers]))
    if card.experts is None:
        return Layout(tp=tp, pp=pp)
    dp = draw(st.sampled_from([1, 2, 8, 32]))
    ep = draw(st.sampled_from(sorted({1, tp * dp})))
    layout = Layout(tp=tp, pp=pp, dp=dp, ep=ep if dp == 1 else tp * dp)
    assume(not list(faults(layout, card)))
    return layout


@st.composite
def engines(draw: st.DrawFn, card: st.SearchStrategy[ModelCard] = ANY_CARD) -> Engine:
    found = draw(card)
    return engine(
        found,
        draw(chips()),
        draw(layouts(found)),
        precision=draw(st.sampled_from(["bf16", "fp8", "fp4", "int4"])),
        kv=draw(st.sampled_from(["bf16", "fp8"])),
        constants=draw(books()),
        count=COUNT,
    )


@st.composite
def loads(draw: st.DrawFn) -> Load:
    return Load(draw(LENGTHS), draw(LENGTHS), draw(REQUESTS))


def no_longer(one: Draws, other: Draws) -> bool:
    """Return whether the first takes no longer than the second in any draw."""
    return bool((one <= other * CLOSE).all())


def times(served: Served) -> tuple[Draws, ...]:
    return (served.tpot_s, served.ttft_s, served.turn_s)


def faster(chip: Chip, peak: float, bandwidth: float, link: float) -> Chip:
    """Return the chip with its rates so many times as high, at the same power."""

    def times_(quantity: Any, factor: float) -> Any:  # noqa: ANN401 - a quantity, or none
        if quantity is None or factor == 1.0:
            return quantity
        return quantity.model_copy(update={"value": quantity.value * factor})

    return chip.model_copy(
        update={
            "peak_tflops": {name: times_(q, peak) for name, q in chip.peak_tflops.items()},
            "memory_bandwidth_gb_per_s": times_(chip.memory_bandwidth_gb_per_s, bandwidth),
            "scale_up_gb_per_s": times_(chip.scale_up_gb_per_s, link),
        }
    )


FACTORS = st.sampled_from([1.0, 1.1, 3.0])


@given(engines(), loads(), FACTORS, FACTORS, FACTORS)
def test_a_faster_chip_never_serves_slower(
    one: Engine, load: Load, peak: float, bandwidth: float, link: float
) -> None:
    better = replace(
        one,
        machine=machines.machine(
            "round-one",
            faster(one.machine.chip, peak, bandwidth, link),
            count=COUNT,
            constants=one.machine.constants,
        ),
    )
    before, after = serve(one, load), serve(better, load)
    assert all(map(no_longer, times(after), times(before)))
    assert no_longer(before.requests_per_s, after.requests_per_s)
    for name in ("compute", "bandwidth", "latency", "network"):
        assert (getattr(after.decode, name) >= 0).all()


@given(st.sampled_from(SOME), chips(), books(), FACTORS, FACTORS, FACTORS)
@settings(max_examples=examples(50))
def test_a_faster_chip_never_trains_slower(
    name: str, chip: Chip, book: Book, peak: float, bandwidth: float, link: float
) -> None:
    slow, fast = (
        train(
            Query("round-one", one, model(name), "training", chips=64, constants=book), count=COUNT
        )
        for one in (chip, faster(chip, peak, bandwidth, link))
    )
    assert no_longer(slow.tokens_per_s_per_chip, fast.tokens_per_s_per_chip)
    assert no_longer(fast.cost.total, slow.cost.total)
    assert (slow.peak_share > 0).all()
    assert (slow.peak_share <= 1 + 1 / slow.recipe.sequence_tokens).all()
    assert (slow.mfu >= slow.peak_share).all()  # which leaves out half of what attention may see


@given(st.sampled_from(SOME), chips(), books(), st.sampled_from([1, 2, 8]), st.sampled_from([1, 4]))
@settings(max_examples=examples(50))
def test_more_recomputing_is_never_faster_and_never_holds_more(
    name: str, chip: Chip, book: Book, tp: int, pp: int
) -> None:
    split: dict[str, Any] = {"chips": 64, "tp": tp, "pp": pp}
    none, selective, full = (
        train(
            Query(
                "round-one", chip, model(name), "training", **split, constants=book, recompute=again
            ),
            count=COUNT,
        )
        for again in get_args(Recompute)
    )
    for less, more in ((none, selective), (selective, full)):
        assert no_longer(less.cost.total, more.cost.total)
        assert no_longer(more.tokens_per_s_per_chip, less.tokens_per_s_per_chip)
        assert more.memory_gb["activations"] <= less.memory_gb["activations"] * CLOSE
        assert more.memory_gb["free"] >= less.memory_gb["free"] / CLOSE


@given(st.sampled_from(SOME), books(), st.sampled_from([1, 2, 8]), REQUESTS, REQUESTS)
@settings(max_examples=examples(50))
def test_the_bubble_falls_with_more_sequences(
    name: str, book: Book, pp: int, some: float, others: float
) -> None:
    few, many = (
        train(
            Query(
                "round-one", a_chip(memory_gb=1e9), model(name), "training",
                chips=8, pp=pp, constants=book, concurrency=count,
            ),
            count=COUNT,
        ).bubble_share
        for count in sorted((some, others))
    )  # fmt: skip
    assert no_longer(many, few)
    assert (many >= 0).all()
    assert (pp > 1) == bool((many > 0).all())


@given(engines(), REQUESTS, REQUESTS, LENGTHS, LENGTHS)
def test_a_step_takes_longer_for_more_requests_and_longer_contexts(
    one: Engine, some: float, others: float, context: int, longer: int
) -> None:
    few, many = sorted((some, others))
    short, long = sorted((context, longer))
    assert no_longer(step(one, Tokens(few, short)).total, step(one, Tokens(many, short)).total)
    assert no_longer(step(one, Tokens(few, short)).total, step(one, Tokens(few, long)).total)


@given(engines(), LENGTHS, LENGTHS, st.integers(1, 8), REQUESTS)
def test_a_step_takes_longer_for_longer_prompts(
    one: Engine, some: int, others: int, prompts: int, written: float
) -> None:
    short, long = (
        step(one, Tokens(written, 1000, prompts * length, length)).total
        for length in sorted((some, others))
    )
    assert no_longer(short, long)


@given(engines(), loads(), REQUESTS)
def test_users_wait_longer_among_more_requests(one: Engine, load: Load, requests: float) -> None:
    few, many = sorted((load.requests, requests))
    quiet, busy = (serve(one, replace(load, requests=number)) for number in (few, many))
    assert all(map(no_longer, times(quiet), times(busy)))


@given(engines(), loads(), LENGTHS)
def test_users_wait_longer_for_longer_prompts(one: Engine, load: Load, length: int) -> None:
    """The wait for an engine that gathers short prompts is left out: it may be the shorter."""
    constants = one.machine.constants
    assert isinstance(constants, Book)
    prompt = replace(
        one, machine=replace(one.machine, constants=constants.changed(admission_count=0.0))
    )
    short, long = (
        serve(prompt, replace(load, input_tokens=tokens))
        for tokens in sorted((load.input_tokens, length))
    )
    assert all(map(no_longer, times(short), times(long)))
    assert no_longer(long.requests_per_s, short.requests_per_s)


@given(engines(), LENGTHS, LENGTHS)
def test_fewer_requests_fit_at_longer_contexts(one: Engine, some: int, others: int) -> None:
    short, long = sorted((some, others))
    assert requests_max(one, long) <= requests_max(one, short)


@given(engines(), loads(), st.floats(1, 100))
def test_little_holds_however_few_places_there_are(one: Engine, load: Load, crowd: float) -> None:
    """Requests in flight are throughput times stay; with too little memory the stay is longer."""
    room = requests_max(one, load.input_tokens, load.output_tokens)
    assume(room >= 1)
    for requests in (load.requests, room * crowd):
        served = serve(one, replace(load, requests=requests))
        stay = served.ttft_s + (load.output_tokens - 1) * served.tpot_s
        assert served.requests_per_s * stay == pytest.approx(requests, rel=1e-6)
        assert served.running <= room * CLOSE
    full, crowded = (
        serve(one, replace(load, requests=room * many)) for many in (1.0, max(crowd, 1.01))
    )
    assert (crowded.ttft_s > full.ttft_s).all()


def rows_bytes(one: Engine, rows: float) -> float:
    """Return the bytes of so many rows that every chip of a tensor group reads and writes whole.

    Each matrix takes them in and gives them out, and norms pass over them.
    """
    card, a = one.card, one.card.attention
    between = 2 * card.hidden + (2 * a.heads + 2 * a.kv_heads) * a.head_dim
    dense = 2 * card.hidden + 3 * card.feed_forward
    total = card.layers * between + card.dense_layers * dense + card.hidden + card.vocab
    if card.experts is not None:
        e = card.experts
        each = 2 * card.hidden * e.active + 2 * card.hidden + 3 * e.shared * e.shared_width
        fused = "fused_" if one.precision.weights.dtype == "fp4" else ""
        passes_of_experts = one.machine.constants[f"{fused}expert_passes_count"].max()
        sorted_rows = passes_of_experts * e.active * card.hidden
        total += card.expert_layers * (each + int(np.ceil(sorted_rows)))
    passes = float(one.machine.constants["activation_passes_count"].max())
    return 2.0 * rows * (total + passes * card.layers * card.hidden)


@given(
    st.sampled_from(["llama-2-13b", "llama-3.1-70b", "mixtral-8x7b", "gpt-oss-120b"]),
    chips(),
    books(),
    st.sampled_from([2, 4, 8]),
    st.floats(1, 500),
    LENGTHS,
)
def test_a_tensor_group_loses_only_messages_fixed_times_and_its_copies_of_rows(
    name: str, chip: Chip, book: Book, tp: int, each: float, context: int
) -> None:
    """At a fixed batch per chip, a step in a group is no longer but for the terms that are named.

    Without messages, and but for the rows that each of them reads whole, chips that share a model
    are at least as fast as each with a model of its own.
    """
    alone, group = (
        engine(model(name), chip, Layout(tp=n), constants=book, count=COUNT) for n in (1, tp)
    )
    slowest = alone.machine.bandwidth * np.minimum(
        book["weight_stream_share"], book["expert_stream_share"]
    )
    copied = rows_bytes(alone, each * tp) / slowest
    one, shared = (step(one, Tokens(each * n, context)) for one, n in ((alone, 1), (group, tp)))
    named = shared.network + shared.latency
    assert no_longer(shared.total, one.total + named + copied)
    assert no_longer(shared.compute + shared.bandwidth, one.compute + one.bandwidth + copied)
    assert no_longer(one.latency, shared.latency)
    length = min(context, 4096)
    read, together = (
        step(one, Tokens(read=n * length, length=length)) for one, n in ((alone, 1), (group, tp))
    )
    more = rows_bytes(alone, length * tp) / slowest
    assert no_longer(together.compute + together.bandwidth, read.compute + read.bandwidth + more)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Return any question about the packaged chips and models, on packaged constants."""
    chip_id, name = draw(st.sampled_from(CAPABLE)), draw(st.sampled_from(sorted(models())))
    phase: Phase = draw(st.sampled_from(["serving", "prefill", "decode", "training"]))
    return Query(
        chip_id,
        catalogue().chips[chip_id],
        model(name),
        phase,
        draw(st.sampled_from([None, "bf16", "fp8", "fp4"])),
        chips=draw(st.sampled_from([None, 8, 16, 64, 256])),
        input_tokens=draw(st.none() | LENGTHS),
        output_tokens=draw(st.none() | LENGTHS),
        concurrency=draw(st.none() | REQUESTS),
        software=draw(st.sampled_from([None, "vLLM 0.11", "TensorRT-LLM", "SGLang"])),
    )


def answered(query: Query, count: int = 64) -> Answer:
    """Return the answer; a question that cannot be answered is not looked at."""
    try:
        return ask(query, count=count)
    except InputError:
        assume(condition=False)
        raise


@given(queries())
def test_every_figure_is_a_positive_number_in_order(query: Query) -> None:
    answer = answered(query)
    for name, draws in answer.figures.items():
        assert np.isfinite(draws).all(), name
        assert (draws > 0).all(), name
        found = answer.interval(name)
        assert found.p5 <= found.med <= found.p95, name
    assert all(seconds >= 0 for seconds in answer.parts_s.values())
    assert answer.chips >= 1
    if query.chips is not None:
        assert answer.chips == query.chips
    if answer.memory_gb:
        assert answer.memory_gb["free"] >= 0


@given(st.sampled_from(SOME), chips(200.0), books(), st.data(), FACTORS, FACTORS, FACTORS)
@settings(max_examples=examples(50))
def test_the_best_layout_of_a_faster_chip_has_no_lower_rate(
    name: str,
    chip: Chip,
    book: Book,
    data: st.DataObject,
    peak: float,
    bandwidth: float,
    link: float,
) -> None:
    """At the middle of every constant, where layouts are compared."""
    phase: Phase = data.draw(st.sampled_from(["serving", "prefill", "decode"]))
    middle = Book(1, **{each: float(np.median(book[each])) for each in meanings()})
    slow, fast = (
        answered(
            Query("round-one", one, model(name), phase, chips=32, concurrency=64, constants=middle),
            count=1,
        ).figures[RATES[phase]]
        for one in (chip, faster(chip, peak, bandwidth, link))
    )
    assert no_longer(slow, fast)


@given(queries(), FACTORS, FACTORS)
@settings(max_examples=examples(30))
def test_no_percentile_of_a_time_is_longer_on_a_faster_chip(
    query: Query, peak: float, bandwidth: float
) -> None:
    """With the packaged constants, on the same layout and the same luck."""
    chip = query.chip
    assert chip.memory_bandwidth_gb_per_s is not None
    known = [*chip.peak_tflops.values(), chip.memory_bandwidth_gb_per_s]
    assume(all(figure.is_certain for figure in known))
    placed = query if query.phase == "training" else replace(query, tp=8, chips=8)
    before = answered(placed)
    after = answered(replace(placed, chip=faster(chip, peak, bandwidth, 1.0)))
    for name in before.figures:
        one, other = before.interval(name), after.interval(name)
        pairs = [(one.p5, other.p5), (one.med, other.med), (one.p95, other.p95)]
        if name == "mfu":  # which is of the higher peak
            continue
        for slow, fast in pairs:
            assert fast <= slow * CLOSE if name.endswith("_ms") else fast >= slow / CLOSE


@given(queries(), queries())
@settings(max_examples=examples(40))
def test_an_answer_does_not_depend_on_what_was_asked_before(first: Query, second: Query) -> None:
    before = answered(first).figures
    answered(second)
    again = answered(first).figures
    machines._constants.cache_clear()  # noqa: SLF001 - forgets all that was drawn
    scores.cache_clear()
    answered(second)
    fresh = answered(first).figures
    for name, draws in before.items():
        assert np.array_equal(draws, again[name])
        assert np.array_equal(draws, fresh[name])


@given(
    st.sampled_from(CAPABLE),
    st.sampled_from(SOME),
    st.sampled_from(["serving", "prefill", "decode"]),
    st.sampled_from([None, "bf16", "fp8", "int4", "fp4"]),
)
@settings(max_examples=examples(60))
def test_every_pair_of_chip_and_model_is_answered_in_order_and_below_the_peak(
    chip_id: str, name: str, phase: Phase, precision: str | None
) -> None:
    """With nothing stated but the work, whatever the chip; operations of attention left out."""
    chip = catalogue().chips[chip_id]
    try:
        answer = ask(Query(chip_id, chip, model(name), phase, precision))
    except InputError as error:
        assert "does not fit" in str(error)  # noqa: PT017 - the other outcome
        return
    for figure in answer.figures:
        found = answer.interval(figure)
        assert 0 < found.p5 <= found.med <= found.p95 < np.inf
    peak = 1e12 * max(peak.median for peak in chip.peak_tflops.values())
    written = answer.figures[RATES[phase]][0]
    assert written * 2 * multiplied_parameters(model(name)) <= peak * CLOSE
