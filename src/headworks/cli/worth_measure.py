"""What `headworks worth --measure` writes: the times of operations on the GPU at hand."""

from __future__ import annotations

from pathlib import Path

import typer

from headworks.cli.messages import as_text, write_text
from headworks.cli.options import progress_bar


def show_measured(file: str | None, *, as_json: bool) -> None:
    """Time the GPU at hand, and write what was measured to a file.

    Args:
        file: Where to write; a file named after the device if None.
        as_json: Whether to print it as JSON, too.

    Raises:
        InputError: There is no PyTorch or no GPU, or the file cannot be written.
    """
    from headworks.throughput.measure import device_at_hand, measure

    device = device_at_hand()
    with progress_bar("operations") as tell:
        result = measure(device, tell)
    import yaml

    name = str(result.device.get("name", "device")).lower().replace(" ", "-")
    path = Path(file or f"measured-{name}.yaml")
    write_text(path, yaml.safe_dump(result.to_json(), sort_keys=False, allow_unicode=True))
    if as_json:
        typer.echo(as_text(result.to_json()))
        return
    typer.echo(
        f"{result.device.get('name')}, driver {result.device.get('driver_version', 'not known')}: "
        f"{len(result.rows)} operations timed, {len(result.left_out)} left out"
    )
    typer.echo(f"written: {path}")
