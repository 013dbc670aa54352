"""Every answer of every test is held against the OpenAPI document that the application serves."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
from jsonschema import Draft202012Validator, FormatChecker

_STANDING = ("request-id", "cache-control", "x-content-type-options", "content-security-policy", "referrer-policy")
_NO_BODY = {204, 304}
#: What says something of its own answer, so that sending it must be documented.
_TELLING = {
    "cross-origin-resource-policy", "deprecation", "etag", "idempotent-replayed", "link", "location", "ratelimit",
    "ratelimit-policy", "retry-after", "sunset", "www-authenticate",
}  # fmt: skip
#: May be answered before anybody has looked whose request it is.
_BEFORE_LIMITS = {400, 401, 414, 431, 503}


class Contract:
    """The document, ready to judge answers."""

    def __init__(self, document: bytes) -> None:
        self.document: dict[str, Any] = json.loads(document)
        self._closed = {"components": _closed(self.document["components"])}
        for name in set(_parts(self.document["components"])):
            del self._closed["components"]["schemas"][name]["additionalProperties"]
        self._paths = [
            (re.compile("^" + re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)) + "$"), path)
            for path in sorted(self.document["paths"], key=lambda p: ("{" in p, p))
        ]
        self._validators: dict[tuple[str, str, str], Draft202012Validator] = {}
        self.seen: set[tuple[str, str, int]] = set()

    def check(self, response: httpx.Response) -> None:
        """Assert that the answer is one that the document promises."""
        for name in _STANDING:
            assert name in response.headers, f"{name} is missing"
        assert "server" not in response.headers
        assert response.status_code != 500, response.text
        method, path = response.request.method.lower(), response.request.url.path
        template = next((template for pattern, template in self._paths if pattern.match(path)), None)
        operation = self.document["paths"].get(template, {}).get("get" if method == "head" else method)
        if operation is None or template is None:
            assert response.status_code in {204, 400, 404, 405, 414, 431}, f"{method} {path} is undocumented"
            return
        if needs_credential(operation) and response.status_code not in _BEFORE_LIMITS:
            assert {"ratelimit", "ratelimit-policy"} <= set(response.headers), f"{method} {path} tells no limits"
        self.seen.add((method, template, response.status_code))
        self._check_body(response, operation, f"{method} {template}")

    def resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        """Return what a reference into the components stands for, or the part itself."""
        found: dict[str, Any] = self.document
        for name in part["$ref"].removeprefix("#/").split("/") if "$ref" in part else []:
            found = found[name]
        return found if "$ref" in part else part

    def _check_body(self, response: httpx.Response, operation: dict[str, Any], name: str) -> None:
        status = str(response.status_code)
        assert status in operation["responses"], f"{name} does not document {status}"
        promised = self.resolved(operation["responses"][status])
        assert not status_is_foreign(operation, status), f"{name} answers {status}, which it says only gateways do"
        self._check_headers(response, promised, f"{name} {status}")
        if response.status_code in _NO_BODY or response.request.method == "HEAD":
            assert not response.content
            return
        kind = response.headers["content-type"].split(";")[0]
        assert kind in promised["content"], f"{name} {status} answers {kind}"
        if kind.endswith("json"):
            self._validator(name, status, kind, promised["content"][kind]["schema"]).validate(response.json())

    def _check_headers(self, response: httpx.Response, promised: dict[str, Any], name: str) -> None:
        known = {header.lower() for header in promised.get("headers", {})}
        assert not (_TELLING & response.headers.keys()) - known, f"{name} has headers that are not documented"
        for header, part in promised.get("headers", {}).items():
            described = self.resolved(part)
            value = response.headers.get(header)
            assert value is not None or not described["required"], f"{name} lacks {header}"
            if value is not None:
                typed = int(value) if described["schema"]["type"] == "integer" else value
                Draft202012Validator(described["schema"], format_checker=FormatChecker()).validate(typed)

    def _validator(self, name: str, status: str, kind: str, schema: dict[str, Any]) -> Draft202012Validator:
        key = (name, status, kind)
        if key not in self._validators:
            whole = {**schema, **self._closed}
            self._validators[key] = Draft202012Validator(whole, format_checker=FormatChecker())
        return self._validators[key]


def needs_credential(operation: dict[str, Any]) -> bool:
    """Tell whether an operation is for known callers only."""
    return {} not in operation["security"]


def status_is_foreign(operation: dict[str, Any], status: str) -> bool:
    """Tell whether a status is documented as one that the service itself never answers."""
    return str(operation["responses"][status].get("$ref", "")).endswith(".gateway")


def _closed(part: Any) -> Any:
    """Return a schema that allows no field it does not name: readers must take new ones, but we must document them."""
    if isinstance(part, list):
        return [_closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    closed = {name: _closed(value) for name, value in part.items()}
    if not isinstance(part.get("properties"), dict):
        return closed
    return {"unevaluatedProperties": False, **closed} if "allOf" in part else {"additionalProperties": False, **closed}


def _parts(part: Any) -> Iterator[str]:
    """Give the names of the schemas that others are put together from: whoever does so closes the whole."""
    if isinstance(part, dict):
        yield from (one["$ref"].rsplit("/", 1)[-1] for one in part.get("allOf", ()))
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _parts(inner)
