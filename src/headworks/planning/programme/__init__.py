"""The programme of a plan: its columns and rows, made of a problem's labelled arrays."""
