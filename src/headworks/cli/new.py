"""`headworks new`: a user's own scenario, as commented changes to another one."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from pydantic import TypeAdapter, ValidationError

from headworks.cli.messages import write_text
from headworks.errors import Fault, InputError, ScenarioError
from headworks.scenario.gate import Opening
from headworks.scenario.load import load, scenario_names
from headworks.scenario.model import Id
from headworks.scenario.pool import RoundsPool, StockPool
from headworks.scenario.quantity import Quantity
from headworks.scenario.scenario import Scenario
from headworks.scenario.yaml_file import parse_yaml

SCHEMA = "headworks.schema.json"
NAME_LETTERS = 80
"""Letters of a file's name that its scenario is called by: as many as an identifier may have."""

HEAD = """\
# yaml-language-server: $schema={schema}
#
# The line above lets an editor with a YAML language server complete keys and underline faults.
# Write the file that it names once, beside this one:  headworks schema --output {schema}
# Then check this file at any time:  headworks validate {file}

scenario: {name}
title: {title}

# Everything that is not changed below is as in {base_title}.
base: {base}

# Each change has a name, a reason and a `set`, which names what changes by its dotted key. Numbers
# that are set here count as assumed, for the reason given; a range is {{p5: 10, p95: 30}}, and null
# removes a key. To try the changes below, take the first two characters off the lines you want, and
# off `overrides:`.

"""


class Example(NamedTuple):
    """A change that the new file offers."""

    name: str
    reason: str
    key: str
    value: str
    before: str


def command(
    file: Annotated[Path, typer.Argument(help="File to write.", show_default=False)],
    base: Annotated[str, typer.Option("--from", help="Scenario to change: a name or a path.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the new scenario; the file's if omitted.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Start a scenario of your own: a file that changes another scenario, with examples to try.

    The examples are commented out and use keys and numbers of the scenario it starts from.

    Examples:
        headworks new mine.yaml --from one-gate
        headworks new studies/late.yaml --from h200-2026 --name late-approval
    """
    if file.exists() and not force:
        remedy = "choose another name, or add --force to write over it"
        raise InputError([Fault(str(file), 0, "", "the file exists already", remedy)])
    scenario = load(base)
    _check_apart(file, scenario, base)
    write_text(file, text_of(scenario, _base_as_seen_from(file, base), file, name))
    # A bare name is a packaged scenario, or none: a file is told from it by its path.
    shown = shlex.quote(str(file) if file.suffix or file.parent.name else f"./{file}")
    typer.echo(f"wrote {file}; check it with: headworks validate {shown}", err=True)


def _check_apart(file: Path, scenario: Scenario, base: str) -> None:
    """Check that a scenario is not written over one that it changes, by whatever name or link.

    Raises:
        InputError: `base`, or something below it, stands in the file.
    """
    for number, one in enumerate(scenario.files):
        if file.exists() and file.samefile(one):
            through = f", and {base} is made from this file" if number else ""
            message = f"a scenario cannot change itself{through}"
            remedy = "write the new one to another file"
            raise InputError([Fault(str(file), 0, "", message, remedy)])


def text_of(scenario: Scenario, base: str, file: Path, name: str | None = None) -> str:
    """Return the text of a file that changes `scenario`.

    Args:
        scenario: The base, whose keys and numbers the examples use.
        base: What the new file calls it.
        file: The new file; gives the name where none is given.
        name: Name of the new scenario.

    Raises:
        InputError: The name is no identifier.
    """
    stem = re.sub(r"[^a-z0-9_-]+", "-", file.stem.lower())[:NAME_LETTERS].strip("-_")
    given = stem or "mine" if name is None else name
    try:
        TypeAdapter(Id).validate_python(given)
    except ValidationError:
        remedy = "use lower-case letters, digits, - and _"
        raise InputError([Fault("--name", 0, "", f"{given!r} is no name", remedy)]) from None
    head = HEAD.format(
        schema=SCHEMA,
        file=shlex.quote(file.name) if file.name.isprintable() else "FILE",
        name=_word(given),
        title=f"Changes to {scenario.scenario}",
        base_title=scenario.scenario,
        base=_word(base),
    )
    block = ["overrides:"]
    for example in examples(scenario):
        block += [
            f"  {_unused(example.name, scenario)}:",
            f"    reason: {example.reason}",
            "    set:",
            f"      {example.key}: {example.value} # in the base: {example.before}",
        ]
    return head + "".join(f"# {line}\n" for line in block)


def _word(text: str) -> str:
    """Return text as a value of a YAML file: bare where it is read as itself, quoted elsewhere."""
    try:
        bare = parse_yaml(f"word: {text}", "").tree == {"word": text}
    except ScenarioError:
        bare = False
    return text if bare else json.dumps(text, ensure_ascii=False)


def _unused(name: str, scenario: Scenario) -> str:
    """Return a name for a change that none of the changes in the base has."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(one for one in names if one not in scenario.overrides)


def examples(scenario: Scenario) -> Iterator[Example]:
    """Yield changes with keys that the scenario has, one for each kind of thing to change."""
    company_id, company = next(iter(scenario.companies.items()))
    chip, want = next(iter(company.wants.items()))
    units = want.schedule[0].units
    yield Example(
        "twice-the-want",
        f"What if {company_id} wanted twice as many?",
        f"companies.{company_id}.wants.{chip}.schedule.0.units",
        _number(2 * units.median),
        _shown(units),
    )
    yield from _supply(scenario)
    yield from _gates(scenario, scenario.routes[next(iter(want.routes.shares))].gates)


def _supply(scenario: Scenario) -> Iterator[Example]:
    for pool_id, pool in scenario.pools.items():
        key, amount = None, None
        if isinstance(pool, StockPool):
            key, amount = f"pools.{pool_id}.initial", pool.initial
        elif isinstance(pool, RoundsPool):
            first, one = next(iter(pool.rounds.items()))
            key, amount = f"pools.{pool_id}.rounds.{first}.size", one.size
        if key and amount:
            reason = f"What if there were less in {pool_id}?"
            value = f"{{p5: {_number(amount.median / 4)}, p95: {_number(amount.median)}}}"
            if amount.median > 0:
                yield Example("less-supply", reason, key, value, _shown(amount))
                return


def _gates(scenario: Scenario, route: list[str]) -> Iterator[Example]:
    gates = scenario.gates
    processes = [
        (gate, opening.process)
        for gate in route
        if isinstance(opening := gates[gate].opening, Opening) and opening.process is not None
    ]
    if processes:
        gate, process = processes[0]
        shut = process.mean_days_shut
        key = f"gates.{gate}.opening.process.mean_days_shut"
        value = _number(max(1.0, shut.median / 2))
        yield Example("shorter-halts", f"What if {gate} reopened sooner?", key, value, _shown(shut))
    shown = gates[route[-1]].opening
    before = shown if isinstance(shown, str) else "see there"
    reason = f"What if {route[-1]} never opened?"
    yield Example("never-opens", reason, f"gates.{route[-1]}.opening", "shut", before)
    yield Example(
        "slower-delivery",
        f"What if goods took three to six weeks after {route[0]}?",
        f"gates.{route[0]}.lead_time_days",
        "{p5: 21, p95: 42}",
        _shown(gates[route[0]].lead_time_days),
    )


def _number(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def _shown(quantity: Quantity | None) -> str:
    if quantity is None:
        return "none"
    if quantity.is_certain:
        return _number(quantity.median)
    if quantity.dist == "discrete":
        return "one of " + " or ".join(_number(value) for value in quantity.values or ())
    return f"{_number(quantity.p5 or 0)} to {_number(quantity.p95 or 0)}, {quantity.dist}"


def _base_as_seen_from(file: Path, base: str) -> str:
    """Return what a file calls its base: a packaged name, or a path relative to the file."""
    if base in scenario_names():
        return base
    path = Path(base)
    if path.is_absolute():
        return str(path)
    # The system takes `..` from where a linked folder lies, not from where the link stands.
    relative = os.path.relpath(path.resolve(), file.parent.resolve())
    return relative if "/" in relative or Path(relative).suffix else f"./{relative}"
