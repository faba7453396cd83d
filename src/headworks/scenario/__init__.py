"""What is assumed: quantities with unit, kind and source; dated policy; chips; companies; gates."""
