"""Figures say honestly what was reached, and go into the page that quotes them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench import command
from bench.__main__ import PAGE, main
from bench.contest import Contestant, race, ratios
from bench.figures import BEGIN, END, Figure, as_json, markdown_table, text_table, write

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FIGURES = [
    Figure("one", (1.4, 1.6, 1.2), "x", 1.5),
    Figure("two", (1.4, 1.6, 1.7), "x", 1.5),
    Figure("three", (1200.0,), "x", 1000.0, at_least=True),
    Figure("four", (12.34,), "ms"),
]


def test_a_miss_is_called_a_miss() -> None:
    assert [figure.met for figure in FIGURES] == [True, False, True, None]
    assert FIGURES[1].cells() == ("two", "≤ 1.50 x", "1.60 x (1.40–1.70)", "missed")
    assert FIGURES[2].cells() == ("three", "≥ 1,000 x", "1,200 x", "met")
    assert FIGURES[3].cells() == ("four", "", "12.3 ms", "")


def test_two_programs_are_compared_by_their_fastest_repetitions() -> None:
    busy = Figure("five", (1.4, 2.6, 1.7), "x", 1.5, fastest=1.45)
    assert busy.met
    assert busy.cells()[2] == "1.45 x (1.40–2.60)"


def test_both_tables_hold_every_figure() -> None:
    assert len(text_table(FIGURES).splitlines()) == 1 + len(FIGURES)
    assert len(markdown_table(FIGURES).splitlines()) == 2 + len(FIGURES)
    assert json.loads(as_json(FIGURES, {"about": "x"}))["figures"][1]["met"] is False


def test_writing_replaces_only_what_lies_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write(FIGURES, "a note", page)
    write(FIGURES, "a note", page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n\na note\n\n|")
    assert text.endswith(f"|\n\n{END}\nafter\n")
    assert "old" not in text
    assert text.count("missed") == 1


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text("text", encoding="utf-8")
    with pytest.raises(ValueError, match="needs the lines"):
        write(FIGURES, "a note", page)
    assert page.read_text(encoding="utf-8") == "text"


def test_the_page_of_the_docs_has_the_marks() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)


def test_contestants_take_turns_and_every_second_turn_goes_backwards() -> None:
    order: list[str] = []

    def runs(name: str) -> Contestant:
        def compute() -> NDArray[np.float64]:
            order.append(name)
            return np.array([1.0, 3.0])

        return Contestant(2, compute)

    times = race({"a": runs("a"), "b": runs("b")}, 3, lambda _line: None)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert len(ratios(times["a"].warm, times["b"].cold)) == 3
    assert times["a"].installed == pytest.approx((2.0, 0.5**0.5))


@pytest.mark.skipif(not (command.PROC / "self" / "status").exists(), reason="needs /proc")
def test_the_memory_of_children_counts() -> None:
    holds = "x = bytearray(b'1' * 100_000_000); import time; time.sleep(0.3)"
    calls = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}], check=True)"
    peak = command.peak_megabytes([sys.executable, "-c", calls])
    assert peak is not None
    assert 100.0 < peak < 300.0


def test_a_command_that_fails_is_not_a_figure() -> None:
    with pytest.raises(RuntimeError, match="exit code 3"):
        command.seconds([sys.executable, "-c", "raise SystemExit(3)"], 1)


def test_the_bench_says_what_it_takes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--repeat", "1"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "--repeat must be 3 or more" in capsys.readouterr().err
