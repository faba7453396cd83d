"""Several pools of one unit, each shared by itself, one after the other."""
