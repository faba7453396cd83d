"""What to do: the programme of a plan, its scenarios and its prices."""
