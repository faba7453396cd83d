"""README and docs: every block runs and prints what it shows, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import headworks
from docs import generate
from headworks.cli.app import COMMANDS
from headworks.flow import forecast as forecast_module
from headworks.flow.recorder import STOCKS
from tests.e2e import blocks

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.scenario.scenario import Scenario

ROOT = blocks.ROOT
README = ROOT / "README.md"
TOP = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
PAGES = [*TOP, *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
WITH_BLOCKS = [page for page in PAGES if blocks.blocks(TEXTS[page])]
WITH_SLOW_BLOCKS = [page for page in WITH_BLOCKS if "<!-- test: slow -->" in TEXTS[page]]
GENERATED = {path.relative_to(ROOT).as_posix(): path for path in generate.pages()}

BANNED = {
    r"quotas?": "pool",
    r"licens(e|es|ing)": "licence, or to be licensed",
    r"permits?": "licence, or to allow",
    r"replications?": "path",
    r"consignments?": "goods, or a shipment",
    r"warehouses?": "stock",
    r"(behavi|col|fav)or(s|ed)?": "the British spelling",
    r"centers?|modeling|analyz(e|ed|es|ing)|programs? of": "the British spelling",
}
"""Words that the prose of the docs does without, with what to say; see docs/reference/words.md."""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture(autouse=True)
def _runs_once(monkeypatch: pytest.MonkeyPatch, cache: dict[object, Forecast]) -> None:
    """Let equal forecasts in one run of the tests be computed once."""
    real = forecast_module.forecast

    def remembered(scenario: Scenario | str, **given: Any) -> Forecast:  # noqa: ANN401
        loaded = headworks.load(scenario) if isinstance(scenario, str) else scenario
        asked = {"paths": 2000, "seed": 1, "at": (), "binding": True, **given}
        asked = {key: asked[key] for key in asked if key not in {"progress", "executor"}}
        key = (loaded.model_dump_json(), repr(sorted(asked.items(), key=lambda item: item[0])))
        if key not in cache:
            cache[key] = real(loaded, **given)
        return cache[key]

    # In this order: the public name is looked up where it lives when it is first asked for.
    monkeypatch.setattr(headworks, "forecast", remembered)
    monkeypatch.setattr(forecast_module, "forecast", remembered)


@pytest.fixture(scope="module")
def cache() -> dict[object, Forecast]:
    return {}


def check_blocks(page: Path, *, slow: bool, update_golden: bool) -> None:
    shown = blocks.run(page, slow=slow)
    if update_golden:
        blocks.update(page, shown)
        return
    for part in shown:
        if not blocks.agree(part.expected, part.actual):
            # The whole difference, as pytest shows it for lists.
            assert part.expected == part.actual, f"{part.what}; `make docs` brings it up to date"


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=name_of)
def test_blocks_print_what_the_page_shows(
    page: Path, update_golden: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check_blocks(page, slow=False, update_golden=update_golden)


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_SLOW_BLOCKS, ids=name_of)
def test_slow_blocks_print_what_the_page_shows(
    page: Path, update_golden: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check_blocks(page, slow=True, update_golden=update_golden)


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=name_of)
def test_every_block_is_run_or_comes_from_somewhere(page: Path) -> None:
    for block in blocks.blocks(TEXTS[page]):
        place = f"{name_of(page)}:{block.first}"
        assert set(block.directives) <= {"slow", "exit", "write", "from"}, place
        if "from" in block.directives:
            file = (ROOT / block.directives["from"]).read_text(encoding="utf-8")
            assert "\n".join(block.lines) in file, place
        elif page not in GENERATED.values():
            run = {"python", "console", "sh"}
            known = block.language in run or "write" in block.directives
            printed = block.language == "text" and block.follows is not None
            assert known or printed, f"{place}: a {block.language!r} block that nothing checks"


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_are_current(name: str, update_golden: bool) -> None:
    path = GENERATED[name]
    text = generate.pages()[path]
    if update_golden:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "`make docs` brings it up to date"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for link in re.findall(r"\]\((?!https?://)([^)\s]+)\)", TEXTS[page]):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert not dead


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page: its headings as their links are made, and named places."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)"', text))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_one_word_for_one_thing(page: Path) -> None:
    if page == generate.FOLDER / "sources.md":
        return  # titles are quoted as they are
    prose = prose_of(TEXTS[page])
    for word, instead in BANNED.items():
        found = re.findall(rf"^.*\b(?:{word})\b.*$", prose, re.MULTILINE | re.IGNORECASE)
        assert not found, f"say {instead}"


def prose_of(text: str) -> str:
    """Return a page without code, quotations and the targets of links."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^>.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"`[^`]*`|“[^”]*”|\"[^\"\n]*\"", "", text)
    return re.sub(r"\]\([^)]*\)", "]", text)


def test_the_words_are_defined_and_so_is_every_stock() -> None:
    text = TEXTS[generate.FOLDER / "words.md"]
    defined = set(re.findall(r"^\| \*\*([^*]+)\*\* \|", text, re.MULTILINE))
    assert set(STOCKS) <= defined
    assert {"line", "gate", "pool", "round", "licence", "path", "forecast"} <= defined


def test_the_first_screen_has_all_that_a_reader_needs_in_order() -> None:
    head, _, rest = TEXTS[README].partition("\n## ")
    marks = ["# Headworks", "order →", "make forecast", "make test", "p5", "installed "]
    marks += ["import headworks"]
    places = [head.index(mark) for mark in marks]
    assert places == sorted(places)
    assert len(head.splitlines()) < 75
    assert len(re.findall(r"\]\(docs/(?!reference/sources)", head)) == 3
    assert all(f"headworks {verb} " in head + rest for verb in COMMANDS)


def test_a_piece_is_found_again_though_its_numbers_changed() -> None:
    shown = ["", "H200 by 2028", "...", " installed  0  77,260", "...", "2,000 paths, seed 1"]
    printed = ["", "H200 by 2028", " wanted  9", " installed  1  8", "x", "", "200 paths, seed 1"]
    new = blocks.refreshed(shown, printed)
    assert new == ["", "H200 by 2028", "...", " installed  1  8", "...", "200 paths, seed 1"]
    assert blocks.agree(new, printed)
    assert not blocks.agree(shown, printed)


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["a", "b"], True),
        (["...", "b"], ["a", "b"], True),
        (["...", "b"], ["a", "b", "c"], False),
        (["a", "...", "c"], ["a", "c"], True),
        (["a", "...", "a"], ["a"], False),
        (["..."], [], True),
        (["b", "..."], ["a", "b"], False),
    ],
)
def test_cuts_stand_for_any_lines(expected: list[str], actual: list[str], same: bool) -> None:
    assert blocks.agree(expected, actual) is same
