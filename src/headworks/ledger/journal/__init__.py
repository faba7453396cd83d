"""The journal: accounts, transfers that never change, and the chain of events that made them."""

from __future__ import annotations
