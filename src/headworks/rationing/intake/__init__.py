"""What is asked of a rationing, read whole, so that all its faults are told at once."""
