"""`headworks validate`: every fault of a scenario file at once, or a summary if there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, get_args

import typer

from headworks.cli.messages import as_text, faults_data, remarks_text
from headworks.cli.options import settings
from headworks.errors import Fault, InputError
from headworks.scenario.catalogue import evidence_in
from headworks.scenario.load import load
from headworks.scenario.quantity import Kind
from headworks.scenario.scenario import Scenario

KINDS = get_args(Kind)


def command(
    file: Annotated[str, typer.Argument(help="Path of a scenario file, or a packaged name.")],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change the scenario: KEY=VALUE; again for more."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List every fault of a scenario file at once, each with its line and the way out.

    Without faults it says what the scenario holds, and what its numbers rest on. Remarks name what
    is no fault but can hardly be meant. The exit code is 0 without faults and 2 with any.

    Examples:
        headworks validate mine.yaml
        headworks validate h200-2026 --json
    """
    try:
        scenario = load(file, set_=settings(set_ or []))
    except InputError as error:
        if as_json:
            _print_json(file, faults=error.faults)
        raise
    found = summary(scenario)
    if as_json:
        _print_json(file, remarks=scenario.remarks, found=found)
    else:
        typer.echo(f"{file}: no faults\n{found}")
    if scenario.remarks:
        typer.echo(remarks_text(scenario.remarks), err=True)


def _print_json(
    file: str,
    *,
    faults: Sequence[Fault] = (),
    remarks: Sequence[Fault] = (),
    found: Summary | None = None,
) -> None:
    answer = {
        "file": file,
        "faults": faults_data(faults),
        "remarks": faults_data(remarks),
        "summary": None if found is None else asdict(found),
    }
    typer.echo(as_text(answer))


@dataclass(frozen=True, slots=True)
class Summary:
    """How much of everything a scenario holds."""

    scenario: str
    title: str
    companies: int
    gates: int
    lines: int
    sources: int
    numbers: int
    """Values with evidence, those of the chips included."""
    share_by_kind: dict[str, float]
    """Share of the numbers that are stated, derived, estimated and assumed."""

    def __str__(self) -> str:
        kinds = ", ".join(f"{share:.0%} {kind}" for kind, share in self.share_by_kind.items())
        return (
            f"  {self.title}\n"
            f"  {_counted(self.companies, 'company', 'companies')}, "
            f"{_counted(self.gates, 'gate', 'gates')}, {_counted(self.lines, 'line', 'lines')}\n"
            f"  {self.numbers} numbers of its own: {kinds}\n"
            f"  {_counted(self.sources, 'source', 'sources')}, those of its chips among them"
        )


def summary(scenario: Scenario) -> Summary:
    """Return how much of everything a scenario holds, and the share of its numbers by kind."""
    lines = [
        share
        for company in scenario.companies.values()
        for want in company.wants.values()
        for share in want.routes.shares.values()
        if share > 0
    ]
    # What a chip can do is the catalogue's statement, not the scenario's.
    own = [evidence for path, evidence in evidence_in(scenario) if path[0] != "chips"]
    kinds = Counter(evidence.kind for evidence in own)
    numbers = sum(kinds.values())
    return Summary(
        scenario=scenario.scenario,
        title=scenario.title,
        companies=len(scenario.companies),
        gates=len(scenario.gates),
        lines=len(lines),
        sources=len(scenario.sources),
        numbers=numbers,
        share_by_kind={kind: kinds[kind] / numbers for kind in KINDS},
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
