"""Actions: what an actor can tell a ledger to do, one record for each."""

from __future__ import annotations
