"""Auctions of identical units: bids in; awards, payments and the margin, on record, out."""
