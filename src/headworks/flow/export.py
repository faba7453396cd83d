"""Samples of a forecast as Parquet and as an xarray dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headworks.errors import InputError, in_file
from headworks.flow.recorder import STOCKS
from headworks.flow.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from headworks.flow.result import Forecast


def write_parquet(forecast: Forecast, path: Path | str) -> None:
    """Write the samples to a file beside its final place, then move it there.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        with whole_file(path) as part:
            forecast.to_frame().to_parquet(part, index=False)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the file cannot be written: {reason.lower()}"
        raise InputError([in_file(path, message, remedy="check the folder")]) from None


def frame(forecast: Forecast) -> pd.DataFrame:
    """Return the samples in long form: path, date, company, chip, stock, units."""
    import numpy as np
    import pandas as pd

    samples = forecast.result.pages[0]
    dates, stocks, groups, paths = np.indices(samples.shape).reshape(4, -1)

    def label(names: list[str], codes: NDArray[np.int64]) -> pd.Categorical[str]:
        known = sorted(set(names))
        return pd.Categorical.from_codes(
            np.array([known.index(name) for name in names])[codes], categories=pd.Index(known)
        )

    keep = forecast.asked
    return pd.DataFrame(
        {
            "path": paths,
            "date": label([date.isoformat() for date in keep.dates], dates),
            "company": label([group.company for group in keep.groups], groups),
            "chip": label([group.chip for group in keep.groups], groups),
            "stock": label(list(STOCKS), stocks),
            "units": samples.reshape(-1),
        }
    )


def dataset(forecast: Forecast) -> xr.Dataset:
    """Return the samples with named axes."""
    import numpy as np
    import xarray as xr

    groups = forecast.asked.groups
    return xr.Dataset(
        {"units": (("date", "stock", "group", "path"), forecast.result.pages[0])},
        coords={
            "date": np.array(forecast.asked.dates, dtype="datetime64[ns]"),
            "stock": list(STOCKS),
            "company": ("group", [group.company for group in groups]),
            "chip": ("group", [group.chip for group in groups]),
            "path": np.arange(forecast.paths),
        },
        attrs={"scenario": forecast.scenario.scenario, "seed": forecast.seed, "unit": "units"},
    )
