"""Where a caller goes on from a new record: OpenAPI links, worked out from the paths and what the answer holds."""

from collections.abc import Iterable, Iterator, Sequence
from types import NoneType
from typing import Any, Final, get_args

from app.http.operation import Operation

Json = dict[str, Any]

_CREATED: Final = 201
#: Fields that name another record, and the list whose `{id}` they are.
_NAMED: Final = {
    "client_id": "/v1/clients",
    "company_id": "/v1/companies",
    "contact_id": "/v1/contacts",
    "opportunity_id": "/v1/opportunities",
}


def links(found: Operation, operations: Sequence[Operation]) -> Json:
    """Return the links of an operation's success answer; only what makes records has any."""
    if found.status != _CREATED or found.answer is None:
        return {}
    return {link["operationId"]: link for link in _links(found, operations)}


def _links(found: Operation, operations: Sequence[Operation]) -> Iterator[Json]:
    fields = found.answer.model_fields if found.answer else {}
    home = "/v1/" + _home(found)
    if "id" in fields:
        yield from _onward(home, "$response.body#/id", operations, versioned=found.versioned)
    elif "items" in fields:
        yield from _onward(home, "$response.body#/items/0/id", operations, versioned=False)
    yield from _siblings(found, operations)
    for name, path in _NAMED.items():
        # A link that may lead to null leads nowhere.
        if name in fields and NoneType not in get_args(fields[name].annotation) and path != home:
            yield from _reading(path, f"$response.body#/{name}", operations)


def _home(found: Operation) -> str:
    """Return the list in which the new record stands: the last word of the path, without what names a way of making."""
    words = [word for word in found.path.split("/") if not word.startswith("{")]
    return words[-2] if words[-1] == "batch" else words[-1]


def _onward(home: str, at: str, operations: Iterable[Operation], *, versioned: bool) -> Iterator[Json]:
    parameter = f"{_singular(home)}_id"
    for other in operations:
        if other.path == f"{home}/{{id}}" or other.path.startswith(f"{home}/{{id}}/"):
            if other.method not in {"PATCH", "PUT"}:
                yield _link(other, {"id": at})
            elif versioned:
                yield _link(other, {"id": at, "If-Match": "$response.header.ETag"})
        elif other.query is not None and parameter in other.query.model_fields:
            yield _link(other, {parameter: at})


def _siblings(found: Operation, operations: Iterable[Operation]) -> Iterator[Json]:
    if "{id}" in found.path:
        parent = found.path[: found.path.index("/{id}")]
        for other in operations:
            if other.method == "GET" and other.path.startswith(f"{parent}/{{id}}"):
                yield _link(other, {"id": "$request.path.id"})


def _reading(path: str, at: str, operations: Iterable[Operation]) -> Iterator[Json]:
    return (
        _link(other, {"id": at}) for other in operations if other.path == f"{path}/{{id}}" and other.method == "GET"
    )


def _link(to: Operation, parameters: dict[str, str]) -> Json:
    return {"operationId": to.id, "parameters": parameters, "description": f"Goes on with `{to.id}`."}


def _singular(home: str) -> str:
    name = home.rsplit("/", 1)[-1].replace("-", "_")
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")
