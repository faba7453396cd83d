"""The face of `headworks classify`: sentence, table, JSON and refusals."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import typer
from typer.testing import CliRunner

from headworks.cli.classify import command
from headworks.errors import InputError

app = typer.Typer()
app.command("classify")(command)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False, env={"COLUMNS": "100"})
    assert result.exit_code == 0
    return result.stdout


def test_the_answer_comes_first_in_one_sentence() -> None:
    words = " ".join(run("H200", "--to", "CN", "--on", "2026-01-15").split())
    assert words.startswith(
        "NVIDIA H200 SXM from the US to CN on 2026-01-15 would be reviewed case by case "
        "(3A090.a, TPP 15,832 by fp8, 19.4 per mm²)."
    )


def test_reasons_name_instrument_and_source() -> None:
    text = run("H200", "--on", "2026-01-15")
    assert "us/case-by-case/tpp-ceiling" in text
    assert "Federal Register" in text


def test_readings_are_shown_where_a_figure_is_in_doubt() -> None:
    text = run("b30a", "--on", "2026-01-15")
    assert "without the doubtful fp4" in text
    assert "18,400" in text


def test_a_policy_that_is_only_stated_stands_beside_the_review() -> None:
    text = " ".join(run("b30a", "--on", "2026-01-15").split())
    assert "case by case, though a stated policy is against it" in text
    assert "2025-12-08, on Blackwell and Rubin" in text
    headline = " ".join(run("rtx-pro-6000d", "--on", "2026-01-20").split()).partition("(")[0]
    assert headline.endswith("case by case, though a stated policy is against it ")


def test_the_headline_says_what_is_estimated() -> None:
    words = " ".join(run("h20", "--on", "2026-01-20", "--from", "abroad").split())
    assert "It rests on what is estimated, not stated: us/h20-letter/dram-bandwidth, us/h2" in words
    assert "us/h20-letter/review. Why" in words
    assert "not stated: figures of the chip. " in " ".join(
        run("b30a", "--on", "2026-01-15").split()
    )
    assert "It rests on" not in run("H200", "--on", "2026-01-15")


def test_the_chips_are_listed_with_their_spellings() -> None:
    lines = run("--list").splitlines()
    assert any(line.split()[0] == "h200-sxm" and "H200 SXM5" in line for line in lines)


def test_the_list_is_json_for_programs() -> None:
    rows = json.loads(run("--list", "--json"))
    assert [row["chip"] for row in rows] == [line.split()[0] for line in run("--list").splitlines()]
    assert rows[0].keys() == {"chip", "designer", "name", "aliases"}


def test_the_list_keeps_to_chips_that_a_name_is_part_of() -> None:
    chips = [line.split()[0] for line in run("h200", "--list").splitlines()]
    assert chips == ["h200-sxm", "h200-nvl", "gh200"]
    assert [row["chip"] for row in json.loads(run("--list", "910 c", "--json"))] == ["ascend-910c"]
    with pytest.raises(InputError, match="did you mean h800"):
        run("h808", "--list")


def test_without_a_chip_the_way_to_see_all_is_told() -> None:
    with pytest.raises(InputError, match=r"no chip is named\n.*--list shows all"):
        run("--on", "2026-01-15")


def test_places_are_read_in_any_case() -> None:
    plain = run("H200", "--to", "CN", "--from", "US", "--on", "2026-01-15")
    assert run("H200", "--to", "Cn", "--from", "us", "--on", "2026-01-15") == plain
    with pytest.raises(InputError, match=r"origin 'cn'\n.*use US or abroad"):
        run("H200", "--from", "cn", "--on", "2026-01-15")


def test_an_unknown_chip_is_met_with_the_way_to_see_all() -> None:
    with pytest.raises(InputError, match="`headworks classify --list` shows all"):
        run("banana", "--on", "2026-01-15")


def test_a_chip_without_a_rate_says_so() -> None:
    assert "TPP not disclosed" in " ".join(run("bw1000", "--on", "2026-01-15").split())


def test_json_takes_every_option() -> None:
    text = run(
        *("H200", "--to", "HK", "--from", "abroad", "--json"),
        *("--on", "2026-01-20", "--known-by", "2026-01-19"),
    )
    answer = json.loads(text)
    assert (answer["from"], answer["to"], answer["known_by"]) == ("abroad", "HK", "2026-01-19")
    assert answer["review"] == "presumption_of_denial"


def test_the_day_is_today_if_omitted() -> None:
    before = dt.datetime.now(tz=dt.UTC).date()
    on = dt.date.fromisoformat(json.loads(run("910C", "--json"))["on"])
    assert before <= on <= before + dt.timedelta(days=1)


@pytest.mark.parametrize("option", ["--on", "--known-by"])
def test_a_bad_day_is_bad_input(option: str) -> None:
    with pytest.raises(InputError, match=f"{option}: 'soon' is not a day"):
        run("H200", option, "soon")


def test_help_shows_two_examples() -> None:
    assert run("--help").count("headworks classify") == 2
