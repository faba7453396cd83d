"""What buyers have, pay and want: the part of a plan's problem that no path changes."""
