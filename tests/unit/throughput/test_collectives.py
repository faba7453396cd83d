"""Collectives: their limits for small and large messages, and what crosses the boards."""

from __future__ import annotations

import pytest

from headworks.throughput.collectives import all_reduce, exchange
from headworks.throughput.machine import Machine, machine
from tests.unit.throughput.ideal import Book, a_chip

HIDDEN = 8192.0
LINK, OUT = 400e9, 50e9
"""Bytes per second and direction: half of the 800 GB/s that the chip states, and as given."""


def fabric(**constants: float) -> Machine:
    book = Book(scale_out_gb_per_s=50.0, **constants)
    return machine("round-one", a_chip(), count=1, constants=book)


def reduced(tokens: float, chips: int, **constants: float) -> float:
    return float(all_reduce(fabric(**constants), tokens, HIDDEN, chips).total[0])


def exchanged(tokens: float, active: float, chips: int, **constants: float) -> float:
    return float(exchange(fabric(**constants), tokens, HIDDEN, active, chips).total[0])


def test_one_chip_sends_nothing() -> None:
    assert reduced(64, 1, all_reduce_us=5.0) == 0
    assert exchanged(64, 8, 1, exchange_us=5.0) == 0


@pytest.mark.parametrize("chips", [2, 4, 8])
def test_a_small_message_takes_the_latency(chips: int) -> None:
    assert reduced(1e-9, chips, all_reduce_us=5.0) == pytest.approx(5e-6, rel=1e-3)


@pytest.mark.parametrize("chips", [2, 4, 8])
def test_a_large_message_takes_the_bytes_of_a_ring(chips: int) -> None:
    """Each chip sends 2 (n - 1) / n times the rows, in 16 bits."""
    tokens = 1e6
    expected = 2 * (chips - 1) / chips * tokens * HIDDEN * 2 / LINK
    assert reduced(tokens, chips, all_reduce_us=5.0) == pytest.approx(expected, rel=2e-4)
    assert reduced(tokens, chips, link_share=0.5) == pytest.approx(2 * expected, rel=1e-4)


def test_a_group_larger_than_the_board_is_held_up_by_what_joins_boards() -> None:
    tokens = 1e6
    expected = 2 * 15 / 16 * tokens * HIDDEN * 2 / OUT
    assert reduced(tokens, 16) == pytest.approx(expected)
    assert reduced(tokens, 16, domain_count=16.0) == pytest.approx(expected * OUT / LINK)


def test_a_link_slower_than_what_joins_boards_holds_up_both() -> None:
    slow = machine(
        "slow", a_chip(scale_up_gb_per_s=60.0), count=1, constants=Book(scale_out_gb_per_s=50.0)
    )
    tokens = 1e6
    expected = 2 * 15 / 16 * tokens * HIDDEN * 2 / 30e9
    assert all_reduce(slow, tokens, HIDDEN, 16).total[0] == pytest.approx(expected)


def test_rows_go_once_to_each_chip_that_holds_one_of_their_experts() -> None:
    # 8 experts over 8 chips: 8 (1 - (7/8)^8) = 5.251 chips; there in one byte, back in two
    expected = 1000 * HIDDEN * 3 * 5.2513 / LINK
    assert exchanged(1000, 8, 8) == pytest.approx(expected, rel=1e-4)


def test_one_expert_is_one_copy() -> None:
    assert exchanged(1000, 1, 4) == pytest.approx(1000 * HIDDEN * 3 / LINK)


def test_both_ways_of_an_exchange_have_their_latency() -> None:
    assert exchanged(1e-9, 8, 8, exchange_us=20.0) == pytest.approx(40e-6, rel=1e-3)


@pytest.mark.parametrize(
    ("chips", "nodes", "active", "copies"),
    [(16, 2, 8, 2), (32, 4, 8, 4), (64, 8, 8, 4), (320, 40, 8, 4), (64, 8, 2, 2), (64, 8, 1, 1)],
)
def test_beyond_the_board_a_row_goes_once_to_each_of_few_nodes(
    chips: int, nodes: int, active: int, copies: int
) -> None:
    """DeepSeek-V3 lets a token reach four nodes at most; one of n is the sender's own."""
    expected = 1000 * HIDDEN * 3 * copies * (nodes - 1) / nodes / OUT
    assert exchanged(1000, active, chips) == pytest.approx(expected)


def test_a_domain_of_many_chips_keeps_to_its_own_link() -> None:
    small, large = exchanged(1000, 8, 64), exchanged(1000, 8, 64, domain_count=72.0)
    copies = 64 * (1 - (63 / 64) ** 8)
    assert large == pytest.approx(1000 * HIDDEN * 3 * copies / LINK)
    assert large < small
