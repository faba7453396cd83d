"""The face of `headworks worth`: answers, tables, JSON, and refusals with their options."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from headworks.cli.app import app
from headworks.throughput import measure as measuring
from headworks.throughput.cards import models
from headworks.throughput.cases import packaged_cases

ONE = (
    "h200-sxm --model llama-3.1-70b --precision fp8 --chips 8 --tp 8 --input 1024 --output 1024 "
    "--concurrency 64"
)
CASES = """\
case_id,chip,chips,model,phase,precision,tp,input_tokens,output_tokens,concurrency,metric,value
a,h200-sxm,8,llama-3.1-70b,serving,fp8,8,1024,1024,64,tpot_ms,13
b,h20,8,llama-3.1-70b,decode,fp8,8,1024,1024,64,tpot_ms,16
c,h2000,8,llama-3.1-70b,decode,fp8,8,1024,1024,64,tpot_ms,16
d,h200-sxm,1,llama-3.1-405b,decode,bf16,1,1024,1024,64,tpot_ms,16
"""


def run(arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["worth", *arguments.split()], env={"COLUMNS": "100"})
    assert result.exit_code == code, result.output
    return result.output


def as_json(arguments: str) -> Any:  # noqa: ANN401
    return json.loads(run(f"{arguments} --json"))


def test_the_answer_of_the_example_has_every_key() -> None:
    found = as_json(ONE)
    for name in ("ttft_ms", "tpot_ms", "output_tokens_per_s_per_chip"):
        assert list(found[name]) == ["p5", "med", "p95"]
    assert {"bound_by", "memory_gb", "assumptions", "layout", "chips"} <= found.keys()


def test_the_answer_reads_as_a_sentence_and_a_table() -> None:
    text = run(ONE)
    assert text.startswith("Llama 3.1 70B on 8 NVIDIA H200 SXM (TP8): ")
    assert re.search(r"ms per output token \(TPOT\) +[\d.]+ +[\d.]+ +[\d.]+ +0 +114\n", text)


def test_without_a_model_chips_are_compared_by_work() -> None:
    text = run("h200-sxm --against h20 --against ascend-910c")
    assert "6.7 times the NVIDIA H20 96GB is true of peak arithmetic" in text
    found = as_json("h200-sxm --against h20")
    assert found["against"] == ["h20"]
    assert {row["work"] for row in found["rows"]} >= {"peak", "prefill-moe", "training-dense"}
    assert found["sentences"]["h20"]


def test_with_a_model_others_are_compared_on_that_work() -> None:
    found = as_json("h200 --model llama-3.1-70b --phase decode --chips 8 --against h20")
    assert found["work"] == "Llama 3.1 70B, decode"
    assert found["rows"][0]["ratios"]["h20"]["med"] > 0
    limited = run("h200 --model llama-3.1-70b --tpot-ms 30 --chips 8 --against h20")
    assert "serving within TPOT 30 ms" in limited


def test_limits_ask_for_the_best_configuration() -> None:
    arguments = "h200-sxm --model llama-3.1-70b --precision fp8 --chips 8 --ttft-ms 2000"
    found = as_json(f"{arguments} --tpot-ms 30")
    assert found["limits"] == {"ttft_ms": 2000, "tpot_ms": 30}
    assert found["best"]["chips"] == 8
    assert found["disaggregated"]["prefill"]["chips"] >= 1
    assert "best within TTFT 2,000 ms" in run(arguments)


def test_training_tells_the_days() -> None:
    found = as_json("h200 --model llama-3.1-70b --phase training --chips 512 --tokens 15e12")
    assert found["training_days"]["p5"] < found["training_days"]["med"]


def test_training_tells_memory_bubble_and_recompute() -> None:
    asked = "h100 --model llama-3.1-70b --phase training --chips 64 --tp 8 --pp 8 --dp 1"
    found = as_json(f"{asked} --concurrency 32 --recompute full")
    memory = found["memory_gb"]
    assert list(memory) == ["weights", "gradients", "optimiser", "activations", "free", "chip"]
    assert memory["weights"] == pytest.approx(141.1 / 64, rel=1e-3)
    # 80 layers make four parts on each of eight stages; one group passes no gradients.
    assert found["bubble_share"] == pytest.approx(7 / (4 * 32 + 7), rel=1e-4)
    assert found["recompute_share"] == pytest.approx((1 - found["bubble_share"]) / 4, rel=1e-4)
    assert found["recompute"] == "full"
    text = run(f"{asked} --concurrency 32")
    assert "of a step: bubble of the pipeline 5.2%, recompute 2.8%" in text
    assert re.search(r"memory of a chip, GB: weights 2.2\d, gradients 4.4\d, optimiser 13", text)


def test_models_are_listed_with_what_they_weigh() -> None:
    lines = run("--list").splitlines()
    assert len(lines) == len(models()) + 1
    found = as_json("--list qwen3-235b")
    assert [row["model"] for row in found] == ["qwen3-235b-a22b"]
    assert found[0]["parameters"] > found[0]["active_parameters"] > 2e10
    assert "did you mean deepseek-v3" in run("--list deepsek-v3", 2)


def test_the_list_tells_how_far_layers_look_back() -> None:
    lines = {line.split()[0]: line for line in run("--list").splitlines()}
    assert "gqa, 18 of 36 layers within 128 " in lines["gpt-oss-120b"]
    assert "gqa, 36 of 48 layers within 8,192 " in lines["llama-4-scout"]
    assert "within" not in lines["llama-3.1-70b"]
    row = as_json("--list gpt-oss-120b")[0]
    assert (row["attention"], row["window"], row["windowed_layers"]) == ("gqa", 128, 18)
    assert "shown" not in row


def test_the_list_takes_a_path_and_a_publishers_name(tmp_path: Path) -> None:
    config = {
        "model_type": "mistral", "hidden_size": 4096, "num_hidden_layers": 32, "vocab_size": 32000,
        "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8,
        "sliding_window": 4096,
    }  # fmt: skip
    folder = tmp_path / "Own-7B"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for path in (folder, folder / "config.json"):
        lines = run(f"--list {path}").splitlines()
        assert len(lines) == 2
        assert "Own-7B" in lines[1]
        assert "gqa, all 32 layers within 4,096" in lines[1]
    assert as_json("--list meta-llama/Llama-3.1-70B-Instruct-FP8")[0]["model"] == "llama-3.1-70b"
    assert "cannot be read" in run(f"--list {tmp_path}/absent.json", 2)


def test_a_card_shows_what_follows_from_a_model_alone(tmp_path: Path) -> None:
    text = run("--card gpt-oss-120b")
    assert text.startswith("gpt-oss-120b: 117 billion parameters, 5.71 billion of them for a token")
    for words in (
        "gqa, 18 of 36 layers within 128; 64 heads of queries, 8 of keys and values",
        "4 of 128 for a token, in 36 of 36 layers",
        "experts touched 4.00 by 1, ",
        ", 128 by 512 tokens, in a layer",
        "73,728 in 16 bits, 36,864 in 8 bits",
        "at a context of 4,096 tokens",
        "fp4 (of the experts), as published",
    ):
        assert words in " ".join(text.split()), words
    assert as_json("--card --model deepseek-v3") == as_json("--card deepseek-v3")
    long = as_json("--card deepseek-v3 --input 32768")
    assert long["context_tokens"] == 32768
    assert "1 that all share" in run("--card deepseek-v3")
    assert "fp8, as the model's name says" in run("--card Qwen/Qwen3-32B-FP8")
    config = {
        "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 10,
        "intermediate_size": 128, "num_attention_heads": 4,
    }  # fmt: skip
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    assert as_json(f"--card --config {path}") == as_json(f"--card {path}")
    assert as_json(f"--card {path}")["attention"]["kind"] == "mha"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--card", ["CHIP", "no model is named", "`headworks worth --list` shows all"]),
        ("--card lama-3.1-70b", ["did you mean llama-3.1-70b", "config.json"]),
        ("--card llama-9 --input 0", ["no model 'llama-9'", "--input", "0 is not a number above"]),
        ("--card llama-3-8b --model a --tp 8", ["--model", "names a model already", "--tp", "2 f"]),
        ("--card --model a --config b", ["--config", "--model names a model already"]),
        ("--card --list", ["--card", "it says nothing beside --list"]),
        ("--card /nowhere/config.json", ["/nowhere/config.json", "cannot be read"]),
    ],
)
def test_a_card_of_nothing_is_refused(arguments: str, words: list[str]) -> None:
    text = " ".join(run(arguments, 2).split())
    assert all(word in text for word in words), text


def test_a_configuration_is_a_model(tmp_path: Path) -> None:
    config = {
        "model_type": "qwen3", "hidden_size": 4096, "num_hidden_layers": 36, "vocab_size": 151936,
        "intermediate_size": 12288, "num_attention_heads": 32, "num_key_value_heads": 8,
        "head_dim": 128, "torch_dtype": "bfloat16",
    }  # fmt: skip
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    by_config = as_json(f"h20 --config {path} --chips 1 --concurrency 8")
    assert by_config == as_json(f"h20 --model {path} --chips 1 --concurrency 8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", ["CHIP", "no chip is named", "`headworks classify --list` shows all"]),
        ("h2000", ["there is no chip 'h2000'; did you mean h200-sxm"]),
        ("h200 --model lama-3.1-70b", ["did you mean llama-3.1-70b", "config.json"]),
        ("h200 --model llama-3.1-405b --chips 2", ["--chips", "does not fit on 2", "fit on 8"]),
        ("h200 --model llama-3.1-70b --tp 3", ["--tp", "3 does not divide the 64 heads"]),
        ("h200 --model llama-3.1-70b --input 0", ["--input", "0 is not a number above 0"]),
        ("h200 --model llama-3.1-70b --concurrency -5", ["--concurrency", "-5 is not a number"]),
        ("h200 --model llama-3.1-70b --precision fp9", ["there is no precision 'fp9'"]),
        ("h200 --model llama-3.1-70b --tokens 1e12", ["--tokens", "in the phase serving"]),
        ("h200 --model llama-3.1-70b --tpot-ms 30", ["--chips", "not stated"]),
        ("h200 --model llama-3.1-70b --tpot-ms 0 --chips 8", ["--tpot-ms", "0 is not a number"]),
        ("h200 --model gpt-oss-120b --ep 3 --tp 8", ["--ep", "3 does not divide tp x dp = 8"]),
        (
            "h200 --model llama-3.1-70b --tp abc --input 0 --chips -3 --tpot-ms nan",
            ["--tp", "'abc' cannot", "--input", "--chips", "-3 cannot", "--tpot-ms", "4 faults"],
        ),
        ("h200 --model llama-3.1-70b --tp 1_6", ["--tp", "'1_6' cannot be used here"]),
        ("h200 --model llama-3.1-70b --precision fp3", ["there are bf16, fp4, fp8, int4 and int8"]),
        (
            "h200 --model llama-3.1-70b --phase decode --ttft-ms 9 --chips 8",
            ["--ttft-ms", "decode has no TTFT", "ask for serving"],
        ),
        (
            "h100 --model llama-3.1-8b --chips 4 --tp 2 --pp 2 --dp 2",
            ["--chips", "TP2 PP2 DP2 takes 8 chips; there are 4"],
        ),
        ("h200 --tp 8 --input 9", ["--tp", "--input", "only about a model", "2 faults"]),
        ("h200 --model a --config b", ["--model and --config both name a model"]),
        ("h200 --config /nowhere", ["/nowhere", "cannot be read"]),
        ("h200 --against h200", ["--against", "stands there already"]),
        ("h200 --against h30 --against h40", ["'h30'", "'h40'", "2 faults"]),
        (
            "h200 --model llama-3.1-70b --chips 8 --tpot-ms 30 --concurrency 8",
            ["--concurrency", "what is searched for"],
        ),
        ("h200 --model llama-3.1-70b --recompute full", ["--recompute", "in the phase serving"]),
        (
            "h200 --model llama-3.1-70b --phase training --recompute some",
            ["there is no recompute 'some'", "full, none and selective"],
        ),
        (
            "h200 --model llama-3.1-70b --chips 8 --tpot-ms 30 --recompute full",
            ["--recompute", "say nothing about training"],
        ),
        (
            "h100 --model llama-3.1-70b --phase training --chips 64 --tp 1 --dp 64",
            ["--chips", "does not fit on 64", "141.1 GB of weights", "It would fit as TP8"],
        ),
        (
            "h100 --model llama-3.1-70b --phase training --precision int8 --tp 3",
            ["--precision", "nobody trains in INT8", "--tp", "2 faults"],
        ),
        (
            "h100 --model llama-3.1-70b --phase training --precision int8 --tp 3 --recompute x",
            ["nobody trains in INT8", "3 does not divide", "no recompute 'x'", "3 faults"],
        ),
        ("h200 --validate x.csv", ["CHIP", "--validate reads the chips from its file"]),
        ("--validate x.csv --measure --tp 8", ["--measure", "--tp", "beside --validate"]),
        ("--validate /nowhere.csv", ["/nowhere.csv", "cannot be read"]),
    ],
)
def test_what_cannot_be_is_refused_with_the_option_and_the_way_out(
    arguments: str, words: list[str]
) -> None:
    text = " ".join(run(arguments, 2).split())
    assert all(word in text for word in words), text
    assert "Traceback" not in text


def test_a_fault_that_several_chips_share_is_told_once() -> None:
    text = run("h200 --model banana --against h20", 2)
    assert text.count("there is no model 'banana'") == 1


def test_precision_that_a_chip_lacks_is_an_assumption() -> None:
    found = as_json("h200 --model llama-3.1-70b --precision fp4 --chips 8")
    assert any("no FP4 arithmetic" in said for said in found["assumptions"])


def test_cases_are_validated_with_reasons_for_what_is_not_answered(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(CASES, encoding="utf-8")
    text = " ".join(run(f"--validate {path}").split())
    assert text.startswith(f"2 of 4 cases of {path} answered: MAPE ")
    assert "unanswered, 1: there is no chip 'h2000'" in text
    assert "does not fit on 1 NVIDIA H200 SXM" in text
    for group in ("by chip", "by model", "by phase", "by metric"):
        assert group in text
    found = as_json(f"--validate {path}")
    assert (found["all"]["n"], found["all"]["n_unanswered"]) == (2, 2)
    assert {"mape", "median_ape", "bias", "coverage"} <= found["all"].keys()
    assert [case["case_id"] for case in found["cases"]] == list("abcd")
    assert found["cases"][0]["p5"] < found["cases"][0]["p95"]
    assert "reason" in found["cases"][2]


def test_spellings_of_a_chip_are_one_group_and_other_layouts_are_told(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    lines = CASES.replace("c,h2000", "c,NVIDIA H200 141GB").replace("b,h20,8", "b,H200,8")
    path.write_text(lines.replace("fp8,8,1024", "fp8,7,1024", 1), encoding="utf-8")
    text = " ".join(run(f"--validate {path}").split())
    assert "answered, 1 on another layout, since the one that is stated cannot be" in text
    found = as_json(f"--validate {path}")
    assert [(row["chip"], row["n"]) for row in found["by_chip"]] == [("h200-sxm", 3)]
    first, second, *_ = found["cases"]
    assert "7 does not divide the 64 heads" in first["remark"]
    assert first["layout"] != "TP7"
    assert (second["layout"], second["remark"]) == ("TP8", "")


def test_no_case_answered_is_still_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(CASES.replace("h20", "x20"), encoding="utf-8")
    assert "0 of 4 cases" in run(f"--validate {path}")


def test_faults_of_a_table_have_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(CASES.replace("tpot_ms,13", "tpot_ms,-13"), encoding="utf-8")
    text = run(f"--validate {path}", 2)
    assert "line 2  value" in text
    assert "-13 is not above 0" in text


def test_the_packaged_cases_have_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    few = packaged_cases()[:3]
    monkeypatch.setattr("headworks.throughput.cases.packaged_cases", lambda: few)
    assert run("--validate calibration").startswith("3 of 3 cases of calibration answered")


class Fake:
    """A device that takes a tenth of a millisecond for everything."""

    def about(self) -> dict[str, Any]:
        return {"name": "Fake GPU", "driver_version": "1.2"}

    def prepare(self, operation: str, shape: dict[str, Any]) -> Any:  # noqa: ANN401
        return None if operation == "all_reduce" else lambda: shape

    def elapsed_s(self, call: Any, repeats: int) -> float:  # noqa: ANN401
        call()
        return repeats * 1e-4


def test_measuring_writes_a_file_that_names_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "device_at_hand", Fake)
    monkeypatch.chdir(tmp_path)
    text = run("--measure")
    assert "Fake GPU, driver 1.2: " in text
    assert "written: measured-fake-gpu.yaml" in text
    written = Path("measured-fake-gpu.yaml").read_text(encoding="utf-8")
    assert written.startswith("device:\n  name: Fake GPU\n")
    found = as_json("--measure own.yaml")
    assert found["device"]["name"] == "Fake GPU"
    assert Path("own.yaml").exists()


def test_without_pytorch_measuring_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "PyTorch is not installed" in run("--measure", 2)


@pytest.mark.parametrize("asked", [ONE, "h200-sxm --against h20"])
def test_a_query_loads_nothing_that_is_heavy_and_not_needed(asked: str) -> None:
    code = (
        "import sys\nfrom headworks.cli.app import main\n"
        f"sys.argv = ['headworks', 'worth', *{asked.split()!r}]\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", code]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    loaded = set(output.splitlines()[-1].split())
    assert not loaded & {"scipy", "pandas", "xarray", "pyarrow", "rich.table", "jinja2", "torch"}
    assert not loaded & {"numpy.ma", "headworks.scenario.field_texts"}
