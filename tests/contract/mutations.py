"""A small document, and changes of it."""

import json
from typing import Any

from openapi.compare import Difference

Json = dict[str, Any]
Change = tuple[str, Any]
GONE = object()

TEXT: Json = {"type": "string", "minLength": 1, "maxLength": 20, "pattern": "^a"}
BASE: Json = {
    "info": {"version": "0.1.0"},
    "servers": [{"url": "/"}],
    "paths": {
        "/v1/things": {
            "get": {
                "operationId": "listThings",
                "description": "Lists.\n\nNeeds the scope `things:read`.",
                "tags": ["things"],
                "security": [{"bearer": []}],
                "parameters": [
                    {"name": "q", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 20}},
                    {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}},
                    {"name": "kind", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {"required": True, "schema": {"type": "string"}}},
                        "links": {"next": {"operationId": "listThings", "parameters": {"q": "$request.query.q"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingOut"}}},
                    },
                    "409": {"$ref": "#/components/responses/Conflict"},
                },
            },
            "post": {
                "operationId": "createThing",
                "security": [{"bearer": []}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/ThingIn"}},
                        "application/cbor": {"schema": {"$ref": "#/components/schemas/ThingIn"}},
                    },
                },
                "responses": {"201": {}, "422": {}},
            },
        },
        "/livez": {"get": {"operationId": "getLiveness", "security": [], "responses": {"200": {}}}},
    },
    "components": {
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": "A key."}},
        "examples": {"in-use": {"value": {"status": 409, "code": "in-use", "detail": "It is."}}},
        "responses": {
            "Conflict": {
                "content": {
                    "application/problem+json": {
                        "schema": True,
                        "examples": {"duplicate": {}, "in-use": {"$ref": "#/components/examples/in-use"}},
                    }
                }
            }
        },
        "schemas": {
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "Made": {"type": "object", "properties": {"type": {"type": "string", "enum": ["made"]}}},
            "Gone": {"type": "object", "properties": {"type": {"type": "string", "enum": ["gone"]}}},
            "ThingIn": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": TEXT,
                    "kind": {"anyOf": [{"$ref": "#/components/schemas/Kind"}, {"type": "null"}]},
                    "count": {"type": "integer", "minimum": 0, "exclusiveMaximum": 9, "multipleOf": 2, "default": 0},
                    "tags": {"type": "array", "minItems": 0, "maxItems": 5, "items": TEXT},
                    "extras": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 9}},
                    "content": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]},
                    "other": {"$ref": "#/components/schemas/Kind"},
                    "on": {"type": "boolean"},
                },
            },
            "ThingOut": {
                "type": "object",
                "required": ["id", "kind", "at"],
                "properties": {
                    "id": {"type": "integer", "minimum": 1, "maximum": 9},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "at": {"type": "string", "format": "date-time"},
                    "note": {"type": "string", "maxLength": 10},
                    "whole": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
                    "tags": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}},
                    "event": {
                        "oneOf": [{"$ref": "#/components/schemas/Made"}, {"$ref": "#/components/schemas/Gone"}],
                        "discriminator": {
                            "propertyName": "type",
                            "mapping": {"made": "#/components/schemas/Made", "gone": "#/components/schemas/Gone"},
                        },
                    },
                },
            },
        },
    },
}
LIST, CREATE = "paths /v1/things get", "paths /v1/things post"
IN, OUT = "components schemas ThingIn", "components schemas ThingOut"
STRING: Json = {"type": "string"}


def changed(*changes: Change) -> Json:
    document: Json = json.loads(json.dumps(BASE))
    for way, value in changes:
        *steps, last = way.split()
        part: Any = document
        for step in steps:
            part = part[int(step) if isinstance(part, list) else step]
        last_step: Any = int(last) if isinstance(part, list) else last
        if value is GONE:
            del part[last_step]
        elif isinstance(part, list) and last_step == len(part):
            part.append(value)
        else:
            part[last_step] = value
    return document


def parameter(name: str, where: str = "query", **more: Any) -> Json:
    return {"name": name, "in": where, "schema": STRING, **more}


def kinds(found: list[Difference], *, breaking: bool) -> set[str]:
    return {difference.kind for difference in found if difference.breaking is breaking}
