"""What leaves a forecast: samples as Parquet and as an xarray dataset, and whole text files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.errors import InputError, in_file
from headworks.flow.recorder import STOCKS
from headworks.scenario.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from headworks.flow.recorder import Group, Samples
    from headworks.flow.result import Forecast


def write_parquet(forecast: Forecast, path: Path | str) -> None:
    """Write the samples to a file beside its final place, then move it there.

    Raises:
        InputError: The file cannot be written.
    """
    with _writing(path, "file", "check the folder") as part:
        forecast.to_frame().to_parquet(part, index=False)


def write_text(text: str, path: Path | str, *, thing: str, remedy: str) -> None:
    """Write a text file as UTF-8, whole or not at all.

    Args:
        text: All of it.
        path: Where it goes; what stands there is replaced.
        thing: How a message calls it.
        remedy: The way out where it cannot be written.

    Raises:
        InputError: The file cannot be written.
    """
    with _writing(path, thing, remedy) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def _writing(path: Path | str, thing: str, remedy: str) -> Iterator[Path]:
    try:
        with whole_file(path) as part:
            yield part
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the {thing} cannot be written: {reason.lower()}"
        raise InputError([in_file(path, message, remedy=remedy)]) from None


def frame(forecast: Forecast) -> pd.DataFrame:
    """Return the samples in long form: path, date, company, chip, stock, units.

    Companies outside the story are left out, as they are from totals: summed over companies and
    chips, the samples of a path are those of `all`.
    """
    import numpy as np
    import pandas as pd

    groups, samples = _inside(forecast)
    dates, stocks, numbers, paths = np.indices(samples.shape).reshape(4, -1)

    def label(names: list[str], codes: NDArray[np.int64]) -> pd.Categorical[str]:
        known = sorted(set(names))
        return pd.Categorical.from_codes(
            np.array([known.index(name) for name in names])[codes], categories=pd.Index(known)
        )

    return pd.DataFrame(
        {
            "path": paths,
            "date": label([date.isoformat() for date in forecast.asked.dates], dates),
            "company": label([group.company for group in groups], numbers),
            "chip": label([group.chip for group in groups], numbers),
            "stock": label(list(STOCKS), stocks),
            "units": samples.reshape(-1),
        }
    )


def dataset(forecast: Forecast) -> xr.Dataset:
    """Return the samples with named axes; companies outside the story are left out."""
    import numpy as np
    import xarray as xr

    groups, samples = _inside(forecast)
    return xr.Dataset(
        {"units": (("date", "stock", "group", "path"), samples)},
        coords={
            "date": np.array(forecast.asked.dates, dtype="datetime64[ns]"),
            "stock": list(STOCKS),
            "company": ("group", [group.company for group in groups]),
            "chip": ("group", [group.chip for group in groups]),
            "path": np.arange(forecast.paths),
        },
        attrs={"scenario": forecast.scenario.scenario, "seed": forecast.seed, "unit": "units"},
    )


def _inside(forecast: Forecast) -> tuple[list[Group], Samples]:
    """Return the groups that count in totals, and their samples, (date, stock, group, path)."""
    companies, groups = forecast.scenario.companies, forecast.asked.groups
    kept = [n for n, group in enumerate(groups) if not companies[group.company].outside]
    samples = forecast.result.pages[0]
    if len(kept) < len(groups):
        samples = samples[:, :, kept]
    return [groups[number] for number in kept], samples
