"""Models by name: ids, aliases, publishers' spellings, paths, and what is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headworks.errors import InputError, ScenarioError, UnknownName
from headworks.throughput import model, models
from headworks.throughput.cards import named_model
from headworks.throughput.model_names import precision_named

SOURCE = """\
producer: Example Gazette
title: A model
published: 2031-03-01
url: https://example.org/model
confidence: high
"""
CARD = """\
    name: {name}
    aliases: [{alias}]
    kind: stated
    source: {source}
    layers: 4
    hidden: 512
    vocab: 1000
    feed_forward: 2048
    attention: {{kind: mha, heads: 8, kv_heads: {kv_heads}, head_dim: 64}}
    weights: bf16
"""
GAZETTE = "example-2031-03-01-gazette"


def block(name: str = "One", alias: str = "First", source: str = GAZETTE, kv_heads: int = 8) -> str:
    return CARD.format(name=name, alias=alias, source=source, kv_heads=kv_heads)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for place in ("sources", "models"):
        (tmp_path / place).mkdir()
    (tmp_path / "sources" / f"{GAZETTE}.yaml").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def put(folder: Path, name: str, **cards: str) -> None:
    body = "".join(f"  {model_id}:\n{card}" for model_id, card in cards.items())
    path = folder / "models" / f"{name}.yaml"
    path.write_text(f"publisher: Example\nmodels:\n{body}", encoding="utf-8")


@pytest.mark.parametrize(
    ("spelling", "model_id"),
    [
        ("llama-3.1-70b", "llama-3.1-70b"),
        ("LLAMA 3.1 70B", "llama-3.1-70b"),
        ("Llama3.1_70B", "llama-3.1-70b"),
        ("meta-llama/Llama-3.1-70B-Instruct", "llama-3.1-70b"),
        ("deepseek-ai/DeepSeek-V3", "deepseek-v3"),
        ("openai/gpt-oss-120b", "gpt-oss-120b"),
        ("Llama2-70B", "llama-2-70b"),
        ("Pangu Ultra 135B dense", "pangu-ultra"),
        ("Qwen3-235B", "qwen3-235b-a22b"),
    ],
)
def test_a_model_is_found_by_any_spelling(spelling: str, model_id: str) -> None:
    assert model(spelling) is models()[model_id]


def test_what_is_no_model_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        model("llama-3.1-71b")
    assert caught.value.nearest[:2] == ("llama-3.1-70b", "llama-3.1-8b")
    assert "there is no model 'llama-3.1-71b'; did you mean" in str(caught.value)
    assert "or give the path of its Hugging Face config.json" in str(caught.value)


@pytest.mark.parametrize("name", ["", " ", "unheard-of", "a\0b", "x" * 5000])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(UnknownName, match="there is no model"):
        model(name)


def test_a_path_is_read(tmp_path: Path) -> None:
    config = {
        "model_type": "llama", "num_hidden_layers": 2, "hidden_size": 64, "vocab_size": 10,
        "intermediate_size": 128, "num_attention_heads": 4,
    }  # fmt: skip
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    assert model(file) == model(str(file)) == model(str(tmp_path))
    assert model(file).layers == 2


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        model(tmp_path / "absent.json")
    with pytest.raises(InputError, match="no such file"):
        model("llama-9/config.json")


def test_cards_of_a_folder(folder: Path) -> None:
    put(folder, "example", **{"one-1.5b": block(), "two": block("Two", "Second")})
    assert list(models(folder)) == ["one-1.5b", "two"]


def test_a_name_belongs_to_one_model(folder: Path) -> None:
    put(folder, "a", one=block(), two=block("Two", "fir st"))
    put(folder, "b", one=block("Three", "Third"))
    with pytest.raises(ScenarioError) as caught:
        models(folder)
    assert "models.two: the name 'fir st' already belongs to 'one'" in str(caught.value)
    assert "b.yaml: models.one: the name 'one' already belongs to 'one'" in str(caught.value)


def test_all_faults_of_all_files_come_at_once(folder: Path) -> None:
    put(folder, "a", one=block(source="unheard-of"))
    put(folder, "b", two=block("Two", "Second", kv_heads=2), three="    nmae: Three\n")
    (folder / "models" / "c.yaml").write_text("publisher: [\n", encoding="utf-8")
    put(folder, "d", four=block("Four", "Fourth") + "    layers: 5\n")
    with pytest.raises(ScenarioError) as caught:
        models(folder)
    faults = {(Path(fault.file).name, fault.key) for fault in caught.value.faults}
    assert ("a.yaml", "models.one.source") in faults
    assert ("b.yaml", "models.two") in faults
    assert ("b.yaml", "models.three.nmae") in faults
    assert ("c.yaml", "") in faults
    assert ("d.yaml", "models.four.layers") in faults
    assert "8 heads with 2 kv_heads are gqa, not mha" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "model_id"),
    [
        ("meta-llama/Llama-3.1-70B-Instruct-FP8-dynamic", "llama-3.1-70b"),
        ("Llama-2-70b-chat-hf", "llama-2-70b"),
        ("llama2-70b-99.9", "llama-2-70b"),
        ("deepseek-ai/DeepSeek-R1-0528", "deepseek-r1"),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507-FP8", "qwen3-235b-a22b"),
        ("mixtral-8x7b-instruct-v0.1", "mixtral-8x7b"),
    ],
)
def test_variants_of_a_model_have_its_shape(name: str, model_id: str) -> None:
    assert model(name) is models()[model_id]


@pytest.mark.parametrize("name", ["llama-3.1-71b-instruct", "Instruct", "deepseek-v9-fp8"])
def test_no_other_model_is_taken_for_a_variant(name: str) -> None:
    with pytest.raises(UnknownName):
        model(name)


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        ("Qwen3-32B-FP8", "fp8"),
        ("DeepSeek-R1-NVFP4", "fp4"),
        ("llama-AWQ", "int4"),
        ("x", None),
        ("Llama 3.1 405B FP8", "fp8"),
        ("Llama 3.1 405B FP8 (block)", "fp8"),
        ("amd/Llama-3.1-70B-Instruct-FP8-KV", "fp8"),
        ("Llama-3.1-70B-BF16-KV-FP8", "bf16"),
        ("RedHatAI/Meta-Llama-3.1-70B-Instruct-quantized.w4a16", "int4"),
        ("Meta-Llama-3.1-70B-Instruct-quantized.w8a8", "int8"),
        ("Qwen2.5-72B-Instruct-GPTQ-Int8", "int8"),
        ("Qwen2.5-72B-Instruct-Int8-GPTQ", "int8"),
        ("Qwen2.5-72B-Instruct-AWQ-INT4", "int4"),
        ("Llama-3.1-8B-W8A8-FP8", "fp8"),
        ("Llama-3.1-8B-FP8-W8A8", "fp8"),
        ("Llama-3.1-8B-W4A8-FP8", "int4"),
        ("Qwen3-32B-FP8-dynamic", "fp8"),
        ("fp8/Qwen3-32B", None),
        ("DeepSeek-R1-0528", None),
    ],
)
def test_the_precision_in_a_name_is_read(name: str, precision: str | None) -> None:
    assert precision_named(name) == precision


@pytest.mark.parametrize(
    ("name", "model_id", "precision"),
    [
        ("meta-llama/Llama-3.1-70B-Instruct-FP8", "llama-3.1-70b", "fp8"),
        ("Qwen/Qwen3-32B-AWQ", "qwen3-32b", "int4"),
        ("nvidia/DeepSeek-R1-0528-FP4", "deepseek-r1", "fp4"),
        ("nvidia/DeepSeek-R1-0528-NVFP4-v2", "deepseek-r1", "fp4"),
        ("Llama 3.1 405B FP8", "llama-3.1-405b", "fp8"),
        ("Llama 3.1 405B FP8 (block)", "llama-3.1-405b", "fp8"),
        ("amd/Llama-3.1-70B-Instruct-FP8-KV", "llama-3.1-70b", "fp8"),
        ("RedHatAI/Llama-3.1-70B-Instruct-quantized.w4a16", "llama-3.1-70b", "int4"),
        ("amd/DeepSeek-R1-0528-MXFP4-Preview", "deepseek-r1", "fp4"),
        ("llama-3.1-70b", "llama-3.1-70b", None),
    ],
)
def test_a_name_tells_a_model_and_its_precision(
    name: str, model_id: str, precision: str | None
) -> None:
    found = named_model(name)
    assert found.card is models()[model_id]
    assert (found.precision, found.remark) == (precision, None)


@pytest.mark.parametrize("name", ["-" * 5000, "x-fp8" * 1000, "." * 5000 + "fp8", "(fp8)", "FP8"])
def test_words_that_are_no_name_are_refused_soon(name: str) -> None:
    with pytest.raises(UnknownName):
        named_model(name)


SHALLOW = {
    "model_type": "llama", "num_hidden_layers": 16, "hidden_size": 2048, "vocab_size": 128256,
    "intermediate_size": 8192, "num_attention_heads": 32, "num_key_value_heads": 8,
    "tie_word_embeddings": True,
}  # fmt: skip
"""No Llama 3.1 70B, whatever its folder is called: that has 80 layers."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for place in ("local/Llama-3.1-70B-Instruct-AWQ", "llama-3.1-70b", "Own", "openai/gpt-oss-20b"):
        (tmp_path / place).mkdir(parents=True)
        if not place.startswith("openai"):
            file = tmp_path / place / "config.json"
            file.write_text(json.dumps(SHALLOW), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "local/Llama-3.1-70B-Instruct-AWQ",
        "local/Llama-3.1-70B-Instruct-AWQ/",
        "./local/Llama-3.1-70B-Instruct-AWQ",
        "local/Llama-3.1-70B-Instruct-AWQ/config.json",
        "./llama-3.1-70b",
        "llama-3.1-70b/",
        "Own",
    ],
)
def test_a_folder_with_a_configuration_is_read_whatever_it_is_called(name: str, here: Path) -> None:
    for given in (name, str(here / name), Path(name)):
        found = named_model(given)
        assert (found.card.layers, found.precision, found.remark) == (16, None, None)


def test_a_name_without_a_slash_is_the_known_model_and_the_folder_is_told(here: Path) -> None:
    assert (here / "llama-3.1-70b" / "config.json").exists()
    found = named_model("llama-3.1-70b")
    assert found.card is models()["llama-3.1-70b"]
    assert found.remark is not None
    assert "not the config.json in the folder of that name" in found.remark
    assert found.remark.endswith("./llama-3.1-70b")


@pytest.mark.usefixtures("here")
def test_a_folder_without_a_configuration_does_not_hide_a_model() -> None:
    assert named_model("openai/gpt-oss-20b").card is models()["gpt-oss-20b"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "name", ["/nowhere/llama-3.1-70b", "./absent/llama-3.1-70b", "absent/llama-3.1-70b/", ".", "/"]
)
def test_what_can_only_be_a_path_is_never_taken_for_a_name(name: str) -> None:
    with pytest.raises(InputError, match="cannot be read: no such file"):
        named_model(name)
