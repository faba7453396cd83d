"""Conditions: terms of a licence that are computed when units are to pass."""

from __future__ import annotations
