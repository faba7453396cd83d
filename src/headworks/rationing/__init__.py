"""Who gets how much when there is not enough."""

from __future__ import annotations

from headworks.rationing.shares import RULES, Rule, share

__all__ = ["RULES", "Rule", "share"]
