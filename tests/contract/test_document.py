"""The OpenAPI document: what it must hold for strangers to build on it alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.http.operation import declared_on
from app.http.problems import problem_page
from app.http.spec_inputs import example
from app.kit import errors
from tests.support.api import House

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    return house.contract.document


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_committed_document_is_the_one_served() -> None:
    done = subprocess.run([sys.executable, "openapi/export.py", "--check"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def examples(content: dict[str, Any], house: House) -> list[Any]:
    """The examples of a media type: beside its schema (answers; problems, by code) or in it (requests)."""
    named = [house.contract.resolved(part)["value"] for part in content.get("examples", {}).values()]
    own = [content["example"]] if "example" in content else []
    return [*own, *named, *house.contract.resolved(content["schema"]).get("examples", [])]


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_is_described_tagged_secured_and_exemplified(document: dict[str, Any], house: House) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names) > 0
    for name, operation in operations(document):
        assert operation["operationId"][0].islower(), name
        assert operation["summary"], name
        assert len(operation["description"]) > len(operation["summary"]) > 0, name
        assert operation["tags"], name
        assert "security" in operation, name
        for status, answer in operation["responses"].items():
            for content in house.contract.resolved(answer).get("content", {}).values():
                assert examples(content, house), f"{name} {status}"
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert examples(content, house), name


def test_every_example_is_valid_against_its_schema(document: dict[str, Any], house: House) -> None:
    for name, operation in operations(document):
        answers = [house.contract.resolved(a).get("content", {}) for a in operation["responses"].values()]
        for contents in [*answers, operation.get("requestBody", {}).get("content", {})]:
            for content in contents.values():
                schema = {**content["schema"], "components": document["components"]}
                validator = Draft202012Validator(schema, format_checker=FormatChecker())
                for given in examples(content, house):
                    findings = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(given)]
                    assert not findings, f"{name}: {findings}"


def test_every_input_example_is_accepted_by_its_model(house: House) -> None:
    for route in house.app.routes:
        declared = declared_on(route)
        if declared is not None and declared.body is not None:
            declared.body.model_validate_json(json.dumps(example(declared.body)))


def test_every_documented_schema_is_used(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text, name


def kinds(of: type[errors.AppError] = errors.AppError) -> list[type[errors.AppError]]:
    return [kind for sub in of.__subclasses__() for kind in (sub, *kinds(sub))]


def test_no_schema_is_called_by_the_module_it_comes_from(document: dict[str, Any]) -> None:
    # So they are where two models have one name; some generators refuse such a document.
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_every_problem_code_is_one_class_and_has_its_page() -> None:
    codes = [kind.code for kind in kinds()]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert problem_page(code), code


def test_a_next_page_is_told_of_where_there_are_pages(document: dict[str, Any], house: House) -> None:
    for name, operation in operations(document):
        answer = operation["responses"].get("200", {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        pages = "next_cursor" in house.contract.resolved(schema).get("properties", {})
        assert ("Link" in answer.get("headers", {})) is pages, name
