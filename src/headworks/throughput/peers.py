"""Peers: what other open models said of the cases, run once and stored with version and command.

A command is the Python function that was called, with its arguments as JSON. aiconfigurator was
asked with its defaults, on the checkpoint that has the precision of the case; where its tables have
no data, `aiconfigurator-hybrid` holds what its mode HYBRID says instead. genz-llm was asked for one
step at its default efficiency of 1: a prompt alone, or a token of all requests half-way through.
"""

from __future__ import annotations

import csv
from functools import cache

from headworks.throughput.accuracy import Answer, NoPrediction, Prediction
from headworks.throughput.cases import calibration_folder


@cache
def packaged_peers() -> dict[str, dict[str, Answer]]:
    """Return the stored answers of each peer by case id; none of them gives an interval."""
    found: dict[str, dict[str, Answer]] = {}
    path = calibration_folder() / "peers.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            value = row["value"]
            answer = Prediction(None, float(value), None) if value else NoPrediction(row["reason"])
            found.setdefault(row["peer"], {})[row["case_id"]] = answer
    return found
