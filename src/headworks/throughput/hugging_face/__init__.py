"""Model cards from the `config.json` that Hugging Face repositories keep beside the weights."""

from __future__ import annotations

from headworks.throughput.hugging_face.card import from_config

__all__ = ["from_config"]
