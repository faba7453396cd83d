"""Options of `headworks worth`, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Chip = Annotated[
    str | None,
    typer.Argument(
        help="Chip by id or alias; with --card, the model; with --measure, the file to write.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None, typer.Option("--model", help="Model by id or alias, or path of its config.json.")
]
Config = Annotated[
    Path | None, typer.Option("--config", help="Path of a config.json in place of --model.")
]
Phase = Annotated[str | None, typer.Option("--phase", help="serving, prefill, decode or training.")]
Precision = Annotated[
    str | None,
    typer.Option("--precision", help="Of weights: bf16, fp8, int8, fp4, int4; else as named."),
]
KvPrecision = Annotated[
    str | None, typer.Option("--kv-precision", help="Of cached keys and values.")
]
Chips = Annotated[str | None, typer.Option("--chips", metavar="<int>", help="Chips in all.")]
Tp = Annotated[
    str | None, typer.Option("--tp", metavar="<int>", help="Chips that share each layer.")
]
Pp = Annotated[str | None, typer.Option("--pp", metavar="<int>", help="Pipeline stages.")]
Dp = Annotated[
    str | None,
    typer.Option("--dp", metavar="<int>", help="Groups with requests or sequences of their own."),
]
Ep = Annotated[
    str | None, typer.Option("--ep", metavar="<int>", help="Chips that share the experts.")
]
Input = Annotated[
    str | None,
    typer.Option("--input", metavar="<float>", help="Tokens of a prompt, or of a sequence."),
]
Output = Annotated[
    str | None, typer.Option("--output", metavar="<float>", help="Tokens written for a request.")
]
Concurrency = Annotated[
    str | None,
    typer.Option("--concurrency", metavar="<float>", help="Requests in flight over all chips."),
]
Software = Annotated[
    str | None, typer.Option("--software", help="vllm, sglang, tensorrt-llm; nemo, flagperf.")
]
Recompute = Annotated[
    str | None,
    typer.Option("--recompute", help="What training computes again: none, selective, full."),
]
Tokens = Annotated[
    str | None,
    typer.Option("--tokens", metavar="<float>", help="Tokens to train on, for the days: 15e12."),
]
TtftMs = Annotated[
    str | None,
    typer.Option("--ttft-ms", metavar="<float>", help="Longest time to the first token."),
]
TpotMs = Annotated[
    str | None, typer.Option("--tpot-ms", metavar="<float>", help="Longest time per output token.")
]
Against = Annotated[
    list[str] | None, typer.Option("--against", help="Chip to compare with; again for more.")
]
Validate = Annotated[
    str | None,
    typer.Option("--validate", help="Predict the cases of a CSV file, or `calibration`."),
]
Measure = Annotated[
    bool, typer.Option("--measure", help="Time the GPU at hand, and write a file of it.")
]
List = Annotated[
    bool,
    typer.Option(
        "--list", help="List the models, those with CHIP in a name, or the one at a path."
    ),
]
Card = Annotated[
    bool,
    typer.Option("--card", help="Show one model: parameters, attention, cache, FLOP, experts."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
