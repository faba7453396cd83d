"""Claims rules over exact numbers, one module for each family."""
