"""`./dev bench`: measure the hot paths. The work is done by the package around this file."""

import importlib
import sys
from pathlib import Path


def main() -> int:
    """Run the command with the root of the tree, not this folder, as the place of imports."""
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    return int(importlib.import_module("bench.command").main(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
