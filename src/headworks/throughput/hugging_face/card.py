"""From a configuration to a model card: what is read, refused and taken for granted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from headworks.errors import Fault, InputError, in_file
from headworks.scenario.yaml_file import dotted
from headworks.throughput.hugging_face.architectures import DEFAULTS, KNOWN
from headworks.throughput.hugging_face.file import Keys, read_config
from headworks.throughput.hugging_face.shape import KV_HEADS, shape_fields
from headworks.throughput.hugging_face.windows import PATTERN
from headworks.throughput.model_card import ModelCard, Weights

NESTED = ("text_config", "language_config", "llm_config")
"""Where models of text and pictures keep the keys of the language model."""

SIDECAR = "hf_quant_config.json"
"""Where NVIDIA's older quantised checkpoints say how."""

OTHERWISE = {
    "attention_types": "mixes kinds of attention by layer",
    "attn_layer_period": "has state-space layers",
    "compress_ratios": "compresses the cache by layer",
    "full_attention_interval": "has layers of linear attention",
    "hybrid_layer_pattern": "mixes layers of different shapes",
    "hybrid_override_pattern": "has state-space layers",
    "layers_block_type": "has state-space layers",
    "linear_attn_config": "has layers of linear attention",
    "mamba_d_state": "has state-space layers",
    "num_kv_shared_layers": "shares keys and values between layers",
    "share_q_dim": "makes its queries of two matrices, and no latent vector",
    "ssm_state_size": "has state-space layers",
    "block_configs": "has layers of different shapes",
    "use_cla": "shares keys and values between layers",
}
"""Keys of models that are no stack of equal layers, with what they say."""

FORMATS: dict[str, Weights] = {
    "float32": "fp32", "bfloat16": "bf16", "float16": "fp16", "fp8": "fp8", "fbgemm_fp8": "fp8",
    "mxfp4": "fp4", "nvfp4": "fp4", "awq": "int4", "gptq": "int4",
    "float-8": "fp8", "float-4": "fp4", "int-8": "int8", "int-4": "int4",
    "fp8_pb_wo": "fp8", "nvfp4_awq": "fp4", "w4a8_awq": "int4", "w4a16_awq": "int4",
}  # fmt: skip
"""Number formats by the words of a configuration; of `compressed-tensors` and `modelopt` by the
type and the bits of the weights."""
BITS_BESIDE = frozenset({"awq", "gptq", "auto-round"})
"""Ways to quantise to integers whose bits a key of their own tells."""


def from_config(path: Path | str) -> ModelCard:
    """Return the card of the model that a `config.json` describes.

    Args:
        path: The file, or the folder that holds it.

    Raises:
        InputError: The file cannot be read, is not JSON, lacks keys or describes a model that is no
            stack of equal layers; all faults are listed.
    """
    file, tree = read_config(Path(path))
    keys, nested = _keys(file, tree)
    _add_sidecar(keys)
    _refuse_unequal_layers(keys)
    fields = shape_fields(keys)
    fields |= {
        "name": _name(file, keys),
        "weights": _weights(keys),
        "quantised": _quantised(keys, has_experts=fields["experts"] is not None),
        "note": _note(keys, fields["attention"], nested=nested),
        "kind": "derived",
        "formula": f"read from {file}",
    }
    if keys.faults:
        raise InputError(_unlike_a_model(keys) or keys.faults)
    try:
        return ModelCard.model_validate(fields)
    except ValidationError as error:
        raise InputError(
            Fault(str(file), 0, dotted(item["loc"]), item["msg"].removeprefix("Value error, "))
            for item in error.errors()
        ) from None


def _keys(file: Path, tree: dict[str, Any]) -> tuple[Keys, bool]:
    """Return the keys of the language model, with the defaults of its architecture below them.

    And whether they stand in a section of their own.
    """
    outer = Keys(file, tree)
    nested = next((part for name in NESTED if (part := outer.section(name).tree)), {})
    keys = Keys(file, tree | nested, faults=outer.faults)
    keys.tree = DEFAULTS.get(keys.text("model_type"), {}) | keys.tree
    return keys, bool(nested)


def _add_sidecar(keys: Keys) -> None:
    """Add the quantisation that stands in a file of its own, where it is not in the first."""
    sidecar = keys.file.parent / SIDECAR
    if not keys.get("quantization_config") and sidecar.is_file():
        _, tree = read_config(sidecar)
        keys.tree["quantization_config"] = tree.get("quantization")


def _refuse_unequal_layers(keys: Keys) -> None:
    """Add a fault for each key of a model that is no stack of equal layers."""
    said = {key: what for key, what in OTHERWISE.items() if keys.get(key)}
    if any(kind != 1 for kind in keys.items(int, "attn_type_list")):  # MiniMax: 1 is full attention
        said["attn_type_list"] = "has layers of linear attention"
    for key, what in said.items():
        keys.fault(key, f"the model {what}, which a card cannot say")


def _weights(keys: Keys) -> Weights:
    """Return the number format of the weights; 16 bits where a configuration does not say."""
    quantised = FORMATS.get(_quantisation(keys))
    return quantised or FORMATS.get(keys.text("torch_dtype", "dtype"), "bf16")


def _quantisation(keys: Keys) -> str:
    """Return the word for the quantised weights, empty where there is no quantisation."""
    section = keys.section("quantization_config")
    groups = section.section("config_groups")
    for name in groups.tree:
        weights = groups.section(name).section("weights")
        if weights.tree:
            return f"{weights.text('type')}-{weights.count_or_none('num_bits')}"
    method = (section.text("quant_algo") or section.text("quant_method")).lower()
    bits = section.count_or_none("bits", "w_bit") if method in BITS_BESIDE else None
    return method if bits is None else f"int-{bits}"


def _quantised(keys: Keys, *, has_experts: bool) -> str:
    """Return what is quantised: the layers, or only the experts where attention is kept."""
    section = keys.section("quantization_config")
    kept = section.items(str, "modules_to_not_convert", "ignore", "exclude_modules")
    keeps_attention = any(module.rstrip("*.").endswith("self_attn") for module in kept)
    return "experts" if has_experts and keeps_attention else "layers"


def _name(file: Path, keys: Keys) -> str:
    """Return what the model is called: by its repository, or by its folder."""
    given = keys.text("_name_or_path")
    if given.strip(" /."):
        return given.strip().rstrip("/").rpartition("/")[2]
    return file.resolve().parent.name or file.stem


def _note(keys: Keys, attention: dict[str, Any], *, nested: bool) -> str | None:
    """Return what the card leaves out or takes for granted."""
    quantisation = _quantisation(keys)
    remarks = {
        **_taken_for_granted(keys, attention),
        "only the language part is counted": nested,
        f"the quantisation {quantisation!r} is not known; the weights count as {_weights(keys)}": (
            bool(keys.get("quantization_config")) and quantisation not in FORMATS
        ),
        "sparse attention counts as full attention, and its index is left out": (
            keys.get("index_topk") is not None
        ),
    }
    said = [remark for remark, holds in remarks.items() if holds]
    return "; ".join(said) or None


def _taken_for_granted(keys: Keys, attention: dict[str, Any]) -> dict[str, bool]:
    """Return what is said of an architecture that is not known, and whether it is so."""
    architecture = keys.text("model_type")
    strange = architecture not in KNOWN
    named = repr(architecture) if architecture else "that the file does not name"
    told = keys.get("layer_types", "no_rope_layers", "attention_chunk_size", *PATTERN) is not None
    heads = attention["kind"] == "mla" or keys.get(*KV_HEADS) is not None
    return {
        f"the architecture {named} is not known and was read by the usual keys": strange,
        "its output head counts as a matrix of its own": (
            strange and keys.get("tie_word_embeddings") is None
        ),
        "each of its heads counts with keys and values of its own": strange and not heads,
        "its window counts for all layers": (
            strange and attention["windowed_layers"] > 0 and not told
        ),
    }


def _unlike_a_model(keys: Keys) -> list[Fault]:
    """Return one fault in place of many where nothing in the file belongs to a language model."""
    if keys.get("num_hidden_layers", "n_layer", "num_layers", "hidden_size", "n_embd") is not None:
        return []
    message = "none of the keys of a language model is there"
    return [in_file(keys.file, message, remedy="give the config.json beside a model's weights")]
