"""The OpenAPI document, written from the declarations of `operation.py`: what is served is what is published."""

import inspect
import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.access.rights import Right, Scope
from app.http import problem_schema, security
from app.http.operation import Operation, declared_on
from app.http.problems import status_of
from app.kit import errors
from app.kit.errors import AppError

Json = dict[str, Any]
_REF = "#/components/schemas/{model}"

#: What any operation may answer, by what it reads.
_ALWAYS: tuple[type[AppError], ...] = (
    errors.Malformed, errors.MalformedHeader, errors.UriTooLong, errors.HeadersTooLarge, errors.Internal,
    errors.Unavailable, errors.Overloaded, errors.NotAcceptable, errors.RuleBroken,
)  # fmt: skip
_SIGNED_IN: tuple[type[AppError], ...] = (
    errors.NotAuthenticated, errors.InvalidToken, errors.ExpiredToken, errors.NotAllowed, errors.InsufficientScope,
    errors.Throttled,
)  # fmt: skip
_LIMITS: Json = {
    "RateLimit-Policy": "The limit that holds for this request: its name, how many (`q`) in how many seconds (`w`).",
    "RateLimit": "What is left of it (`r`), and after how many seconds (`t`) all of it will be there again.",
}
_WITH_BODY: tuple[type[AppError], ...] = (
    errors.MalformedJson, errors.DuplicateKey, errors.TooComplex, errors.UnsupportedMediaType, errors.BodyTooLarge,
)  # fmt: skip


def build(routes: Iterable[Any], *, version: str) -> Json:
    """Return the OpenAPI 3.1 document of every declared route, in a stable order."""
    operations = [(found, route) for route in routes if (found := declared_on(route)) is not None]
    operations.sort(key=lambda pair: (pair[0].path, pair[0].method))
    paths: Json = {}
    for found, route in operations:
        paths.setdefault(found.path, {})[found.method.lower()] = _operation(found, route.endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Crickets",
            "version": version,
            "summary": "Who is being ghosted, whose move it is, and what to do today.",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "contact": {"name": "The developers of Crickets", "url": "https://crickets.example/support"},
        },
        "servers": [{"url": "/", "description": "The service that serves this document."}],
        "tags": [{"name": name, "description": text} for name, text in sorted(_TAGS.items())],
        "paths": paths,
        "components": {
            "schemas": _schemas(op for op, _ in operations),
            "headers": {name: _header(text) for name, text in _LIMITS.items()},
            "responses": problem_schema.responses(kinds for op, _ in operations for kinds in _refusals(op).values()),
            "examples": problem_schema.examples(
                {kind for op, _ in operations for kinds in _refusals(op).values() for kind in kinds}
            ),
            "securitySchemes": security.SCHEMES,
        },
    }


def text(routes: Iterable[Any], *, version: str) -> bytes:
    """Return the document as it is served and committed."""
    return (json.dumps(build(routes, version=version), indent=2, ensure_ascii=False) + "\n").encode()


_DESCRIPTION = """\
Crickets keeps the clients of a job-search coaching practice, their opportunities, and what happened on each. From those
facts alone it computes, exactly and for any instant, where every opportunity stands in the employer's silence, and what
to do next.

Times are UTC with six fraction digits; ids are UUIDs; every error is an `application/problem+json` document whose
`code` is stable. Readers must accept unknown fields and unknown values of open lists."""

_TAGS = {
    "access": "Who you are and what you may do.",
    "clients": "The people coached.",
    "companies": "Employers, agencies and the people there.",
    "development activities": "What builds credentials beside the search, and what came of it.",
    "drafts": "Words to send: a nudge, a thank-you, an answer; nothing is sent by the service.",
    "guidance": "Whose move it is, who is being ghosted, and what to do today.",
    "imports": "A job-search log goes in, true statuses come out.",
    "insights": "How employers and the people there have answered.",
    "interactions": "What happened on an opportunity: the timeline everything derives from.",
    "next actions": "What to do: the advice of the rules and what people set themselves, with what they decided.",
    "opportunities": "One role pursued by one client at one company.",
    "pictures": "A timeline and a search as pictures for people, with words for those who do not see them.",
    "plans": "What to do besides waiting, and a search in numbers.",
    "policy": "The waiting periods of the practice.",
    "service": "The service itself.",
    "wins": "Small successes, noted or derived from what happened.",
}


def _operation(found: Operation, handler: Any) -> Json:
    summary, _, description = inspect.cleandoc(handler.__doc__).partition("\n")
    parts: Json = {
        "operationId": found.id,
        "summary": summary.strip().rstrip("."),
        "description": _described(found, summary, description),
        "tags": [found.tag],
        "security": security.of(found),
        "parameters": [*_path_parameters(found), *_query_parameters(found), *_header_parameters(found)],
        "responses": _responses(found),
    }
    if found.body is not None:
        parts["requestBody"] = _request_body(found, found.body)
    return parts


def _described(found: Operation, summary: str, description: str) -> str:
    text = inspect.cleandoc(description).strip() or summary.strip()
    scope: Scope | None = found.right.value.scope if found.right.value else None
    return text if scope is None else f"{text}\n\nNeeds the scope `{scope.value}`."


def _path_parameters(found: Operation) -> Iterable[Json]:
    if "{id}" in found.path:
        yield _parameter("id", "path", {"type": "string", "format": "uuid"}, "The id of the record.", required=True)
    if "{number}" in found.path:
        schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
        yield _parameter("number", "path", schema, "The number of the version.", required=True)


def _query_parameters(found: Operation) -> Iterable[Json]:
    if found.query is None:
        return
    _, top = models_json_schema([(found.query, "validation")], ref_template=_REF)
    model = top["$defs"][found.query.__name__]
    for name, schema in model["properties"].items():
        described = {key: value for key, value in schema.items() if key not in {"title", "description"}}
        yield _parameter(name, "query", _not_null(described), schema.get("description", ""), required=False)


def _not_null(schema: Json) -> Json:
    """Return the schema of a parameter that is simply left out when it has no value."""
    schema.pop("default", None) if schema.get("default", 0) is None else None
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    return {**kinds[0], **schema} if kinds else schema


def _header_parameters(found: Operation) -> Iterable[Json]:
    if found.method in {"PATCH", "PUT"}:
        text = 'The ETag of the version that the change is meant for, such as `"3"`.'
        yield _parameter("If-Match", "header", {"type": "string", "maxLength": 1000}, text, required=True)
    if found.method == "GET" and found.versioned:
        text = "The ETag of the version already held: the answer is 304 when it is still the current one."
        yield _parameter("If-None-Match", "header", {"type": "string", "maxLength": 1000}, text, required=False)


def _parameter(name: str, where: str, schema: Json, description: str, *, required: bool) -> Json:
    return {"name": name, "in": where, "required": required, "description": description, "schema": schema}


def _request_body(found: Operation, model: type[BaseModel]) -> Json:
    content = {
        "schema": {"$ref": _REF.format(model=model.__name__)},
        "examples": {"typical": {"value": example(model)}},
    }
    kinds = ["application/json", "application/merge-patch+json"] if found.method == "PATCH" else ["application/json"]
    return {"required": True, "description": "The input.", "content": dict.fromkeys(kinds, content)}


def example(model: type[BaseModel]) -> Any:
    """Return the example that a model declares for the document."""
    return model.example  # type: ignore[attr-defined]  # every documented model declares one; a contract test says so


def _responses(found: Operation) -> Json:
    answers: Json = {str(found.status): _success(found)}
    if found.method == "GET" and found.versioned:
        answers["304"] = {"description": "The version already held is still the current one."}
    if found.right is not Right.PUBLIC:
        answers = {status: _limited(answer) for status, answer in answers.items()}
    return answers | {str(status): problem_schema.reference(kinds) for status, kinds in _refusals(found).items()}


def _limited(answer: Json) -> Json:
    """Return a success answer with the headers about limits that it carries; problems carry them too, where counted."""
    limits = {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMITS}
    return {**answer, "headers": {**answer.get("headers", {}), **limits}}


def _refusals(found: Operation) -> dict[int, list[type[AppError]]]:
    kinds = [*_ALWAYS, *(() if found.right is Right.PUBLIC else _SIGNED_IN), *found.raises]
    kinds += [errors.Throttled] if found.is_attempt else []
    kinds += _WITH_BODY if found.body is not None else ()
    kinds += [errors.NotFound] if "{" in found.path else []
    kinds += [errors.VersionRequired, errors.StaleVersion] if found.method in {"PATCH", "PUT"} else []
    kinds += [errors.InvalidCursor] if found.query is not None and "cursor" in found.query.model_fields else []
    by_status: dict[int, list[type[AppError]]] = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(status_of(kind), []).append(kind)
    return dict(sorted(by_status.items()))


def _success(found: Operation) -> Json:
    headers: Json = {"Request-Id": _header("The id of this request, also in the service's logs.")}
    if found.versioned:
        headers["ETag"] = _header("The version of the record, for If-Match and If-None-Match.")
    if found.status == 201:  # noqa: PLR2004  # created
        headers["Location"] = _header("Where the new record is.")
    if found.answer is None:
        return {"description": "Done; there is nothing to say.", "headers": headers}
    content = {
        "schema": {"$ref": _REF.format(model=found.answer.__name__)},
        "examples": {"typical": {"value": example(found.answer)}},
    }
    return {"description": "The answer.", "headers": headers, "content": {found.media_type: content}}


def _header(description: str) -> Json:
    return {"description": description, "schema": {"type": "string"}}


def _schemas(operations: Iterable[Operation]) -> Json:
    found = sorted(operations, key=lambda op: op.id)
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for op in found:
        models |= {(model, "validation"): None for model in (op.body, op.query) if model is not None}
        models |= {(op.answer, "serialization"): None} if op.answer is not None else {}
    _, top = models_json_schema(list(models), ref_template=_REF)
    # A query is described by its parameters; only what these refer to stays.
    queries = {op.query.__name__ for op in found if op.query is not None}
    shown = {name: schema for name, schema in top["$defs"].items() if name not in queries}
    return {**dict(sorted(shown.items())), "Problem": problem_schema.SCHEMA}
