"""The hostile corpus: the entries of API.md section 7, and as many siblings again of our own, in the same form."""

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
_HERE = Path(__file__).parent
#: The unit may hold colons and brackets of its own; the first count that is closed ends the placeholder.
_REPEAT = re.compile(r"\{\{REPEAT:(.*?):(\d+)\}\}", re.DOTALL)


@cache
def entries(where: str | None = None) -> list[Entry]:
    """Return the entries of one kind, or all."""
    found = [entry for name in ("bad-input", "siblings") for entry in json.loads((_HERE / f"{name}.json").read_text())]
    return [entry for entry in found if where in {None, entry["where"]}]


def is_control(entry: Entry) -> bool:
    """Say whether the entry is harmless: it must be served."""
    return any(status < 300 for status in entry["expect"])


@dataclass(frozen=True)
class Known:
    """What stands for the placeholders."""

    token: str
    host: str
    client_id: str


def filled(entry: Entry, known: Known) -> bytes:
    """Return the input of an entry with its placeholders filled in."""
    if "input_b64" in entry:
        raw = base64.b64decode(entry["input_b64"])
    else:
        raw = _repeated(entry["input"]).encode("latin-1" if entry["where"] in {"header", "raw"} else "utf-8")
    values = {
        b"{{TOKEN}}": known.token.encode(),
        b"{{HOST}}": known.host.encode(),
        b"{{CLIENT_ID}}": known.client_id.encode(),
        b"{{LENGTH}}": str(len(raw.partition(b"\r\n\r\n")[2])).encode(),
    }
    for name, value in values.items():
        raw = raw.replace(name, value)
    return raw


def _repeated(text: str) -> str:
    return _REPEAT.sub(lambda found: found[1] * int(found[2]), text)
