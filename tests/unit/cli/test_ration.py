"""`headworks ration` at the terminal: awards, comparison, record, and what it refuses."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from headworks.cli.app import app
from headworks.rationing.rule import RULES
from headworks.rationing.whole import METHODS


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["ration", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def as_json(*arguments: str) -> Any:  # noqa: ANN401 - what was printed
    return json.loads(run(*arguments, "--json"))


def test_the_answer_as_json_is_exact() -> None:
    found = as_json("--pool", "200", "--claims", "100,200,300", "--rule", "talmud")
    assert found["awards"] == ["50", "75", "75"]
    assert (found["coefficient"], found["lambda"]) == ("1/3", "75")
    assert found["record"]["inputs"]["parameters"] == {"rule": "talmud"}


def test_a_record_is_written_and_verified(tmp_path: Path) -> None:
    file = str(tmp_path / "record.json")
    run("--pool", "100", "--claims", "a=90,b=90", "--rule", "cea", "--record", file)
    assert run("--verify", file).startswith("yes: ")
    text = Path(file).read_text()
    Path(file).write_text(text.replace('"award": "50"', '"award": "51"', 1))
    assert "awards.a.award: the record says '51'" in run("--verify", file, code=1)


def test_all_rules_stand_side_by_side() -> None:
    shown = run("--pool", "200", "--claims", "100,200,300", "--compare")
    assert "constrained_equal_losses" in shown
    assert "no advantageous merging" in shown
    assert "proportional awards breaks here:" in shown
    assert "fixed priority needs an order" in shown
    rows = {
        row["rule"]: row
        for row in as_json("--pool", "200", "--claims", "100,200,300", "--compare")["rules"]
    }
    assert rows["talmud"]["awards"] == ["50", "75", "75"]
    assert rows["talmud"]["gini"] == pytest.approx(1 / 12)
    assert rows["talmud"]["properties"]["composition_up"]["kept"] is False


def test_incentives_are_shown() -> None:
    shown = run("--pool", "100", "--claims", "a=120,b=60", "--needs", "a=60,b=60", "--inflate")
    assert "What each rule invites" in shown


def test_names_are_shown_as_they_are() -> None:
    shown = run("--pool", "10", "--claims", "[b]x[/b]=5,[/b]=9", "--compare")
    assert "[b]x[/b]" in shown
    assert "[/b]" in run("--pool", "10", "--claims", "[b]x[/b]=5,[/b]=9")


def test_the_headline_says_in_full_only_where_it_is() -> None:
    assert "all claims in full" in run("--pool", "1000", "--claims", "200,50")
    assert "all claims in full" not in run("--pool", "1000", "--claims", "200,50", "--cap", "100")


def test_huge_numbers_are_shown() -> None:
    shown = run("--pool", "1e300", "--claims", "1e300,1e300", "--rule", "cea")
    assert "by constrained equal awards" in shown


def test_a_long_margin_of_the_last_unit_is_shown_by_its_first_digits() -> None:
    claims = ",".join(f"{n}={1000 + n * n}" for n in range(60))
    options = ["--pool", "50000", "--claims", claims, "--rule", "dominguez_thomson"]
    shown = run(*options, "--whole", "largest_remainder").replace("\n", " ")
    found = as_json(*options, "--whole", "largest_remainder")["record"]["margin"]["margin"]
    assert len(found) > 100
    about = re.search(r"last unit to .*, by ≈ ([0-9.e-]+)", shown)
    assert about is not None
    assert float(about[1]) == pytest.approx(float(Fraction(found)), rel=5e-3)


def test_options_say_what_columns_say() -> None:
    found = as_json(
        "--pool", "100", "--claims", "a=120,b1=60,b2=60", "--parties", "b1=b,b2=b", "--needs",
        "a=60,b1=40,b2=10", "--stock", "a=10", "--undelivered", "b1=5", "--unit", "H200",
    )  # fmt: skip
    assert (found["names"], found["claims"], found["unit"]) == (["a", "b"], ["50", "45"], "H200")
    used = as_json(
        "--pool", "100", "--claims", "a=120,b=60", "--used", "a=60,b=40", "--awarded",
        "a=100,b=40", "--min-use", "90%",
    )  # fmt: skip
    assert used["claims"] == ["60", "60"]


def test_a_minimum_is_a_floor_or_an_advance() -> None:
    given = ("--pool", "120", "--claims", "100,200,300", "--minima", "60,0,0")
    assert as_json(*given)["awards"] == ["60", "24", "36"]
    assert as_json(*given, "--guarantee", "advance")["awards"][0] == str(60 + Fraction(40, 9))


def test_units_of_some_size_are_shown() -> None:
    given = ("--pool", "1000", "--claims", "a=100,b=500,c=0", "--chips", "a=x,b=y,c=y", "--parties",
             "b=p,c=p", "--rule", "cea")  # fmt: skip
    shown = run(*given, "--per-chip", "x=16,y=5/2", "--unit", "TPP")
    assert "1,000 TPP for claims of 2,850" in shown
    assert "125/4 ≈ 31.25" in shown
    assert re.search(r"^   b +200", shown, re.MULTILINE)
    assert as_json(*given, "--sizes", "1,1,1")["units"] == {"a": "100", "b": "500", "c": "0"}


def test_sizes_come_from_the_data() -> None:
    given = ("--pool", "20000", "--claims", "a=1,b=4", "--chips", "a=h200,b=H20", "--rule", "cea")
    found = as_json(*given, "--per-chip", "tpp")
    assert (found["unit"], found["claims"]) == ("TPP", ["15832", "9472"])
    people = found["record"]["inputs"]["claimants"]
    assert [(one["chip"], one["size"]) for one in people] == [("h200", "15832"), ("H20", "2368")]
    assert as_json(*given, "--per-chip", "power")["unit"] == "MW"
    assert as_json(*given, "--per-chip", "memory bandwidth")["unit"] == "GB/s"


def test_several_pools_are_shown_and_verified(tmp_path: Path) -> None:
    table, file = tmp_path / "claims.csv", str(tmp_path / "record.json")
    table.write_text("name,claim,pool\na,100,north|south\nb,100,\nc,50,south\n")
    pools = ("--pool", "north=80", "--pool", "south=60", "--rule", "cea")
    shown = run(str(table), *pools, "--record", file)
    assert "80 of north and 60 of south (units) for claims of 250 from 3" in shown
    assert "link: what north leaves unmet goes on" in shown
    assert f"written: {file}" in shown
    assert run("--verify", file).startswith("yes: ")
    assert as_json(str(table), *pools)["awards"] == ["60", "60", "20"]
    assert "name the pools north, south" in run(str(table), "--pool", "9", code=2)


def test_a_pool_is_called_as_claimants_call_it_and_its_fault_says_which(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text("name,claim,pool\na,100,far  north\nb,100,far north\n")
    assert as_json(str(table), "--pool", "far   north=80")["awards"] == ["40", "40"]
    two = ("--claims", "1,2", "--pool", "x=", "--pool", "y=-1")
    shown = run(*two, code=2)
    assert re.search(r"x\n +a number is missing", shown)
    assert re.search(r"y\n +the pool is negative: -1", shown)
    assert "no name of a pool that is its own" in run("--claims", "1,2", "--pool", "x|y=3", code=2)


def test_several_resources_are_shown_and_verified(tmp_path: Path) -> None:
    table, file = tmp_path / "racks.csv", str(tmp_path / "record.json")
    table.write_text("name,claim,cpu,ram\nA,,1,4\nB,,3,1\n")
    given = (str(table), "--resource", "cpu=9", "--resource", "ram=18")
    shown = run(*given, "--record", file)
    assert "cpu is full and holds A, B" in shown
    assert run("--verify", file).startswith("yes: ")
    assert as_json(*given, "--whole", "up", "--priority", "1,2")["awards"] == ["3", "2"]


def test_what_a_hard_reserve_keeps_is_told() -> None:
    given = ("--pool", "100", "--claims", "a=10,b=200", "--reserve", "kept=40:a:hard")
    shown = run(*given)
    assert "30 are left, of which 30 stay in kept" in shown
    assert "reserve: kept holds 40 for a; the 30 that they leave is kept from all others" in shown
    assert as_json(*given)["withheld"] == {"kept": "30"}


def test_the_help_names_all_rules_and_methods() -> None:
    shown = " ".join(run("--help").split())
    assert all(re.search(rf"\b{name}\b", shown) for name in (*RULES, *METHODS))
    listed = run("--rules")
    assert all(f"{name} (" in listed for name in (*RULES, *METHODS))
    found = as_json("--rules")
    assert [one["rule"] for one in found["rules"]] == list(RULES)
    assert [one["method"] for one in found["methods"]] == list(METHODS)


def test_many_claimants_stay_readable(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    rows = "".join(f"c{n},{n},{n // 2}\n" for n in range(1, 400))
    table.write_text("name,claim,need\n" + rows)
    assert "c10 and 389 more" in run(str(table), "--pool", "1000")


def test_of_many_differences_some_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    claims = ",".join(f"c{n}={n}" for n in range(1, 60))
    run("--pool", "100", "--claims", claims, "--record", str(file))
    kept = json.loads(file.read_text())
    kept["inputs"]["pool"] = "90"
    file.write_text(json.dumps(kept))
    shown = run("--verify", str(file), code=1)
    assert len(shown.splitlines()) == 22
    assert "more; --json lists all" in shown
    assert len(json.loads(run("--verify", str(file), "--json", code=1))["differences"]) > 60


def test_incentives_are_those_of_one_unit(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text("name,claim,size\na,5,2\nb,5,3\n")
    assert "these have a size" in run(str(table), "--pool", "9", "--inflate", code=2)


def test_all_rules_take_their_own_options() -> None:
    given = ("--pool", "10", "--claims", "a=10,b=10", "--scores", "3,5", "--orders", "50")
    rows = {row["rule"]: row for row in as_json(*given, "--compare")["rules"]}
    assert rows["points"]["awards"] == ["0", "10"]


BAD = [
    (("--claims", "1,2"), "there is no pool to share"),
    (("--pool", "1"), "there are no claims"),
    (("--pool", "1", "--claims", "a=4,a=10"), "'a' stands twice"),
    (("--pool", "1", "--claims", "=4,b=10"), "is no name with an amount"),
    (("--pool", "1", "--claims", "4,b=10"), "some have a name"),
    (("--pool", "1", "--claims", ""), "--claims\n  it is empty"),
    (("--pool", "1", "--claims", "1,2", "--weights", ""), "--weights\n  it is empty"),
    (("--pool", "1", "--claims", "1,2", "--deposit", "1"), "only with --inflate"),
    (("--pool", "1", "--claims", "1,2", "--inflate", "--compare"), "two answers"),
    (("--pool", "1", "--claims", "1,2", "--inflate", "--cap", "1"), "nothing with --inflate"),
    (("--pool", "1", "--claims", "1,2", "--inflate", "--whole", "lrm"), "nothing with --inflate"),
    (("--pool", "a=1", "--claims", "1,2", "--compare"), "--compare is about one pool"),
    (("--pool", "1", "--claims", "1,2", "--reserve", "kept"), "is no reserve"),
    (("--pool", "1", "--claims", "1,2", "--tranches", ""), "the list is empty"),
    (("--pool", "1", "--claims", "1,2", "--ballot", "md5"), "no key to hold one"),
    (("--pool", "1", "--claims", "1,2", "--orders", "5"), "takes no orders"),
    (("--pool", "1", "--claims", "1,2", "--seed", "0"), "takes no seed"),
    (("--pool", "1", "--claims", "1,2", "--rule", "talmut"), "did you mean talmud"),
    (("--pool", "1", "--claims", "1,2", "--whole", "hamiltom"), "did you mean largest_remainder"),
    (("--pool", "1", "--claims", "1,2", "--per-chip", "tppp"), "did you mean tpp"),
    (("--pool", "1", "--pool", "2", "--claims", "1,2"), "write it as name=amount"),
    (("--pool", "a=1", "--pool", "a=2", "--claims", "1,2"), "'a' stands twice"),
    (("--pool", "a=1", "--pool", "b=2", "--claims", "1,2", "--order", "open"), "several pools"),
    (("--resource", "a=1"), "there are no needs"),
    (("--resource", "a=1", "--cap", "1", "x.csv"), "--cap\n  it says nothing with --resource"),
    (("--verify", "nowhere.json"), "cannot be read"),
    (("--verify", "x.json", "--rule", "cea", "--pool", "1"), "--pool\n  it says nothing with"),
    (("--rules", "--rule", "cea"), "it says nothing with --rules"),
    (("nowhere.csv", "--pool", "1"), "cannot be read"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=lambda value: str(value)[-40:])
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], said: str) -> None:
    assert said in run(*arguments, code=2)


def test_faults_of_all_options_are_told_at_once() -> None:
    shown = run("--pool", "x", "--claims", "1,2", "--weights", "1,b=2", "--reserve", "r", code=2)
    assert "3 faults" in shown


def test_a_record_does_not_take_the_place_of_the_claims(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text("name,claim\na,5\n")
    shown = run(str(table), "--pool", "1", "--record", str(table), code=2)
    assert "is read, or written by another option" in shown
    assert table.read_text() == "name,claim\na,5\n"


THREE = "name,claim,chip,pool\nnorth,20,H200,ceiling|grid\nsouth,30,H20,\n"


def test_pools_count_what_stands_after_their_amount(tmp_path: Path) -> None:
    file = tmp_path / "three.csv"
    file.write_text(THREE)
    pools = ["--pool", "ceiling=100000:tpp", "--pool", "round=12", "--pool", "grid=1:h200=1,h20=2"]
    flat = " ".join(run(str(file), *pools, "--rule", "cea").split())
    assert "100,000 TPP of ceiling and 12 units of round and 1 units of the pool of grid" in flat
    assert "for claims of 50 units from 2" in flat


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--pool", "100:tpp"], "write --pool 100 --per-chip tpp, or name the pool"),
        (["--pool", "a=100:tp"], "there is no measure of chips 'tp'; did you mean tpp?"),
        (["--pool", "a=100:tpp", "--per-chip", "tpp"], "the pools say what a unit takes of each"),
        (["--pool", "a=100:tpp", "--compare"], "--compare is about one pool"),
        (["--pool", "a=100:tpp", "--cap", "5"], "pools are in several units"),
    ],
)
def test_a_measure_that_does_not_fit_is_told(tmp_path: Path, options: list[str], told: str) -> None:
    file = tmp_path / "chips.csv"
    file.write_text("name,claim,chip\nnorth,20,H200\n")
    assert told in " ".join(run(str(file), *options, code=2).split())


def test_of_many_claimants_the_first_and_the_last_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("name,claim\n" + "".join(f"c{n},{n + 1}\n" for n in range(101)))
    output = run(str(file), "--pool", "1000")
    lines = output.splitlines()
    assert sum(line.strip().startswith("c") for line in lines) == 50
    (others,) = [line for line in lines if "51 others" in line]
    assert others.split()[2] == f"{sum(n + 1 for n in range(40, 91)):,}"
    assert "all of them with --json or --record FILE" in output
    file.write_text("name,claim\n" + "".join(f"c{n},{n + 1}\n" for n in range(100)))
    assert "others" not in run(str(file), "--pool", "1000")
