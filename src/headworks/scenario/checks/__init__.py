"""Checks across the records of a scenario: what each record alone cannot see."""
