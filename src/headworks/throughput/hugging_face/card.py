"""From a configuration to a model card: what is read, refused and taken for granted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from headworks.errors import Fault, InputError, in_file
from headworks.scenario.yaml_file import dotted
from headworks.throughput.hugging_face.file import Keys, read_config
from headworks.throughput.hugging_face.shape import shape_fields
from headworks.throughput.model_card import ModelCard, Weights

KNOWN = frozenset({
    "llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "deepseek_v2",
    "deepseek_v3", "kimi_k2", "gpt_oss", "llama4", "llama4_text", "glm4", "glm4_moe",
})  # fmt: skip
"""Values of `model_type` whose keys are known to mean what is read here."""

NESTED = ("text_config", "language_config", "llm_config")
"""Where models of text and pictures keep the keys of the language model."""

SIDECAR = "hf_quant_config.json"
"""Where NVIDIA's older quantised checkpoints say how."""

OTHERWISE = {
    "compress_ratios": "compresses the cache by layer",
    "full_attention_interval": "has layers of linear attention",
    "hybrid_layer_pattern": "mixes layers of different shapes",
    "hybrid_override_pattern": "has state-space layers",
    "layers_block_type": "has state-space layers",
    "linear_attn_config": "has layers of linear attention",
    "mamba_d_state": "has state-space layers",
    "ssm_state_size": "has state-space layers",
    "block_configs": "has layers of different shapes",
}
"""Keys of models that are no stack of equal layers, with what they say."""

FORMATS: dict[str, Weights] = {
    "float32": "fp32", "bfloat16": "bf16", "float16": "fp16", "fp8": "fp8", "fbgemm_fp8": "fp8",
    "mxfp4": "fp4", "nvfp4": "fp4", "awq": "int4", "gptq": "int4",
    "float-8": "fp8", "float-4": "fp4", "int-8": "int8", "int-4": "int4",
}  # fmt: skip
"""Number formats by the words of a configuration; of `compressed-tensors` and `modelopt` by the
type and the bits of the weights."""


def from_config(path: Path | str) -> ModelCard:
    """Return the card of the model that a `config.json` describes.

    Args:
        path: The file, or the folder that holds it.

    Raises:
        InputError: The file cannot be read, is not JSON, lacks keys or describes a model that is no
            stack of equal layers; all faults are listed.
    """
    file, tree = read_config(Path(path))
    nested: dict[str, Any] = next((s for n in NESTED if isinstance(s := tree.get(n), dict)), {})
    keys = Keys(file, tree | nested)
    _add_sidecar(keys)
    for key, what in OTHERWISE.items():
        if keys.get(key):
            keys.fault(key, f"the model {what}, which a card cannot say")
    fields = shape_fields(keys)
    if keys.faults:
        raise InputError(_unlike_a_model(keys) or keys.faults)
    try:
        return ModelCard.model_validate(
            fields
            | {
                "name": _name(file, tree),
                "weights": _weights(keys),
                "quantised": _quantised(keys, has_experts=fields["experts"] is not None),
                "note": _note(keys, nested=bool(nested)),
                "kind": "derived",
                "formula": f"read from {file}",
            }
        )
    except ValidationError as error:
        raise InputError(
            Fault(str(file), 0, dotted(item["loc"]), item["msg"].removeprefix("Value error, "))
            for item in error.errors()
        ) from None


def _add_sidecar(keys: Keys) -> None:
    """Add the quantisation that stands in a file of its own, where it is not in the first."""
    sidecar = keys.file.parent / SIDECAR
    if not keys.section("quantization_config") and sidecar.is_file():
        _, tree = read_config(sidecar)
        keys.tree["quantization_config"] = tree.get("quantization")


def _weights(keys: Keys) -> Weights:
    """Return the number format of the weights; 16 bits where a configuration does not say."""
    quantised = FORMATS.get(_quantisation(keys))
    return quantised or FORMATS.get(str(keys.get("torch_dtype", "dtype")), "bf16")


def _quantisation(keys: Keys) -> str:
    """Return the word for the quantised weights, empty where there is no quantisation."""
    section = keys.section("quantization_config")
    groups = section.get("config_groups")
    for group in groups.values() if isinstance(groups, dict) else ():
        weights = group.get("weights") if isinstance(group, dict) else None
        if isinstance(weights, dict):
            return f"{weights.get('type')}-{weights.get('num_bits')}"
    return str(section.get("quant_algo") or section.get("quant_method") or "").lower()


def _quantised(keys: Keys, *, has_experts: bool) -> str:
    """Return what is quantised: the layers, or only the experts where attention is kept."""
    section = keys.section("quantization_config")
    names = ("modules_to_not_convert", "ignore", "exclude_modules")
    kept = next((found for name in names if isinstance(found := section.get(name), list)), [])
    keeps_attention = any(str(module).rstrip("*.").endswith("self_attn") for module in kept)
    return "experts" if has_experts and keeps_attention else "layers"


def _name(file: Path, tree: dict[str, Any]) -> str:
    """Return what the model is called: by its repository, or by its folder."""
    given = tree.get("_name_or_path")
    if isinstance(given, str) and given.strip(" /."):
        return given.strip().rstrip("/").rpartition("/")[2]
    return file.resolve().parent.name or file.stem


def _note(keys: Keys, *, nested: bool) -> str | None:
    """Return what the card leaves out or takes for granted."""
    architecture = keys.get("model_type")
    quantisation = _quantisation(keys)
    remarks = {
        f"the architecture {architecture!r} is not known and was read by the usual keys": (
            architecture not in KNOWN
        ),
        "only the language part is counted": nested,
        f"the quantisation {quantisation!r} is not known; the weights count as {_weights(keys)}": (
            bool(keys.section("quantization_config")) and quantisation not in FORMATS
        ),
        "sparse attention counts as full attention, and its index is left out": (
            keys.get("index_topk") is not None
        ),
    }
    said = [remark for remark, holds in remarks.items() if holds]
    return "; ".join(said) or None


def _unlike_a_model(keys: Keys) -> list[Fault]:
    """Return one fault in place of many where nothing in the file belongs to a language model."""
    if keys.get("num_hidden_layers", "n_layer", "num_layers", "hidden_size", "n_embd") is not None:
        return []
    message = "none of the keys of a language model is there"
    return [in_file(keys.file, message, remedy="give the config.json beside a model's weights")]
