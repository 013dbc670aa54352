"""The OpenAPI document, written from the declarations of `operation.py`: what is served is what is published.

Its parts: `spec_info` (the service as a whole), `spec_inputs` (what operations read), `spec_answers` (what they answer)
with `spec_headers` and `spec_links`, `problem_schema` (refusals) and `deprecation` (what is going away).
"""

import inspect
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from pydantic_core import to_json

from app.access.rights import Right, Scope
from app.http import deprecation, problem_schema, spec_answers, spec_headers, spec_info, spec_inputs
from app.http.operation import Operation, declared
from app.http.spec_inputs import REF

Json = dict[str, Any]


def build(routes: Iterable[Any], *, version: str) -> Json:
    """Return the OpenAPI 3.1 document of every declared route, in a stable order."""
    pairs = [(found, route.endpoint) for found, route in declared(routes)]
    operations = [found for found, _ in pairs]
    schemas, queries = _schemas(operations)
    refused = {found.id: spec_answers.refusals(found, handler) for found, handler in pairs}
    paths: Json = {}
    for found, handler in pairs:
        described = {
            **_head(found, handler),
            "parameters": spec_inputs.parameters(found, handler, queries),
            **({} if found.body is None else {"requestBody": spec_inputs.body(found, found.body)}),
            "responses": spec_answers.responses(found, refused[found.id], operations),
        }
        paths.setdefault(found.path, {})[found.method.lower()] = described
    groups = [kinds for by_status in refused.values() for kinds in by_status.values()]
    document: Json = {
        "openapi": "3.1.0",
        "info": spec_info.info(version),
        "servers": spec_info.SERVERS,
        "tags": spec_info.tags({found.tag for found in operations}),
        "paths": paths,
        "components": {
            "schemas": {**schemas, **problem_schema.SCHEMAS},
            "headers": dict(spec_headers.COMPONENTS),
            "responses": problem_schema.responses(groups),
            "examples": problem_schema.examples({kind for kinds in groups for kind in kinds}),
            "securitySchemes": spec_info.SECURITY_SCHEMES,
        },
    }
    deprecation.describe(document, operations)
    return document


def text(routes: Iterable[Any], *, version: str) -> bytes:
    """Return the document as it is served and committed."""
    # As json.dumps would write it, in a third of the time, which is a good part of the start.
    return to_json(build(routes, version=version), indent=2) + b"\n"


def _head(found: Operation, handler: Any) -> Json:
    summary, _, more = inspect.cleandoc(handler.__doc__).partition("\n")
    description = inspect.cleandoc(more).strip() or summary.strip()
    scope: Scope | None = found.right.value.scope if found.right.value else None
    needs = "" if scope is None else f"\n\nNeeds the scope `{scope.value}`."
    return {
        "operationId": found.id,
        "summary": summary.strip().rstrip("."),
        "description": description + needs,
        "tags": [found.tag],
        # An empty requirement: no credential is needed, and none is looked at.
        "security": _security(found),
        **({} if scope is None else {"x-scope": scope.value}),
    }


def _security(found: Operation) -> list[Json]:
    # A signed link opens some without a credential; to tools it is a parameter like any other.
    return [{}] if found.right is Right.PUBLIC else [{spec_info.BEARER: []}]


def _schemas(operations: Iterable[Operation]) -> tuple[Json, Json]:
    """Return the schemas of bodies and answers, and those of queries, which the parameters describe."""
    found = sorted(operations, key=lambda op: op.id)
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for op in found:
        models |= {(model, "validation"): None for model in (op.body, op.query) if model is not None}
        models |= {(op.answer, "serialization"): None} if op.answer is not None else {}
    _, top = models_json_schema(list(models), ref_template=REF)
    named = {op.query.__name__ for op in found if op.query is not None}
    queries = {name: schema for name, schema in top["$defs"].items() if name in named}
    for model in {op.body for op in found if op.body is not None}:
        top["$defs"][model.__name__]["examples"] = [spec_inputs.example(model)]
    shown = {name: _settled(schema) for name, schema in top["$defs"].items() if name not in named}
    return dict(sorted({**shown, **_kinds(shown)}.items())), queries


def _kinds(schemas: Json) -> Json:
    """Give the constant `type` of each form of a choice a name: left without one, it is `Type`, a word of Swift's."""
    found: Json = {}
    for name, schema in schemas.items():
        kind = schema.get("properties", {}).get("type", {})
        if "const" in kind:
            found[f"{name}Type"] = {
                "type": "string",
                "enum": [kind["const"]],
                "description": f"That it is one of `{kind['const']}`.",
            }
            schema["properties"]["type"] = {"$ref": REF.format(model=f"{name}Type")}
    return found


def _settled(part: Any) -> Any:
    """Return a schema without defaults of null, which say nothing of a field that may be left out."""
    if isinstance(part, list):
        return [_settled(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    return {name: _settled(inner) for name, inner in part.items() if (name, inner) != ("default", None)}
