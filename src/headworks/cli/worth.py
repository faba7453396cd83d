"""`headworks worth`: what a chip computes on a work, with an error bar, and against other chips."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import typer

from headworks.cli import worth_options as options
from headworks.cli.messages import as_text
from headworks.cli.worth_checks import LIMITS, by_options, check_modes, number
from headworks.errors import Door


def command(  # noqa: PLR0913, PLR0917 - one for each option
    chip: options.Chip = None,
    model: options.Model = None,
    config: options.Config = None,
    phase: options.Phase = None,
    precision: options.Precision = None,
    kv_precision: options.KvPrecision = None,
    chips: options.Chips = None,
    tp: options.Tp = None,
    pp: options.Pp = None,
    dp: options.Dp = None,
    ep: options.Ep = None,
    input_: options.Input = None,
    output: options.Output = None,
    concurrency: options.Concurrency = None,
    software: options.Software = None,
    recompute: options.Recompute = None,
    tokens: options.Tokens = None,
    ttft_ms: options.TtftMs = None,
    tpot_ms: options.TpotMs = None,
    against: options.Against = None,
    validate: options.Validate = None,
    measure: options.Measure = False,
    list_: options.List = False,
    card: options.Card = False,
    as_json: options.AsJson = False,
) -> None:
    """Say what a chip computes on a work, each figure with an interval, or against other chips.

    With --model, what chips make of that model; with --ttft-ms or --tpot-ms, the best that they
    can do within these limits. Without --model, the chip by work, and against others.

    Examples:
      headworks worth h200-sxm --against h20 --against ascend-910c

      headworks worth h200-sxm --model llama-3.1-70b --chips 8 --tp 8

      headworks worth h20 --model deepseek-v3 --chips 32 --tpot-ms 50

      headworks worth h200 --model gpt-3-175b --phase training --tokens 3e11

      headworks worth --card deepseek-v3

      headworks worth --validate cases.csv
    """
    given: dict[str, Any] = {
        "phase": phase, "precision": precision, "kv_precision": kv_precision, "chips": chips,
        "tp": tp, "pp": pp, "dp": dp, "ep": ep, "input_tokens": input_, "output_tokens": output,
        "concurrency": concurrency, "software": software, "recompute": recompute,
        "training_tokens": tokens, "ttft_ms": ttft_ms, "tpot_ms": tpot_ms,
    }  # fmt: skip
    modes = {"--list": list_, "--card": card, "--validate": validate, "--measure": measure}
    _run(chip, {"--model": model, "--config": config}, against or [], given, modes, as_json=as_json)


def _run(
    chip: str | None,
    models: dict[str, Any],
    against: list[str],
    given: dict[str, Any],
    modes: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    """Print what is asked for: a list, a card, a validation, a measurement, or a chip's worth."""
    stated = {name: number(name, value) for name, value in given.items() if value is not None}
    asked = {name: value is not None and value is not False for name, value in modes.items()}
    check_modes(asked, chip, models, against, stated)
    if asked["--list"]:
        from headworks.cli.worth_models import show_models

        show_models(chip, as_json=as_json)
    elif asked["--card"]:
        from headworks.cli.worth_models import show_card

        with by_options():
            one = models["--config"] or models["--model"] or chip or ""
            show_card(one, stated.get("input_tokens"), as_json=as_json)
    elif asked["--validate"]:
        from headworks.cli.worth_validation import show_validation

        show_validation(modes["--validate"], as_json=as_json)
    elif asked["--measure"]:
        from headworks.cli.worth_measure import show_measured

        show_measured(chip, as_json=as_json)
    else:
        named = models["--config"] or models["--model"]
        result = _answer(chip or "", named, against, stated)
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
