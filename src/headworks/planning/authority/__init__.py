"""The authority's plan: whom to award how much of a round, for compute under a domestic share."""
