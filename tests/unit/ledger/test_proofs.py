"""Proofs over the log: published roots, every proof of small trees, and none that lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.ledger.journal import proofs

# The eight leaves and roots with which implementations of certificate transparency are tested.
# Source: certificate-transparency-go and the Python reference of RFC 6962.
LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree(size: int) -> list[bytes]:
    return [proofs.leaf_hash(bytes([number])) for number in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    leaves = [proofs.leaf_hash(bytes.fromhex(one)) for one in LEAVES[:size]]
    assert proofs.root(leaves).hex() == ROOTS[size - 1]


def test_the_empty_log_has_the_hash_of_nothing_as_its_root() -> None:
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert proofs.root([]).hex() == nothing


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_proved_and_no_other_in_its_place(size: int) -> None:
    leaves = tree(size)
    whole = proofs.root(leaves)
    for index, leaf in enumerate(leaves):
        proof = proofs.inclusion_proof(index, leaves)
        assert proofs.includes(index, size, leaf, proof, whole)
        assert not proofs.includes(index, size, proofs.leaf_hash(b"another"), proof, whole)
        assert not proofs.includes(index, size, leaf, [*proof, leaf], whole)
        assert not any(
            proofs.includes(other, size, leaf, proof, whole)
            for other in range(size)
            if other != index
        )


@pytest.mark.parametrize("size", range(1, 34))
def test_every_beginning_is_consistent_and_no_changed_one(size: int) -> None:
    leaves = tree(size)
    whole = proofs.root(leaves)
    for old in range(1, size + 1):
        proof = proofs.consistency_proof(old, leaves)
        before = proofs.root(leaves[:old])
        assert proofs.is_consistent(old, size, before, whole, proof)
        changed = proofs.root([*leaves[: old - 1], proofs.leaf_hash(b"changed")])
        assert not proofs.is_consistent(old, size, changed, whole, proof)


@given(st.integers(2, 200), st.data())
def test_a_flipped_bit_of_a_proof_is_seen(size: int, data: st.DataObject) -> None:
    leaves = tree(size) if size < 256 else []
    index = data.draw(st.integers(0, size - 1))
    proof = proofs.inclusion_proof(index, leaves)
    number = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = int.from_bytes(proof[number]) ^ (1 << bit)
    wrong = [*proof[:number], flipped.to_bytes(32), *proof[number + 1 :]]
    assert not proofs.includes(index, size, leaves[index], wrong, proofs.root(leaves))


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_proof(index: int) -> None:
    with pytest.raises(IndexError):
        proofs.inclusion_proof(index, tree(3))


@pytest.mark.parametrize("size", [0, 4])
def test_a_beginning_that_is_none_has_no_proof(size: int) -> None:
    with pytest.raises(IndexError):
        proofs.consistency_proof(size, tree(3))
