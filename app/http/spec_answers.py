"""What an operation answers, as the OpenAPI document describes it: its success, and every way of being refused."""

from collections.abc import Sequence
from typing import Any, Final

from app.access.rights import Right
from app.http import problem_schema, spec_headers, spec_links
from app.http.operation import Operation
from app.http.problems import status_of
from app.http.spec_inputs import REF, example, takes_tags
from app.kit import errors
from app.kit.errors import AppError

Json = dict[str, Any]
Refusals = dict[int, list[type[AppError]]]

#: What any operation may answer, by what it reads.
_ALWAYS: tuple[type[AppError], ...] = (
    errors.Malformed, errors.MalformedHeader, errors.UriTooLong, errors.HeadersTooLarge, errors.Internal,
    errors.Unavailable, errors.Overloaded, errors.NotAcceptable, errors.RuleBroken,
)  # fmt: skip
_SIGNED_IN: tuple[type[AppError], ...] = (
    errors.NotAuthenticated, errors.InvalidToken, errors.ExpiredToken, errors.NotAllowed, errors.InsufficientScope,
    errors.Throttled,
)  # fmt: skip
_WITH_BODY: tuple[type[AppError], ...] = (
    errors.MalformedJson, errors.DuplicateKey, errors.TooComplex, errors.UnsupportedMediaType, errors.BodyTooLarge,
)  # fmt: skip
_KEYED: tuple[type[AppError], ...] = (errors.RequestInProgress, errors.Conflict, errors.KeyReused)

_CREATED: Final = 201
_DONE: Final = {
    200: "The answer to the request, as it stands at this moment.",
    201: "The new record as it is stored.",
    204: "Done; there is nothing to say.",
}


def refusals(found: Operation, handler: Any) -> Refusals:
    """Return the errors that an operation may answer with, by status."""
    kinds = [*_ALWAYS, *(() if found.right is Right.PUBLIC else _SIGNED_IN), *found.raises]
    kinds += [errors.Throttled] if found.is_attempt else []
    # A POST or a DELETE that takes no body reads what comes instead, to refuse it.
    kinds += _WITH_BODY if found.body is not None or found.method in {"POST", "DELETE"} else ()
    kinds += [errors.NotFound] if "{" in found.path else []
    kinds += [errors.VersionRequired] if found.method in {"PATCH", "PUT"} else []
    kinds += [errors.StaleVersion] if takes_tags(found, handler) else []
    kinds += _KEYED if found.method == "POST" else ()
    kinds += [errors.InvalidCursor] if found.query is not None and "cursor" in found.query.model_fields else []
    by_status: Refusals = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(status_of(kind), []).append(kind)
    return dict(sorted(by_status.items()))


def responses(found: Operation, refused: Refusals, operations: Sequence[Operation]) -> Json:
    """Return the responses of an operation, by status."""
    answers = {str(found.status): _success(found, operations)}
    if found.method == "GET" and found.versioned:
        headers = spec_headers.on("ETag", counted=True)
        answers["304"] = {"description": "The version already held is still the current one.", "headers": headers}
    answers |= {str(status): problem_schema.reference(kinds) for status, kinds in refused.items()}
    missing = {
        str(status): problem_schema.foreign(status) for status in problem_schema.FOREIGN if status not in refused
    }
    return dict(sorted((answers | missing).items()))


def _success(found: Operation, operations: Sequence[Operation]) -> Json:
    names = {
        "ETag": found.versioned,
        "Location": found.status == _CREATED,
        "Link": found.answer is not None and "next_cursor" in found.answer.model_fields,
        "Idempotent-Replayed": found.method == "POST",
        "Cross-Origin-Resource-Policy": found.linked,
    }
    headers = spec_headers.on(*(name for name, sent in names.items() if sent), counted=found.right is not Right.PUBLIC)
    answer: Json = {"description": _DONE[found.status], "headers": headers}
    if found.answer is not None:
        schema = {"$ref": REF.format(model=found.answer.__name__)}
        content = {"schema": schema, "example": example(found.answer)}
        answer["content"] = {found.media_type: content}
    links = spec_links.links(found, operations)
    return {**answer, "links": links} if links else answer
