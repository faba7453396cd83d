"""`headworks schema`: the JSON Schema of scenario files, for completion in editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headworks.cli.messages import as_text, write_text
from headworks.scenario.schema import json_schema


def command(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; standard output if omitted."),
    ] = None,
) -> None:
    """Write the JSON Schema of scenario files, by which editors complete keys and show faults.

    An editor with a YAML language server finds it by the first line of a scenario file:
    `# yaml-language-server: $schema=headworks.schema.json`. `headworks new` writes that line.

    Examples:
        headworks schema --output headworks.schema.json
        headworks schema | head
    """
    text = as_text(json_schema())
    if output is None:
        typer.echo(text)
    else:
        write_text(output, text + "\n")
        typer.echo(f"wrote {output}", err=True)
