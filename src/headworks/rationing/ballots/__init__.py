"""Ballots that anybody can run again, and their keys."""
