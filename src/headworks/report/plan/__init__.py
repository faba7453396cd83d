"""The page of a plan: what to order, what arrives, what is served, and what limits are worth."""
