"""The ballot: an order by chance that nobody can steer and anybody can compute again.

Before the draw, publish

1. the entrants as a numbered list, which is closed;
2. the sources, in their order: public numbers that nobody knows yet and nobody can steer, such as
   those of named lotteries on a named day;
3. the method, and what the order decides.

After it, publish the key with the numbers that it was made of, and the order. The list comes before
the numbers: who could still enter, leave or change places could choose the outcome.

Two methods differ in the hash, and in the width of the counter i around the key:

| method | digest i, from 0 | entrants |
|---|---|---|
| `sha256` | SHA-256(i as 8 bytes ‖ key ‖ i as 8 bytes) | any number |
| `rfc3797` | MD5(i as 2 bytes ‖ key ‖ i as 2 bytes) | up to 65,536 |

Digest i is read as one big-endian number; its remainder by the number of entrants that are left
says which of them comes next. A remainder favours the first entrants, by less than their number in
2^128, which is negligible: RFC 3797 keeps that, and so do both methods. `Stream` has none of it.

Source: RFC 3797 (Eastlake 2004), "Publicly Verifiable Nominations Committee (NomCom) Random
Selection".
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.ballots.key import ballot_key, key_faults

__all__ = ["METHODS", "Ballot", "Stream", "ballot_key", "digest", "draw", "order"]

METHODS = ("sha256", "rfc3797")
"""Names of the methods, the one for new ballots first."""
ALIASES = {"md5": "rfc3797", "rfc_3797": "rfc3797", "sha_256": "sha256"}
ENTRANTS_MAX = {"rfc3797": 2**16}
"""Entrants that the counter of a method can tell apart."""
RFC_KEY = (
    "write each source as ascending numbers, each closed with a dot, then /, as in 9319./2.5.8./"
)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One draw, with all that it takes to draw it again."""

    entrants: tuple[str, ...]
    """Names in the order of the published list."""
    key: str
    method: str
    order: tuple[int, ...]
    """Positions in that list, counted from 0, first drawn first."""

    @property
    def drawn(self) -> tuple[str, ...]:
        """Names, first drawn first."""
        return tuple(self.entrants[position] for position in self.order)

    def to_json(self) -> dict[str, Any]:
        """Return what is to be published after the draw; numbers in the list count from 1."""
        return {
            "method": self.method,
            "key": self.key,
            "first_digest": digest(self.key, 0, self.method).hex(),
            "entrants": list(self.entrants),
            "order": [position + 1 for position in self.order],
            "drawn": list(self.drawn),
        }


def draw(entrants: Iterable[str], key: str, method: str = "sha256") -> Ballot:
    """Put entrants into an order by the key.

    Args:
        entrants: Names in the order of the published list.
        key: What the sources gave, as `ballot_key` writes it.
        method: `sha256`, or `rfc3797`.

    Raises:
        UnknownName: There is no such method.
        InputError: A name stands twice or is empty, the list is too long or empty, or the key is no
            key; all faults are listed.
    """
    names = tuple(entrants)
    known = _method(method)
    faults = [
        Fault("entrants", 0, name, "stands in the list more than once", "keep it once")
        for name, times in Counter(names).items()
        if times > 1
    ]
    if not names:
        faults.append(Fault("entrants", 0, "", "the list is empty", "name at least one"))
    faults.extend(_faults(len(names), key, known))
    if faults:
        raise InputError(faults)
    return Ballot(names, key, known, order(len(names), key, known))


def order(n: int, key: str, method: str = "sha256") -> tuple[int, ...]:
    """Return the positions 0 to n - 1 of a published list in the order in which they are drawn.

    Cost O(n) digests.

    Raises:
        UnknownName: There is no such method.
        InputError: The key is no key, or there are too many entrants for the method.
    """
    known = _method(method)
    faults = _faults(n, key, known)
    if faults:
        raise InputError(faults)
    left = list(range(n))
    hashed = _digests(key, known)
    return tuple(left.pop(int.from_bytes(hashed(number)) % len(left)) for number in range(n))


def digest(key: str, number: int, method: str = "sha256") -> bytes:
    """Return one digest of a key, counted from 0.

    Raises:
        UnknownName: There is no such method.
    """
    return _digests(key, _method(method))(number)


BLOCK = 2**256
"""What a block of a stream is below."""


class Stream:
    """Whole numbers that are uniform and follow from a key, for draws of other kinds.

    Block i is SHA-256("stream" ‖ i as 8 bytes ‖ key ‖ i as 8 bytes), read as one big-endian number.
    A draw below m takes the next block; if that is not below the largest multiple of m up to 2^256
    it is passed over, else its remainder by m is the draw. So all m numbers are equally likely.
    """

    def __init__(self, key: str) -> None:
        faults = key_faults(key, "sha256")
        if faults:
            raise InputError(faults)
        self._key = key.encode()
        self._block = 0

    def below(self, bound: int) -> int:
        """Return the next draw, from 0 to `bound` - 1.

        Args:
            bound: How many numbers are possible, from 1 to 2^256.

        Raises:
            ValueError: The bound is another number.
        """
        if not 1 <= bound <= BLOCK:
            raise ValueError(f"a bound of {bound}: it must be from 1 to 2^256")
        limit = BLOCK - BLOCK % bound
        while (block := self._next()) >= limit:
            pass
        return block % bound

    def _next(self) -> int:
        counter = self._block.to_bytes(8)
        self._block += 1
        return int.from_bytes(hashlib.sha256(b"stream" + counter + self._key + counter).digest())


def _digests(key: str, method: str) -> Callable[[int], bytes]:
    text = key.encode()

    def md5(number: int) -> bytes:
        around = number.to_bytes(2)
        # RFC 3797 fixes MD5; nobody can gain by a collision, since the numbers come last.
        return hashlib.md5(around + text + around, usedforsecurity=False).digest()

    def sha256(number: int) -> bytes:
        around = number.to_bytes(8)
        return hashlib.sha256(around + text + around).digest()

    return md5 if method == "rfc3797" else sha256


def _method(name: str) -> str:
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    plain = ALIASES.get(plain, plain)
    if plain not in METHODS:
        raise UnknownName("ballot method", name, METHODS, spelled=ALIASES)
    return plain


def _faults(entrants: int, key: str, method: str) -> list[Fault]:
    faults = key_faults(key, method)
    most = ENTRANTS_MAX.get(method)
    if entrants < 0:
        faults.append(Fault("entrants", 0, "", f"{entrants} is negative"))
    if most is not None and entrants > most:
        message = f"{entrants:,} entrants are more than the {most:,} of RFC 3797"
        faults.append(Fault("entrants", 0, "", message, "use the method sha256"))
    return faults
