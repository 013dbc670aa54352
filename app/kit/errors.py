"""What can go wrong, in the product's words; `app/http/problems.py` alone turns these into HTTP statuses.

A room subclasses one of the kinds below beside the function that raises it. `code` is contract (API.md section 6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding about one part of a request.

    `where` is body, query, path or header; `pointer` an RFC 6901 pointer for a body, else the bare name; `code` one of
    API.md's codes for `errors[]`; `message` plain words that never repeat the value.
    """

    where: str
    pointer: str
    code: str
    message: str


class AppError(Exception):
    """A refusal with a documented code. `detail` says what to do; `extras` are documented members of the answer."""

    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self,
        detail: str | None = None,
        *,
        faults: Sequence[Fault] = (),
        extras: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.faults = tuple(faults)
        self.extras = dict(extras or {})
        self.headers = dict(headers or {})


class Malformed(AppError):
    """400: the message itself is broken."""

    code = "malformed-request"
    title = "The request is malformed"


class MalformedJson(Malformed):
    code = "malformed-json"
    title = "The body is not well-formed JSON"


class DuplicateKey(Malformed):
    code = "duplicate-key"
    title = "An object in the body repeats a key"


class TooComplex(Malformed):
    code = "too-complex"
    title = "The body is nested too deeply or holds too many values"


class InvalidCursor(Malformed):
    code = "invalid-cursor"
    title = "The cursor was not issued for this list"


class MalformedHeader(Malformed):
    code = "malformed-header"
    title = "A header is malformed"


class NotAuthenticated(AppError):
    """401: nobody we know."""

    code = "unauthenticated"
    title = "A credential is needed"


class InvalidToken(NotAuthenticated):
    code = "invalid-token"
    title = "The credential is not valid"


class ExpiredToken(NotAuthenticated):
    code = "expired-token"
    title = "The credential has expired"


class NotAllowed(AppError):
    """403: known, but not for this."""

    code = "forbidden-role"
    title = "Your role does not allow this"


class InsufficientScope(NotAllowed):
    code = "insufficient-scope"
    title = "The credential lacks the scope of this operation"


class NotFound(AppError):
    """404: not there, or not to be seen by this caller; the two are never told apart."""

    code = "not-found"
    title = "Nothing is here"


class WrongMethod(AppError):
    """405."""

    code = "method-not-allowed"
    title = "The resource does not support this method"


class NotAcceptable(AppError):
    """406."""

    code = "not-acceptable"
    title = "The Accept header excludes the answer"


class Conflict(AppError):
    """409: fine in itself, but not in the present state."""

    code = "wrong-state"
    title = "The present state does not allow this"


class IdTaken(Conflict):
    code = "id-taken"
    title = "The id is already used in this practice"


class Duplicate(Conflict):
    code = "duplicate"
    title = "The same record exists already"


class InUse(Conflict):
    code = "in-use"
    title = "Other records still refer to this one"


class RequestInProgress(Conflict):
    code = "request-in-progress"
    title = "A request with this Idempotency-Key is still running"


class Derived(Conflict):
    code = "derived"
    title = "The record follows from others and cannot be edited"


class SyncReset(AppError):
    """410."""

    code = "sync-reset"
    title = "The token leads to nowhere any more"


class StaleVersion(AppError):
    """412: somebody changed it in between."""

    code = "version-mismatch"
    title = "The record is not at the version that If-Match names"


class VersionRequired(AppError):
    """428."""

    code = "if-match-required"
    title = "The change must name a version in If-Match"


class BodyTooLarge(AppError):
    """413."""

    code = "body-too-large"
    title = "The body is too large"


class UriTooLong(AppError):
    """414."""

    code = "uri-too-long"
    title = "The address is too long"


class UnsupportedMediaType(AppError):
    """415."""

    code = "unsupported-media-type"
    title = "The body is not of a supported media type"


class HeadersTooLarge(AppError):
    """431."""

    code = "headers-too-large"
    title = "The header section is too large"


class RuleBroken(AppError):
    """422: well-formed, but not valid."""

    code = "validation-failed"
    title = "Some input is not valid"


class UnknownReference(RuleBroken):
    code = "unknown-reference"
    title = "The body refers to a record that is not there"


class KeyReused(RuleBroken):
    code = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request"


class Throttled(AppError):
    """429."""

    code = "rate-limited"
    title = "Too many requests"


class Internal(AppError):
    """500: a defect of ours; the answer says nothing but the request id."""

    code = "internal"
    title = "Something went wrong on our side"


class Unavailable(AppError):
    """503: nothing was changed; try again."""

    code = "unavailable"
    title = "The service cannot answer just now"


class Overloaded(Unavailable):
    code = "overloaded"
    title = "Too many requests are waiting"
