"""The store: tables in SQLite or PostgreSQL, through one code path, that guard themselves."""

from __future__ import annotations
