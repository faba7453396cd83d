"""What `headworks worth --validate` prints: how far predictions lie from measured cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import typer

from headworks.cli.messages import as_text
from headworks.cli.options import progress_bar
from headworks.scenario.whole_file import exists

if TYPE_CHECKING:
    from headworks.throughput.accuracy import Accuracy, Answer
    from headworks.throughput.case import Case

PACKAGED = "calibration"
"""Name under which the cases of the package are validated."""
GROUPS = ("chip", "model", "phase", "metric")
COLUMNS = ("n", "MAPE", "median", "bias", "coverage", "width", "unanswered")
REASONS_MAX = 10


def show_validation(file: str, *, as_json: bool) -> None:
    """Predict every case of a file, and print the errors, of all cases and of each group.

    Args:
        file: Path of a CSV file of cases, or `calibration` for those of the package.
        as_json: Whether to print JSON, which has each case too.

    Raises:
        InputError: The file has faults; all are listed, with line and column.
    """
    from headworks.throughput.accuracy import accuracy
    from headworks.throughput.cases import packaged_cases, read_cases

    own = file == PACKAGED and not exists(file)
    cases = packaged_cases() if own else read_cases(file)
    found = _predicted(cases)
    groups = {"all": accuracy(cases, found, ())}
    groups |= {name: accuracy(cases, found, {name: of}) for name, of in _grouping().items()}
    if as_json:
        typer.echo(as_text(_plain(file, cases, found, groups)))
        return
    typer.echo("\n".join(_lines(file, groups, _remarks(found))))


def _grouping() -> dict[str, Callable[[Case], object]]:
    """Return what each case is grouped by: chips and models by id, however they are spelled."""
    from headworks.throughput.predict import chip_of, model_of

    return {name: attrgetter(name) for name in GROUPS} | {"chip": chip_of, "model": model_of}


def _remarks(found: Mapping[str, Answer]) -> list[str]:
    """Return what is remarked of the cases that were answered on another layout than is stated."""
    from headworks.throughput.accuracy import Prediction

    return [one.remark for one in found.values() if isinstance(one, Prediction) and one.remark]


def _predicted(cases: Sequence[Case]) -> dict[str, Answer]:
    """Return what the model says of each case; a bar shows how many are done."""
    from headworks.throughput.accuracy import Prediction, answers
    from headworks.throughput.predict import predict

    done = 0
    with progress_bar("cases") as tell:

        def told(case: Case) -> Prediction:
            nonlocal done
            tell(done, len(cases))
            done += 1
            return predict(case)

        return answers(cases, told)


def _lines(
    file: str, groups: Mapping[str, Sequence[Accuracy]], remarks: Sequence[str]
) -> list[str]:
    from headworks.throughput.text import table, wrapped

    (every,) = groups["all"]
    head = f"{every.n:,} of {every.n + every.n_unanswered:,} cases of {file} answered"
    if every.mape is not None:
        head += (
            f": MAPE {every.mape:.1%}, median {_percent(every.median_ape)}, bias "
            f"{_percent(every.bias, sign=True)}, {_percent(every.coverage)} of the values in "
            "their 90 % intervals"
        )
    rows = [_row("all", every)]
    for name in GROUPS:
        rows.append([f"by {name}", *[""] * len(COLUMNS)])
        rows += [_row(f"  {one.group[name]}", one) for one in groups[name]]
    lines = [*wrapped(f"{head}."), *table(["", *COLUMNS], rows)]
    if remarks:
        said = f"{len(remarks):,} on another layout, since the one that is stated cannot be"
        lines += wrapped(f"answered, {said}; --json has each", indent="  ")
    reasons = list(every.reasons.items())
    for reason, count in reasons[:REASONS_MAX]:
        lines += wrapped(f"unanswered, {count:,}: {reason}", indent="  ")
    if len(reasons) > REASONS_MAX:
        lines.append(f"{len(reasons) - REASONS_MAX} more reasons; --json has all")
    return lines


def _row(name: str, one: Accuracy) -> list[str]:
    return [
        name, f"{one.n:,}", _percent(one.mape), _percent(one.median_ape),
        _percent(one.bias, sign=True), _percent(one.coverage), _percent(one.width),
        f"{one.n_unanswered:,}",
    ]  # fmt: skip


def _percent(share: float | None, *, sign: bool = False) -> str:
    if share is None:
        return "–"
    return f"{share:+.1%}" if sign else f"{share:.1%}"


def _plain(
    file: str,
    cases: Sequence[Case],
    found: Mapping[str, Answer],
    groups: Mapping[str, Sequence[Accuracy]],
) -> dict[str, Any]:
    """Return everything as plain values, each case with what was said of it."""
    from headworks.throughput.accuracy import as_row

    tables = {f"by_{name}": [as_row(one) for one in groups[name]] for name in GROUPS}
    return {
        "file": file,
        "all": as_row(groups["all"][0]),
        **tables,
        "cases": [_case(case, found[case.case_id]) for case in cases],
    }


def _case(case: Case, answer: Answer) -> dict[str, Any]:
    from headworks.throughput.accuracy import NoPrediction

    known = {"case_id": case.case_id, "metric": case.metric, "value": case.value}
    if isinstance(answer, NoPrediction):
        return known | {"reason": answer.reason}
    return known | {
        "p5": answer.p5,
        "med": answer.med,
        "p95": answer.p95,
        "bound_by": answer.bound_by,
        "layout": answer.layout,
        "remark": answer.remark,
    }
