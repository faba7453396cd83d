"""Who gets how much when there is not enough."""

from __future__ import annotations

from headworks.rationing.shares import share

__all__ = ["share"]
