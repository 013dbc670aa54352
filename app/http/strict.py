"""Strict bodies and queries: C4, C7 and C8 before pydantic sees a value.

The standard decoder is used for what it has hooks for (duplicate keys, odd numbers); the model then reads the
same bytes in JSON mode, which alone keeps `strict=True` and ISO dates together.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from types import UnionType
from typing import Annotated, Final, NoReturn, TypeVar, Union, get_args, get_origin
from urllib.parse import unquote_to_bytes

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from app.http.strict_numbers import Odd, OddNumber, marked, number
from app.kit.errors import DuplicateKey, Fault, MalformedJson, RuleBroken, TooComplex
from app.kit.faults import MAX_FAULTS, faults, pointer, readable
from app.kit.fields import MAX_INT

M = TypeVar("M", bound=BaseModel)

MAX_DEPTH: Final = 32
MAX_VALUES: Final = 10_000

_BOM: Final = b"\xef\xbb\xbf"
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*+"', re.DOTALL)
_EMPTY: Final = re.compile(rb"\[[ \t\r\n]*\]|\{[ \t\r\n]*\}")
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE_ESCAPE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MAX_DIGITS: Final = len(str(MAX_INT))


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DuplicateKey
    return found


def _constant(_: str) -> NoReturn:
    raise MalformedJson("NaN and Infinity are not JSON.")


_QUICK: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=number, parse_float=number, parse_constant=_constant
)
_SEARCHING: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=marked, parse_float=marked, parse_constant=_constant
)


def parse_body(model: type[M], raw: bytes) -> M:
    """Read a request body into `model`, or raise the 400 or 422 that API.md names for what is wrong with it."""
    text = _decoded(raw)
    _check_size(raw)
    tree, findings = _read(text, raw)
    if findings:
        raise RuleBroken(faults=findings)
    if not isinstance(tree, dict):
        raise RuleBroken(faults=[Fault("body", "", "wrong-type", "The body must be a JSON object.")])
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        # Our decoder and pydantic's agree on the grammar; should they ever not, the stricter one is right.
        if error.error_count() == 1 and error.errors(include_url=False)[0]["type"] == "json_invalid":
            raise MalformedJson from None
        raise RuleBroken(faults=faults(error, where="body")) from None


def _decoded(raw: bytes) -> str:
    if raw.startswith(_BOM):
        raise MalformedJson("The body must be UTF-8 without a byte order mark.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedJson("The body must be UTF-8.") from None


def _read(text: str, raw: bytes) -> tuple[object, list[Fault]]:
    """Decode the body; also list what is well-formed but can be stored nowhere, if there is any."""
    try:
        # The whole grammar is checked first: a broken body is a 400, whatever else it holds.
        tree, odd = _QUICK.decode(text), False
    except OddNumber:
        tree, odd = _decode_searching(text), True
    except ValueError:
        raise MalformedJson from None
    odd = odd or _SURROGATE_ESCAPE.search(raw) is not None
    return tree, list(islice(_odd_values(tree, ()), MAX_FAULTS)) if odd else []


def _decode_searching(text: str) -> object:
    try:
        return _SEARCHING.decode(text)
    except ValueError:
        raise MalformedJson from None


def _odd_values(value: object, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if isinstance(value, Odd):
        yield Fault("body", pointer(path), value.code, value.message)
    elif isinstance(value, str):
        if _SURROGATE.search(value):
            yield Fault("body", pointer(path), "bad-character", "Holds half of a surrogate pair.")
    elif isinstance(value, dict):
        yield from _odd_entries(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _odd_values(item, (*path, index))


def _odd_entries(entries: dict[str, object], path: tuple[str | int, ...]) -> Iterator[Fault]:
    for key, item in entries.items():
        if _SURROGATE.search(key):
            yield Fault("body", pointer((*path, key)), "unknown-field", "This field is not known here.")
        yield from _odd_values(item, (*path, key))


def _check_size(raw: bytes) -> None:
    """Refuse deep or crowded bodies before any parser recurses into them; ordinary ones pass on four counts."""
    opened = raw.count(b"{") + raw.count(b"[")
    if opened <= MAX_DEPTH and opened + raw.count(b",") < MAX_VALUES:
        return
    bare = _STRING.sub(b"0", raw)
    opened = bare.count(b"{") + bare.count(b"[")
    # Every value but the first in a container follows a comma, the first its bracket, unless nothing is inside.
    if 1 + opened + bare.count(b",") - len(_EMPTY.findall(bare)) > MAX_VALUES or _too_deep(bare):
        raise TooComplex


def _too_deep(bare: bytes) -> bool:
    depth = 0
    for bracket in bare.translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if not 0 <= depth <= MAX_DEPTH:
            return depth > 0  # below zero the body is broken, which the decoder says better
    return False


def media_type_ok(content_type: str | None, *, patch: bool) -> bool:
    """Say whether a Content-Type is JSON in UTF-8 (C8); a patch may also call itself a merge patch."""
    kind, *parameters = (part.strip(" \t").lower() for part in (content_type or "").split(";"))
    if kind != "application/json" and not (patch and kind == "application/merge-patch+json"):
        return False
    given = [parameter for parameter in parameters if parameter]
    return not given or given in (["charset=utf-8"], ['charset="utf-8"'])


_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def query_pairs(raw: bytes) -> list[tuple[str, str]]:
    """Split and decode the query string of an ASGI scope; `+` is a space, broken percent or UTF-8 encoding a 422."""
    parts = [part.partition(b"=") for part in raw.split(b"&") if part]
    return [(_unescaped(name, name), _unescaped(value, name)) for name, _, value in parts]


def _unescaped(part: bytes, name: bytes) -> str:
    if not _PERCENT.search(part):
        try:
            return unquote_to_bytes(part.replace(b"+", b" ")).decode("utf-8")
        except UnicodeDecodeError:
            pass
    shown = readable(name.decode("utf-8", "replace"))
    raise RuleBroken(faults=[Fault("query", shown, "bad-format", "Must be percent-encoded UTF-8.")])


_WHOLE: Final = re.compile(r"-?[0-9]+")


@cache
def _kinds(model: type[BaseModel]) -> dict[str, tuple[bool, type | None]]:
    """Tell for every parameter whether it repeats, and whether it is a number or a flag (else None: some text)."""
    return {field.alias or name: _kind(field.annotation) for name, field in model.model_fields.items()}


def _kind(annotation: object) -> tuple[bool, type | None]:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0])
    if origin in (list, tuple):
        return True, _kind(inner[0])[1]
    if origin in (Union, UnionType):
        return next((kind for kind in map(_kind, inner) if kind != (False, None)), (False, None))
    return False, annotation if annotation in (bool, int) else None


def parse_query(model: type[M], pairs: Sequence[tuple[str, str]]) -> M:
    """Read query parameters into `model`: lists collect, scalars come once, numbers and flags have one spelling."""
    kinds = _kinds(model)
    values: dict[str, object] = {}
    findings: dict[str, Fault] = {}
    for name, value in pairs:
        if name not in kinds:
            findings[name] = Fault("query", readable(name), "unknown-parameter", "This parameter is not known here.")
            continue
        repeats, kind = kinds[name]
        if repeats:
            values.setdefault(name, []).append(_typed(value, kind))  # type: ignore[attr-defined]  # a repeating name holds a list
        elif name in values:
            findings[name] = Fault("query", name, "repeated-parameter", "Give this parameter once.")
        else:
            values[name] = _typed(value, kind)
    if findings:
        raise RuleBroken(faults=list(findings.values())[:MAX_FAULTS])
    try:
        # JSON again, so that a query is judged by the very rules of a body.
        return model.model_validate_json(to_json(values))
    except ValidationError as error:
        raise RuleBroken(faults=faults(error, where="query")) from None


def _typed(value: str, kind: type | None) -> object:
    if kind is bool:
        return {"true": True, "false": False}.get(value, value)
    if kind is int and _WHOLE.fullmatch(value):
        # Longer ones are out of every range; Python would refuse to read thousands of digits.
        return int(value) if len(value) <= _MAX_DIGITS else MAX_INT + 1
    return value
