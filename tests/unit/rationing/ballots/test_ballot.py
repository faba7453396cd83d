"""The verifiable ballot: published vectors, keys, orders, the stream of draws, what is refused."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import InputError, UnknownName
from headworks.rationing.ballots import ballot

VECTORS = Path(__file__).parents[3] / "data" / "rationing" / "ballot.yaml"
CASES = yaml.safe_load(VECTORS.read_text())
KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_vectors(case: dict[str, Any]) -> None:
    key = ballot.ballot_key(case["sources"])
    assert key == case["key"]
    assert ballot.digest(key, 0, case["method"]).hex() == case["first_digest"].lower()
    drawn = ballot.order(case["entrants"], key, case["method"])
    assert [position + 1 for position in drawn[: len(case["drawn"])]] == case["drawn"]


def test_the_method_is_sha256_unless_another_is_named() -> None:
    assert ballot.order(25, KEY) == ballot.order(25, KEY, "SHA-256")
    assert ballot.order(25, KEY) != ballot.order(25, KEY, "rfc3797")
    assert ballot.order(25, KEY, "md5") == ballot.order(25, KEY, "RFC 3797")


@given(st.integers(1, 60), st.sampled_from(ballot.METHODS), st.integers(0, 10**6))
def test_an_order_is_a_permutation_that_anybody_can_compute_again(
    entrants: int, method: str, number: int
) -> None:
    key = f"{number}./"
    width, name = (2, "md5") if method == "rfc3797" else (8, "sha256")
    left, expected = list(range(entrants)), []
    for i in range(entrants):
        around = i.to_bytes(width, "big")
        hashed = hashlib.new(name, around + key.encode("ascii") + around).hexdigest()
        expected.append(left.pop(int(hashed, 16) % len(left)))
    assert ballot.order(entrants, key, method) == tuple(expected)
    assert sorted(expected) == list(range(entrants))


def test_nobody_has_no_order() -> None:
    assert ballot.order(0, KEY) == ()


def test_everybody_comes_first_about_equally_often() -> None:
    first = Counter(ballot.order(5, f"{number}./")[0] for number in range(2_000))
    assert sorted(first) == [0, 1, 2, 3, 4]
    assert max(abs(times - 400) for times in first.values()) < 4 * (2_000 * 0.2 * 0.8) ** 0.5


def test_a_ballot_says_what_is_to_be_published() -> None:
    drawn = ballot.draw(["Ada", "Ben", "Cyd"], KEY, "rfc3797")
    assert sorted(drawn.drawn) == ["Ada", "Ben", "Cyd"]
    assert drawn.to_json() == {
        "method": "rfc3797",
        "key": KEY,
        "first_digest": "990dd0a5692a029a98b5e01aa28f3459",
        "entrants": ["Ada", "Ben", "Cyd"],
        "order": [position + 1 for position in drawn.order],
        "drawn": list(drawn.drawn),
    }


# Keys


@pytest.mark.parametrize(
    ("sources", "key"),
    [
        ([[3, 1, 2]], "1.2.3./"),
        ([[1_200, "12.50", 0]], "0.12.51200./"),
        ([["4083.25"], [7]], "4083.25/7./"),
        ([["0.5"]], "0.5/"),
        ([[10, 2], [2, 10]], "2.10./2.10./"),
    ],
)
def test_a_key_is_written_as_the_rfc_says(sources: list[list[object]], key: str) -> None:
    assert ballot.ballot_key(sources) == key
    assert len(ballot.order(9, key, "rfc3797")) == 9


decimals = st.decimals(0, 10**4, places=2).map(str) | st.integers(0, 10**6)


@given(st.lists(st.lists(decimals, min_size=1, max_size=6), min_size=1, max_size=4))
def test_every_key_that_is_written_is_also_read(sources: list[list[object]]) -> None:
    key = ballot.ballot_key(sources)
    assert ballot.order(1, key, "rfc3797") == (0,)
    assert ballot.ballot_key([reversed(source) for source in sources]) == key


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "the key is empty"),
        ("  ", "the key is empty"),
        ("9319./2.5.", "does not end with /"),
        ("9319", "does not end with /"),
        ("9319/", "source 1: '9319' is no ascending numbers"),
        ("1./9.2.5./", r"source 2: '9\.2\.5\.' is no ascending numbers"),
        ("09./", "source 1"),
        ("1.//", "source 2: '' is no"),
        ("1../", "source 1"),
        (".5/", "source 1"),
        ("1.50/", "source 1"),
        ("a./", "source 1"),
        ("1. 2./", "source 1"),
    ],
)
def test_a_key_that_is_none_is_refused(key: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ballot.order(3, key, "rfc3797")


def test_a_key_for_sha256_may_be_any_plain_text() -> None:
    assert sorted(ballot.order(3, "beacon 2F6A, pulse 1219800")) == [0, 1, 2]
    for key in ("", " 1./", "1./\n", "1./\u200b", "\uff11./"):
        with pytest.raises(InputError, match="ballot key"):
            ballot.order(3, key)


def test_all_faults_of_sources_are_listed() -> None:
    with pytest.raises(InputError) as caught:
        ballot.ballot_key([[1, -2], ["x", "1/3"]])
    assert [str(fault) for fault in caught.value.faults] == [
        "sources: source 1: -2 is negative",
        "sources: source 2: 'x' is not a number",
        "sources: source 2: 1/3 cannot be written as a decimal",
    ]


def test_no_source_makes_no_key() -> None:
    with pytest.raises(InputError, match="there are none"):
        ballot.ballot_key([])
    with pytest.raises(InputError, match="source 2: there are no numbers"):
        ballot.ballot_key([[1], []])


# What is refused


def test_an_unknown_method_brings_the_names() -> None:
    with pytest.raises(UnknownName, match="did you mean sha256"):
        ballot.order(3, KEY, "sha265")


def test_the_counter_of_the_rfc_ends() -> None:
    with pytest.raises(InputError, match="65,537 entrants are more than the 65,536 of RFC 3797"):
        ballot.order(65_537, KEY, "rfc3797")


def test_a_negative_number_of_entrants_is_refused() -> None:
    with pytest.raises(InputError, match="-1 is negative"):
        ballot.order(-1, KEY)


def test_all_faults_of_a_draw_are_listed() -> None:
    with pytest.raises(InputError) as caught:
        ballot.draw(["Ada", "Ben", "Ada"], "")
    assert [str(fault).partition("\n")[0] for fault in caught.value.faults] == [
        "entrants: Ada: stands in the list more than once",
        "ballot key: the key is empty",
    ]
    with pytest.raises(InputError, match="the list is empty"):
        ballot.draw([], KEY)


# The stream


def test_the_blocks_of_a_stream_are_those_that_a_shell_computes() -> None:
    stream = ballot.Stream(KEY)
    assert [f"{stream.below(2**256):064x}" for _ in range(3)] == [  # by printf and sha256sum
        "e107f9adb9b3c61bf8c185350fac9bb15b72272b89fbf6c1de90839e4c56f1f8",
        "9843fc1fc4270ec290e0c50d3f471841959e2facdda83323a35b6d01cd684eb9",
        "a1e7fe1039943c910f2026f11fc1390b1dc312a72d36464eade332be967f6781",
    ]


def test_a_block_beyond_the_last_multiple_is_passed_over() -> None:
    every, some = ballot.Stream(KEY), ballot.Stream(KEY)
    bound = 0x99 << 248  # of the three blocks above, the first and the third are not below it
    blocks = [every.below(2**256) for _ in range(50)]
    assert [some.below(bound) for _ in range(20)] == [b for b in blocks if b < bound][:20]
    assert blocks[0] >= bound > blocks[1]


@given(st.integers(1, 10**15))
def test_draws_are_below_their_bound(bound: int) -> None:
    stream = ballot.Stream(KEY)
    assert all(0 <= stream.below(bound) < bound for _ in range(5))


def test_draws_are_uniform() -> None:
    stream = ballot.Stream(KEY)
    times = Counter(stream.below(6) for _ in range(6_000))
    chi_squared = sum((times[face] - 1_000) ** 2 / 1_000 for face in range(6))
    assert chi_squared < 20.5  # exceeded once in a thousand keys


def test_a_stream_needs_a_key() -> None:
    with pytest.raises(InputError, match="the key is empty"):
        ballot.Stream("")


@pytest.mark.parametrize("bound", [0, -1, 2**256 + 1])
def test_a_stream_refuses_a_bound_that_it_cannot_draw_below(bound: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 2\\^256"):
        ballot.Stream(KEY).below(bound)
