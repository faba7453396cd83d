"""How arrivals answer orders: the flow run on the same luck, as curves, outlooks and a tree."""
