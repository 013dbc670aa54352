"""What the document cannot tell Schemathesis: data that is there, and which rules of the contract a schema cannot hold.

No finding is dropped here. `explained` is one check more: a request that is valid by its schema may only be refused for
what a schema cannot say.
"""

import json
import re
import uuid
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from hypothesis import strategies as st

WORLD: dict[str, Any] = json.loads(Path("world.json").read_text())
#: Codes of whole problems, and of single faults, that stand for rules beyond JSON Schema.
BEYOND = {"invalid-cursor", "version-mismatch", "idempotency-key-reused", "unknown-reference", "date-order-needed"}
#: Names that are looked up in a list, how fields stand to one another, and what text must show (API.md C3, C5, C6).
RULES = {
    "bad-time-zone", "bad-region", "bad-email", "bad-url", "not-visible", "order", "exactly-one", "unknown-reference",
}  # fmt: skip
#: Single fields with a rule of their own.
FIELDS = {
    "currency": {"not-in-list", "required"},        # ISO 4217; needed with a salary
    "arranged_at": {"unknown-field"},                # only with interviews and meetings
    "ends_at": {"unknown-field"},
    "stage": {"unknown-field", "not-in-list"},       # only with some kinds
    "content": {"bad-format", "required", "empty", "out-of-range", "bad-character"},  # a log that nobody can read
    "content_base64": {"bad-format", "empty"},
    "mapping": {"not-in-list"},
    "expires_at": {"out-of-range"},                  # at most a year ahead
    "client_id": {"not-in-list"},                    # never changes
    "until": {"out-of-range"},                       # a day to come
    "occurred_on": {"out-of-range"},                 # no day to come
    "finished_on": {"out-of-range", "unknown-field", "not-nullable"},  # the same, and only of what is done
}  # fmt: skip
SEEN = ("name", "title", "company_name", "summary", "location", "requisition_id", "notes", "description")
etags: dict[str, str] = {}
#: How often the other practice asks for what an operation has answered.
MOST_ASKED = 25
asked: Counter[str] = Counter()
#: How many fine requests an operation was given in each phase.
given: Counter[tuple[str, str]] = Counter()
session = requests.Session()
# C3: the years 1900 to 2200.
schemathesis.openapi.format("date", st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(str))
schemathesis.openapi.format(
    "date-time",
    st.dates(date(1900, 1, 2), date(2200, 12, 30)).map(lambda day: f"{day}T12:34:56.5Z"),
)


@schemathesis.hook
def before_call(context: Any, case: Any, **kwargs: Any) -> None:
    """Give valid requests the data that only this run knows: current versions, unused keys, zones that exist."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    name, phase = case.operation.definition.raw.get("operationId"), case.meta.phase.name.name
    given[name, phase] += 1
    if given[name, phase] <= WORLD["each"] and phase != "STATEFUL" and WORLD["given"].get(name):
        _fine(case, WORLD["given"][name].pop(0))
    _headers(case)
    if isinstance(case.body, dict):
        for at, _ in _places(case.body, "until"):
            at["until"] = WORLD["later"]
        _body(case)


def _fine(case: Any, fine: dict[str, Any]) -> None:
    """Make a request that is served: a record that is there, and a body that fits it."""
    if "{id}" in case.path:
        at = case.path.split("/").index("{id}")
        case.path_parameters["id"] = fine["path"].split("/")[at]
    case.query.clear()
    if fine["tag"] is None:
        # A version that nobody knows here would only be refused.
        case.headers.pop("If-Match", None)
    if fine["body"] is not None:
        case.body = fine["body"]
    if fine["tag"] is not None:
        etags.setdefault(fine["path"], fine["tag"])


def _headers(case: Any) -> None:
    headers = case.headers or {}
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = str(uuid.uuid4())
    if "If-Match" in headers:
        # Where none is known: Schemathesis writes only letters and digits into headers, which are no entity tag.
        quoted = re.fullmatch('"[!#-~]*"', str(headers["If-Match"])) is not None
        headers["If-Match"] = etags.get(case.formatted_path, headers["If-Match"] if quoted else '"1"')


def _body(case: Any) -> None:
    body = case.body
    for at, zone in _places(body, "time_zone"):
        at["time_zone"] = WORLD["zones"][len(str(zone)) % len(WORLD["zones"])]
    for at, region in _places(body, "region"):
        at["region"] = WORLD["regions"][len(region) % len(WORLD["regions"])]
    for at, _ in _places(body, "currency"):
        at["currency"] = "EUR"
    for name in SEEN:
        for at, text in _places(body, name):
            # C5: something must show. Unassigned characters and lone marks do not, and no pattern can tell them.
            at[name] = text if any(char.isalnum() for char in text) else f"a{text[1:]}"
    if len(str(body)) % 2:
        _unrelated(body)


def _unrelated(body: dict[str, Any]) -> None:
    """Take away what depends on other fields or on records."""
    for at, _ in _places(body, "kind"):
        for name in ("arranged_at", "ends_at", "stage", "contact_id"):
            at.pop(name, None)
    if body.get("company_id") and body.get("company_name"):
        body.pop("company_id")


def _places(part: Any, name: str) -> list[tuple[dict[str, Any], str]]:
    if isinstance(part, list):
        return [found for item in part for found in _places(item, name)]
    if not isinstance(part, dict):
        return []
    own = [(part, part[name])] if isinstance(part.get(name), str) else []
    return own + [found for value in part.values() for found in _places(value, name)]


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Remember the versions that answers tell of."""
    tag = response.headers.get("etag")
    if tag:
        own = response.headers.get("location") or [urlsplit(response.request.url).path]
        etags[own[0]] = tag[0]


@schemathesis.check
def explained(ctx: Any, response: Any, case: Any) -> None:
    """Demand a whole problem document of every refusal, and of a valid request a reason that a schema cannot say."""
    if response.status_code < 400:
        return
    problem = response.json() if response.content else None
    if response.request.method != "HEAD":
        assert problem is not None, "a refusal without a problem document"
        assert problem["status"] == response.status_code, "the problem tells another status"
    if case.meta is None or not case.meta.generation.mode.is_positive or problem is None:
        return
    if response.status_code in {400, 422} and problem["code"] not in BEYOND:
        assert problem["errors"], f"refused with {problem['code']} and no reason"
        for fault in problem["errors"]:
            parts = [part for part in fault["pointer"].split("/") if part and not part.isdigit()]
            allowed = RULES.union(*(FIELDS.get(part, set()) for part in {*parts[:1], *parts[-1:]}))
            assert fault["code"] in allowed, f"{fault['in']} {fault['pointer']}: {fault['code']} is not in the schema"


@schemathesis.check
def strangers_see_nothing(ctx: Any, response: Any, case: Any) -> None:
    """Ask as the other practice: what it may not see answers byte for byte as what is not there."""
    if case.meta is None or not 200 <= response.status_code < 300 or "id" not in (case.path_parameters or {}):
        return
    asked[case.operation.label] += 1
    own = response.request.headers.get("Authorization")
    other = next((header for header in WORLD["credentials"] if header != own), None)
    if own not in WORLD["credentials"] or other is None or response.request.method != "GET":
        return
    if asked[case.operation.label] > MOST_ASKED:
        return
    seen = [
        session.get(url, headers={"Authorization": other}, timeout=10)
        for url in (response.request.url, response.request.url.replace(case.path_parameters["id"], str(uuid.uuid4())))
    ]
    texts = [one.text.replace(one.headers["request-id"], "") for one in seen]
    assert [one.status_code for one in seen] == [404, 404], "another practice's record is visible"
    assert texts[0] == texts[1], "another practice's record can be told from a missing one"
