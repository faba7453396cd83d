"""Training: its operations and messages by hand, the pipeline's bubble, and what does not fit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.scenario.catalogue import catalogue
from headworks.throughput import counts, model
from headworks.throughput.answer import ask
from headworks.throughput.machine import lacks
from headworks.throughput.query import Query
from headworks.throughput.training import Trained, train
from tests.unit.throughput.ideal import INSTANT, Book, a_chip, computing, query

PEAK = 1000e12
DENSE, GROUPED, EXPERTS = model("llama-3.1-8b"), model("llama-3.1-70b"), model("mixtral-8x7b")
LARGE = {"memory_gb": 1e5}


def run(card: str = "llama-3.1-8b", **asked: Any) -> Trained:  # noqa: ANN401 - parts of a query
    """Return a training run on chips where only arithmetic takes time, unless asked otherwise."""
    asked.setdefault("chip", computing(**LARGE))
    asked.setdefault("chips", 8)
    return train(query(model(card), phase="training", **asked), count=1)


@pytest.mark.parametrize("name", ["llama-2-13b", "llama-3.1-70b", "deepseek-v3", "mixtral-8x7b"])
@pytest.mark.parametrize("sequence", [2048, 8192])
def test_utilisation_is_operations_of_the_model_over_the_peak(name: str, sequence: int) -> None:
    """Where nothing but arithmetic takes time, all of it is the model's: 6 N and attention.

    Routers are left out of the time: a small part of one in a hundred.
    """
    found = run(name, input_tokens=sequence)
    flops = counts.training_flops_per_token(model(name), sequence, "none")
    assert found.peak_share[0] == pytest.approx(found.tokens_per_s_per_chip[0] * flops / PEAK)
    assert found.peak_share[0] == pytest.approx(1.0, rel=0.006)


@pytest.mark.parametrize("name", ["llama-2-13b", "llama-3.1-70b", "deepseek-v3", "gpt-oss-120b"])
def test_utilisation_as_it_is_published_counts_attention_to_the_whole_sequence(name: str) -> None:
    found = run(name, input_tokens=8192)
    defined = counts.model_flops_per_token(model(name), 8192)
    computed = counts.training_flops_per_token(model(name), 8192, "none")
    assert found.mfu[0] == pytest.approx(found.tokens_per_s_per_chip[0] * defined / PEAK)
    assert found.mfu[0] / found.peak_share[0] == pytest.approx(defined / computed)


def test_utilisation_by_hand() -> None:
    """6 x 7.504e9 and 12 x 32 layers x 32 heads x 128 x 8192, as each token sees 8192."""
    found = run(input_tokens=8192)
    matrices = 32 * (2 * 4096 * (4096 + 1024) + 3 * 4096 * 14336) + 128_256 * 4096
    defined = 6 * matrices + 12 * 32 * 32 * 128 * 8192
    assert found.mfu[0] == pytest.approx(found.tokens_per_s_per_chip[0] * defined / PEAK)


def test_tokens_per_second_by_hand() -> None:
    """8.03 billion parameters less the embedding of the input: 6 x 7.504e9 and 3 x attention."""
    found = run(input_tokens=8192)
    matrices = 32 * (2 * 4096 * (4096 + 1024) + 3 * 4096 * 14336) + 128_256 * 4096
    attention = 32 * 4 * 4096 * 8192 / 2
    assert found.tokens_per_s_per_chip[0] == pytest.approx(
        PEAK / (3 * (2 * matrices + attention)), rel=1e-3
    )


def test_recomputing_is_not_counted_as_use() -> None:
    """Full recomputing takes a fourth pass: three quarters of the time is the model's."""
    found = run(constants=Book(recompute_count=1.0))
    assert found.peak_share[0] == pytest.approx(0.75, rel=1e-3)


def test_utilisation_is_of_the_peak_in_the_precision_of_the_weights() -> None:
    wide, narrow = run(input_tokens=2048), run(input_tokens=2048, precision="fp8")
    faster = narrow.tokens_per_s_per_chip[0] / wide.tokens_per_s_per_chip[0]
    assert 1.5 < faster < 2  # attention and the head stay in 16 bits
    assert narrow.mfu[0] / wide.mfu[0] == pytest.approx(faster / 2)


@pytest.mark.parametrize(("stages", "rounds"), [(2, 4), (4, 8), (4, 1), (8, 64)])
def test_the_bubble_of_a_pipeline_is_the_published_formula(stages: int, rounds: int) -> None:
    """(p - 1) / (m + p - 1) where no stage holds more than one part of the model.

    Of a model with as many layers as stages no stage can hold two.
    """
    layers = model("llama-3.1-8b").model_copy(update={"layers": stages})
    found = train(
        query(
            layers, computing(**LARGE), phase="training",
            chips=stages, pp=stages, dp=1, concurrency=rounds,
        ),
        count=1,
    )  # fmt: skip
    bubble = (stages - 1) / (rounds + stages - 1)
    assert found.recipe.interleaved == 1
    assert found.bubble_share == pytest.approx(bubble)
    assert found.peak_share[0] == pytest.approx(1 - bubble, rel=2e-3)


@pytest.mark.parametrize(("stages", "rounds"), [(2, 4), (4, 8), (8, 64)])
def test_parts_that_take_turns_on_a_stage_shorten_the_bubble(stages: int, rounds: int) -> None:
    found = run(chips=stages, pp=stages, dp=1, concurrency=rounds)
    parts = found.recipe.interleaved
    assert parts > 1
    assert found.bubble_share == pytest.approx((stages - 1) / (parts * rounds + stages - 1))
    assert found.peak_share[0] == pytest.approx(1 - found.bubble_share[0], rel=2e-3)


@pytest.mark.parametrize("stages", [2, 8, 16, 32])
def test_no_step_is_shorter_than_one_sequence_through_all_stages(stages: int) -> None:
    """Its arithmetic is that of one chip, on whichever stage; and more sequences never cost."""
    alone = run(chips=1, concurrency=1).cost.total[0]
    asked: dict[str, Any] = {"chips": stages, "pp": stages, "tp": 1, "dp": 1}
    runs = [run(concurrency=n, **asked) for n in range(1, 2 * stages + 2)]
    assert runs[0].bubble_share[0] == pytest.approx(1 - 1 / stages)
    assert all(one.cost.total[0] >= alone * (1 - 1e-9) for one in runs)
    rates = [float(one.tokens_per_s_per_chip[0]) for one in runs]
    assert rates == sorted(rates)
    few, enough = runs[stages - 2], runs[stages - 1]
    assert few.recipe.parts == 1
    assert (enough.recipe.parts > 1) == (enough.recipe.interleaved > 1)


def test_one_sequence_on_eight_stages_of_a_real_chip_leaves_seven_waiting() -> None:
    found = train(on_h100(tp=1, pp=8, dp=1, concurrency=1), count=1)
    assert found.bubble_share[0] >= 0.875 * (1 - 1e-9)
    assert not said(found, "4 parts of the model")


def test_more_chips_share_a_fixed_batch_evenly_where_nothing_passes_between_them() -> None:
    times = [run(chips=chips, concurrency=64).cost.total[0] for chips in (8, 16, 32, 64)]
    assert times == pytest.approx([times[0] / n for n in (1, 2, 4, 8)])
    alone = run(chips=128, concurrency=64)
    assert alone.cost.total[0] == pytest.approx(times[-1])  # no chip has less than a sequence


def test_more_chips_shorten_a_fixed_batch_down_to_what_passes_between_them() -> None:
    chip = computing(**LARGE, scale_up_gb_per_s=800.0)
    runs = [
        run(chip=chip, chips=n, concurrency=256, constants=Book(scale_out_gb_per_s=50.0))
        for n in (16, 32, 64, 128)
    ]
    times = [float(one.cost.total[0]) for one in runs]
    assert times == sorted(times, reverse=True)
    assert all(after > before / 2 for before, after in pairwise(times))
    free = run(chips=128, concurrency=256).cost.total[0]
    assert times[-1] - free == pytest.approx(runs[-1].cost.network[0])
    # 6 bytes for each of 8.03e9 parameters: summed over eight of a board at 400 GB/s, and then the
    # eighth of each chip over sixteen boards at 50 GB/s.
    bytes_held = 6 * 8.030e9
    within, beyond = 7 / 8 / 400e9, 15 / 16 / 8 / 50e9
    assert runs[-1].cost.network[0] == pytest.approx(bytes_held * (within + beyond), rel=1e-3)


def test_all_is_sharded_where_its_gathers_hide_behind_the_computation() -> None:
    """Of 70e9 parameters eight chips of 160 GB hold no whole copy: slices, or gathers."""
    quick = run(
        "llama-3.1-70b",
        chip=computing(**{**LARGE, "memory_gb": 250.0}, scale_up_gb_per_s=8000.0),
        chips=8,
        concurrency=64,
        constants=Book(gradient_exposed_share=0.1, all_reduce_us=50.0),
    )
    assert quick.recipe.sharded
    assert str(quick.recipe) == "FSDP8"
    slow = run(
        "llama-3.1-70b",
        chip=computing(**{**LARGE, "memory_gb": 250.0}, scale_up_gb_per_s=8.0),
        chips=8,
        concurrency=64,
        constants=Book(gradient_exposed_share=0.1),
    )
    assert not slow.recipe.sharded


def test_gathers_that_do_not_fit_behind_the_computation_are_waited_for() -> None:
    """Eight sequences a chip, each with 6 bytes of 70.55e9 parameters, 7/8 of them others'."""
    found = run(
        "llama-3.1-70b",
        chip=computing(**{**LARGE, "memory_gb": 250.0}, scale_up_gb_per_s=800.0),
        chips=8,
        concurrency=64,
        constants=Book(gradient_exposed_share=0.1, all_reduce_us=1e6),
    )
    sent = 8 * 6 * 70.55e9 * 7 / 8 / 400e9
    work = float(found.cost.total[0] - found.cost.network[0])
    assert found.recipe.sharded
    assert found.cost.network[0] == pytest.approx(sent - 0.9 * min(sent, work), rel=1e-3)


def test_gradients_keep_to_the_board_while_there_is_one() -> None:
    found = run(
        chip=computing(**LARGE, scale_up_gb_per_s=800.0),
        chips=8,
        constants=Book(gradient_exposed_share=0.5),
    )
    assert found.cost.network[0] == pytest.approx(0.5 * 6 * 8.030e9 * 7 / 8 / 400e9, rel=1e-3)


def test_a_single_group_passes_no_gradients() -> None:
    found = run(chip=computing(**LARGE, scale_up_gb_per_s=800.0), chips=1)
    assert found.cost.network[0] == 0


def test_context_parallel_chips_share_a_sequence() -> None:
    """8 chips, one group of tensor 1: all eight work on the same sequences."""
    shared = run(chips=8, dp=1, concurrency=8, input_tokens=32768)
    assert shared.peak_share[0] == pytest.approx(1.0, rel=0.006)


@pytest.mark.parametrize("card", [GROUPED, EXPERTS], ids=lambda card: card.name)
@pytest.mark.parametrize("split", [{"tp": 8}, {"tp": 4, "pp": 2}, {"pp": 8}, {"tp": 2, "dp": 2}])
def test_splitting_leaves_all_work_to_be_done_once(card: Any, split: dict[str, int]) -> None:  # noqa: ANN401
    found = train(
        query(card, computing(**LARGE), phase="training", chips=8, **split, concurrency=4096),
        count=1,
    )
    assert found.peak_share[0] == pytest.approx(1 - found.bubble_share[0], rel=0.006)


def test_state_that_does_not_fit_is_refused_with_the_number_that_would() -> None:
    """18 bytes for each of 70.55e9 parameters: 1.27 TB, over 85.9 GB each; 79.4 GB of 16."""
    chip = a_chip(memory_gb=80.0)
    refused = r"takes 1,270 GB, of which 8 Round One hold 687\. It would fit on 16 as TP8 PP2"
    with pytest.raises(InputError, match=refused) as caught:
        run("llama-3.1-70b", chip=chip)
    assert len(caught.value.faults) == 1
    run("llama-3.1-70b", chip=chip, chips=16)
    with pytest.raises(InputError, match="of which 1 Round One holds 86"):
        run("llama-3.1-70b", chip=chip, chips=1)


@pytest.mark.parametrize(
    ("chip_id", "name", "chips"),
    [("b200", "llama-3.1-70b", 8), ("h100-sxm", "qwen3-32b", 8), ("h100-sxm", "llama-3.1-8b", 2)],
)
def test_state_may_take_all_the_room_of_a_board(chip_id: str, name: str, chips: int) -> None:
    """18 bytes of each parameter are 1,270 of 1,391 GB, 590 of 618, and 145 of 155."""
    chip = catalogue().chips[chip_id]
    found = train(Query(chip_id, chip, model(name), "training", chips=chips), count=1)
    assert found.memory_gb["free"] >= 0


def test_without_chips_it_takes_boards_of_eight_that_hold_the_state() -> None:
    found = run("llama-3.1-70b", chip=a_chip(memory_gb=80.0), chips=None)
    assert found.recipe.chips == 16
    assert any("16 chips" in text for text in found.assumptions)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"tp": 3}, "tp: 3 does not divide the 32 heads"),
        ({"pp": 99, "chips": 99}, "pp: 99 stages for the 32 layers"),
        ({"tp": 8, "pp": 2}, "TP8 PP2 takes 16 chips; there are 8"),
        ({"tp": 8, "dp": 4}, "takes 32 chips; there are 8"),
        ({"tp": 2, "dp": 2, "chips": 10}, "TP2 DP2 takes 4 chips, of which 10 is no multiple"),
        ({"precision": "int8"}, "precision: nobody trains in INT8"),
        ({"precision": "int4", "tp": 3}, "Round One trains in bf16 or fp8"),
        ({"precision": "int4", "tp": 3}, "tp: 3 does not divide the 32 heads"),
        ({"ep": 8}, "ep: Llama 3.1 8B has no experts to spread"),
        ({"chips": 0}, "chips: 0 is not a number of chips"),
        ({"input_tokens": 0}, "input_tokens: 0 is not above 0"),
        ({"concurrency": -4}, "concurrency: -4 is not above 0"),
        ({"concurrency": 0.5}, "concurrency: 0.5 is less than a sequence"),
        (
            {"chips": 100_000, "tp": 1, "dp": 1, "input_tokens": 128},
            "dp: 100,000 chips would share each sequence of 128 tokens; take 782 groups or more",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        run(**asked)
    assert words in str(caught.value)


@pytest.mark.parametrize("ep", [3, 16])
def test_experts_are_spread_over_chips_that_there_are(ep: int) -> None:
    with pytest.raises(InputError, match=f"ep: {ep} does not divide"):
        run("mixtral-8x7b", ep=ep)


def test_a_recipe_is_written_in_shorthand() -> None:
    assert str(run(tp=2, pp=2, chips=8).recipe) == "TP2 PP2 DP2"
    assert str(run("mixtral-8x7b", ep=8).recipe) == "TP1 PP1 DP8 EP8"


@pytest.mark.parametrize(
    "chip_id", [chip_id for chip_id, chip in catalogue().chips.items() if not lacks(chip)]
)
def test_no_chip_does_more_than_its_peak(chip_id: str) -> None:
    """With the packaged constants, in every draw."""
    chip = catalogue().chips[chip_id]
    for name in ("llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b"):
        found = train(Query(chip_id, chip, model(name), phase="training"))
        # Of a causal square the diagonal is counted whole and computed half: 1 / sequence.
        assert found.peak_share.max() <= 1 + 1 / 4096
        assert found.peak_share.min() > 0
        assert np.isfinite(found.tokens_per_s_per_chip).all()


def test_nothing_but_arithmetic_takes_time_on_the_chip_of_these_tests() -> None:
    assert INSTANT * 1e9 > 1e3 * PEAK
    assert run().cost.seconds()["compute"] == pytest.approx(run().cost.total[0])


def on_h100(**asked: Any) -> Query:  # noqa: ANN401 - parts of a query
    chip = catalogue().chips["h100-sxm"]
    return Query("h100-sxm", chip, model("llama-3.1-8b"), "training", chips=8, **asked)


def said(found: Trained, beginning: str) -> list[str]:
    return [text for text in found.assumptions if text.startswith(beginning)]


def test_training_is_in_16_bits_unless_stated_and_says_so() -> None:
    first = train(on_h100(), count=1)
    assert said(first, "precision") == ["precision: bf16, the default of training"]
    assert not said(train(on_h100(precision="bf16"), count=1), "precision")
    chip = catalogue().chips["h800"]
    large = Query("h800", chip, model("deepseek-v3"), "training", chips=2048)
    (text,) = said(train(large, count=1), "precision")
    assert "state fp8, in which DeepSeek-V3 is published" in text


def test_the_trainer_that_is_taken_is_said() -> None:
    assert "none is named" in said(train(on_h100(), count=1), "trainer")[0]
    assert "vLLM is none" in said(train(on_h100(software="vLLM"), count=1), "trainer")[0]
    assert not said(train(on_h100(software="NeMo 25.11"), count=1), "trainer")


def test_what_is_chosen_of_a_pipeline_is_said() -> None:
    found = run(pp=4, tp=2)
    assert found.recipe.interleaved == 4
    assert said(found, "4 parts of the model take turns")
    assert said(found, "recompute: selective (norms and gated products), ")
    assert said(run("gpt-3-175b", chips=64), "recompute: selective (norms), ")
    latent = "recompute: selective (norms, gated products and the heads that latent attention "
    assert said(run("deepseek-v3", chips=64), latent)
    assert not said(run(recompute="full"), "recompute")


def test_chips_that_share_a_sequence_are_said() -> None:
    found = run(chips=64, tp=2, dp=8, input_tokens=32768)
    assert str(found.recipe) == "TP2 PP1 DP8 CP4"
    assert "4 share each sequence" in said(found, "TP2 PP1 DP8 takes 16 of 64 chips")[0]


def test_chips_that_no_group_takes_are_said_and_not_counted() -> None:
    found = run(chips=63, tp=8)
    assert said(found, "7 of 63 chips are left over by TP8 PP1 DP7")
    whole = run(chips=56, tp=8)
    assert found.tokens_per_s_per_chip[0] == pytest.approx(whole.tokens_per_s_per_chip[0])
    card = model("llama-3.1-8b")
    asked = query(card, computing(**LARGE), phase="training", chips=63, tp=8)
    assert ask(asked, count=1).chips == 56


@pytest.mark.parametrize(
    ("name", "split", "chips", "working"),
    [
        ("llama-3.1-8b", {"tp": 8}, 15, 8),
        ("llama-3.1-70b", {"tp": 8, "pp": 2}, 40, 32),
        ("llama-3.1-70b", {"tp": 8, "pp": 2}, 47, 32),
        ("mixtral-8x7b", {"tp": 2, "pp": 4}, 79, 72),
    ],
)
def test_chips_that_are_left_over_change_nothing(
    name: str, split: dict[str, Any], chips: int, working: int
) -> None:
    """On a real chip, in every figure of those that work and in how many there are."""
    chip, card = catalogue().chips["h100-sxm"], model(name)
    more, fewer = (
        ask(Query("h100-sxm", chip, card, "training", chips=n, **split)) for n in (chips, working)
    )
    assert more.chips == fewer.chips == working
    assert more.layout == fewer.layout
    assert more.memory_gb == fewer.memory_gb
    assert more.parts_s == fewer.parts_s
    for name_of, draws in fewer.figures.items():
        assert np.array_equal(draws, more.figures[name_of])
    assert set(more.assumptions) - set(fewer.assumptions) == {
        text for text in more.assumptions if f"{chips - working} of {chips} chips" in text
    }


def test_groups_without_a_sequence_are_said() -> None:
    assert said(run(chips=8, concurrency=3), "3 sequences in a step leave some of 8 groups")


def test_the_bubble_falls_with_more_sequences_and_is_none_without_stages() -> None:
    shares = [float(run(chips=8, pp=8, concurrency=n).bubble_share[0]) for n in (1, 2, 8, 64, 512)]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == len(shares)
    assert run(chips=8, pp=1, tp=1, dp=8).bubble_share[0] == 0


def test_shares_are_of_the_whole_step() -> None:
    """What passes between groups is part of a step, and neither bubble nor recomputed."""
    asked: dict[str, Any] = {"chips": 16, "pp": 4, "tp": 1, "concurrency": 16}
    constants = Book(gradient_exposed_share=1.0, recompute_count=0.5)
    found = run(chip=computing(**LARGE, scale_up_gb_per_s=8.0), constants=constants, **asked)
    free = run(constants=constants, **asked)
    for name in ("bubble_share", "recompute_share"):
        seconds = getattr(found, name) * found.cost.total
        assert seconds == pytest.approx(getattr(free, name) * free.cost.total, rel=0.02)


def test_utilisation_beyond_one_is_explained() -> None:
    """At a million tokens attention is all but everything, and half of it is computed."""
    asked: dict[str, Any] = {"input_tokens": 1e6, "recompute": "none"}
    found = run(**asked)
    assert found.peak_share[0] <= 1 + 1 / 1e6  # of the diagonal half is computed
    assert 1.5 < found.mfu[0] <= 2
    card, chip = model("llama-3.1-8b"), computing(**LARGE)
    answer = ask(query(card, chip, phase="training", chips=8, **asked), count=1)
    assert any("can pass 1" in text for text in answer.assumptions)
    short = ask(on_h100(input_tokens=2048))
    assert not any("can pass 1" in text for text in short.assumptions)


def test_recomputing_is_of_training_alone() -> None:
    card = model("llama-3.1-8b")
    with pytest.raises(InputError, match="nothing is computed again in the phase decode"):
        ask(query(card, a_chip(), phase="decode", recompute="full"), count=1)


def test_a_trainer_has_constants_of_its_own() -> None:
    """On one chip a vendor's recipes reach more than a plain benchmark; others lie between."""
    rates = [
        train(on_h100(software=name), count=1).tokens_per_s_per_chip[0]
        for name in ("FlagPerf/Megatron", None, "Megatron-Bridge (NeMo 25.11)")
    ]
    assert rates == sorted(rates)
    assert rates[2] > 1.2 * rates[0]


def test_one_layout_is_said_of_a_training() -> None:
    found = train(on_h100(), count=1)
    assert sum(text.startswith("layout") for text in found.assumptions) == 1
    assert any(str(found.recipe).split(" DP")[0] in text for text in found.assumptions)
