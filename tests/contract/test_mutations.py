"""A document changed in every way that a keyword offers: what breaks is told as breaking, what is harmless is not."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from openapi.compare import compare
from openapi.compare.keywords import KEYWORDS, demands
from tests.contract.mutations import BASE, CREATE, GONE, IN, LIST, OUT, STRING, TEXT, Change, Json, changed, kinds

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS, PARAMETERS = BASE["components"]["schemas"], BASE["paths"]["/v1/things"]["get"]["parameters"]
KIND = {"$ref": "#/components/schemas/Kind"}
BEARER, SECOND = "components securitySchemes bearer", "components securitySchemes key"
API_KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
ANSWER = f"{LIST} responses 200"
LINK = f"{ANSWER} links next"
EVENT = f"{OUT} properties event discriminator"
WORDS = "Lists.\n\nNeeds the scope `things:read`."
ELSEWHERE = [{"url": "https://elsewhere.example"}]
FIELDS = f"{IN} properties"

BREAKS: list[tuple[str, *tuple[Change, ...]]] = [
    # Who is let in, and where
    ("security-changed", (BEARER, API_KEY)),
    ("security-changed", (f"{BEARER} scheme", "basic")),
    ("security-changed", (SECOND, API_KEY), (f"{LIST} security", [{"bearer": [], "key": []}])),
    ("security-changed", (f"{LIST} x-scope", "things:admin")),
    ("security-changed", (f"{LIST} description", f"{WORDS} Things of others want `others:read` too.")),
    ("servers-changed", ("servers 0 url", "/api")),
    ("servers-changed", ("servers", ELSEWHERE)),
    ("servers-changed", ("servers", [*ELSEWHERE, {"url": "/"}])),
    ("servers-changed", (f"{LIST} servers", ELSEWHERE)),
    ("servers-changed", ("paths /v1/things servers", ELSEWHERE)),
    ("tags-changed", (f"{LIST} tags", ["objects"])),
    ("tags-changed", (f"{LIST} tags", ["objects", "things"])),
    ("tags-changed", (f"{CREATE} tags", ["things"])),
    ("version-changed", ("info version", "2.0.0")),
    # Parameters
    ("style-changed", (f"{LIST} parameters 2 style", "pipeDelimited"), (f"{LIST} parameters 2 explode", True)),
    ("style-changed", (f"{LIST} parameters 1 explode", True)),
    ("style-changed", (f"{LIST} parameters 0 schema", GONE),
     (f"{LIST} parameters 0 content", {"application/json": {"schema": {"type": "string", "maxLength": 20}}})),
    ("parameter-added", ("paths /v1/things parameters", [{"name": "p", "in": "query", "required": True}])),
    ("default-changed", (f"{LIST} parameters 0 schema default", "a")),
    # Answers as a whole
    ("header-optional", (f"{ANSWER} headers ETag required", False)),
    ("header-optional", (f"{ANSWER} headers ETag required", GONE)),
    ("status-added", (f"{LIST} responses 302", {})),
    ("link-changed", (f"{LINK} operationId", "createThing")),
    ("link-changed", (f"{LINK} parameters", {"q": "$response.body#/q"})),
    ("link-changed", (f"{LINK} parameters", {})),
    ("link-changed", (f"{LINK} requestBody", "$request.body")),
    ("problem-changed", ("components examples in-use value code", "used")),
    ("problem-changed", ("components examples in-use value status", 422)),
    # Forms, told apart by a field
    ("discriminator-changed", (EVENT, GONE)),
    ("discriminator-changed", (f"{EVENT} propertyName", "kind")),
    ("discriminator-changed", (f"{EVENT} mapping", {"gone": "Gone", "new": "Made"})),
    ("value-removed", (f"{EVENT} mapping made", "#/components/schemas/Gone")),
    # Requests
    ("default-changed", (f"{FIELDS} on default", True)),
    ("default-changed", (f"{FIELDS} count default", GONE)),
    ("field-removed", (f"{FIELDS} tags readOnly", True)),
    ("field-removed", ("components schemas Kind readOnly", True)),
    ("field-required", (f"{IN} required", ["name", "phone"])),
    ("field-required", (f"{IN} required", ["name", "more"]), (f"{FIELDS} more", STRING)),
    ("enum-changed", (f"{FIELDS} on const", False)),
    ("value-removed", (f"{FIELDS} other", {**KIND, "enum": ["a"]})),
    ("limit-tightened", (f"{FIELDS} other", {**KIND, "maxLength": 4})),
    ("limit-tightened", (f"{FIELDS} kind", {"anyOf": [KIND, {"type": "null"}], "maxLength": 4})),
    ("limit-tightened", (f"{FIELDS} name", {"allOf": [{"maxLength": 5}, TEXT]})),
    ("limit-tightened", (f"{FIELDS} name", {"allOf": [TEXT, {"maxLength": 5}], "maxLength": 30})),
    ("limit-tightened", (f"{FIELDS} content", {**SCHEMAS["ThingIn"]["properties"]["content"], "maxLength": 4})),
    ("pattern-changed", (f"{FIELDS} name", {**TEXT, "allOf": [{"pattern": "z$"}]})),
    ("enum-changed", (f"{FIELDS} name", {**TEXT, "allOf": [{"enum": ["a"]}, {"enum": ["a", "ab"]}]})),
    ("type-changed", (f"{FIELDS} count type", "array")),
    ("not-changed", (f"{IN} not", {"required": ["kind"]})),
    ("not-changed", (f"{IN} not", KIND)),
    ("dependentrequired-changed", (f"{IN} dependentRequired", {"kind": ["count"]})),
    ("propertynames-changed", (f"{FIELDS} extras propertyNames", {"maxLength": 3})),
    ("contains-changed", (f"{FIELDS} tags contains", STRING)),
    ("not-changed", (f"{FIELDS} tags items", False)),
    ("media-type-removed", (f"{CREATE} requestBody content application/json", GONE)),
    # Answers: what readers may count on
    ("field-removed", (f"{OUT} properties note writeOnly", True)),
    ("field-optional", (f"{OUT} required", ["id", "kind"])),
    ("limit-loosened", (f"{OUT} properties id maximum", 10)),
    ("limit-loosened", (f"{OUT} properties id minimum", GONE)),
    ("limit-loosened", (f"{OUT} properties note maxLength", 11)),
    ("limit-loosened", (f"{OUT} properties tags minItems", 0)),
    ("uniqueitems-changed", (f"{OUT} properties tags uniqueItems", False)),
    ("format-changed", (f"{OUT} properties at format", "date")),
    ("form-removed", (f"{FIELDS} content anyOf 1", GONE)),
]  # fmt: skip

NAMED = {name: part for name, part in SCHEMAS.items() if name != "ThingIn"}
RENAMED = json.loads(json.dumps(BASE).replace("/ThingIn", "/NewThing"))["paths"]
HARMLESS: list[tuple[Change, ...]] = [
    ((f"{BEARER} description", "Another."), (f"{BEARER} bearerFormat", "crk")),
    (("components securitySchemes", {"token": {"type": "http", "scheme": "bearer"}}),
     ("paths /v1/things get security", [{"token": []}]), ("paths /v1/things post security", [{"token": []}])),
    ((SECOND, API_KEY), (f"{LIST} security", [{"bearer": []}, {"key": []}])),
    ((f"{LIST} x-scope", "things:read"),),
    (("servers 1", ELSEWHERE[0]),),
    (("servers", GONE),),
    (("servers 0 description", "Here."),),
    ((f"{LIST} tags 1", "more"),),
    ((f"{CREATE} tags", ["default"]),),
    (("info version", "0.2.0"),),
    ((f"{LIST} parameters 2 style", "form"), (f"{LIST} parameters 2 explode", True)),
    ((f"{LIST} parameters 1 style", "simple"), (f"{LIST} parameters 1 explode", False)),
    ((f"{LIST} parameters", []), ("paths /v1/things parameters", PARAMETERS), (f"{CREATE} parameters", PARAMETERS)),
    ((f"{LIST} parameters 0 required", GONE),),
    ((f"{ANSWER} headers", {"etag": {"required": True, "schema": STRING}}),),
    ((f"{LINK} description", "More."),),
    ((f"{LINK} parameters limit", 50),),
    (("components examples in-use value detail", "It still is."),),
    ((f"{EVENT} mapping", {"made": "Made", "gone": "Gone", "left": "Gone"}),),
    ((f"{OUT} properties event oneOf", SCHEMAS["ThingOut"]["properties"]["event"]["oneOf"][::-1]),),
    ((f"{FIELDS} on default", None),),
    ((f"{FIELDS} more", {"type": "integer", "default": 3}),),
    ((f"{FIELDS} tags uniqueItems", False),),
    ((f"{FIELDS} extras minProperties", 0), (f"{FIELDS} extras additionalProperties minLength", 0)),
    ((f"{FIELDS} on type", ["boolean"]),),
    ((f"{FIELDS} on writeOnly", True), (f"{OUT} properties note readOnly", True)),
    ((f"{OUT} properties more", {**STRING, "writeOnly": True}), (f"{OUT} required", ["id", "kind", "at", "more"])),
    ((f"{FIELDS} other", {**KIND, "description": "It.", "x-more": 1}),),
    ((f"{FIELDS} other", {"allOf": [KIND], "title": "It"}),),
    ((f"{FIELDS} other", copy.deepcopy(SCHEMAS["Kind"])),),
    ((f"{FIELDS} name", {"allOf": [{"maxLength": 20, "type": "string"}, {**TEXT, "maxLength": 25}]}),),
    ((f"{FIELDS} name", {"$ref": "#/components/schemas/Name"}), ("components schemas Name", TEXT)),
    ((f"{FIELDS} kind", {"type": ["string", "null"], "enum": [None, "b", "a"]}),),
    (("components schemas", {**NAMED, "NewThing": SCHEMAS["ThingIn"]}), ("paths", RENAMED)),
    ((f"{FIELDS} count multipleOf", 1),),
    ((f"{FIELDS} name maxLength", 21), (f"{FIELDS} name minLength", GONE)),
    ((f"{IN} required", GONE),),
    (("components schemas Kind enum", ["b", "c", "a"]),),
    ((f"{OUT} properties note pattern", "^a"), (f"{OUT} properties note maxLength", 9)),
    ((f"{OUT} properties note const", "x"),),
    ((f"{OUT} additionalProperties", False),),
    ((f"{LIST} responses 418", {}), (f"{LIST} responses default", {})),
]  # fmt: skip


def told(value: Any) -> str:
    return value if isinstance(value, str) else f"{value[0]}={str(value[1])[:20]}"


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: f"{case[0]} {told(case[1])}")
def test_a_break_is_told(case: tuple[str, *tuple[Change, ...]]) -> None:
    kind, *changes = case
    assert kind in kinds(compare(BASE, changed(*changes)), breaking=True)


@pytest.mark.parametrize("changes", HARMLESS, ids=lambda changes: told(changes[0]))
def test_what_is_harmless_is_not(changes: tuple[Change, ...]) -> None:
    assert [found for found in compare(BASE, changed(*changes)) if found.breaking] == []


def test_a_kind_of_its_own_ends_whatever_stands_beside_it() -> None:
    tree = changed((f"{IN} properties child", {"$ref": "#/components/schemas/ThingIn", "minProperties": 1}))
    other = copy.deepcopy(tree)
    other["components"]["schemas"]["ThingIn"]["properties"]["child"]["minProperties"] = 2
    assert compare(tree, copy.deepcopy(tree)) == []
    assert [(found.kind, found.where) for found in compare(tree, other)] == [("limit-tightened", "ThingIn.child")]


def keywords(part: Any) -> set[str]:
    if not isinstance(part, dict):
        return set()
    below = [*part.get("properties", {}).values(), part.get("items"), part.get("additionalProperties")]
    below += [form for key in ("anyOf", "oneOf", "allOf") for form in part.get(key, ())]
    return demands(part).keys() | {name for inner in below for name in keywords(inner)}


def test_the_table_knows_every_keyword_of_the_document() -> None:
    document: Json = json.loads((ROOT / "openapi/openapi.json").read_bytes())
    assert {name for part in document["components"]["schemas"].values() for name in keywords(part)} <= KEYWORDS.keys()
