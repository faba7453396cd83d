"""The two tiers: what runs in the slow one alone, and how many examples the fast one tries."""

from __future__ import annotations

import hypothesis
import pytest

FEW = 0.25
"""Share of the examples that the fast tier tries; the slow tier tries them all again."""


def register() -> None:
    """Register the settings of Hypothesis by name, with all examples and with few of them."""
    everything = hypothesis.settings.get_profile("default").max_examples
    for tier, share in (("", 1.0), ("-few", FEW)):
        # In CI the examples are the same in every run; elsewhere they differ, to find more. What is
        # slow on a busy machine is not wrong, so no example has a deadline.
        number = int(everything * share)
        hypothesis.settings.register_profile(f"dev{tier}", deadline=None, max_examples=number)
        hypothesis.settings.register_profile(
            f"ci{tier}", deadline=None, max_examples=number, derandomize=True, print_blob=True
        )


def examples(number: int) -> int:
    """Return how many of so many examples this run tries; for `settings(max_examples=...)`."""
    all_of_them = hypothesis.settings.get_profile("default").max_examples
    return max(number * hypothesis.settings().max_examples // all_of_them, 1)


def slow(*values: object, id: str | None = None) -> object:  # noqa: A002 - as pytest calls it
    """Return a case of a parametrised test that runs in the slow tier only."""
    return pytest.param(*values, id=id, marks=pytest.mark.slow)
