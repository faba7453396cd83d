"""The bench of response curves, on the smallest scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.plan_response import main

if TYPE_CHECKING:
    import pytest


def test_curves_miss_nothing_of_the_timing_that_they_were_measured_around(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--scenario", "one-gate", "--company", "buyer", "--units", "0.1", "--paths", "2"])
    _, header, *rows = capsys.readouterr().out.splitlines()
    timings = ["all at once", "falling", "even", "quarterly", "rising", "after half a year"]
    assert all(name in header for name in timings)
    found = {
        tuple(part.strip() for part in (row[:16], row[16:27])): row[27:].split(" (none)")
        for row in rows
    }
    assert len(found) == 4
    for (around, _), cells in found.items():
        assert cells[timings.index(around)].strip() == "0/0"
