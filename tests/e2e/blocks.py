"""Code blocks of Markdown pages: found, run as a reader would run them, and brought up to date.

A block may have directives on comment lines above it, such as `<!-- test: slow -->`:

    slow         runs in the slow tier only
    exit N       its commands end with exit code N
    write FILE   the block is the whole content of a file, which is written before what follows
    from FILE    the block is a region of a file of the repository

`python` blocks run each by itself; a `text` block right after one is what it prints. `console`
blocks hold `$ command` lines and what they print, where a line of `...` stands for any lines; a
command without lines after it may print anything. `sh` blocks hold commands only.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from headworks.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
WIDTH = 100
ELISION = "..."
FENCE = re.compile(r"^```(?P<language>[a-z]*)$")
DIRECTIVE = re.compile(r"^<!-- test: (?P<name>[a-z]+)(?: (?P<value>.+?))? -->$")
TARGET = re.compile(r"^(?P<name>[a-z][a-z-]*):(?!=).*\n(?P<recipe>(?:\t.*\n)*)", re.MULTILINE)


@dataclass
class Block:
    """One fenced block of a page."""

    language: str
    first: int
    """Index of its first line, without the fence, in the lines of the page."""
    lines: list[str]
    directives: dict[str, str] = field(default_factory=dict)
    follows: Block | None = None
    """The block right before it, with nothing but an empty line between."""


@dataclass
class Shown:
    """Lines that a page shows as printed, and what was printed now."""

    first: int
    """Index of the first such line in the lines of the page."""
    expected: list[str]
    actual: list[str]
    what: str
    """The command, or the place of the code, that printed it."""


def blocks(text: str) -> list[Block]:
    """Return all fenced blocks of a page."""
    found: list[Block] = []
    lines = text.splitlines()
    index = 0
    ended = -2
    while index < len(lines):
        if match := FENCE.match(lines[index]):
            end = lines.index("```", index + 1)
            follows = found[-1] if found and ended == index - 2 and not lines[index - 1] else None
            directives = dict(_directives(lines[:index]))
            body = lines[index + 1 : end]
            found.append(Block(match["language"], index + 1, body, directives, follows))
            index = ended = end
        index += 1
    return found


def _directives(before: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in reversed(before):
        match = DIRECTIVE.match(line)
        if match is None:
            return
        yield match["name"], match["value"] or ""


def run(page: Path, *, slow: bool) -> list[Shown]:
    """Run the blocks of a page in the current folder, in order; return what they print.

    Args:
        page: The page.
        slow: Whether to run slow blocks too.
    """
    shown: list[Shown] = []
    found = blocks(page.read_text(encoding="utf-8"))
    for number, block in enumerate(found):
        if "slow" in block.directives and not slow:
            continue
        place = f"{page.name}:{block.first}"
        if "write" in block.directives:
            Path(block.directives["write"]).write_text("\n".join(block.lines) + "\n", "utf-8")
        elif block.language == "python":
            printed = _python(block, place)
            after = found[number + 1] if number + 1 < len(found) else None
            if after is not None and after.language == "text" and after.follows is block:
                shown.append(Shown(after.first, after.lines, printed, place))
        elif block.language in {"console", "sh"}:
            shown += _commands(block, place)
    return shown


def _python(block: Block, place: str) -> list[str]:
    """Run a block of Python by itself, and return the lines it prints."""
    code = "\n" * block.first + "\n".join(block.lines)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, place, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own docs
    return [line.rstrip() for line in out.getvalue().rstrip("\n").splitlines()]


def _commands(block: Block, place: str) -> Iterator[Shown]:
    code = int(block.directives.get("exit", "0"))
    first, command, expected = 0, "", list[str]()
    for index, line in enumerate([*block.lines, "$ "]):
        starts = line.startswith("$ ") or block.language == "sh"
        if not starts:
            expected.append(line)
            continue
        if command:
            actual = _command(command, code, place, shows=bool(expected))
            if expected:
                yield Shown(block.first + first + 1, expected, actual, f"{place}: {command}")
        first, command, expected = index, line.removeprefix("$ "), []


def _command(line: str, code: int, place: str, *, shows: bool) -> list[str]:
    """Run a command as a reader would, and return the lines it prints.

    Of `make TARGET` only the calls of `headworks` are run, and those only if the page `shows`
    what they print.
    """
    words = shlex.split(line, comments=True)
    into = None
    if len(words) > 2 and words[-2] == ">":
        words, into = words[:-2], words[-1]
    match words:
        case []:
            return []
        case ["make", target]:
            calls = recipe(target)
            return [text for call in calls if shows for text in _headworks(call, code, place)]
        case ["cat", name]:
            text = Path(name).read_text(encoding="utf-8")
            return text.rstrip("\n").splitlines()
        case ["headworks", *_]:
            lines = _headworks(words, code, place)
            if into is None:
                return lines
            Path(into).write_text("\n".join(lines) + "\n", encoding="utf-8")
            return []
    message = f"{place}: {line}: a block may call headworks, make TARGET and cat FILE"
    raise AssertionError(message)


def _headworks(words: Sequence[str], code: int, place: str) -> list[str]:
    environment = {"COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    result = CliRunner().invoke(app, words[1:], prog_name="headworks", env=environment)
    assert result.exit_code == code, f"{place}: {shlex.join(words)}\n{result.output}"
    return [line.rstrip() for line in result.output.rstrip("\n").splitlines()]


def targets() -> dict[str, str]:
    """Return the recipes of the Makefile by target."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {match["name"]: match["recipe"] for match in TARGET.finditer(text)}


def recipe(target: str) -> list[list[str]]:
    """Return the calls of `headworks` that a target makes; the rest of it is not run."""
    known = targets()
    assert target in known, f"the Makefile has no target {target!r}"
    mark = "$(BIN)/"
    calls = (line.strip().removeprefix(mark) for line in known[target].splitlines())
    return [shlex.split(call) for call in calls if call.startswith("headworks ")]


def agree(expected: Sequence[str], actual: Sequence[str]) -> bool:
    """Return whether printed lines are those expected, where a line of `...` stands for any."""
    start = 0
    pieces = _pieces(expected)
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        places = range(start, len(actual) - len(piece) + 1)
        if number == 0:
            places = places[:1]
        if last:
            places = places[-1:] if number else range(len(actual) == len(piece))
        at = next((at for at in places if list(actual[at : at + len(piece)]) == piece), None)
        if at is None:
            return False
        start = at + len(piece)
    return True


def refreshed(expected: Sequence[str], actual: Sequence[str]) -> list[str]:
    """Return what is shown with new numbers in it, cut where it was cut before.

    A piece after a cut begins at the line that reads the same but for its numbers; it has as many
    lines as before, or, at the end, all that are left.

    Raises:
        AssertionError: There is no such line: cut the block by hand.
    """
    result: list[str] = []
    start = 0
    pieces = _pieces(expected)
    if len(pieces) == 1:
        return list(actual)
    for number, piece in enumerate(pieces):
        if number:
            result.append(ELISION)
        if not piece:
            continue
        if number:
            key = _but_numbers(piece[0])
            rest = (at for at in range(start, len(actual)) if _but_numbers(actual[at]) == key)
            found = next(rest, None)
            assert found is not None, f"nothing printed reads like {piece[0]!r}; cut it by hand"
            start = found
        end = len(actual) if number == len(pieces) - 1 else start + len(piece)
        result += actual[start:end]
        start = end
    return result


def _pieces(lines: Sequence[str]) -> list[list[str]]:
    """Return the runs of lines between the cuts."""
    pieces: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == ELISION:
            pieces.append([])
        else:
            pieces[-1].append(line)
    return pieces


def _but_numbers(line: str) -> str:
    return " ".join(re.sub(r"[−-]?\d[\d,.]*", "0", line).split())


def update(page: Path, shown: Sequence[Shown]) -> None:
    """Write what was printed now into a page."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for part in sorted(shown, key=lambda part: -part.first):
        lines[part.first : part.first + len(part.expected)] = refreshed(part.expected, part.actual)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
