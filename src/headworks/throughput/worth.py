"""Worth: what a chip computes on a named work, each figure as an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.throughput import arguments
from headworks.throughput.answer import ask
from headworks.throughput.intervals import as_json, interval, rounded
from headworks.throughput.software import TRAINERS, family, held

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.scenario.catalogue import Catalogue
    from headworks.throughput.answer import Answer
    from headworks.throughput.draws import Draws
    from headworks.throughput.intervals import Interval
    from headworks.throughput.model_card import ModelCard
    from headworks.throughput.query import Query
    from headworks.throughput.residual import Basis

DAY_S = 86_400.0
FIGURES = {
    "output_tokens_per_s_per_chip": "output tokens/s per chip",
    "input_tokens_per_s_per_chip": "input tokens/s per chip",
    "training_tokens_per_s_per_chip": "tokens/s per chip",
    "training_days": "days",
    "mfu": "share of the peak (MFU)",
    "ttft_ms": "ms to the first token (TTFT)",
    "tpot_ms": "ms per output token (TPOT)",
    "output_tokens_per_s_per_user": "output tokens/s per user",
}
"""The figures, in the order in which they are shown, with their words."""
GRADES = {
    "C": "press or contract arithmetic",
    "D": "rumour",
    "P": "announced and not yet measured",
}
"""Grades of a chip's figures that a reader should know of."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a chip computes on a work."""

    query: Query
    """What was asked, with None for what was not stated."""
    model: str
    """Id of the model, or its name where it comes from a file."""
    answer: Answer
    """The answer with the draws of every figure, shape `(draw,)`."""
    training_tokens: float | None
    """Tokens of a training whose days are asked for; None if none is."""
    assumptions: tuple[str, ...]
    """What was chosen for the asker, or is doubtful, in sentences."""

    @property
    def figures(self) -> dict[str, Draws]:
        """The draws of every figure by name, unit last, in the order of `FIGURES`."""
        found = dict(self.answer.figures)
        if self.training_tokens is not None:
            per_day = found["training_tokens_per_s_per_chip"] * self.answer.chips * DAY_S
            found["training_days"] = self.training_tokens / per_day
        return {name: found[name] for name in FIGURES if name in found}

    @property
    def rests_on(self) -> dict[str, Basis]:
        """What each figure rests on, in the same order; days of training on their rate."""
        found = dict(self.answer.rests_on)
        if self.training_tokens is not None:
            found["training_days"] = found["training_tokens_per_s_per_chip"]
        return {name: found[name] for name in FIGURES if name in found}

    @property
    def bound_by(self) -> str:
        """What binds: `compute`, `bandwidth`, `latency`, `network`, or `memory`."""
        return self.answer.bound_by

    @property
    def memory_gb(self) -> dict[str, float]:
        """Gigabytes of one chip by use."""
        return self.answer.memory_gb

    def interval(self, name: str) -> Interval:
        """Return a figure of `figures` as p5, median and p95."""
        return interval(self.figures[name])

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values that `json.dumps` takes."""
        asked, answer = self.query, self.answer
        return {
            "chip": asked.chip_id,
            "model": self.model,
            "phase": asked.phase,
            "precision": asked.precision,
            "kv_precision": asked.kv_precision,
            "software": asked.software,
            "layout": answer.layout,
            "chips": answer.chips,
            "copies": answer.copies,
            "input_tokens": asked.input_tokens,
            "output_tokens": asked.output_tokens,
            "concurrency": asked.concurrency,
            **({"recompute": asked.recompute} if asked.phase == "training" else {}),
            **{name: as_json(interval(draws)) for name, draws in self.figures.items()},
            "bound_by": answer.bound_by,
            "parts_ms": {name: rounded(1e3 * part) for name, part in answer.parts_s.items()},
            **{name: rounded(part) for name, part in answer.shares.items()},
            "memory_gb": {name: rounded(part) for name, part in answer.memory_gb.items()},
            "assumptions": list(self.assumptions),
            "rests_on": {name: basis.to_json() for name, basis in self.rests_on.items()},
        }

    def __str__(self) -> str:
        """Return the answer as people read it."""
        from headworks.throughput.shown import worth_lines

        return "\n".join(worth_lines(self))


def worth(  # noqa: PLR0913 - one for each thing that may be stated of a set-up
    chip: str,
    *,
    model: str | Path | ModelCard,
    phase: str = "serving",
    precision: str | None = None,
    kv_precision: str | None = None,
    chips: int | None = None,
    tp: int | None = None,
    pp: int | None = None,
    dp: int | None = None,
    ep: int | None = None,
    input_tokens: float | None = None,
    output_tokens: float | None = None,
    concurrency: float | None = None,
    software: str | None = None,
    recompute: str | None = None,
    training_tokens: float | None = None,
    catalogue: Catalogue | None = None,
) -> Worth:
    """Return what a chip computes on a work, each figure as an interval.

    What is not stated is chosen sensibly, and the choice is among `assumptions`. The physics is
    rooflines with realised efficiencies; see `docs/guides/worth.md`.

    Args:
        chip: Id or alias of the chip.
        model: Id, name or alias of the model; the path of a Hugging Face `config.json` or of its
            folder; or a card.
        phase: `serving` (prompts are read and tokens written on the same chips), `prefill` or
            `decode` (each alone), or `training`.
        precision: Format of the weights, such as `bf16`, `fp8`, `int8`, `fp4`, `int4`; if None the
            one that the model's name tells, or else the checkpoint's own, and `bf16` in training.
            Where the chip lacks it, `assumptions` says what stands in.
        kv_precision: Format of cached keys and values.
        chips: Chips in all, over all copies of the model; the fewest that hold it if None.
        tp: Chips that share each layer (tensor parallel).
        pp: Pipeline stages.
        dp: Groups of chips that each serve or train on their own requests or sequences.
        ep: Chips that share the experts of a layer.
        input_tokens: Tokens of a prompt; in training, of a sequence.
        output_tokens: Tokens written for a request.
        concurrency: Requests in flight over all chips, as many as fit if None; in training, the
            sequences of one step of the optimiser.
        software: Serving software or trainer, whose times are used where they are known.
        recompute: What the backward pass of training computes again: `none`, `selective` (norms,
            gated products and the like) or `full` (every layer, a forward pass more). If None,
            selective, with activations in the host's memory, and as many layers whole, as must be.
        training_tokens: Tokens of a training, for `training_days`.
        catalogue: Chips; the packaged ones if None.

    Raises:
        InputError: Something cannot be used, does not divide, or does not fit; all faults are
            listed, each with the argument in the place of the file.
    """
    given = {
        "phase": phase, "precision": precision, "kv_precision": kv_precision, "chips": chips,
        "tp": tp, "pp": pp, "dp": dp, "ep": ep, "input_tokens": input_tokens,
        "output_tokens": output_tokens, "concurrency": concurrency, "software": software,
        "recompute": recompute,
    }  # fmt: skip
    asked = arguments.query(
        chip, model, given, also={"training_tokens": training_tokens}, catalogue=catalogue
    )
    answer = ask(asked)
    said = (*answer.assumptions, *remarks(asked))
    tokens = None if training_tokens is None else float(training_tokens)
    return Worth(asked, arguments.model_id(asked.card), answer, tokens, said)


def remarks(asked: Query) -> list[str]:
    """Return what a reader should know of the chip, the software and the model of a query."""
    found = [] if asked.remark is None else [asked.remark]
    trains = asked.phase == "training"
    its = family(asked.software)
    if asked.software is not None and (its is None or (its in TRAINERS and not trains)):
        kind = "share of training is" if trains else "fixed times of serving are"
        found.append(
            f"no {kind} held for {asked.software}, only for {', '.join(held(asked.phase))}: what "
            "holds for any software is taken"
        )
    if asked.chip.grade in GRADES:
        grade = asked.chip.grade
        found.append(f"figures of {asked.chip.name} are of grade {grade} ({GRADES[grade]})")
    if asked.card.kind == "derived" and asked.card.note:  # read from a configuration
        found.append(f"model card: {asked.card.note}")
    return found
