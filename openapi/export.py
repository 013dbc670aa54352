"""Write openapi/openapi.json from the application, or with --check fail when the committed one differs."""

import argparse
import sys
from pathlib import Path

from pydantic import SecretStr

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.main import create_app
from app.settings import Settings

TARGET = Path(__file__).with_name("openapi.json")


def document() -> bytes:
    """Return the document as served; building it connects to nothing."""
    settings = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))
    served: bytes = create_app(settings).state.openapi
    return served


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    current = document()
    if not parser.parse_args().check:
        TARGET.write_bytes(current)
        print(f"wrote {TARGET.name}: {len(current):,} bytes")
        return 0
    if TARGET.is_file() and TARGET.read_bytes() == current:
        print(f"{TARGET.name} is what the application serves")
        return 0
    print(f"{TARGET.name} is not what the application serves: run ./dev openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
