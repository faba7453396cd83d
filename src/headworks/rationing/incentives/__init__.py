"""Incentives: what orders a rule invites, and what orders say about needs."""

from __future__ import annotations
