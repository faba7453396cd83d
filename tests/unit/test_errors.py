"""Guesses at what a wrong name was meant to be, and what is offered where there is none."""

from __future__ import annotations

import pytest

from headworks.errors import UnknownName, nearest
from headworks.scenario.catalogue import catalogue

SCENARIOS = ("closed", "h20-2025", "h200-2026", "one-gate", "open-gates")
GATES = ("cn-approval", "customs", "delivery", "export", "installation", "us-licence")
COMPANIES = ("alibaba", "ash", "birch", "bytedance", "tencent")


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("one-gat", SCENARIOS, ("one-gate",)),
        ("ONE GATE", SCENARIOS, ("one-gate",)),
        ("one_gate", SCENARIOS, ("one-gate",)),
        ("h200", SCENARIOS, ("h200-2026",)),
        ("open", SCENARIOS, ("open-gates",)),
        ("Customs", GATES, ("customs",)),
        ("custms", GATES, ("customs",)),
        ("customs-gate", GATES, ("customs",)),
        ("us-license", GATES, ("us-licence",)),
        ("instalation", GATES, ("installation",)),
        ("tencnet", COMPANIES, ("tencent",)),
        ("ByteDance", COMPANIES, ("bytedance",)),
        ("ahs", COMPANIES, ("ash",)),
    ],
)
def test_a_slip_is_met_with_the_name_that_was_meant(
    name: str, known: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert nearest(name, known) == meant


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("two-gates", SCENARIOS),
        ("china", SCENARIOS),
        ("import", GATES),
        ("allocation", GATES),
        ("in", GATES),
        ("", GATES),
        ("huawei", COMPANIES),
        ("at", COMPANIES),
        ("bytecode", COMPANIES),
    ],
)
def test_another_word_is_no_guess(name: str, known: tuple[str, ...]) -> None:
    assert nearest(name, known) == ()


def test_other_spellings_lead_to_the_name_and_come_once() -> None:
    chips = catalogue()
    for name, first in [
        ("h200 sxm-5x", "h200-sxm"),
        ("NVIDIA GH", "gh200"),
        ("MI300", "mi300x"),
        ("RTX 6000", "rtx-pro-6000d"),
    ]:
        with pytest.raises(UnknownName) as caught:
            chips.chip_id(name)
        assert caught.value.nearest[0] == first
        assert len(set(caught.value.nearest)) == len(caught.value.nearest) <= 3
    assert (
        nearest("h200", ["h20", "h200-sxm"], spelled={"the big one": "h200-sxm"})[0] == "h200-sxm"
    )
    assert nearest("Big One", ["h20", "h200-sxm"], spelled={"big one": "h200-sxm"}) == ("h200-sxm",)


def test_without_a_near_name_the_message_says_what_there_is() -> None:
    assert str(UnknownName("company", "huawei", COMPANIES)) == (
        "there is no company 'huawei'; there are alibaba, ash, birch, bytedance and tencent"
    )
    assert str(UnknownName("gate", "x", ["customs"])) == "there is no gate 'x'; there is customs"
    assert str(UnknownName("gate", "x", [])) == "there is no gate 'x'; there are none"


def test_a_long_list_is_cut_and_says_how_to_see_all() -> None:
    many = [f"chip-{number:03}" for number in range(100)]
    text = str(UnknownName("chip", "banana", many, see="`headworks classify --list`"))
    assert text.startswith("there is no chip 'banana'; there are chip-000, chip-001, ")
    assert text.endswith(" and 80 more; `headworks classify --list` shows all")


def test_another_way_out_stands_beside_the_message() -> None:
    (fault,) = UnknownName("gate", "custms", GATES, remedy="or add it").faults
    assert fault.message == "there is no gate 'custms'; did you mean customs?"
    assert fault.remedy == "or add it"
