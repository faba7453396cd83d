"""Records: all that anybody needs to run a rationing again, sealed by a hash, and their check."""

from __future__ import annotations

from headworks.rationing.record.reading import read_record
from headworks.rationing.record.verification import verify
from headworks.rationing.record.writing import record

__all__ = ["read_record", "record", "verify"]
