"""The measurements that the package ships: ids, names, values and what was left out."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from headworks.scenario.catalogue import catalogue
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput.accuracy import Prediction, accuracy
from headworks.throughput.cards import models
from headworks.throughput.case import RUNS
from headworks.throughput.cases import (
    COLUMNS,
    Case,
    calibration_folder,
    packaged_cases,
)
from headworks.throughput.peers import packaged_peers

CASES = packaged_cases()
TRAINING = "training"


def rows(name: str) -> list[dict[str, str]]:
    with (calibration_folder() / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def by_id(case_id: str) -> Case:
    return next(case for case in CASES if case.case_id == case_id)


def test_no_measurement_stands_in_two_tables() -> None:
    ids = [
        *(case.case_id for case in CASES),
        *(row["measurement_id"] for row in rows("dropped.csv")),
        *(row["measurement_id"] for row in rows("kernels.csv")),
        *(row["measurement_id"] for row in rows("peaks.csv")),
    ]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    assert len(ids) == 776


def test_the_cases_have_exactly_the_published_columns() -> None:
    header = (calibration_folder() / "cases.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(COLUMNS)


@pytest.mark.parametrize("name", ["cases.csv", "kernels.csv", "peaks.csv"])
def test_chips_are_called_by_their_ids(name: str) -> None:
    assert {row["chip"] for row in rows(name)} <= set(catalogue().chips)


def test_every_case_says_where_and_when_it_was_measured() -> None:
    for case in CASES:
        assert case.source_url, case.case_id
        assert case.date, case.case_id
        assert case.software, case.case_id
        assert case.grade, case.case_id


def test_degrees_of_parallelism_fit_the_chips() -> None:
    for case in CASES:
        if case.chips and case.tp and case.pp and case.dp:
            product = case.tp * case.pp * case.dp
            # Context parallel has no column: it takes the rest of the chips in training.
            assert case.chips % product == 0, case.case_id
            assert case.chips == product or case.phase == TRAINING, case.case_id


def test_no_set_up_has_two_values() -> None:
    seen: dict[tuple[object, ...], str] = {}
    for case in CASES:
        if case.phase == TRAINING:  # where much of the set-up has no column
            continue
        key = (
            case.chip, case.chips, case.model, case.phase, case.precision, case.kv_precision,
            case.tp, case.ep, case.dp, case.input_tokens, case.output_tokens, case.concurrency,
            case.metric, case.software,
        )  # fmt: skip
        assert seen.setdefault(key, case.case_id) == case.case_id


def test_shares_of_a_benchmark_are_per_chip() -> None:
    # 33,379 tokens per second on 8 chips; 62,713 per node of 8; 87.67 sequences of 8,192 on 512.
    assert by_id("m001").value == pytest.approx(33_379 / 8, rel=1e-5)
    assert by_id("m194").value == pytest.approx(62_713 / 8, rel=1e-3)
    assert by_id("m090").value == pytest.approx(87.67 * 8_192 / 512, rel=1e-5)


def test_a_batch_per_chip_is_stated_as_requests_in_flight() -> None:
    assert by_id("m203").concurrency == 256 * 72
    assert by_id("m216").concurrency == 100 * 4
    assert by_id("m269").concurrency == 16_384 // 4_096 * 16


def test_every_dropped_measurement_has_a_reason() -> None:
    assert all(len(row["reason"]) > 20 for row in rows("dropped.csv"))


def test_notes_are_on_cases() -> None:
    assert {row["case_id"] for row in rows("notes.csv")} <= {case.case_id for case in CASES}


@pytest.mark.parametrize(("name", "column"), [("kernels.csv", "value_us"), ("peaks.csv", "value")])
def test_operations_have_values_and_sources(name: str, column: str) -> None:
    for row in rows(name):
        assert float(row[column]) > 0
        assert row["source_url"].startswith("https://")


def test_every_address_belongs_to_a_source() -> None:
    tree = read_yaml(calibration_folder() / "sources.yaml").tree
    sources = {entry["begins"]: entry["source"] for entry in tree["addresses"]}
    assert set(sources.values()) <= set(catalogue().sources)
    tables = (rows(name) for name in ("cases.csv", "kernels.csv", "peaks.csv"))
    addresses = {row["source_url"] for table in tables for row in table}
    for address in addresses:
        assert any(address.startswith(start) for start in sources), address
    for start in sources:
        assert any(address.startswith(start) for address in addresses), f"{start} is not used"


def test_data_sets_are_those_of_models_that_are_measured_on_them() -> None:
    entries = read_yaml(calibration_folder() / "sources.yaml").tree["data_sets"]
    assert tuple(entries) == RUNS
    for name, entry in entries.items():
        assert entry["source"] in catalogue().sources
        assert set(entry["questions"]) <= set(models())
        measured = {case.model for case in CASES if case.run == name}
        assert set(entry["questions"]) == measured


def test_the_runs_of_mlperf_are_offline_and_say_what_their_lengths_are() -> None:
    """Where a note says that the length is the most that is allowed, no answer is longer."""
    most = {
        row["case_id"] for row in rows("notes.csv") if "the most that is allowed" in row["note"]
    }
    for case in CASES:
        inference = "mlcommons/inference_results" in (case.source_url or "")
        assert case.run == ("mlperf-offline" if inference else None), case.case_id
        vary = inference and case.case_id not in most
        assert case.answers == ("vary" if vary else None), case.case_id


def test_peers_answer_cases_or_say_why_not() -> None:
    known = {case.case_id for case in CASES}
    for row in rows("peers.csv"):
        assert row["case_id"] in known
        assert bool(row["value"]) != bool(row["reason"]), row
        assert bool(row["value"]) == bool(row["command"]), row
        assert row["version"], row


def test_peers_were_asked_once_and_all_cases() -> None:
    peers = packaged_peers()
    assert {name: len(answers) for name, answers in peers.items()} == {
        "aiconfigurator": len(CASES),
        "aiconfigurator-hybrid": 70,
        "genz-llm": len(CASES),
    }
    assert len(rows("peers.csv")) == sum(map(len, peers.values()))
    for case_id, answer in peers["aiconfigurator-hybrid"].items():
        assert isinstance(answer, Prediction)
        assert not isinstance(peers["aiconfigurator"][case_id], Prediction)


def test_a_peer_without_interval_has_no_coverage() -> None:
    (row,) = accuracy(CASES, packaged_peers()["aiconfigurator"], by=())
    assert row.n == 524
    assert row.coverage is None
    assert row.mape is not None
