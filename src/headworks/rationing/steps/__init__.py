"""The pipeline around a rule: parties, need, bounds, reserves, tranches, lots, whole units."""
