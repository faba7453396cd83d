"""What has passed: accounts, transfers, licences, rounds, and the stores that keep them."""

from __future__ import annotations
