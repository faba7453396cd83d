"""Whole units: exact awards rounded to units that sum to the pool and exceed no claim."""

from __future__ import annotations

from headworks.rationing.whole.method import METHODS, Method, method, whole_units
from headworks.rationing.whole.outcome import LastUnit, Tie, WholeUnits

__all__ = ["METHODS", "LastUnit", "Method", "Tie", "WholeUnits", "method", "whole_units"]
