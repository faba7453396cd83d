"""Training: tokens per second and utilisation of chips that train a model together."""

from __future__ import annotations

from headworks.throughput.training.recipe import Recipe
from headworks.throughput.training.train import Trained, check_training, train

__all__ = ["Recipe", "Trained", "check_training", "train"]
