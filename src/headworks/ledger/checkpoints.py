"""Checkpoints: the log's root signed off by an auditor, and proofs against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from headworks.errors import Fault, LedgerError, UnknownName
from headworks.ledger.journal import proofs
from headworks.ledger.store import tables

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View


def leaves(view: View, size: int) -> list[bytes]:
    """Return the leaf hashes of the first events: a leaf's data is the event's hash.

    Raises:
        LedgerError: There are not so many events.
    """
    statement = sa.select(tables.event.c.hash).where(tables.event.c.seq <= size)
    rows = view.connection.execute(statement.order_by(tables.event.c.seq)).scalars()
    found = [proofs.leaf_hash(bytes(one)) for one in rows]
    if len(found) != size or size < 1:
        message = f"there are {len(found)} events, and {size} are asked for"
        raise LedgerError([Fault("checkpoint", 0, str(size), message, "name a size up to that")])
    return found


def checkpoint(view: View, size: int) -> dict[str, Any]:
    """Return the checkpoint of the first events: their number and root."""
    return {"size": size, "root": proofs.root(leaves(view, size)).hex()}


def inclusion(view: View, event: str, size: int) -> dict[str, Any]:
    """Return the proof that an event stands in the log of a checkpoint.

    Args:
        view: The ledger.
        event: Id of the event.
        size: Number of events under the checkpoint.

    Raises:
        UnknownName: There is no such event.
        LedgerError: It came after the checkpoint.
    """
    found = view.event(event)
    if found is None:
        raise UnknownName("event", event, [])
    if found.seq > size:
        message = f"it is event {found.seq}, after a checkpoint of {size}"
        raise LedgerError([Fault("event", 0, event, message, "name a later checkpoint")])
    hashes = leaves(view, size)
    proof = proofs.inclusion_proof(found.seq - 1, hashes)
    return {
        "event": event, "seq": found.seq, "hash": found.hash.hex(), "size": size,
        "root": proofs.root(hashes).hex(), "proof": [one.hex() for one in proof],
    }  # fmt: skip


def consistency(view: View, old: int, size: int) -> dict[str, Any]:
    """Return the proof that the log of one checkpoint goes on unchanged in that of a later one."""
    hashes = leaves(view, size)
    if not 0 < old <= size:
        message = f"{old} is not among 1 to {size}"
        raise LedgerError([Fault("checkpoint", 0, str(old), message, "name an earlier one")])
    return {
        "from": {"size": old, "root": proofs.root(hashes[:old]).hex()},
        "to": {"size": size, "root": proofs.root(hashes).hex()},
        "proof": [one.hex() for one in proofs.consistency_proof(old, hashes)],
    }


def check(plain: dict[str, Any]) -> bool:
    """Whether a proof of either kind holds, from what it says alone.

    Raises:
        LedgerError: It is no proof.
    """
    try:
        steps = [bytes.fromhex(one) for one in plain["proof"]]
        if "event" in plain:
            leaf = proofs.leaf_hash(bytes.fromhex(plain["hash"]))
            root = bytes.fromhex(plain["root"])
            return proofs.includes(plain["seq"] - 1, plain["size"], leaf, steps, root)
        first, last = plain["from"], plain["to"]
        return proofs.is_consistent(
            first["size"], last["size"], bytes.fromhex(first["root"]), bytes.fromhex(last["root"]),
            steps,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        message = "it is no proof"
        remedy = "give what `headworks ledger checkpoint --json` printed"
        raise LedgerError([Fault("proof", 0, "", message, remedy)]) from None
