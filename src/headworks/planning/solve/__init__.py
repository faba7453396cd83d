"""Solvers of a programme: in one piece or by outlooks, with prices, a proven gap and clashes."""
