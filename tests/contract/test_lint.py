"""What the linters of `./dev lint-openapi` would find, as far as it can be told without them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.kit.fields import MAX_ZONE, time_zones
from app.kit.regions import regions
from app.meta.service import ENUMS
from tests.support.api import House
from tests.support.contract import needs_credential, status_is_foreign

LINT = Path(__file__).resolve().parents[2] / "openapi" / "lint"
SHAPES = {"format", "pattern", "enum", "const"}
LENGTHS = {"maxLength", "enum", "const"}
INTEGER = {"minimum", "maximum", "format"}
SECRETS = re.compile("client_?secret|token|password|secret|api-?key", re.IGNORECASE)


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    return house.contract.document


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def parts(part: Any, *at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every object of the document that is no example, with its place."""
    if isinstance(part, list):
        for number, inner in enumerate(part):
            yield from parts(inner, *at, str(number))
    elif isinstance(part, dict):
        yield "/".join(at), part
        for name, inner in part.items():
            if name not in {"example", "examples"}:
                yield from parts(inner, *at, name)


def test_every_string_list_and_integer_is_bounded_and_shaped(document: dict[str, Any]) -> None:
    for at, part in parts(document):
        kind = part.get("type")
        if kind == "string":
            assert SHAPES & part.keys(), f"{at}: any characters"
            assert LENGTHS & part.keys(), f"{at}: of any length"
        elif kind == "array":
            assert "maxItems" in part, f"{at}: of any length"
        elif kind == "integer":
            assert part.keys() >= INTEGER, f"{at}: of any size"
            assert part["format"] == "int64" or -(2**31) <= part["minimum"] <= part["maximum"] < 2**31, at


def test_everything_is_described_in_sentences(document: dict[str, Any], house: House) -> None:
    described = [document["info"], *document["tags"], *document["servers"], *document["components"]["schemas"].values()]
    for methods in document["paths"].values():
        for operation in methods.values():
            described += [operation, *operation["parameters"]]
            described += map(house.contract.resolved, operation["responses"].values())
    for part in described:
        assert re.fullmatch(r"[A-Z].{18,}\.", part["description"], re.DOTALL), part


def test_every_operation_is_named_by_a_verb_and_a_noun(operations: dict[str, dict[str, Any]]) -> None:
    for name, operation in operations.items():
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", operation["operationId"]), name


def test_every_operation_documents_who_may_call_it(operations: dict[str, dict[str, Any]]) -> None:
    for name, operation in operations.items():
        assert operation["security"], name
        assert ("x-scope" in operation) == ("Needs the scope" in operation["description"]), name
        assert needs_credential(operation) or "x-scope" not in operation, name


def test_every_operation_documents_how_it_refuses(operations: dict[str, dict[str, Any]], house: House) -> None:
    for name, operation in operations.items():
        assert operation["responses"].keys() >= {"400", "401", "422", "429", "500", "503"}, name
        for status, answer in operation["responses"].items():
            resolved = house.contract.resolved(answer)
            if int(status) >= 400:
                assert resolved["content"]["application/problem+json"]["examples"], f"{name} {status}"
                assert status_is_foreign(operation, status) or "Refused: `" in resolved["description"], name


def test_a_status_of_gateways_is_none_of_an_operation_for_known_callers(operations: dict[str, dict[str, Any]]) -> None:
    foreign = {
        (name, status)
        for name, operation in operations.items()
        for status in operation["responses"]
        if status_is_foreign(operation, status)
    }
    assert {status for _, status in foreign} == {"401", "429"}
    assert not [name for name, _ in foreign if needs_credential(operations[name])]


def test_every_answer_has_the_headers_that_any_answer_may_have(
    operations: dict[str, dict[str, Any]], house: House
) -> None:
    for name, operation in operations.items():
        for status, answer in operation["responses"].items():
            headers = house.contract.resolved(answer)["headers"].keys()
            assert headers >= {"Request-Id", "Access-Control-Allow-Origin", "RateLimit", "RateLimit-Policy"}, name
            assert status not in {"429", "503"} or "Retry-After" in headers, name
            assert status != "401" or "WWW-Authenticate" in headers, name


def test_no_address_takes_what_sounds_like_a_credential_or_counts(operations: dict[str, dict[str, Any]]) -> None:
    for name, operation in operations.items():
        for parameter in operation["parameters"]:
            if parameter["in"] in {"path", "query"}:
                assert not SECRETS.search(parameter["name"]), name
                assert not parameter["name"].endswith("id") or parameter["schema"]["format"] == "uuid", name


def test_every_new_record_links_to_what_can_be_done_with_it(operations: dict[str, dict[str, Any]]) -> None:
    by_id = {operation["operationId"]: operation for operation in operations.values()}
    paths = {operation["operationId"]: name for name, operation in operations.items()}
    for name, operation in operations.items():
        links = operation["responses"].get("201", {}).get("links", {})
        assert links or "201" not in operation["responses"], name
        for link in links.values():
            known = {parameter["name"] for parameter in by_id[link["operationId"]]["parameters"]}
            needed = set(re.findall(r"{(\w+)}", paths[link["operationId"]]))
            assert needed <= link["parameters"].keys() <= known, f"{name}: {link}"


def test_links_follow_the_id_the_etag_and_the_list(operations: dict[str, dict[str, Any]]) -> None:
    links = operations["post /v1/clients"]["responses"]["201"]["links"]
    at = {"id": "$response.body#/id"}
    assert links["getClient"]["parameters"] == at
    assert links["updateClient"]["parameters"] == {**at, "If-Match": "$response.header.ETag"}
    assert links["eraseClient"]["parameters"] == at
    assert links["listOpportunities"]["parameters"] == {"client_id": at["id"]}
    batch = operations["post /v1/opportunities/{id}/interactions/batch"]["responses"]["201"]["links"]
    assert batch["getInteraction"]["parameters"] == {"id": "$response.body#/items/0/id"}
    assert batch["getAssessment"]["parameters"] == {"id": "$request.path.id"}


def test_nothing_shared_is_left_over(document: dict[str, Any]) -> None:
    used = set(re.findall(r'"#/components/([^"]+)"', json.dumps(document)))
    for kind, shared in document["components"].items():
        for name in shared if kind != "securitySchemes" else ():
            assert f"{kind}/{name}" in used, f"{kind}/{name}"


def test_the_bounds_of_answers_hold_for_what_the_service_itself_lists(house: House) -> None:
    meta = house.contract.document["components"]["schemas"]["MetaOut"]["properties"]
    assert max(map(len, time_zones())) <= MAX_ZONE
    assert len(regions()) <= meta["regions"]["maxItems"]
    assert max(map(len, ENUMS.values())) <= meta["enums"]["additionalProperties"]["maxItems"]


def test_the_linters_run_with_every_rule_and_are_locked_to_no_registry() -> None:
    rules = [line for line in (LINT / ".spectral.yaml").read_text().splitlines() if not line.startswith("#")]
    assert rules == [
        "extends:",
        '  - ["spectral:oas", all]',
        '  - ["@stoplight/spectral-owasp-ruleset", all]',
        '  - ["@stoplight/spectral-documentation", all]',
    ]
    strict = [line for line in (LINT / "redocly.yaml").read_text().splitlines() if not line.startswith("#")]
    assert strict == ["extends:", "  - recommended-strict"]
    assert not list(LINT.glob(".redocly.lint-ignore*"))
    lock = json.loads((LINT / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or "integrity" in package, name
