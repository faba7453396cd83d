"""Precision: what a checkpoint's number format becomes on a chip, in bytes and in arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headworks.errors import UnknownName
from headworks.throughput.counts import native_bits

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip
    from headworks.throughput.model_card import ModelCard

BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625, "int4": 0.53125}
"""Bytes of a stored weight by format: a definition. FP4 has one 8-bit scale for 16 values (NVFP4),
INT4 one of 16 bits for 128 and a zero point, as GPTQ and AWQ write it."""

ALIASES = {
    "fp16": "bf16", "bfloat16": "bf16", "float16": "bf16", "w16a16": "bf16", "fp32": "bf16",
    "e4m3": "fp8", "e5m2": "fp8", "fp8-e4m3": "fp8", "fp8-e5m2": "fp8", "fp8-mx": "fp8",
    "mxfp8": "fp8", "fp8-block": "fp8", "fp8-dynamic": "fp8", "float8": "fp8", "bf16+fp8": "fp8",
    "w8a8-fp8": "fp8", "w8a8": "int8", "w8a8-int8": "int8", "w8a16": "int8", "nvfp4": "fp4",
    "mxfp4": "fp4", "w4a4": "fp4", "w4a16": "int4", "w4a8": "int4", "awq": "int4", "gptq": "int4",
    "int4-awq": "int4", "int4-gptq": "int4",
}  # fmt: skip
"""Other spellings of a precision; checkpoints of 32 bits are run in 16, as engines load them."""

STANDS_IN = {
    "bf16": ("bf16", "fp16"),
    "fp8": ("fp8", "int8", "bf16", "fp16"),
    "int8": ("int8", "fp8", "bf16", "fp16"),
    "fp4": ("fp4", "bf16", "fp16"),
    "int4": ("bf16", "fp16"),
}
"""Arithmetic that a format is multiplied in, best first. Weights of 4 bits are widened where a chip
has no arithmetic of 4 bits; weights of 8 bits are stored anew where it has none of 8."""


@dataclass(frozen=True, slots=True)
class Format:
    """How one part of a model is stored and multiplied."""

    bytes: float
    """Bytes of a stored weight."""
    dtype: str
    """Data type of the arithmetic, a key of the chip's rates."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How a model runs on a chip."""

    name: str
    """The precision asked for, by its own name."""
    weights: Format
    """Feed-forward matrices and experts."""
    attention: Format
    """Projections of attention, and of what the experts share with them."""
    head: Format
    """The output head and the arithmetic of attention itself, which stay at 16 bits."""
    kv_bytes: float
    """Bytes of a stored key or value."""
    assumptions: tuple[str, ...]
    """What was chosen for the asker, in sentences."""


def named(precision: str) -> str:
    """Return a precision by its own name.

    Raises:
        UnknownName: No precision is called that.
    """
    plain = "-".join(precision.lower().replace("_", " ").replace("-", " ").split())
    found = ALIASES.get(plain, plain)
    if found not in BYTES:
        raise UnknownName("precision", precision, BYTES)
    return found


def precision_on(
    chip: Chip,
    card: ModelCard,
    precision: str | None,
    kv_precision: str | None = None,
    software: str | None = None,
    *,
    told: str | None = None,
) -> Precision:
    """Return how a model of a stated precision runs on a chip.

    Without a precision the one that the model's name tells is taken, and else the checkpoint's own.
    Models of experts keep the projections of
    attention at 16 bits where the experts are stored in 4, as their publishers do. Unless stated,
    keys and values are kept in 8 bits on chips with arithmetic of 4 bits, and by TensorRT-LLM
    beside weights of 8 bits or fewer, as published runs do; otherwise in 16.

    Raises:
        UnknownName: No precision is called that.
    """
    said: list[str] = []
    wanted = named(precision or told or card.weights)
    bits = native_bits(card) if wanted == card.weights else 8 * BYTES[wanted]
    if precision is None:
        why = "the model's name says" if told else "the checkpoint is published"
        said.append(f"precision: {wanted}, as {why}")
    weights = _format(chip, wanted, said, bits / 8)
    mixed = card.experts is not None and BYTES[wanted] < 1
    sixteen = _format(chip, "bf16", [], BYTES["bf16"])
    if kv_precision is None:
        narrow = "fp4" in chip.peak_tflops or (software == "trtllm" and BYTES[wanted] <= 1)
        kv = "fp8" if narrow else "bf16"
        said.append(f"keys and values in {kv}")
    else:
        kv = named(kv_precision)
    return Precision(
        wanted, weights, sixteen if mixed else weights, sixteen, BYTES[kv], tuple(said)
    )


def _format(chip: Chip, wanted: str, said: list[str], stored: float) -> Format:
    """Return how weights of a format are stored and multiplied, and say what stands in for it."""
    rates: dict[str, float] = {
        dtype: peak.median for dtype, peak in chip.peak_tflops.items() if dtype not in chip.doubtful
    }
    fastest = max(rates, key=lambda name: rates[name], default="bf16")
    dtype = next((dtype for dtype in STANDS_IN[wanted] if dtype in rates), fastest)
    own_bytes = stored
    if stored >= 1:
        stored = max(stored, BYTES.get(ALIASES.get(dtype, dtype), 2.0))
    own = ALIASES.get(dtype, dtype)
    if own != wanted:
        how = "stored" if stored != own_bytes or wanted in {"fp8", "int8"} else "widened"
        said.append(
            f"{chip.name} has no {wanted.upper()} arithmetic: weights are {how} "
            f"{'as' if how == 'stored' else 'to'} {dtype.upper()}"
        )
    return Format(stored, dtype)
