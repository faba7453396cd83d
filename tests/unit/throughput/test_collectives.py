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


def exchanged(
    tokens: float, active: float, chips: int, *, gathered: bool = True, **constants: float
) -> float:
    rates = fabric(**constants)
    sent = exchange(rates, tokens, HIDDEN, active, chips, nodes_max=4, gathered=gathered)
    return float(sent.total[0])


def test_one_chip_sends_nothing() -> None:
    assert reduced(64, 1, all_reduce_us=5.0) == 0
    assert exchanged(64, 8, 1, exchange_us=5.0) == 0


@pytest.mark.parametrize("chips", [2, 4, 8])
def test_a_small_message_takes_the_latency(chips: int) -> None:
    assert reduced(1e-9, chips, all_reduce_us=5.0) == pytest.approx(5e-6, rel=1e-3)


def test_a_sum_is_made_in_one_step_while_that_is_shorter() -> None:
    """Seven times the rows in one step of 5 us, or 1.75 times in two: alike at 5.25 rows = 5 us."""
    each = HIDDEN * 2 / LINK
    alike = 5e-6 / (7 - 1.75) / each
    small, large = alike / 2, alike * 2
    assert reduced(small, 8, all_reduce_us=5.0) == pytest.approx(5e-6 + 7 * small * each)
    assert reduced(large, 8, all_reduce_us=5.0) == pytest.approx(10e-6 + 1.75 * large * each)
    assert reduced(alike, 8, all_reduce_us=5.0) == pytest.approx(5e-6 + 7 * alike * each)


def test_two_chips_need_one_step() -> None:
    assert reduced(1e6, 2, all_reduce_us=5.0) == pytest.approx(5e-6 + 1e6 * HIDDEN * 2 / LINK)


@pytest.mark.parametrize("chips", [2, 4, 8])
def test_a_large_message_takes_the_bytes_of_a_ring(chips: int) -> None:
    """Each chip sends 2 (n - 1) / n times the rows, in 16 bits."""
    tokens = 1e6
    expected = 2 * (chips - 1) / chips * tokens * HIDDEN * 2 / LINK
    assert reduced(tokens, chips, all_reduce_us=5.0) == pytest.approx(expected, rel=2e-4)
    assert reduced(tokens, chips, link_share=0.5) == pytest.approx(2 * expected, rel=1e-4)


def test_a_group_larger_than_the_board_sums_on_boards_first() -> None:
    """Each of eight chips then sends an eighth of the rows over its own port, and has them back."""
    tokens, rows = 1e6, 1e6 * HIDDEN * 2
    expected = 2 * 7 / 8 * rows / LINK + 2 * 1 / 2 * rows / 8 / OUT
    assert reduced(tokens, 16) == pytest.approx(expected)
    four = 2 * 7 / 8 * rows / LINK + 2 * 3 / 4 * rows / 8 / OUT
    assert reduced(tokens, 32) == pytest.approx(four)
    assert reduced(tokens, 16, domain_count=16.0) == pytest.approx(2 * 15 / 16 * rows / LINK)
    assert reduced(1e-9, 16, all_reduce_us=5.0) == pytest.approx(20e-6, rel=1e-3)


def test_where_ports_are_as_fast_as_links_a_ring_over_all_chips_takes_as_long() -> None:
    """2 (n - 1) / n of the rows are the least that any way of summing sends."""
    rates = machine(
        "even", a_chip(scale_up_gb_per_s=100.0), count=1, constants=Book(scale_out_gb_per_s=50.0)
    )
    tokens = 1e6
    expected = 2 * 15 / 16 * tokens * HIDDEN * 2 / 50e9
    assert all_reduce(rates, tokens, HIDDEN, 16).total[0] == pytest.approx(expected)


def test_a_sum_over_boards_is_slower_than_on_one_and_each_more_adds() -> None:
    times = [reduced(4096, chips, all_reduce_us=5.0) for chips in (4, 8, 16, 32, 64, 128)]
    assert times == sorted(times)


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


@pytest.mark.parametrize(("chips", "nodes", "active"), [(64, 8, 8), (320, 40, 8), (64, 8, 2)])
def test_few_rows_go_to_each_expert_by_themselves(chips: int, nodes: int, active: int) -> None:
    expected = 1000 * HIDDEN * 3 * active * (nodes - 1) / nodes / OUT
    assert exchanged(1000, active, chips, gathered=False) == pytest.approx(expected)


def test_a_domain_of_many_chips_keeps_to_its_own_link() -> None:
    small, large = exchanged(1000, 8, 64), exchanged(1000, 8, 64, domain_count=72.0)
    copies = 64 * (1 - (63 / 64) ** 8)
    assert large == pytest.approx(1000 * HIDDEN * 3 * copies / LINK)
    assert large < small
