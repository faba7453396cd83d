"""Importing: a whole file of actions, or of customs' usage, in one transaction or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from headworks.errors import Fault, InputError
from headworks.ledger.acting import Answer, act
from headworks.ledger.actions.customs import ImportUsage
from headworks.ledger.customs import runs
from headworks.ledger.customs.discrepancies import DISCREPANCY
from headworks.ledger.customs.reading import text_of
from headworks.ledger.journal.event import Receipt
from headworks.ledger.journal.view import refuse
from headworks.ledger.script import YAML, read_script

if TYPE_CHECKING:
    from headworks.ledger.actions.action import Action
    from headworks.ledger.customs.posting import Progress
    from headworks.ledger.journal.view import View
    from headworks.ledger.journal.writing import Writing
    from headworks.ledger.ledger import Ledger
    from headworks.scenario.yaml_file import Place

PROGRESS_ACTIONS = 10


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file came to."""

    file: str
    kind: Literal["actions", "usage"]
    dry_run: bool
    """Whether nothing was written, and this is what would have been."""
    answers: tuple[Answer, ...]
    """The answer to each action; of a usage file the one to its import."""
    counts: dict[str, int]
    """Actions by name; of a usage file its rows by what became of them."""
    transfers: int
    open_discrepancies: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Discrepancies that the file opened or left open, by id."""

    @property
    def repeated(self) -> bool:
        """Whether all of it had been done before, and nothing was done now."""
        return all(one.receipt.repeated for one in self.answers)

    def to_json(self) -> dict[str, Any]:
        """Return the summary as plain values."""
        return {
            "file": self.file, "kind": self.kind, "dry_run": self.dry_run,
            "repeated": self.repeated, "counts": self.counts, "transfers": self.transfers,
            "answers": [one.to_json() for one in self.answers],
            "open_discrepancies": self.open_discrepancies,
        }  # fmt: skip


def import_file(
    ledger: Ledger,
    path: Path | str,
    *,
    actor: str = "",
    dry_run: bool = False,
    exceptions: Literal["refuse", "hold"] = "refuse",
    progress: Progress | None = None,
) -> Imported:
    """Import a file of actions or of customs' usage, whichever it is.

    Args:
        ledger: Where to.
        path: YAML or JSON lines of actions, or CSV or JSON lines of usage.
        actor: Who imports usage; each action names its own actor.
        dry_run: Do everything, then take it back.
        exceptions: As in `import_usage`.
        progress: As there.

    Raises:
        InputError: It cannot be read, or some of it may not happen; nothing is written.
    """
    place = Path(path)
    if place.suffix.lower() in YAML:
        return import_actions(ledger, place, dry_run=dry_run, progress=progress)
    text = text_of(place)
    if text.lstrip()[:1] == "{" and '"action"' in text.lstrip().partition("\n")[0]:
        return import_actions(ledger, place, dry_run=dry_run, progress=progress)
    return import_usage(
        ledger, place, actor=actor, dry_run=dry_run, exceptions=exceptions, progress=progress
    )


def import_usage(
    ledger: Ledger,
    path: Path | str,
    *,
    actor: str,
    id: str = "",  # noqa: A002 - as every action calls it
    dry_run: bool = False,
    exceptions: Literal["refuse", "hold"] = "refuse",
    progress: Progress | None = None,
) -> Imported:
    """Import a usage file of customs; one that was imported before gives its first answer.

    Args:
        ledger: Where to.
        path: The file, CSV or JSON lines.
        actor: Who imports it; takes the role customs.
        id: Id of the event; made of sender, run and content if empty.
        dry_run: Do everything, then take it back.
        exceptions: Whether a row that the ledger cannot take refuses the file, or is held as an
            open discrepancy.
        progress: Told how many rows are checked, of how many.

    Raises:
        LedgerError: It cannot be read, or is refused; every fault is listed; nothing is written.
    """
    name = str(path)
    content = text_of(Path(path))
    if not content.strip():
        refuse([Fault(name, 0, "", "the file is empty", "give a script or a usage file")])
    told = ImportUsage(
        action="customs.import", id=id or "customs", actor=actor or "nobody",
        content=content, file=name, exceptions=exceptions,
    ).telling(progress)  # fmt: skip
    usage = told.usage
    if not id:
        made = f"customs.{usage.sender}.{usage.run}.{usage.digest[:16]}"
        told = told.model_copy(update={"id": made}).telling(progress)

    def go(turn: Writing) -> Imported:
        known = runs.earlier(turn, usage)
        if known is not None:
            return _summary(name, _first_answer(turn, known["event"]), known, {}, dry_run=dry_run)
        answer = act(turn, told)
        run = runs.earlier(turn, usage) or {}
        held = {
            key: one
            for key, one in turn.records(DISCREPANCY).items()
            if one["state"] == "open" and one["run"] == _run_id(turn, usage.sender, usage.run)
        }
        return _summary(name, answer, run, held, dry_run=dry_run)

    done = _once(ledger, go, dry_run=dry_run)
    if progress:
        progress(len(usage.uses), len(usage.uses))
    return done


def import_actions(
    ledger: Ledger,
    path: Path | str,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Import a script of actions, each as `Ledger.act` takes it.

    An action `customs.import` may name a `file` beside the script instead of its `content`.

    Args:
        ledger: Where to.
        path: A YAML list, or JSON lines.
        dry_run: Do everything, then take it back.
        progress: Told how many actions are done, of how many.

    Raises:
        InputError: Some cannot be read, or one may not happen; nothing is written.
    """
    script = read_script(Path(path))

    def go(turn: Writing) -> Imported:
        answers, counts, before = [], Counter[str](), turn.moved
        for number, (place, told) in enumerate(script, start=1):
            try:
                answers.append(act(turn, told))
            except InputError as error:
                refuse(_placed(error, place, number, told))
            counts[told.right] += 1
            if progress and (not number % PROGRESS_ACTIONS or number == len(script)):
                progress(number, len(script))
        return Imported(
            str(path), "actions", dry_run, tuple(answers), dict(counts), turn.moved - before
        )

    return _once(ledger, go, dry_run=dry_run)


def _once(ledger: Ledger, go: Callable[[Writing], Imported], *, dry_run: bool) -> Imported:
    """Do something in one turn to write, and for a dry run take it back."""
    with ledger.journal.writing() as turn:
        done = go(turn)
        if dry_run:
            turn.connection.rollback()
    return done


def _first_answer(view: View, event: str) -> Answer:
    found = view.event(event)
    if found is None:
        raise AssertionError(event)
    receipt = Receipt(found.seq, found.id, found.recorded_at, found.hash.hex(), repeated=True)
    return Answer(found.kind, receipt)


def _run_id(view: View, sender: str, run: int) -> str:
    return f"{sender}/{view.record(runs.SENDER, sender)['series']}/{run}"


def _summary(
    name: str, answer: Answer, run: dict[str, Any], held: dict[str, Any], *, dry_run: bool
) -> Imported:
    return Imported(name, "usage", dry_run, (answer,), dict(run["counts"]), run["transfers"], held)


def _placed(error: InputError, place: Place, number: int, told: Action) -> Iterator[Fault]:
    """Yield why an action may not happen, each reason at the action's place in the script."""
    for one in error.faults:
        said = f"{one.file}: " if one.file else ""
        if one.line:
            said = f"{one.file}:{one.line}: "
        where = f"{number}. {told.right} {told.id}"
        about = f"{one.key}: " if one.key else ""
        yield replace(one, file=place.file, line=place.line, key=where,
                      message=f"{said}{about}{one.message}")  # fmt: skip
