"""Worth: what is answered, how it prints, and what is refused, all at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import headworks as hw
from headworks.errors import InputError
from headworks.throughput.cards import model
from headworks.throughput.query import settle
from headworks.throughput.worth import FIGURES

SET_UP: dict[str, Any] = {
    "model": "llama-3.1-70b", "precision": "fp8", "chips": 8, "tp": 8, "input_tokens": 1024,
    "output_tokens": 1024, "concurrency": 64,
}  # fmt: skip
CONFIG = {
    "model_type": "qwen3", "hidden_size": 4096, "num_hidden_layers": 36, "vocab_size": 151936,
    "intermediate_size": 12288, "num_attention_heads": 32, "num_key_value_heads": 8,
    "head_dim": 128, "torch_dtype": "bfloat16",
}  # fmt: skip


def faults(chip: str = "h200-sxm", **given: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the messages of a refusal, by argument."""
    with pytest.raises(InputError) as refused:
        hw.worth(chip, **{**SET_UP, **given})
    return {fault.file: fault.message for fault in refused.value.faults}


def test_the_answer_has_the_keys_that_programs_rely_on() -> None:
    result = hw.worth("h200-sxm", **SET_UP)
    plain = json.loads(json.dumps(result.to_json(), allow_nan=False))
    for name in ("ttft_ms", "tpot_ms", "output_tokens_per_s_per_chip"):
        assert list(plain[name]) == ["p5", "med", "p95"]
        assert 0 < plain[name]["p5"] < plain[name]["med"] < plain[name]["p95"]
    assert plain["bound_by"] in {"compute", "bandwidth", "latency", "network", "memory"}
    assert set(plain["memory_gb"]) == {"weights", "activations", "cache", "free", "chip"}
    assert plain["assumptions"]
    assert (plain["chip"], plain["model"], plain["layout"]) == ("h200-sxm", "llama-3.1-70b", "TP8")
    assert plain["chips"] == 8


def test_each_figure_says_what_it_rests_on() -> None:
    plain = hw.worth("h200-sxm", **SET_UP).to_json()["rests_on"]
    assert list(plain) == [
        "output_tokens_per_s_per_chip", "input_tokens_per_s_per_chip", "ttft_ms", "tpot_ms",
        "output_tokens_per_s_per_user",
    ]  # fmt: skip
    assert plain["output_tokens_per_s_per_chip"] == {
        "chip_runs": 19, "family": "llama-3", "family_runs": 34, "new": [],
    }  # fmt: skip
    assert plain["tpot_ms"] == {
        "chip_runs": 0, "family": "llama-3", "family_runs": 114, "new": ["chip"],
    }  # fmt: skip


def test_aliases_say_the_same_as_ids() -> None:
    by_id = hw.worth("h200-sxm", **SET_UP)
    by_alias = hw.worth("H200", **{**SET_UP, "model": "meta-llama/Llama-3.1-70B"})
    assert by_id.to_json() == by_alias.to_json()


def test_it_prints_the_first_figure_first_and_what_was_assumed_last() -> None:
    lines = str(hw.worth("h200-sxm", **SET_UP)).splitlines()
    assert lines[0].startswith("Llama 3.1 70B on 8 NVIDIA H200 SXM (TP8): ")
    assert max(map(len, lines)) <= 100
    assert lines[-1].startswith("assumed: ")
    head = ["p5", "med", "p95", "runs:", "chip", "family"]
    first = next(number for number, line in enumerate(lines) if line.split() == head)
    assert lines[first + 1].split()[-2:] == ["19", "34"]  # of rates on the H200, and of Llama 3
    said = " ".join(" ".join(lines).split())
    assert "runs: those that measured the figure for dense models on this chip, and for" in said
    assert "the family llama-3 on any" in said


@pytest.mark.parametrize(
    ("phase", "figures"),
    [
        ("serving", {"ttft_ms", "tpot_ms", "output_tokens_per_s_per_chip"}),
        ("prefill", {"ttft_ms", "input_tokens_per_s_per_chip"}),
        ("decode", {"tpot_ms", "output_tokens_per_s_per_chip"}),
        ("training", {"training_tokens_per_s_per_chip", "mfu"}),
    ],
)
def test_each_phase_has_its_figures(phase: str, figures: set[str]) -> None:
    result = hw.worth("h200-sxm", model="llama-3.1-70b", phase=phase, chips=64)
    assert figures <= result.figures.keys()
    assert result.figures.keys() <= FIGURES.keys()
    assert str(result)


def test_the_days_of_a_training_are_its_tokens_over_the_rate() -> None:
    given: dict[str, Any] = {"model": "llama-3.1-70b", "phase": "training", "chips": 512, "tp": 8}
    result = hw.worth("h200-sxm", **given, training_tokens=15e12)
    rate = result.figures["training_tokens_per_s_per_chip"]
    assert result.figures["training_days"] == pytest.approx(15e12 / (rate * 512) / 86_400)
    twice = hw.worth("h200-sxm", **given, training_tokens=30e12).interval("training_days")
    assert twice.med == pytest.approx(2 * result.interval("training_days").med)
    assert list(result.rests_on) == list(result.figures)
    assert result.rests_on["training_days"].family_runs == 16
    assert "days" in str(result).splitlines()[0] + str(result).splitlines()[1]


def test_what_a_chip_lacks_is_said_with_what_it_runs_as() -> None:
    as_int8 = hw.worth("ascend-910c", **{**SET_UP, "software": None})
    assert any("no FP8 arithmetic" in said and "INT8" in said for said in as_int8.assumptions)
    as_bf16 = hw.worth("h200-sxm", **{**SET_UP, "precision": "fp4"})
    assert any("no FP4 arithmetic" in said and "BF16" in said for said in as_bf16.assumptions)


def test_doubtful_figures_and_unknown_software_are_said() -> None:
    result = hw.worth("ascend-950dt", **{**SET_UP, "software": "lmdeploy 0.9"})
    assert any("announced and not yet measured" in said for said in result.assumptions)
    assert any("lmdeploy 0.9" in said and "vllm" in said for said in result.assumptions)


def said_of(software: str, phase: str) -> list[str]:
    given = {**SET_UP, "software": software, "phase": phase, "chips": 16}
    return [text for text in hw.worth("h200-sxm", **given).assumptions if "held for" in text]


def test_software_that_only_trains_has_no_times_of_serving() -> None:
    (said,) = said_of("NeMo 25.09", "serving")
    assert "no fixed times of serving are held for NeMo 25.09, only for sglang, trtllm," in said
    assert said_of("NeMo 25.09", "training") == []
    assert said_of("vllm", "decode") == []
    (said,) = said_of("torchtitan", "training")
    assert "only for flagperf, nemo" in said


def crowded(**given: Any) -> list[str]:  # noqa: ANN401
    result = hw.worth("h100", **given)
    return [text for text in result.assumptions if "as many as fit" in text or "as if" in text]


@pytest.mark.parametrize("phase", ["decode", "serving"])
def test_requests_that_wait_for_room_are_counted(phase: str) -> None:
    """A token's keys and values take 2 x 8 heads x 128 x 2 bytes x 32 layers: 131,072 bytes."""
    asked: dict[str, Any] = {"model": "llama-3.1-8b", "chips": 1, "phase": phase}
    asked |= {"input_tokens": 1024, "output_tokens": 1024}
    (said,) = crowded(**asked, concurrency=4000)
    running = float(said.split()[0])
    assert said.endswith("of 4,000 requests run at once, as many as fit; the others wait")
    cache = hw.worth("h100", **asked, concurrency=4000).memory_gb["cache"]
    assert 1024 < cache * 1e9 / 131_072 / running < 2048
    assert crowded(**asked, concurrency=64) == []


def test_prompts_that_do_not_fit_together_are_told() -> None:
    """32 prompts of 32,768 tokens of 2 x 8 x 128 x 2 bytes x 80 layers, half of it on each chip."""
    asked: dict[str, Any] = {"model": "llama-3.1-70b", "precision": "fp8", "chips": 2, "tp": 2}
    asked |= {"phase": "prefill", "input_tokens": 32_768}
    (said,) = crowded(**asked, concurrency=32)
    held = 32 * 32_768 * 2 * 8 * 128 * 2 * 80 / 2 / 1e9
    assert said.startswith("a copy reads 32 prompts in one step as if they fit: their keys and")
    assert f"values take {held:.0f} GB of a chip" in said
    room = int(said.split()[-1])
    assert crowded(**asked, concurrency=room) == []
    assert len(crowded(**asked, concurrency=room + 1)) == 1


def test_experts_that_do_not_come_out_even_are_told() -> None:
    asked: dict[str, Any] = {"model": "deepseek-v3", "phase": "decode", "tp": 1, "concurrency": 64}
    uneven = hw.worth("h200", **asked, dp=21, ep=7).assumptions
    words = "256 experts do not come out even over 7 groups: each is taken to hold 36.6, and the"
    assert any(text.startswith(words) and text.endswith("fullest holds 37") for text in uneven)
    even = hw.worth("h200", **asked, dp=16, ep=16).assumptions
    assert not any("experts" in text for text in even)


def test_a_configuration_on_disk_and_a_card_are_models(tmp_path: Path) -> None:
    path = tmp_path / "own" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    by_path = hw.worth("h20", model=path, chips=1, concurrency=4)
    assert by_path.model == "own"
    assert by_path.to_json()["rests_on"]["tpot_ms"]["family"] == "qwen3"  # it has that shape
    path.write_text(json.dumps(CONFIG | {"num_hidden_layers": 35}), encoding="utf-8")
    of_none = hw.worth("h20", model=path, chips=1, concurrency=4)
    assert of_none.to_json()["rests_on"]["tpot_ms"] == {
        "chip_runs": 0, "family": None, "family_runs": 0, "new": ["chip", "family"],
    }  # fmt: skip
    assert "runs: chip\n" in str(of_none)
    assert "the chip is taken as one that nobody has measured" in " ".join(str(of_none).split())
    assert hw.worth("h20", model=str(path), chips=1, concurrency=4).figures.keys()
    by_card = hw.worth("h20", model=model("qwen3-8b"), chips=1, concurrency=4)
    assert by_card.model == "qwen3-8b"


@pytest.mark.parametrize("ask", [hw.worth, hw.best_configuration])
def test_a_precision_in_the_models_name_is_as_good_as_a_stated_one(ask: Any) -> None:  # noqa: ANN401
    name = "meta-llama/Llama-3.1-70B-Instruct-FP8"
    given = {"chips": 4, "input_tokens": 1024, "output_tokens": 1024}
    told = ask("h100", model=name, **given).to_json()
    stated = ask("h100", model="llama-3.1-70b", precision="fp8", **given).to_json()
    told, stated = (found.get("best", found) for found in (told, stated))
    assert told["precision"] is None
    assert told["assumptions"][0] == "precision: fp8, as the model's name says"
    assert told["tpot_ms"] == stated["tpot_ms"]
    wide = ask("h100", model=name, precision="bf16", **given).to_json()
    wide = wide.get("best", wide)
    assert wide["tpot_ms"] != stated["tpot_ms"]
    assert not any("name says" in said for said in wide["assumptions"])


def test_training_of_a_quantised_model_is_in_16_bits_and_says_so() -> None:
    given: dict[str, Any] = {"phase": "training", "chips": 64}
    told = hw.worth("h100", model="Qwen3-32B-AWQ", **given).to_json()
    plain = hw.worth("h100", model="qwen3-32b", **given).to_json()
    assert told["mfu"] == plain["mfu"]
    default, *others = plain["assumptions"]
    assert default == "precision: bf16, the default of training"
    said = f"{default}; int4, in the model's name, is how its weights are stored"
    assert told["assumptions"] == [said, *others]


def test_a_folder_with_the_name_of_a_known_model_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = hw.worth("h200", model="llama-3.1-8b")
    (tmp_path / "llama-3.1-8b").mkdir()
    (tmp_path / "llama-3.1-8b" / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = hw.worth("h200", model="llama-3.1-8b")
    assert found.to_json()["tpot_ms"] == plain.to_json()["tpot_ms"]
    assert found.assumptions[:-1] == plain.assumptions
    assert found.assumptions[-1].endswith("which is ./llama-3.1-8b")
    with pytest.raises(InputError, match="none of the keys of a language model"):
        hw.worth("h200", model="./llama-3.1-8b")


def test_copies_of_a_dense_model_make_the_chips() -> None:
    result = hw.worth("h200-sxm", model="llama-3.1-8b", tp=2, dp=4, concurrency=32)
    assert (result.answer.chips, result.answer.copies) == (8, 4)


def test_an_unknown_chip_and_an_unknown_model_are_met_with_near_names() -> None:
    with pytest.raises(InputError) as refused:
        hw.worth("h2000", **{**SET_UP, "model": "lama-3.1-70b", "precision": "fp7"})
    said = str(refused.value)
    assert "there is no chip 'h2000'; did you mean h200-sxm" in said
    assert "there is no model 'lama-3.1-70b'; did you mean llama-3.1-70b" in said
    assert "there is no precision 'fp7'; there are bf16, fp4, fp8, int4 and int8" in said


def test_where_nothing_is_near_the_way_to_see_all_is_named() -> None:
    with pytest.raises(InputError, match="`headworks worth --list` shows all"):
        hw.worth("h200", model="banana")


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = faults(
        tp=3, input_tokens=0, output_tokens=float("nan"), concurrency=-5, phase="serv",
        training_tokens=-1,
    )  # fmt: skip
    assert found["input_tokens"] == "0 is not a number above 0"
    assert found["output_tokens"] == "nan is not a number above 0"
    assert found["concurrency"] == "-5 is not a number above 0"
    assert found["training_tokens"] == "-1 is not a number above 0"
    assert "there is no phase 'serv'" in found[""]
    assert found["tp"].startswith("3 does not divide the 64 heads of Llama 3.1 70B; take one of 1,")


def test_what_only_training_has_is_told_beside_all_else() -> None:
    found = faults(tp=3, recompute="full", training_tokens=1e12)
    assert list(found) == ["recompute", "training_tokens", "tp"]
    assert found["recompute"] == "nothing is computed again in the phase serving"
    assert found["training_tokens"] == "tokens to train on, in the phase serving"


@pytest.mark.parametrize("chips", [0, -1, 2.5, True, "8", None.__class__, 1e12, float("inf")])
def test_chips_are_a_whole_number(chips: object) -> None:
    assert "cannot be used here" in faults(chips=chips)["chips"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"input_tokens": 0.001}, "0.001 is less than one token"),
        ({"output_tokens": 0.5}, "0.5 is less than one token"),
        ({"concurrency": 1e17}, "1e+17 is beyond 1e+09"),
        ({"precision": "fp32"}, "fp32 is not run: engines load weights of 32 bits in 16"),
        ({"kv_precision": "FP32"}, "FP32 is not run"),
    ],
)
def test_amounts_and_precisions_that_nobody_runs_are_refused(
    given: dict[str, Any], words: str
) -> None:
    (name,) = given
    assert words in faults(**given)[name]


@pytest.mark.parametrize("digits", [20, 401, 6000])
def test_a_number_of_any_length_is_refused_in_a_line(digits: int) -> None:
    huge = 10 ** (digits - 1)
    found = faults(chips=huge, concurrency=huge, tp="9" * digits)
    assert found["chips"].startswith(f"a number of {digits:,} digits cannot be used")
    assert f"a number of {digits:,} digits" in found["concurrency"]
    assert all(len(message) < 100 for message in found.values())


def test_a_model_that_does_not_fit_says_on_how_many_chips_it_would() -> None:
    said = faults(model="llama-3.1-405b", precision="bf16", chips=2, tp=None)["chips"]
    assert "Llama 3.1 405B in bf16 does not fit on 2 NVIDIA H200 SXM" in said
    assert "it would fit on 8" in said
    training = faults(phase="training", chips=2, tp=None)["chips"]
    assert "It would fit on" in training


def test_a_layout_that_does_not_divide_the_chips_is_refused() -> None:
    assert "6 is no multiple of them" in faults(chips=6, tp=4)["chips"]


def test_a_chip_without_figures_is_refused() -> None:
    assert "has no known peak rate" in faults("bw1000")["chip"]


def test_tokens_to_train_on_ask_for_training() -> None:
    assert "in the phase serving" in faults(training_tokens=1e12)["training_tokens"]


def test_a_question_changes_nothing_about_the_next() -> None:
    before = hw.worth("h200-sxm", **SET_UP).to_json()
    hw.worth("h20", model="deepseek-v3", chips=16)
    assert hw.worth("h200-sxm", **SET_UP).to_json() == before


def test_what_was_settled_is_what_was_asked() -> None:
    setup = settle(hw.worth("h200-sxm", **SET_UP).query)
    load = setup.load
    assert (load.input_tokens, load.output_tokens, load.requests) == (1024, 1024, 64)
