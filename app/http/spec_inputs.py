"""What an operation reads, as the OpenAPI document describes it: path, query, headers and body."""

from collections.abc import Iterable, Mapping
from inspect import signature
from typing import Any, Final

from pydantic import BaseModel

from app.http import deps
from app.http.guard import TAGS_LIMIT
from app.http.operation import Operation

Json = dict[str, Any]

REF: Final = "#/components/schemas/{model}"
_ID: Final[Json] = {"type": "string", "format": "uuid", "maxLength": 36}
_NUMBER: Final[Json] = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 2**31 - 1}
_CODE: Final[Json] = {"type": "string", "maxLength": 60, "pattern": "^[a-z]+(-[a-z]+)*$"}
# Lists of tags, weak ones and `*` are read too, but only this form can ever match.
_TAGS: Final[Json] = {"type": "string", "minLength": 2, "maxLength": TAGS_LIMIT, "pattern": '^"[!#-~]*"$'}
# What is no entity tag here matches nothing, which is no error.
_ANY: Final[Json] = {"type": "string", "maxLength": TAGS_LIMIT, "pattern": r"^[\t -~]*$"}
_KEY: Final[Json] = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
_KEY_EXAMPLE: Final = "7d0a2b94-6f6c-4f0e-9c5a-1b2f3c4d5e6f"
_IDEMPOTENCY_KEY: Final = (
    "Your name for this request. Sent again with it within 7 days, it does nothing and gets the same answer."
)
#: What the checkers of documents take for a credential by its name, and the name of the object that it stands in. An
#: exploded object sends its properties, `?token=…`, and never its own name.
_OBJECTS: Final = {"token": "place"}
_IF_MATCH: Final = 'The ETag of the version that the change is meant for, such as `"3"`.'
_IF_MATCH_TOO: Final = "The ETag of the version that is meant: sent, it is honoured."
_IF_NONE_MATCH: Final = "The ETag of the version already held: the answer is 304 when it is still the current one."


def parameters(found: Operation, handler: Any, queries: Mapping[str, Json]) -> list[Json]:
    """Return the parameters of an operation; `queries` holds the schemas of query models by name."""
    query = _query(queries[found.query.__name__]) if found.query is not None else ()
    return [*_path(found), *query, *_headers(found, handler)]


def takes_tags(found: Operation, handler: Any) -> bool:
    """Whether If-Match is read: required by what replaces, honoured by whatever has asked for it."""
    asked = deps.Match in (parameter.annotation for parameter in signature(handler).parameters.values())
    return asked or found.method in {"PATCH", "PUT"}


def _path(found: Operation) -> Iterable[Json]:
    if "{id}" in found.path:
        yield _parameter("id", "path", _ID, "The id of the record.", "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a")
    if "{number}" in found.path:
        yield _parameter("number", "path", _NUMBER, "The number of the version.", 1)
    if "{code}" in found.path:
        yield _parameter("code", "path", _CODE, "The `code` of a problem.", "not-found")


def _query(model: Json) -> Iterable[Json]:
    for name, schema in model["properties"].items():
        described = {key: value for key, value in schema.items() if key not in {"title", "description", "deprecated"}}
        text = schema.get("description", "")
        parameter = {
            "name": name,
            "in": "query",
            "required": False,
            "description": text,
            "schema": _not_null(described),
        }
        yield _exploded({**parameter, "deprecated": True} if schema.get("deprecated") else parameter)


def _exploded(parameter: Json) -> Json:
    """Return a parameter that sounds like a credential as a property of an exploded object: on the wire the same."""
    name = parameter["name"]
    if name not in _OBJECTS:
        return parameter
    inner = {**parameter["schema"], "description": parameter["description"]}
    schema = {"type": "object", "properties": {name: inner}, "additionalProperties": False}
    more = {"style": "form", "explode": True, "schema": schema}
    return {
        **parameter,
        "name": _OBJECTS[name],
        "description": f"Sent as `?{name}=`. {parameter['description']}",
        **more,
    }


def _not_null(schema: Json) -> Json:
    """Return the schema of a parameter that is simply left out when it has no value."""
    schema.pop("default", None) if schema.get("default", 0) is None else None
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    return {**kinds[0], **schema} if kinds else schema


def _headers(found: Operation, handler: Any) -> Iterable[Json]:
    if found.method in {"PATCH", "PUT"}:
        yield _parameter("If-Match", "header", _TAGS, _IF_MATCH, '"3"')
    elif takes_tags(found, handler):
        yield {**_parameter("If-Match", "header", _TAGS, _IF_MATCH_TOO, '"3"'), "required": False}
    if found.method == "GET" and found.versioned:
        yield {**_parameter("If-None-Match", "header", _ANY, _IF_NONE_MATCH, '"3"'), "required": False}
    if found.method == "POST":
        yield {**_parameter("Idempotency-Key", "header", _KEY, _IDEMPOTENCY_KEY, _KEY_EXAMPLE), "required": False}


def _parameter(name: str, where: str, schema: Json, description: str, example: object) -> Json:
    head = {"name": name, "in": where, "required": True, "description": description}
    return {**head, "schema": schema, "example": example}


def body(found: Operation, model: type[BaseModel]) -> Json:
    """Return the request body of an operation; its example stands in the schema, where every generator takes it."""
    text = (model.__doc__ or "").strip().partition("\n")[0]
    if found.method == "PATCH":  # told in words only: of two media types openapi-python-client makes what does not run
        text += " A merge patch (RFC 7396), which may also be sent as `application/merge-patch+json`."
    content = {"schema": {"$ref": REF.format(model=model.__name__)}}
    required = not getattr(model, "may_be_missing", False)
    return {"required": required, "description": text, "content": {"application/json": content}}


def example(model: type[BaseModel]) -> Any:
    """Return the example that a model declares for the document."""
    return model.example  # type: ignore[attr-defined]  # every documented model declares one; a contract test says so
