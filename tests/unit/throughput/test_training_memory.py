"""What a chip holds in training: published formulas, hand values, and what fits with what."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from headworks.errors import Fault, InputError
from headworks.scenario.catalogue import catalogue
from headworks.throughput import model
from headworks.throughput.answer import ask
from headworks.throughput.cases import packaged_cases
from headworks.throughput.counts import parameters
from headworks.throughput.predict import query_of
from headworks.throughput.query import Query
from headworks.throughput.training import Recipe, Trained, check_training, train
from headworks.throughput.training.activations import layers_bytes
from tests.unit.throughput.ideal import Book, a_chip, computing, query

TRAINED = {case.case_id: case for case in packaged_cases() if case.phase == "training"}
PUT_ASIDE = {"m332": "Llama 3.1 405B on 256 GB300", "m277": "Pangu Ultra"}
"""The published runs that by this count need a host's memory, as the docs name them."""
USES = ["weights", "gradients", "optimiser", "activations", "free", "chip"]


def on(chip_id: str, name: str, **asked: Any) -> Trained:  # noqa: ANN401 - parts of a query
    chip = catalogue().chips[chip_id]
    return train(Query(chip_id, chip, model(name), "training", **asked), count=1)


def run(name: str = "llama-3.1-70b", **asked: Any) -> Trained:  # noqa: ANN401
    asked.setdefault("chip", computing(memory_gb=100.0))
    return train(query(model(name), phase="training", **asked), count=1)


def recipe(**changed: Any) -> Recipe:  # noqa: ANN401
    sizes: dict[str, Any] = {
        "tp": 1, "pp": 1, "ep": 1, "groups": 1, "chips": 1, "sequence_tokens": 4096.0,
        "sequences": 64.0, "interleaved": 1,
    }  # fmt: skip
    return Recipe(**{**sizes, **changed})


def test_a_layer_of_gpt_keeps_what_is_published() -> None:
    """34 bytes for each of s·b·h (arXiv 2205.05198), less two masks of dropout of a byte each.

    Scores of attention aside; and 2 with full recomputing.
    """
    gpt = model("gpt-3-175b")
    assert layers_bytes(gpt, "none") == (34 - 2) * 12288 * 96
    assert layers_bytes(gpt, "full") == 2 * 12288 * 96


def test_a_layer_with_gates_and_shared_heads_by_hand() -> None:
    """Inputs and results of two norms, q and its answer, 8 heads of k and v, gate, up, product."""
    products = 2 * 8192 + 2 * 1024 + 2 * 28672
    card = model("llama-3.1-70b")
    assert layers_bytes(card, "none") == 2 * 80 * (4 * 8192 + products + 28672)
    assert layers_bytes(card, "selective") == 2 * 80 * (2 * 8192 + products)


def test_a_layer_of_experts_by_hand() -> None:
    """DeepSeek-V3: vectors of 1536, 512 and 64 of latent attention, eight copies of each row."""
    latent = 2 * 7168 + 1536 + 512 + 64 + 128 * 128
    experts = 8 * (7168 + 2 * 2048) + 2 * 2048
    expected = 2 * (61 * latent + 3 * 2 * 18432 + 58 * experts)
    assert layers_bytes(model("deepseek-v3"), "selective") == expected


@pytest.mark.parametrize(("stages", "parts"), [(1, 1), (4, 1), (8, 3), (16, 4)])
def test_the_first_stage_keeps_as_many_sequences_as_are_published(stages: int, parts: int) -> None:
    """Of the activations of p stages 1 + (p - 1) / (p m) where m parts take turns."""
    found = recipe(pp=stages, interleaved=parts, sequences=1000.0).in_flight
    assert found == pytest.approx(stages * (1 + (stages - 1) / (stages * parts)))
    assert recipe(pp=stages, interleaved=parts, sequences=1.0).in_flight == 1


def test_a_chip_holds_a_slice_and_its_share_of_the_optimiser() -> None:
    """6 bytes of each parameter of a slice and 12 / d, as Megatron-Core states for d groups."""
    found = run(chips=64, tp=4, pp=2, dp=8, chip=computing(memory_gb=141.0)).memory_gb
    slice_gb = parameters(model("llama-3.1-70b")) / 8 / 1e9
    assert found["weights"] == pytest.approx(2 * slice_gb)
    assert found["gradients"] == pytest.approx(4 * slice_gb)
    assert found["optimiser"] == pytest.approx(12 * slice_gb / 8)


def test_activations_of_a_chip_by_hand() -> None:
    """With all recomputed: 80 inputs of 2 x 8192 bytes for 4096 tokens over 4 chips.

    At work are one layer, and the scores over 128,256 words.
    """
    found = run(chips=4, tp=4, recompute="full", chip=computing(memory_gb=500.0)).memory_gb
    inputs = 80 * 2 * 8192
    layer = 2 * (4 * 8192 + 2 * 8192 + 2 * 1024 + 3 * 28672)
    expected = 4096 / 4 * (inputs + layer + 4 * 128_256) / 1e9
    assert found["activations"] == pytest.approx(expected)


def test_experts_are_held_where_they_are_spread() -> None:
    """DeepSeek-V3 over 64 chips of each of 16 stages: 256 experts of 58 layers, and the rest."""
    found = on("h200-sxm", "deepseek-v3", chips=2048, tp=1, pp=16, ep=64).memory_gb
    routed = 58 * 256 * 3 * 7168 * 2048
    rest = parameters(model("deepseek-v3")) - routed
    assert found["weights"] == pytest.approx(2 * (routed / 64 + rest) / 16 / 1e9)
    optimiser = 12 * (routed / 64 / 2 + rest / 128) / 16 / 1e9  # two of 128 hold the same experts
    assert found["optimiser"] == pytest.approx(optimiser)


def test_sharded_training_holds_its_part_and_the_layers_at_work() -> None:
    """Each of 64 chips 18 bytes of 70.55e9 / 64 parameters, and three times the head."""
    chip = computing(memory_gb=100.0, scale_up_gb_per_s=8000.0)
    found = run(chip=chip, chips=64, constants=Book(all_reduce_us=1e6, gradient_exposed_share=0.1))
    assert found.recipe.sharded
    held = sum(found.memory_gb[name] for name in ("weights", "gradients", "optimiser"))
    expected = 18 * parameters(model("llama-3.1-70b")) / 64 + 3 * 2 * 128_256 * 8192
    assert held == pytest.approx(expected / 1e9)


@pytest.mark.parametrize("case_id", TRAINED)
def test_every_published_run_fits(case_id: str) -> None:
    """They were run; what a chip has no room for is put aside or computed again, and said."""
    found = ask(query_of(TRAINED[case_id]), count=1)
    assert list(found.memory_gb) == USES
    assert found.memory_gb["free"] >= 0
    assert (train(query_of(TRAINED[case_id]), count=1).recipe.aside_bytes > 0) == (
        case_id in PUT_ASIDE
    )
    parts = sum(part for name, part in found.memory_gb.items() if name != "chip")
    assert parts == pytest.approx(found.memory_gb["chip"])
    assert sum(text.startswith("recompute: ") for text in found.assumptions) == 1


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("gpt-3-175b", {"chips": 64, "tp": 8, "pp": 8, "input_tokens": 2048, "concurrency": 64}),
        ("llama-2-70b", {"chips": 512, "tp": 8, "pp": 4, "input_tokens": 4096}),
    ],
)
def test_runs_that_took_selective_recomputing_fit_with_it(name: str, split: dict[str, Any]) -> None:
    """175 billion parameters on 64 A100 of 80 GB, as arXiv 2205.05198 trains them (table 3)."""
    assert on("a100-80gb", name, recompute="selective", **split).memory_gb["free"] > 0


def test_more_computed_again_holds_less_and_takes_longer() -> None:
    asked: dict[str, Any] = {"chips": 64, "tp": 8, "pp": 2, "chip": computing(memory_gb=200.0)}
    runs = [
        run(recompute=again, constants=Book(recompute_count=0.1), **asked)
        for again in ("none", "selective", "full")
    ]
    activations = [one.memory_gb["activations"] for one in runs]
    assert activations == sorted(activations, reverse=True)
    bubble = runs[0].bubble_share[0]
    times = [float(one.cost.total[0]) for one in runs]
    assert times == pytest.approx([times[0], times[0] * 3.1 / 3, times[0] * 4 / 3])
    shares = [float(one.recompute_share[0]) for one in runs]
    assert shares == pytest.approx([0, (1 - bubble) * 0.1 / 3.1, (1 - bubble) / 4])


def test_without_a_choice_as_much_is_computed_again_as_must_be() -> None:
    """Selective; beyond a chip's room its host's memory; beyond that layers whole, up to all."""
    asked: dict[str, Any] = {"chips": 8, "tp": 8, "chip": computing(memory_gb=100.0), "dp": 1}
    short, longer, longest = (
        run("llama-3.1-8b", input_tokens=tokens, **asked) for tokens in (2**16, 2**18, 2**20)
    )
    assert (short.recipe.whole_share, short.recipe.aside_bytes) == (0, 0)
    assert longer.recipe.whole_share == 0
    assert longer.recipe.aside_bytes > 0
    assert 0 < longest.recipe.whole_share <= 1
    assert longest.recipe.aside_bytes <= 100 * 2**30
    assert all(one.memory_gb["free"] >= -1e-9 for one in (short, longer, longest))
    assert longest.recompute_share[0] == pytest.approx(
        longest.recipe.whole_share / (3 + longest.recipe.whole_share)
    )
    assert any("GB of a chip's activations" in text for text in longer.assumptions)
    assert any("of 32 layers whole" in text for text in longest.assumptions)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            {"chips": 64, "tp": 1, "pp": 1, "dp": 64},
            ["as TP1 PP1 DP64", "141.1 GB of weights", "fit as TP8", "FSDP64 (sharded"],
        ),
        (
            {"chips": 64, "tp": 8, "pp": 2, "input_tokens": 65536, "recompute": "none"},
            ["with recompute none", "GB of activations", "fit with recompute full"],
        ),
        (
            {"chips": 64, "tp": 8, "pp": 2, "input_tokens": 24576, "recompute": "none"},
            ["with recompute none", "fit with recompute selective"],
        ),
        (
            {"chips": 16, "tp": 2, "pp": 2, "input_tokens": 2**20},
            ["as TP2 PP2 DP4", "It would fit on "],
        ),
    ],
)
def test_a_layout_that_does_not_fit_is_refused_with_one_that_would(
    asked: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        run(**asked)
    assert len(caught.value.faults) == 1
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_what_is_said_to_fit_fits() -> None:
    """The split and the number of chips that a refusal offers are answered."""
    with pytest.raises(InputError, match="It would fit on ") as caught:
        run(chips=16, tp=2, pp=2, input_tokens=2**20)
    words = str(caught.value).split("It would fit on ")[1].split()
    sizes: dict[str, Any] = {word[:2].lower(): int(word[2:]) for word in words[2:]}
    context = sizes.pop("cp", 1)
    chips = int(words[0])
    assert chips == sizes["tp"] * sizes["pp"] * sizes["dp"] * context
    assert run(chips=chips, input_tokens=2**20, **sizes).memory_gb["free"] >= 0


def test_sharding_is_not_chosen_where_activations_do_not_fit() -> None:
    """Inputs of 80 layers of 131,072 tokens take 172 GB of a chip that holds every sequence."""
    found = on("h100-sxm", "llama-3.1-70b", chips=64, input_tokens=131_072)
    assert not found.recipe.sharded
    assert found.memory_gb["free"] >= 0


@pytest.mark.parametrize("name", ["llama-3.1-8b", "llama-3.1-405b", "deepseek-v3"])
@pytest.mark.parametrize("tokens", [4096, 131_072, 1_000_000])
def test_without_chips_there_are_as_many_as_it_takes(name: str, tokens: int) -> None:
    found = on("h100-sxm", name, input_tokens=tokens)
    assert found.memory_gb["free"] >= 0
    assert found.recipe.left_over == 0
    assert any(text.startswith(f"{found.recipe.chips:,} chips") for text in found.assumptions)


def test_a_layout_without_chips_takes_whole_groups() -> None:
    assert run(chip=a_chip(), tp=8, pp=2, dp=3).recipe.chips == 48
    found = run(chip=a_chip(), tp=8, pp=2).recipe
    assert found.chips % 16 == 0
    assert found.left_over == 0


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("deepseek-v3", {"pp": 16, "ep": 64}),
        ("qwen3-235b-a22b", {"pp": 8, "ep": 32}),
        ("mixtral-8x7b", {"pp": 4, "ep": 8}),
        ("mixtral-8x7b", {"tp": 8, "pp": 3, "ep": 12}),
        ("llama-3.1-405b", {"tp": 8, "pp": 16}),
    ],
)
def test_a_layout_without_chips_takes_as_many_as_spread_its_experts(
    name: str, split: dict[str, int]
) -> None:
    """Stages of whole tensor groups, over which experts come out even; and what it takes fits."""
    found = on("h800", name, **split)
    chips, stages = found.recipe.chips, split["pp"]
    assert chips % (split.get("tp", 1) * stages) == 0
    assert chips % (stages * split.get("ep", 1)) == 0
    assert found.memory_gb["free"] >= 0


def test_a_layout_without_chips_takes_more_until_it_fits() -> None:
    """Of each of eight slices the state of the optimiser, 105.8 GB, is shared by more groups."""
    found = on("h100-sxm", "llama-3.1-70b", tp=8, recompute="none", input_tokens=8192)
    assert found.memory_gb["free"] >= 0
    with pytest.raises(InputError, match="does not fit"):
        on("h100-sxm", "llama-3.1-70b", tp=8, recompute="none", input_tokens=8192, chips=24)


@pytest.mark.parametrize(
    ("name", "tokens", "counts"),
    [
        ("llama-3.1-405b", 1_000_000, [448, 511, 512, 544, 576, 600, 1000, 1024, 1500]),
        ("llama-3.1-70b", 131_072, range(8, 200, 7)),
        ("deepseek-v3", 4096, range(150, 400, 11)),
        ("mixtral-8x7b", 65_536, range(4, 80, 3)),
    ],
)
def test_what_fits_fits_on_more_chips_too(name: str, tokens: int, counts: list[int]) -> None:
    """And the number that a refusal offers is the fewest of those on which it does, or fewer."""
    fits: list[int] = []
    offered: list[int] = []
    for chips in counts:
        try:
            found = on("h100-sxm", name, chips=chips, input_tokens=tokens).recipe
        except InputError as error:
            assert not fits, f"{chips} does not fit, and {fits[0]} does"
            offered.append(int(str(error).split("It would fit on ")[1].split()[0]))
        else:
            assert found.given == chips
            fits.append(chips)
    assert fits
    assert offered
    assert max(offered) <= min(fits)


def test_nothing_is_said_of_numbers_that_were_not_tried() -> None:
    with pytest.raises(InputError, match="does not fit on 150,000") as caught:
        on("h100-sxm", "llama-3.1-8b", chips=150_000, input_tokens=10**11)
    assert "tried" not in str(caught.value)
    assert "Take shorter sequences" in str(caught.value)
    assert on("h100-sxm", "llama-3.1-8b", chips=150_000, input_tokens=1_000_001).recipe.given == (
        150_000
    )


def test_a_split_that_leaves_chips_over_is_offered_with_how_many_it_takes() -> None:
    with pytest.raises(InputError, match="It would fit as TP8 PP1 DP8 on 64 of them"):
        on("h100-sxm", "llama-3.1-70b", chips=69, tp=1)


@pytest.mark.parametrize(
    ("name", "chips", "tokens", "split"),
    [
        ("llama-3.1-405b", 1024, 131_072, {"tp": 4, "pp": 16, "dp": 1}),
        ("llama-3.1-70b", 64, 32_768, {"tp": 1, "pp": 8, "dp": 1}),
        ("llama-3.1-8b", 64, 131_072, {"tp": 8, "pp": 1, "dp": 1}),
        ("deepseek-v3", 2048, 65_536, {"tp": 8, "pp": 16, "dp": 2, "ep": 8}),
    ],
)
def test_no_layout_is_chosen_that_a_plain_one_beats(
    name: str, chips: int, tokens: int, split: dict[str, int]
) -> None:
    """At long sequences, where the fewest slices would compute most layers again whole."""
    chosen = on("h100-sxm", name, chips=chips, input_tokens=tokens)
    stated = on("h100-sxm", name, chips=chips, input_tokens=tokens, **split)
    assert chosen.tokens_per_s_per_chip[0] >= stated.tokens_per_s_per_chip[0] * (1 - 1e-9)
    assert chosen.recipe.whole_share == 0
    chip = catalogue().chips["h100-sxm"]
    drawn = train(Query("h100-sxm", chip, model(name), "training", None, chips=chips,
                        input_tokens=tokens))  # fmt: skip
    assert drawn.recipe == chosen.recipe


@pytest.mark.parametrize(
    ("name", "chips", "tokens"),
    [
        ("llama-3.1-8b", 16_384, 1_000_000),
        ("llama-3.1-70b", 16_384, 1_000_000),
        ("llama-3.1-405b", 1024, 32_768),
        ("deepseek-v3", 16_384, 1_000_000),
    ],
)
def test_a_free_choice_is_never_slower_than_selective_recomputing(
    name: str, chips: int, tokens: int
) -> None:
    """Of a small batch too, which leaves some of many groups without a sequence."""
    asked: dict[str, Any] = {"chips": chips, "input_tokens": tokens, "concurrency": 64}
    free = on("h100-sxm", name, **asked).tokens_per_s_per_chip[0]
    assert free >= on("h100-sxm", name, recompute="selective", **asked).tokens_per_s_per_chip[0]


def test_chips_share_a_sequence_only_where_that_is_faster_by_far() -> None:
    """What they send each other is taken to be hidden, which flatters them."""
    short, long = (
        on("h100-sxm", "llama-3.1-405b", chips=1024, input_tokens=tokens).recipe.context
        for tokens in (8192, 131_072)
    )
    assert (short, long) == (1, 16)


@pytest.mark.parametrize(
    "given",
    [
        {"chips": 64}, {"chips": 1}, {"chips": 8, "input_tokens": 1e6}, {"chips": 8, "tp": 8},
        {"chips": 64, "tp": 1, "dp": 64}, {"chips": 8, "recompute": "none"}, {},
        {"chips": 16, "recompute": "full", "input_tokens": 131_072}, {"chips": 8, "tp": 3},
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b"])
def test_what_is_checked_is_what_an_answer_would_meet(name: str, given: dict[str, Any]) -> None:
    """The same faults where there are any, and none where there is an answer."""
    asked = Query("h100-sxm", catalogue().chips["h100-sxm"], model(name), "training", **given)
    met: list[list[Fault]] = []
    for ask_for in (check_training, partial(train, count=1)):
        try:
            ask_for(asked)
            met.append([])
        except InputError as error:
            met.append(list(error.faults))
    assert met[0] == met[1]
