"""Names of chips: what sources and drivers call them, and the memory that a name states."""

from __future__ import annotations

import pytest

import headworks as hw
from headworks.errors import InputError, UnknownName
from headworks.scenario.catalogue import catalogue
from headworks.throughput.chip_names import chip_named

KNOWN = catalogue()


@pytest.mark.parametrize("chip_id", KNOWN.chips)
def test_ids_names_and_aliases_stay_what_they_are(chip_id: str) -> None:
    chip = KNOWN.chips[chip_id]
    assert {chip_named(name, KNOWN) for name in (chip_id, chip.name, *chip.aliases)} == {chip_id}


@pytest.mark.parametrize("chip_id", [one for one, chip in KNOWN.chips.items() if chip.memory_gb])
def test_a_chip_with_the_memory_of_its_data_sheet_is_that_chip(chip_id: str) -> None:
    """Drivers count in GiB or in GB of 1e9 bytes, in which what is called 141 GB has 151."""
    chip = KNOWN.chips[chip_id]
    memory = chip.memory_gb.median if chip.memory_gb else 0.0
    for size in (f"{memory:.0f}GB", f"{memory * 2**30 / 1e9:.1f} GB", f"{memory:.1f} GiB"):
        assert chip_named(f"{chip_id} {size}", KNOWN) == chip_id, size


@pytest.mark.parametrize(
    ("name", "chip_id"),
    [
        ("NVIDIA H100 SXM5 80GB", "h100-sxm"),
        ("NVIDIA A100-SXM4-80GB", "a100-80gb"),
        ("A800-80G", "a800"),
        ("NVIDIA H20", "h20"),
        ("NVIDIA H20 141GB HBM3e", "h20-141gb"),
        ("H20 (141GB)", "h20-141gb"),
        ("H200 (NVL)", "h200-nvl"),
        ("8x H100", "h100-sxm"),
        ("GB200 NVL72", "gb200"),
        ("H20_96GB", "h20"),
        ("GH200 144GB HBM3e", "gh200"),
        ("NVIDIA B200 192GB", "b200"),  # 180 GiB are 193e9 bytes
        ("Ascend 910B3", "ascend-910b"),
        ("Ascend 910B3 64GB", "ascend-910b"),
        ("MLU590-M9", "mlu590"),
        ("MLU590 80GB", "mlu590"),  # reports say 80 to 96
    ],
)
def test_what_drivers_and_sources_write_is_understood(name: str, chip_id: str) -> None:
    assert chip_named(name, KNOWN) == chip_id


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("A100-40GB", "a100-80gb"),
        ("NVIDIA A100-SXM4-40GB", "a100-80gb"),
        ("H100 94GB", "h100-sxm"),
        ("GH200 96GB HBM3", "gh200"),
        ("NVIDIA GH200 480GB", "gh200"),
        ("A800 40GB", "a800"),
        ("H20 64GB", "h20"),
        ("Ascend 910B4 32GB", "ascend-910b"),
        ("Ascend910B2", "ascend-910b"),  # not known to have the figures of the 910B3
        ("H100 PCIe", "h100-sxm"),
        ("B200 NVL72", "gb200"),
    ],
)
def test_a_chip_of_another_memory_or_board_is_not_taken_for_it(name: str, near: str) -> None:
    with pytest.raises(UnknownName) as caught:
        chip_named(name, KNOWN)
    assert near in caught.value.nearest
    (fault,) = caught.value.faults
    assert fault.message.startswith(f"there is no chip {name!r}; did you mean")


def test_a_board_in_brackets_is_heeded() -> None:
    """Its chip would be another one; other words in brackets say nothing."""
    with pytest.raises(UnknownName) as caught:
        chip_named("H100 (PCIe)", KNOWN)
    assert caught.value.nearest == ("h100-sxm",)
    assert chip_named("H100 (new)", KNOWN) == "h100-sxm"


def test_the_memory_that_there_is_is_told() -> None:
    with pytest.raises(UnknownName, match="H20 96GB has 96 GB and NVIDIA H20 141GB has 141 GB"):
        chip_named("H20 64GB", KNOWN)


def test_a_name_of_any_length_is_refused_in_a_line() -> None:
    with pytest.raises(UnknownName) as caught:
        chip_named("(" * 1_000_000, KNOWN)
    assert len(str(caught.value)) < 600


def test_a_question_takes_the_names_that_a_table_takes() -> None:
    result = hw.worth("NVIDIA H100 SXM5 80GB", model="llama-3.1-8b", chips=1, concurrency=1)
    assert result.query.chip_id == "h100-sxm"
    ratios = hw.ratios("NVIDIA H200 141GB HBM3e", ["NVIDIA H20 141GB"])
    assert (ratios.chip, ratios.against) == ("h200-sxm", ("h20-141gb",))
    with pytest.raises(InputError, match="did you mean a100-80gb"):
        hw.worth("A100 40GB", model="llama-3.1-8b")
