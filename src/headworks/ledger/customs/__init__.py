"""Customs: the usage files that customs sends, what they come to, and where they disagree."""

from __future__ import annotations
