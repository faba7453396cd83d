"""Claims rules over arrays of shape (line, path): one claims problem for each path, all at once.

A path's awards do not depend, to the bit, on which other paths are in the batch: sums over lines
are taken one line after the other, and nothing stops early because others are done.
"""
