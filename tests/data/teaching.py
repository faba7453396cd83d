"""The teaching scenarios: made-up numbers, which alone may be assumed without a range."""

from __future__ import annotations

TEACHING = frozenset({"closed", "one-gate", "open-gates"})
