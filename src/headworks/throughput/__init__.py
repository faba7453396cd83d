"""What a chip computes: models, the protocol other rooms see it through, and its fallback."""

from __future__ import annotations

from headworks.throughput.cards import model, models
from headworks.throughput.fallback import PeakAndBandwidth
from headworks.throughput.hugging_face import from_config
from headworks.throughput.model_card import ModelCard
from headworks.throughput.protocol import WORKS, Estimate, Throughput, Work
from headworks.throughput.realised import Realised

__all__ = [
    "WORKS",
    "Estimate",
    "ModelCard",
    "PeakAndBandwidth",
    "Realised",
    "Throughput",
    "Work",
    "from_config",
    "model",
    "models",
]
