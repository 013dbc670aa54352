"""The check against breaking changes: each kind of break in a small document, beside a control that breaks nothing."""

import copy
from typing import Any

import pytest

from openapi import changelog
from openapi.compare import compare
from tests.contract.mutations import BASE, CREATE, GONE, IN, LIST, OUT, STRING, Change, Json, changed, kinds, parameter

AT: Json = {"type": "string", "format": "date-time"}
#: kind of the break, what breaks, and the nearest thing that does not.
BREAKS: list[tuple[str, Change, Change]] = [
    ("operation-removed", (CREATE, GONE), ("paths /v1/things put", {"operationId": "putThing", "responses": {}})),
    ("operation-renamed", (f"{LIST} operationId", "getThings"), (f"{LIST} summary", "Get things")),
    ("security-changed", ("paths /livez get security", [{"bearer": []}]), (f"{LIST} security", [])),
    ("security-changed", (f"{LIST} security", [{"bearer": ["x"]}]), (f"{LIST} security", [{"bearer": []}, {}])),
    ("security-changed", (f"{LIST} description", "Needs the scope `things:all`."), (f"{LIST} description", "Lists.")),
    ("parameter-removed", (f"{LIST} parameters 0", GONE), (f"{LIST} parameters 3", parameter("p"))),
    ("parameter-removed", (f"{LIST} parameters 1", GONE), (f"{LIST} parameters 1 name", "if-none-match")),
    ("parameter-added", (f"{LIST} parameters 3", parameter("p", required=True)),
     (f"{LIST} parameters 3", parameter("p", required=False))),
    ("parameter-required", (f"{LIST} parameters 0 required", True), (f"{LIST} parameters 0 description", "Text")),
    ("style-changed", (f"{LIST} parameters 0 explode", False), (f"{LIST} parameters 0 example", "x")),
    ("limit-tightened", (f"{LIST} parameters 0 schema maxLength", 19), (f"{LIST} parameters 0 schema maxLength", 21)),
    ("body-added", (f"{LIST} requestBody", {"required": True}), (f"{LIST} requestBody", {"required": False})),
    ("body-removed", (f"{CREATE} requestBody", GONE), (f"{CREATE} requestBody description", "It")),
    ("media-type-removed", (f"{CREATE} requestBody content application/cbor", GONE),
     (f"{CREATE} requestBody content text/csv", {})),
    ("media-type-removed", (f"{LIST} responses 200 content application/json", GONE),
     (f"{LIST} responses 200 content text/csv", {})),
    ("status-removed", (f"{LIST} responses 409", GONE), (f"{LIST} responses 410", {})),
    ("status-added", (f"{LIST} responses 202", {}), (f"{LIST} responses 304", {})),
    ("header-removed", (f"{LIST} responses 200 headers ETag", GONE), (f"{LIST} responses 200 headers Age", {})),
    ("type-changed", (f"{LIST} responses 200 headers ETag schema", {"type": "integer"}),
     (f"{LIST} responses 200 headers ETag schema", {"type": "string", "description": "It"})),
    ("link-removed", (f"{LIST} responses 200 links next", GONE), (f"{LIST} responses 200 links first", {})),
    ("problem-removed", ("components responses Conflict content application/problem+json examples in-use", GONE),
     ("components responses Conflict content application/problem+json examples voided", {})),
    # Requests
    ("field-removed", (f"{IN} properties tags", GONE), (f"{IN} properties more", STRING)),
    ("field-required", (f"{IN} required", ["name", "kind"]), (f"{IN} required", [])),
    ("type-changed", (f"{IN} properties name type", "integer"), (f"{IN} properties name type", ["string", "integer"])),
    ("type-changed", (f"{IN} properties extras", STRING), (f"{IN} properties count type", "number")),
    ("type-changed", (f"{IN} properties tags items type", "integer"), (f"{IN} properties tags items title", "Tag")),
    ("not-nullable", (f"{IN} properties kind", {"$ref": "#/components/schemas/Kind"}),
     (f"{IN} properties kind", {"oneOf": [{"$ref": "#/components/schemas/Kind"}, {"type": "null"}]})),
    ("form-removed", (f"{IN} properties content anyOf 0", GONE),
     (f"{IN} properties content anyOf 2", {"type": "null"})),
    ("enum-changed", (f"{IN} properties name enum", ["a"]), (f"{IN} properties name examples", ["a"])),
    ("limit-tightened", (f"{IN} properties name minLength", 2), (f"{IN} properties name minLength", 0)),
    ("limit-tightened", (f"{IN} properties name maxLength", 19), (f"{IN} properties name maxLength", GONE)),
    ("limit-tightened", (f"{IN} properties count minimum", 1), (f"{IN} properties count minimum", -1)),
    ("limit-tightened", (f"{IN} properties count maximum", 8), (f"{IN} properties count exclusiveMaximum", 10)),
    ("limit-tightened", (f"{IN} properties count exclusiveMaximum", 8), (f"{IN} properties count minimum", GONE)),
    ("limit-tightened", (f"{IN} properties tags minItems", 1), (f"{IN} properties tags minItems", GONE)),
    ("limit-tightened", (f"{IN} properties tags maxItems", 4), (f"{IN} properties tags maxItems", 6)),
    ("limit-tightened", (f"{IN} properties extras maxProperties", 9), (f"{IN} properties extras minProperties", 0)),
    ("limit-tightened", (f"{IN} properties extras additionalProperties maxLength", 8),
     (f"{IN} properties extras additionalProperties maxLength", 10)),
    ("limit-tightened", (f"{IN} properties tags items maxLength", 8), (f"{IN} properties tags items maxLength", 30)),
    ("pattern-changed", (f"{IN} properties name pattern", "^[ab]"), (f"{IN} properties name pattern", GONE)),
    ("format-changed", (f"{IN} properties name format", "email"), (f"{IN} properties name description", "email")),
    ("multipleof-changed", (f"{IN} properties count multipleOf", 4), (f"{IN} properties count multipleOf", GONE)),
    ("uniqueitems-changed", (f"{IN} properties tags uniqueItems", True), (f"{IN} properties tags x-unique", True)),
    ("default-changed", (f"{IN} properties count default", 2), (f"{IN} properties name default", "ab")),
    ("open-fields", (f"{IN} properties extras additionalProperties", False), (f"{IN} additionalProperties", True)),
    # Answers
    ("field-removed", (f"{OUT} properties note", GONE), (f"{OUT} properties more", STRING)),
    ("field-optional", (f"{OUT} required", ["id", "at"]), (f"{OUT} required", ["id", "kind", "at", "note"])),
    ("nullable", (f"{OUT} properties note type", ["string", "null"]),
     (f"{OUT} properties whole", {"anyOf": [STRING, {"type": "integer"}]})),
    ("nullable", (f"{OUT} properties kind", {"anyOf": [{"$ref": "#/components/schemas/Kind"}, {"type": "null"}]}),
     (f"{OUT} properties kind", {"allOf": [{"$ref": "#/components/schemas/Kind"}], "description": "It"})),
    ("type-changed", (f"{OUT} properties id type", "string"), (f"{OUT} properties id maximum", 8)),
    ("type-changed", (f"{OUT} properties id type", "number"), (f"{OUT} properties id minimum", 2)),
    ("form-added", (f"{OUT} properties whole anyOf 3", {"type": "array"}), (f"{OUT} properties whole anyOf 1", GONE)),
    ("form-added", (f"{OUT} properties at", {"anyOf": [AT, {"type": "integer"}]}),
     (f"{OUT} properties whole", STRING)),
    ("format-changed", (f"{OUT} properties at format", GONE), (f"{OUT} properties note format", "email")),
]  # fmt: skip


def told(value: Any) -> str:
    return value if isinstance(value, str) else f"{value[0][-40:]}={str(value[1])[:20]}"


@pytest.mark.parametrize(("kind", "breaks", "control"), BREAKS, ids=told)
def test_a_break_is_found_and_its_neighbour_is_none(kind: str, breaks: Change, control: Change) -> None:
    assert kinds(compare(BASE, changed(breaks)), breaking=True) == {kind}
    assert kinds(compare(BASE, changed(control)), breaking=True) == set()


def test_the_same_document_is_no_difference() -> None:
    assert compare(BASE, copy.deepcopy(BASE)) == []


def test_an_operation_under_another_path_has_moved() -> None:
    moved = changed(("paths /v1/objects", BASE["paths"]["/v1/things"]), ("paths /v1/things", GONE))
    assert kinds(compare(BASE, moved), breaking=True) == {"operation-moved"}


def test_another_name_of_a_path_parameter_is_another_parameter() -> None:
    one = {"get": {"operationId": "get", "parameters": [parameter("id", "path", required=True)], "responses": {}}}
    other = {"get": {"operationId": "get", "parameters": [parameter("no", "path", required=True)], "responses": {}}}
    found = compare({"paths": {"/v1/a/{id}": one}}, {"paths": {"/v1/a/{no}": other}})
    assert kinds(found, breaking=True) == {"parameter-removed", "parameter-added"}
    shared = {"parameters": one["get"]["parameters"], "get": {**one["get"], "parameters": []}}
    assert compare({"paths": {"/v1/a/{id}": one}}, {"paths": {"/v1/a/{id}": shared}}) == []


KIND = "components schemas Kind enum"


def test_values_of_requests_may_come_but_not_go() -> None:
    """The enumeration is both sent and answered."""
    assert kinds(compare(BASE, changed((KIND, ["a"]))), breaking=True) == {"value-removed"}
    assert compare(BASE, changed((KIND, ["b", "a"]))) == []
    assert kinds(compare(BASE, changed((KIND, ["a", "b", "c"]))), breaking=True) == set()


def test_a_value_of_answers_may_go_unless_another_takes_its_place() -> None:
    def answered(*values: str) -> Json:
        return changed((f"{OUT} properties note enum", list(values)))

    old = answered("x", "y")
    assert kinds(compare(old, answered("x")), breaking=True) == set()
    assert kinds(compare(old, answered("x", "y", "z")), breaking=True) == set()
    assert kinds(compare(old, answered("x", "z")), breaking=True) == {"value-removed"}
    assert kinds(compare(old, BASE), breaking=True) == {"enum-changed"}
    constant = changed((f"{OUT} properties note const", "x"))
    assert compare(constant, answered("x")) == []


def test_what_only_people_read_and_another_way_to_say_the_same_are_no_difference() -> None:
    same = changed(
        (f"{OUT} description", "A thing."),
        (f"{OUT} properties note title", "Note"),
        (f"{IN} properties kind", {"type": ["string", "null"], "enum": ["a", "b", None]}),
        (f"{OUT} properties whole", {"oneOf": [STRING, {"type": ["integer", "null"]}, {"type": "null"}]}),
    )  # fmt: skip
    assert compare(BASE, same) == []


def test_a_field_that_holds_its_own_kind_ends() -> None:
    tree = changed((f"{OUT} properties child", {"$ref": "#/components/schemas/ThingOut"}))
    deep = copy.deepcopy(tree)
    deep["components"]["schemas"]["ThingOut"]["properties"]["id"]["type"] = "string"
    assert [found.where for found in compare(tree, deep)] == ["ThingOut.id"]


def test_a_component_that_one_of_its_users_may_leave_out_is_seen_there() -> None:
    kind = {"$ref": "#/components/schemas/Kind"}
    old = changed((f"{OUT} properties other", kind))
    new = copy.deepcopy(old)
    new["components"]["schemas"]["ThingOut"]["properties"]["other"] = {"anyOf": [kind, {"type": "null"}]}
    new["components"]["schemas"]["ThingIn"]["properties"]["other"] = {**kind, "default": "a", "deprecated": True}
    found = [(found.kind, found.where, found.breaking) for found in compare(old, new)]
    assert found == [
        ("default-changed", "ThingIn.other", True),
        ("nullable", "ThingOut.other", True),
        ("deprecated", "ThingIn.other", False),
    ]


def test_a_major_version_stays_when_another_one_comes() -> None:
    second = {path.replace("/v1/", "/v2/"): item for path, item in BASE["paths"].items()}
    assert kinds(compare(BASE, {**BASE, "paths": second}), breaking=True) == {"operation-moved"}
    both = {**BASE, "paths": {**copy.deepcopy(BASE["paths"]), **copy.deepcopy(second)}}
    for item in both["paths"]["/v2/things"].values():
        item["operationId"] += "2"
    assert kinds(compare(BASE, {**both, "info": {"version": "2.0.0"}}), breaking=True) == set()
    both["paths"]["/v1/things"]["get"]["parameters"].pop(0)
    assert kinds(compare(BASE, both), breaking=True) == {"parameter-removed"}


LOG = """# Changes

Words.

## Unreleased

{entries}

## 0.1.0 (2026-01-02)

- Old.
"""
NEWS: list[tuple[Change, str, str]] = [
    (("paths /v1/more", {"get": {"operationId": "getMore", "responses": {}}}), "- `getMore`: new.", "- getMore: new."),
    ((f"{LIST} parameters 3", parameter("p")), "- `listThings` takes\n  `p`.", "- `listThings`.\n- `p`."),
    ((f"{OUT} properties more", STRING), "- `ThingOut.more`: new.", "- `ThingOut` has `more`."),
    ((f"{LIST} responses 410", {}), "- Every operation answers `410`.", "- Every operation answers 410."),
    ((f"{LIST} deprecated", True), "- `listThings` goes.", "- Every operation goes."),
    ((f"{LIST} parameters 0 deprecated", True), "- `q` of `listThings` goes.", "- `listThings` goes."),
    ((f"{OUT} properties note deprecated", True), "- `ThingOut.note` goes.", "- `ThingIn.note` goes."),
    ((f"{LIST} parameters 0 schema maxLength", 30), "- `q` of `listThings`: 30.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told", "silent"), NEWS, ids=lambda value: str(value)[-30:])
def test_the_changelog_names_what_changed(change: Change, told: str, silent: str) -> None:
    found = compare(BASE, changed(change))
    assert len(found) == 1
    assert changelog.untold(found, LOG.format(entries=told)) == []
    assert changelog.untold(found, LOG.format(entries=silent)) == found
    assert changelog.untold(found, LOG.format(entries=f"- {found[0].entry}")) == []


def test_publishing_closes_the_section() -> None:
    text = LOG.format(entries="- New.")
    once = changelog.closed(text, "0.2.0", "2026-02-03")
    assert once == LOG.format(entries="\n## 0.2.0 (2026-02-03)\n\n- New.").replace("\n\n\n", "\n\n")
    assert changelog.published(once) == ["0.2.0", "0.1.0"]
    assert changelog.entries(once) == []
    again = changelog.closed(once.replace("## Unreleased\n", "## Unreleased\n\n- Newer.\n"), "0.2.0", "2026-02-04")
    assert "## 0.2.0 (2026-02-04)\n\n- Newer.\n- New.\n\n## 0.1.0 (2026-01-02)\n\n- Old.\n" in again
