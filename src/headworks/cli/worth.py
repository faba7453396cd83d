"""`headworks worth`: what a chip computes on a work, with an error bar, and against other chips."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from headworks.cli.messages import as_text
from headworks.cli.worth_checks import by_options, check_modes
from headworks.errors import Door

LIMITS = ("ttft_ms", "tpot_ms")


def command(  # noqa: PLR0913, PLR0917 - one for each option
    chip: Annotated[
        str | None,
        typer.Argument(
            help="Chip by id or alias; with --measure, the file to write.", show_default=False
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Model by id or alias, or path of its config.json."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="Path of a config.json in place of --model.")
    ] = None,
    phase: Annotated[
        str | None, typer.Option("--phase", help="serving, prefill, decode or training.")
    ] = None,
    precision: Annotated[
        str | None, typer.Option("--precision", help="Of weights: bf16, fp8, int8, fp4, int4.")
    ] = None,
    kv_precision: Annotated[
        str | None, typer.Option("--kv-precision", help="Of cached keys and values.")
    ] = None,
    chips: Annotated[int | None, typer.Option("--chips", help="Chips in all.")] = None,
    tp: Annotated[int | None, typer.Option("--tp", help="Chips that share each layer.")] = None,
    pp: Annotated[int | None, typer.Option("--pp", help="Pipeline stages.")] = None,
    dp: Annotated[
        int | None, typer.Option("--dp", help="Groups with requests or sequences of their own.")
    ] = None,
    ep: Annotated[int | None, typer.Option("--ep", help="Chips that share the experts.")] = None,
    input_: Annotated[
        float | None, typer.Option("--input", help="Tokens of a prompt, or of a sequence.")
    ] = None,
    output: Annotated[
        float | None, typer.Option("--output", help="Tokens written for a request.")
    ] = None,
    concurrency: Annotated[
        float | None, typer.Option("--concurrency", help="Requests in flight over all chips.")
    ] = None,
    software: Annotated[
        str | None, typer.Option("--software", help="vllm, sglang or tensorrt-llm.")
    ] = None,
    tokens: Annotated[
        float | None, typer.Option("--tokens", help="Tokens to train on, for the days: 15e12.")
    ] = None,
    ttft_ms: Annotated[
        float | None, typer.Option("--ttft-ms", help="Longest time to the first token.")
    ] = None,
    tpot_ms: Annotated[
        float | None, typer.Option("--tpot-ms", help="Longest time per output token.")
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", help="Chip to compare with; again for more.")
    ] = None,
    validate: Annotated[
        str | None,
        typer.Option("--validate", help="Predict the cases of a CSV file, or `calibration`."),
    ] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Time the GPU at hand, and write a file of it.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="List the models, or those with CHIP in a name.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Say what a chip computes on a work, each figure with an interval, or against other chips.

    With --model, what chips make of that model; with --ttft-ms or --tpot-ms, the best that they
    can do within these limits. Without --model, the chip by work, and against others.

    Examples:
      headworks worth h200-sxm --against h20 --against ascend-910c

      headworks worth h200-sxm --model llama-3.1-70b --chips 8 --tp 8

      headworks worth h20 --model deepseek-v3 --chips 32 --tpot-ms 50

      headworks worth h200 --model gpt-3-175b --phase training --tokens 3e11

      headworks worth --validate cases.csv
    """
    given: dict[str, Any] = {
        "phase": phase, "precision": precision, "kv_precision": kv_precision, "chips": chips,
        "tp": tp, "pp": pp, "dp": dp, "ep": ep, "input_tokens": input_, "output_tokens": output,
        "concurrency": concurrency, "software": software, "training_tokens": tokens,
        "ttft_ms": ttft_ms, "tpot_ms": tpot_ms,
    }  # fmt: skip
    stated = {name: value for name, value in given.items() if value is not None}
    modes = {"--list": list_, "--validate": validate is not None, "--measure": measure}
    models = {"--model": model, "--config": config}
    check_modes(modes, chip, models, against or [], stated)
    if list_:
        from headworks.cli.worth_models import show_models

        show_models(chip, as_json=as_json)
    elif validate is not None:
        from headworks.cli.worth_validation import show_validation

        show_validation(validate, as_json=as_json)
    elif measure:
        from headworks.cli.worth_measure import show_measured

        show_measured(chip, as_json=as_json)
    else:
        result = _answer(chip or "", config or model, against or [], stated)
        typer.echo(as_text(result.to_json()) if as_json else str(result))


def _answer(chip: str, model: str | Path | None, against: list[str], stated: dict[str, Any]) -> Any:  # noqa: ANN401 - one of three results
    """Return what is asked about a chip: by work, of a model, or within limits; against others."""
    from headworks.cli.options import progress_bar

    with by_options(), progress_bar("works" if model is None else "layouts") as tell:
        if model is None:
            from headworks.throughput.ratios import ratios

            return ratios(chip, against, progress=tell)
        if any(name in stated for name in LIMITS):
            from headworks.throughput.best import best_configuration

            asked: Callable[..., Any] = partial(best_configuration, progress=tell)
        else:
            from headworks.throughput.worth import worth

            asked = worth
        door = Door()
        found = []
        for one in (chip, *against):
            with door.checking():
                found.append(asked(one, model=model, **stated))
        door.close()
    if not against:
        return found[0]
    from headworks.throughput.ratios import ratios_of

    return ratios_of(*found)
