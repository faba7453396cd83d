"""Migrations of the tables, run by Alembic: each goes up, and down again with the data kept."""

from __future__ import annotations
