"""`python -m headworks`: the same as the command `headworks`."""

from __future__ import annotations

from headworks.cli.app import main

if __name__ == "__main__":
    main()
