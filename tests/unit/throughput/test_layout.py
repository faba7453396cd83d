"""Layouts: chips that they take, and what does not divide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headworks.throughput import model
from headworks.throughput.layout import Layout, faults

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard

GROUPED, EXPERTS, SMALL = model("llama-3.1-70b"), model("deepseek-v3"), model("llama-2-13b")


def said(layout: Layout, card: ModelCard) -> dict[str, str]:
    return dict(faults(layout, card))


@pytest.mark.parametrize(
    ("layout", "chips", "shorthand"),
    [
        (Layout(), 1, "TP1"),
        (Layout(tp=8), 8, "TP8"),
        (Layout(tp=8, pp=2), 16, "TP8 PP2"),
        (Layout(tp=1, dp=32, ep=32), 32, "TP1 DP32 EP32"),
        (Layout(tp=4, dp=2, ep=8), 8, "TP4 DP2 EP8"),
    ],
)
def test_a_layout_takes_the_product_of_its_degrees(
    layout: Layout, chips: int, shorthand: str
) -> None:
    assert layout.chips == chips
    assert str(layout) == shorthand


@pytest.mark.parametrize(
    ("layout", "card"),
    [
        (Layout(), GROUPED),
        (Layout(tp=8), GROUPED),
        (Layout(tp=64), GROUPED),
        (Layout(tp=5), SMALL),  # 40 heads
        (Layout(pp=80), GROUPED),
        (Layout(tp=8, ep=8), EXPERTS),
        (Layout(dp=320, ep=320), EXPERTS),  # with copies of 256 experts
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_what_divides_has_no_fault(layout: Layout, card: ModelCard) -> None:
    assert said(layout, card) == {}


@pytest.mark.parametrize(
    ("layout", "card", "argument", "words"),
    [
        (Layout(tp=3), GROUPED, "tp", "3 does not divide the 64 heads"),
        (Layout(tp=3), GROUPED, "tp", "take one of 1, 2, 4, 8, 16, 32, 64"),
        (Layout(tp=16), SMALL, "tp", "take one of 1, 2, 4, 5, 8, 10, 20, 40"),
        (Layout(tp=128), GROUPED, "tp", "128 does not divide the 64 heads"),
        (Layout(pp=81), GROUPED, "pp", "81 stages for the 80 layers of Llama 3.1 70B; take"),
        (Layout(tp=8, ep=8), GROUPED, "ep", "has no experts to spread; leave ep at 1"),
        (
            Layout(tp=8, ep=3),
            EXPERTS,
            "ep",
            "3 does not divide tp x dp = 8; take one of 1, 2, 4, 8",
        ),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_what_does_not_divide_is_said_with_the_way_out(
    layout: Layout, card: ModelCard, argument: str, words: str
) -> None:
    assert words in said(layout, card)[argument]


def test_the_experts_groups_of_very_many_chips_are_those_that_can_be() -> None:
    """Groups may be as many as twice the 256 experts; 1.28e9 chips have 1,024 divisors."""
    text = said(Layout(tp=128, dp=10_000_000, ep=3), EXPERTS)["ep"]
    assert text.startswith("3 does not divide tp x dp = 1,280,000,000; take one of 1, 2, 4, 5, 8,")
    assert text.endswith(", 400, 500, 512")


def test_all_faults_are_said_at_once() -> None:
    assert set(said(Layout(tp=3, pp=100, ep=2), GROUPED)) == {"tp", "pp", "ep"}
