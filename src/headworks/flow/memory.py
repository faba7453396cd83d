"""Memory: room for the samples of a forecast, if they fit the machine."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.flow.run import empty

if TYPE_CHECKING:
    from headworks.flow.run import Result, Task


def room(whole: Task) -> Result:
    """Return room for the results of a task.

    Raises:
        InputError: They would take more than the machine's memory.
    """
    try:
        result = empty(whole, whole.paths)
    except MemoryError:  # so much at once that the system refuses it
        raise _too_large(whole) from None
    if result.nbytes > machine_bytes():  # granted, since it is only taken as it fills
        raise _too_large(whole)
    return result


def machine_bytes() -> float:
    """Return how much memory the machine has; infinitely much where it does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return math.inf


def _too_large(whole: Task) -> InputError:
    name = whole.net.scenario.scenario
    message = f"the samples of {whole.paths:,} paths of {name} do not fit the memory"
    return InputError([Fault("paths", 0, "", message, "ask for fewer paths, or for fewer dates")])
