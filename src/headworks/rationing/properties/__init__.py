"""Properties of rules, each checked on one instance and not quoted: kept, or broken by numbers."""

from __future__ import annotations

from headworks.rationing.properties.catalogue import PROPERTIES, Property
from headworks.rationing.properties.finding import Finding, Findings, check

__all__ = ["PROPERTIES", "Finding", "Findings", "Property", "check"]
