"""Several resources shared together by dominant-resource fairness."""
