"""What is right: the statuses that an entry of the corpus may get in a given place, and the shape of the problem."""

from app.http.operation import Operation
from app.kit.lists import MAX_IMPORT_BYTES
from app.kit.schema import CODES
from tests.edge.corpus import Entry, is_control
from tests.edge.places import Place, Request, names_in
from tests.edge.served import STANDING, Answer

#: API.md section 6.
STATUS_OF = {
    **dict.fromkeys(
        ("malformed-request", "malformed-json", "duplicate-key", "too-complex", "invalid-cursor", "malformed-header"),
        400,
    ),
    **dict.fromkeys(("unauthenticated", "invalid-token", "expired-token", "login-failed"), 401),
    **dict.fromkeys(("insufficient-scope", "forbidden-role"), 403),
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "sync-reset": 410,
    "version-mismatch": 412,
    **dict.fromkeys(("id-taken", "duplicate", "in-use", "voided", "derived", "last-owner", "follow-up-used"), 409),
    **dict.fromkeys(("request-in-progress", "wrong-state", "changed-since"), 409),
    "if-match-required": 428,
    "body-too-large": 413,
    "uri-too-long": 414,
    "unsupported-media-type": 415,
    **dict.fromkeys(("validation-failed", "unknown-reference", "idempotency-key-reused", "date-order-needed"), 422),
    "headers-too-large": 431,
    "rate-limited": 429,
    "internal": 500,
    "unavailable": 503,
    "overloaded": 503,
}
_MEMBERS = {"type", "title", "status", "code", "detail", "instance", "errors"}
#: What a field's own schema cannot say: how fields stand to one another, and what is kept already.
RELATIONS = {"order", "exactly-one", "required", "unknown-reference"}


def misshapen(answer: Answer) -> str | None:
    """Say what is wrong with an answer as such: its standing headers, its problem document."""
    # A picture names its own style sheet beside the policy of all (tests/pictures).
    picture = answer.headers.get("content-type", "").startswith("image/svg+xml")
    standing = {name: value for name, value in STANDING.items() if not picture or name != "content-security-policy"}
    missing = [name for name, value in standing.items() if answer.headers.get(name) != value]
    if missing or "request-id" not in answer.headers or "server" in answer.headers:
        return f"headers: {missing or sorted(answer.headers)}"
    if answer.status < 400 or not answer.body:
        return None
    problem = answer.problem
    right = (
        answer.headers["content-type"] == "application/problem+json"
        and _MEMBERS <= set(problem) <= _MEMBERS | {"existing_id"}
        and problem["status"] == answer.status == STATUS_OF.get(problem["code"])
        and problem["type"].endswith(f"/problems/{problem['code']}")
        and problem["instance"] == f"urn:request:{answer.headers['request-id']}"
        and len(problem["errors"]) <= 20
        and all(_fault_is_right(fault) for fault in problem["errors"])
    )
    return None if right else f"the problem: {problem}"


def _fault_is_right(fault: dict[str, str]) -> bool:
    if fault["code"] not in CODES or not fault["message"]:
        return False
    if fault["in"] == "body":
        return fault["pointer"] == "" or fault["pointer"].startswith("/")
    return fault["in"] in {"query", "path", "header"} and fault["name"] == fault["pointer"]


def points_at(answer: Answer, place: Place) -> bool:
    """Say whether the problem names the place that was spoilt, or what holds it, or tells of how fields relate."""
    faults = answer.problem["errors"]
    named = [fault["pointer"] for fault in faults if fault["in"] == place.where]
    found = any(name and (place.pointer == name or place.pointer.startswith(f"{name}/")) for name in named)
    return found or bool({fault["code"] for fault in faults} & RELATIONS)


def of_value(entry: Entry, place: Place, request: Request, size: int) -> set[int]:
    """Return the statuses for a value of the corpus in one field of a body."""
    served = {request.op.status}
    if request.op.id == "finishNextAction":
        served |= {409}  # done by the entry before
    if request.op.is_attempt:
        served |= {401}
    if 400 in entry["expect"] or 413 in entry["expect"]:
        large = request.op.id == "createImport" and size < MAX_IMPORT_BYTES
        return set(entry["expect"]) | (served | {422} if large else set())
    if place.kind == "other":
        # Some other type of text or enumeration: what it accepts is its own matter, but it never breaks.
        return served | {422, 404, 409} if is_control(entry) or place.schema.get("type") == "string" else {422}
    if not is_control(entry):
        return _softened(entry, place, served)
    return served | ({422} if _may_not_fit(entry, place) else set()) | ({409} if place.pointer == "/name" else set())


def _softened(entry: Entry, place: Place, served: set[int]) -> set[int]:
    """Several lines may hold more than one; every other entry is as bad in one field as in the next."""
    harmless = ("line break", "bidi", "isolate", "tab in a one-line")
    if place.kind == "text" and any(word in entry["note"] for word in harmless):
        return served
    if place.kind == "integer" and place.schema.get("minimum", 0) < 0:
        return served | {422}
    return {422}


def _may_not_fit(entry: Entry, place: Place) -> bool:
    """A control that is fine in itself may lie outside this field's range, or break a rule between fields."""
    if place.kind in {"integer", "datetime"}:
        return True
    return "200 emoji" in entry["note"] and int(place.schema.get("maxLength", 0)) < 200


def of_body(entry: Entry, request: Request, size: int) -> set[int]:
    """Return the statuses for a whole body of the corpus; what suits one operation is nonsense for the others."""
    expect = set(entry["expect"])
    if 413 in expect and request.op.id == "createImport" and size < MAX_IMPORT_BYTES:
        return {400, 422}
    if size == 0 and getattr(request.op.body, "may_be_missing", False):
        return {request.op.status}
    if expect <= {400, 413}:
        return expect
    own = request.op.id == "createClient" and not entry["note"].startswith("POST /v1/o")
    return expect if own or not is_control(entry) else {422, request.op.status, 401, 404, 409}


def of_query(entry: Entry, op: Operation, raw: bytes) -> set[int]:
    """Return the statuses for a query string of the corpus."""
    known = set(op.query.model_fields) if op.query is not None else set()
    if 414 in entry["expect"]:
        return {414, 422}
    if not names_in(raw) <= known:
        return {422}
    if "status" in names_in(raw) and op.path == "/v1/development-activities":
        return {422}  # statuses of another kind
    return set(entry["expect"]) | ({op.status, 401, 404, 409} if is_control(entry) else set())


def of_parameter(entry: Entry, place: Place, source: bytes) -> set[int]:
    """Return the statuses for a value of the corpus in one parameter of a query."""
    # What is no text in JSON is one in an address; leading zeros are digits there.
    free = place.kind == "line" and not source.startswith(b'"')
    return {200, 422} if free or is_control(entry) or source.isdigit() else {422}
