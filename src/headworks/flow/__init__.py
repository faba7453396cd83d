"""What will pass: random streams, the period, the forecast, and which gate binds."""
