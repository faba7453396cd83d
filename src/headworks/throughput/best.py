"""Best configuration: the layout and the number of requests that make most of a number of chips."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.errors import Door, Fault, InputError
from headworks.throughput import arguments
from headworks.throughput.answer import ask
from headworks.throughput.disaggregation import Pools, pools
from headworks.throughput.intervals import as_json, interval, rounded
from headworks.throughput.phases import RATES
from headworks.throughput.query import is_placed
from headworks.throughput.search import WORDS, Found, Limits, search
from headworks.throughput.worth import Worth, remarks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from headworks.scenario.catalogue import Catalogue
    from headworks.throughput.draws import Draws
    from headworks.throughput.model_card import ModelCard
    from headworks.throughput.query import Query
    from headworks.throughput.search import Progress

RATE = "output_tokens_per_s_per_chip"
LACKS = {
    "ttft_ms": {"decode": "prompts are read before it"},
    "tpot_ms": {"prefill": "nothing is written in it but first tokens"},
}
"""Times that a phase does not have, with the reason."""
SHOWN = 5
"""Other layouts that are shown."""


@dataclass(frozen=True, slots=True)
class Best:
    """What a number of chips does best within limits."""

    limits: Limits
    chips: int
    found: Worth | None
    """The best configuration on all chips, with intervals, whose medians meet the limits; None
    where those of no layout do."""
    first: Found
    """One copy of it, or of the layout that comes nearest to the limits."""
    others: tuple[Found, ...]
    """Other layouts that meet the limits, the fastest first."""
    pools: Pools | None
    """Prompts read on some chips and tokens written on others; None where that is not asked for,
    or where no split meets the limits."""

    def chance(self) -> dict[str, float]:
        """Return the chance that each limit is met, and `all` together; empty without limits."""
        return {} if self.found is None else chances(self.limits, self.found.figures)

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values that `json.dumps` takes."""
        apart, gain = self.pools, self.gain()
        return {
            "limits": self.limits.stated(),
            "met": self.found is not None,
            "best": self.found.to_json() if self.found else None,
            "chance": self.chance(),
            "requests_per_copy": self.first.requests,
            "nearest": None if self.found else _plain(self.first),
            "others": [_plain(one) for one in self.others],
            "disaggregated": None
            if apart is None
            else apart.to_json() | {"chance": chances(self.limits, apart.figures)},
            "disaggregated_over_aggregated": None if gain is None else as_json(interval(gain)),
        }

    def gain(self) -> Draws | None:
        """Return the rate with prompts read apart over that without, on the same luck."""
        if self.pools is None or self.found is None:
            return None
        return self.pools.figures[RATE] / self.found.figures[RATE]

    def __str__(self) -> str:
        """Return the answer as people read it."""
        from headworks.throughput.shown_best import best_lines

        return "\n".join(best_lines(self))


def best_configuration(  # noqa: PLR0913 - one for each thing that may be stated
    chip: str,
    *,
    model: str | Path | ModelCard,
    chips: int | None = None,
    ttft_ms: float | None = None,
    tpot_ms: float | None = None,
    phase: str = "serving",
    precision: str | None = None,
    kv_precision: str | None = None,
    tp: int | None = None,
    pp: int | None = None,
    dp: int | None = None,
    ep: int | None = None,
    input_tokens: float | None = None,
    output_tokens: float | None = None,
    software: str | None = None,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
) -> Best:
    """Return the configuration with the most tokens per second and chip within limits.

    Layouts, copies and numbers of requests are tried at the middle of every constant; of the best,
    the medians meet the limits, and `chance` says how likely they are met. For serving, the best
    split into chips that read prompts and chips that write tokens stands beside it.

    Args:
        chip: Id or alias of the chip.
        model: As for `worth`, and so are the arguments that are not listed.
        chips: Chips in all, which must be stated.
        ttft_ms: Longest time to the first token, in milliseconds; any if None.
        tpot_ms: Longest time per output token, in milliseconds; any if None.
        phase: `serving`, `prefill` or `decode`.
        precision: Format of the weights.
        kv_precision: Format of cached keys and values.
        tp: Chips that share each layer; where a part of the layout is stated, no other is tried.
        pp: Pipeline stages.
        dp: Groups of attention.
        ep: Chips that share the experts of a layer.
        input_tokens: Tokens of a prompt.
        output_tokens: Tokens written for a request.
        software: Serving software.
        catalogue: Chips; the packaged ones if None.
        progress: Told the layouts that were tried and all of them.

    Raises:
        InputError: Something cannot be used, or the model does not fit; all faults are listed.
    """
    given = {
        "phase": phase, "precision": precision, "kv_precision": kv_precision, "chips": chips,
        "tp": tp, "pp": pp, "dp": dp, "ep": ep, "input_tokens": input_tokens,
        "output_tokens": output_tokens, "software": software,
    }  # fmt: skip
    also = {"ttft_ms": ttft_ms, "tpot_ms": tpot_ms}
    door = Door()
    with door.checking():
        asked = arguments.query(chip, model, given, also=also, catalogue=catalogue)
    with door.checking():
        _check(chips, phase, [name for name, limit in also.items() if limit is not None])
    door.close()
    limits = Limits(ttft_ms, tpot_ms)
    first, *others = search(asked, limits, progress)
    whole = asked.chips or first.layout.chips
    apart = pools(asked, limits) if phase == "serving" and not is_placed(asked) else None
    met = first.excess <= 1
    return Best(
        limits,
        whole,
        _on_all(asked, first, whole) if met else None,
        first,
        tuple(one for one in others if one.excess <= 1)[:SHOWN],
        apart,
    )


def _check(chips: object, phase: str, limited: Sequence[str]) -> None:
    """Raise if it is not said how many chips there are, or if there is nothing to be limited.

    Args:
        chips: Chips in all, or None.
        phase: What the chips do.
        limited: Times that have a limit.
    """
    faults = []
    if chips is None:
        message = "the best of how many chips is not stated"
        faults.append(Fault("chips", 0, "", message, "give a number of chips"))
    if phase == "training":
        message = "limits on the times of tokens say nothing about training"
        faults.append(Fault("phase", 0, "", message, "leave the limits out"))
    for name in limited:
        reason = LACKS.get(name, {}).get(str(phase))  # which may be anything that a caller gives
        if reason is not None:
            message = f"{phase} has no {WORDS[name]}: {reason}"
            faults.append(Fault(name, 0, "", message, "leave it out, or ask for serving"))
    if faults:
        raise InputError(faults)


def chances(limits: Limits, figures: Mapping[str, Draws]) -> dict[str, float]:
    """Return the share of draws within each limit that binds a figure, and within `all`."""
    within = {
        name: figures[name] <= limit for name, limit in limits.stated().items() if name in figures
    }
    found = {name: float(np.mean(met)) for name, met in within.items()}
    if found:
        found["all"] = float(np.mean(np.logical_and.reduce(list(within.values()))))
    return {name: round(share, 3) for name, share in found.items()}


def _on_all(asked: Query, first: Found, chips: int) -> Worth:
    """Return the best copy on all chips, with intervals."""
    copies = chips // first.layout.chips
    whole = replace(first.query, chips=chips, concurrency=float(first.requests * copies))
    answer = ask(whole)
    said = (*answer.assumptions, *remarks(asked))
    return Worth(whole, arguments.model_id(asked.card), answer, None, said)


def _plain(one: Found) -> dict[str, Any]:
    return {
        "layout": str(one.layout),
        "chips": one.layout.chips,
        "requests_per_copy": one.requests,
        RATES[one.query.phase]: rounded(one.rate),
        "worst_time_over_its_limit": rounded(one.excess),
    }
