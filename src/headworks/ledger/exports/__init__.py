"""Exports: a ledger as files that other tools read, written whole or not at all."""

from __future__ import annotations
