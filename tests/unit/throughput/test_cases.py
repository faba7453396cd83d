"""Tables of cases: what is read, and the faults that bad ones are refused with."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from headworks.errors import Fault, InputError
from headworks.throughput.cases import COLUMNS, Case, read_cases

HEADER = "case_id,chip,model,phase,concurrency,metric,value"
GOOD = "a,h200-sxm,llama-3.1-70b,serving,64,tpot_ms,13.5"


def written(folder: Path, *lines: str, start: str = "") -> Path:
    path = folder / "cases.csv"
    path.write_text(start + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def faults(folder: Path, *lines: str) -> list[Fault]:
    with pytest.raises(InputError) as caught:
        read_cases(written(folder, *lines))
    return list(caught.value.faults)


def test_the_columns_are_those_of_the_published_table() -> None:
    assert ",".join(COLUMNS) == (
        "case_id,chip,chips,model,phase,precision,kv_precision,tp,pp,ep,dp,input_tokens,"
        "output_tokens,concurrency,metric,value,software,date,grade,source_url,run,answers"
    )


def test_a_row_becomes_a_case_and_an_empty_cell_is_not_stated(tmp_path: Path) -> None:
    row = "x1,b200,8,deepseek-r1,serving,fp4,,1,1,8,8,1000,294.5,,output_tokens_per_s_per_chip"
    path = written(tmp_path, ",".join(COLUMNS), row + ",4548.0,TensorRT-LLM,2025-05,a,,,")
    assert read_cases(path) == (
        Case(
            case_id="x1",
            chip="b200",
            chips=8,
            model="deepseek-r1",
            phase="serving",
            precision="fp4",
            kv_precision=None,
            tp=1,
            pp=1,
            ep=8,
            dp=8,
            input_tokens=1000.0,
            output_tokens=294.5,
            concurrency=None,
            metric="output_tokens_per_s_per_chip",
            value=4548.0,
            software="TensorRT-LLM",
            date="2025-05",
            grade="A",
            source_url=None,
        ),
    )


def test_what_spreadsheets_write_is_read(tmp_path: Path) -> None:
    lines = (
        "value , Metric,phase,model,chip,case_id,tp,software,notes",
        "",
        '13.5,TPOT_ms,Serving,llama-3.1-70b,h200-sxm,"a",8.0,"vLLM, nightly","ours, of May"',
        ",,,,,,,,",
    )
    (case,) = read_cases(written(tmp_path, *lines, start="\ufeff"))
    assert (case.case_id, case.metric, case.phase, case.tp) == ("a", "tpot_ms", "serving", 8)
    assert case.software == "vLLM, nightly"
    assert (case.chips, case.concurrency) == (None, None)


@pytest.mark.parametrize(("given", "share"), [("0.41", 0.41), ("41", 0.41), ("1", 1.0)])
def test_a_utilisation_is_a_share_or_in_percent(tmp_path: Path, given: str, share: float) -> None:
    path = written(tmp_path, HEADER, f"a,h800,llama-2-70b,training,,mfu,{given}")
    assert read_cases(path)[0].value == pytest.approx(share)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("a,,llama-3.1-70b,serving,64,tpot_ms,13.5", "chip", "the cell is empty"),
        ("a,h20,llama-3.1-70b,serving,64,tpot_ms,", "value", "the cell is empty"),
        ("a,h20,llama-3.1-70b,serving,64,tpot_ms,nan", "value", "'nan' states nothing"),
        ("a,h20,llama-3.1-70b,serving,64,tpot_ms,inf", "value", "'inf' is not a number"),
        ("a,h20,llama-3.1-70b,serving,64,tpot_ms,1_0", "value", "'1_0' is not a number"),
        ("a,h20,llama-3.1-70b,serving,64,tpot_ms,1e400", "value", "1e400 is beyond 1e+15"),
        ("a,h20,llama-3.1-70b,serving,64,tpot_ms,-2", "value", "-2 is not above 0"),
        ("a,h20,llama-3.1-70b,serving,64,tpot_ms,0", "value", "0 is not above 0"),
        ("a,h20,llama-3.1-70b,serving,-4,tpot_ms,2", "concurrency", "-4 is not above 0"),
        ("a,h20,llama-3.1-70b,serving,2.5,tpot_ms,2", "concurrency", "2.5 is not a whole number"),
        ("a,h20,llama-3.1-70b,servin,4,tpot_ms,2", "phase", "did you mean serving?"),
        ("a,h20,llama-3.1-70b,serving,4,latency,2", "metric", "there are ttft_ms, tpot_ms"),
        ("a,h20,llama-3.1-70b,training,4,tpot_ms,2", "metric", "not measured in training"),
        ("a,h20,llama-3.1-70b,training,4,mfu,130", "value", "more than all of the chip"),
        ("a,h20,llama-3.1-70b,training,4,mfu,1.2", "value", "1.2 may be a share that is too high"),
        ("a,h20,llama-3.1-70b,training,4,mfu,130%", "value", "more than all of the chip"),
        ("a,h20,llama-3.1-70b,serving,4,tpot_ms,9%", "value", "tpot_ms is no share"),
        (f"a,{'h' * 1001},llama-3.1-70b,serving,4,tpot_ms,9", "chip", "1,001 letters"),
        ("a,h20,llama-3.1-70b,serving,4,tpot_ms", "", "6 cells in a table of 7 columns"),
        ('a,h20,"llama,serving,4,tpot_ms,2', "", "the row cannot be read"),
    ],
)
def test_a_bad_row_is_refused(tmp_path: Path, row: str, column: str, message: str) -> None:
    (fault,) = faults(tmp_path, HEADER, "", row)
    assert (fault.line, fault.key) == (3, column)
    assert message in fault.message


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("chips,1e9", "1e9 is beyond 10,000,000 chips"),
        ("dp,1000000000", "1000000000 is beyond 10,000,000 chips"),
        ("input_tokens,0.001", "0.001 is less than one token"),
        ("output_tokens,0.5", "0.5 is less than one token"),
    ],
)
def test_numbers_that_no_set_up_has_are_refused(tmp_path: Path, cell: str, message: str) -> None:
    column, text = cell.split(",")
    (fault,) = faults(tmp_path, f"{HEADER},{column}", f"{GOOD},{text}")
    assert (fault.key, fault.message) == (column, message)


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ("serving,offline,vary", "run", "there is no run 'offline'; there is mlperf-offline"),
        (
            "serving,,varies",
            "answers",
            "there is no kind of answers 'varies'; there are alike and vary",
        ),
        ("decode,mlperf-offline,", "run", "mlperf-offline is a run of serving"),
    ],
)
def test_a_bad_run_is_refused(tmp_path: Path, cells: str, column: str, message: str) -> None:
    header = "case_id,chip,model,metric,value,phase,run,answers"
    (fault,) = faults(
        tmp_path, header, f"a,h20,llama-3.1-70b,output_tokens_per_s_per_chip,9,{cells}"
    )
    assert (fault.line, fault.key) == (2, column)
    assert message in fault.message


def test_a_run_and_how_long_its_answers_are_stand_in_the_table(tmp_path: Path) -> None:
    header = "case_id,chip,model,phase,metric,value,run,answers"
    row = "a,h20,llama-3.1-70b,serving,output_tokens_per_s_per_chip,9"
    path = written(tmp_path, header, row + ",MLPerf-Offline,Vary", "b" + row[1:] + ",-,")
    assert [(case.run, case.answers) for case in read_cases(path)] == [
        ("mlperf-offline", "vary"),
        (None, None),
    ]


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    bad = "a,h20,,serving,many,tpot_ms,-1"
    found = faults(tmp_path, HEADER, GOOD, bad, GOOD)
    assert [(fault.line, fault.key) for fault in found] == [
        (3, "concurrency"),
        (3, "model"),
        (3, "value"),
        (4, "case_id"),
    ]
    assert found[-1].message == "'a' stands in line 2 too"


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    found = faults(tmp_path, "case_id,chip,chip,model,phase,metrics,value", GOOD)
    assert [(fault.key, fault.message) for fault in found] == [
        ("metrics", "there is no such column; did you mean metric?"),
        ("chip", "the column stands twice"),
        ("metric", "the column is missing"),
    ]
    other = faults(tmp_path, HEADER + ",colour", GOOD + ",red", "b,h20,m,serving,0,tpot_ms,1,red")
    assert [fault.key for fault in other] == ["colour", "concurrency"]


def test_a_quoted_cell_may_hold_line_breaks(tmp_path: Path) -> None:
    path = written(
        tmp_path, HEADER + ",software", GOOD + ',"vLLM,', "", 'nightly"', "b" + GOOD[1:] + ",sglang"
    )
    assert [(case.case_id, case.software) for case in read_cases(path)] == [
        ("a", "vLLM,\n\nnightly"),
        ("b", "sglang"),
    ]


def test_only_ends_of_lines_end_rows(tmp_path: Path) -> None:
    """Other characters that end lines elsewhere are letters of a cell."""
    odd = "a\u2028b\x0cc\x85d"
    path = written(tmp_path, HEADER + ",software", f"{GOOD},{odd}", "b" + GOOD[1:] + ",sglang")
    assert [case.software for case in read_cases(path)] == [odd, "sglang"]


def test_a_quote_without_an_end_hides_no_other_row(tmp_path: Path) -> None:
    bad = "b" + GOOD[1:].replace("13.5", '"13.5')
    found = faults(
        tmp_path, HEADER, bad, *["c" + GOOD[1:]] * 2, '"d"' + GOOD[1:].replace("64", "x")
    )
    assert [(fault.line, fault.key) for fault in found] == [
        (2, ""),
        (4, "case_id"),
        (5, "concurrency"),
    ]
    assert found[0].message.endswith("unexpected end of data")


def test_many_quotes_without_an_end_take_no_long_time(tmp_path: Path) -> None:
    began = time.process_time()
    faults(tmp_path, HEADER, *['"' + "a" * 100, *["b" * 100] * 60] * 300)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_named_in_one_fault(tmp_path: Path, sign: str, name: str) -> None:
    (fault,) = faults(tmp_path, HEADER.replace(",", sign), GOOD.replace(",", sign))
    assert fault.line == 1
    assert fault.message == f"{name} stand between the cells"
    assert fault.remedy == "save the table with commas"


@pytest.mark.parametrize(("given", "share"), [("0.9%", 0.009), ("1.2 %", 0.012), ("1.6", 0.016)])
def test_a_utilisation_with_its_sign_is_in_percent(
    tmp_path: Path, given: str, share: float
) -> None:
    path = written(tmp_path, HEADER, f"a,h800,llama-2-70b,training,,mfu,{given}")
    assert read_cases(path)[0].value == pytest.approx(share)


def test_a_header_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, HEADER + ',"' + "x" * 200_000 + '"', GOOD)
    assert (fault.line, fault.message[:26]) == (1, "the row cannot be read: fi")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "")
    assert fault.message == "the file is empty"
    (fault,) = faults(tmp_path, HEADER)
    assert "no cases" in fault.message


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: no such file"):
        read_cases(tmp_path / "missing.csv")
    path = tmp_path / "cases.csv"
    path.write_bytes(b"\xff\xfe\x00c")
    with pytest.raises(InputError, match="not UTF-8 text"):
        read_cases(path)


@pytest.mark.parametrize("words", ["-", "n/a", "N/A", "none", "null", "unknown", "?", " "])
def test_words_for_nothing_are_empty_cells(tmp_path: Path, words: str) -> None:
    (case,) = read_cases(
        written(tmp_path, HEADER, f"a,h20,llama-3.1-70b,serving,{words},tpot_ms,9")
    )
    assert case.concurrency is None


def test_thousands_may_have_commas_and_a_utilisation_its_sign(tmp_path: Path) -> None:
    (case,) = read_cases(written(tmp_path, HEADER, 'a,h20,llama-3.1-70b,serving,"1,024",tpot_ms,9'))
    assert case.concurrency == 1024
    (other,) = read_cases(written(tmp_path, HEADER, "a,h20,llama-3.1-70b,training,,mfu,41%"))
    assert other.value == pytest.approx(0.41)
