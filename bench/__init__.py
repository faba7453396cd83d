"""Benchmarks: ratios to named baselines, measured side by side in one run."""
