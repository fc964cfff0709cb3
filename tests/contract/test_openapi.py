"""The published description: current, whole, and no breach of what was promised before."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from app.api.routes import ROUTES
from app.api.server import openapi
from app.api.server.breaking import breaking
from app.cli.openapi import write
from app.config import project_file
from tests.build import Service

COMMITTED = project_file("openapi") / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


async def test_the_committed_file_is_current(one_service: Service) -> None:
    described = one_service.gateway.app.openapi()
    assert breaking(DOCUMENT, described) == [], "this would break a program written against the file"
    assert COMMITTED.read_text(encoding="utf-8") == openapi.as_file(described), "run make openapi"
    served = await one_service.get("/openapi.json")
    assert (served.status_code, served.json()) == (200, DOCUMENT)


def test_writing_it_gives_the_same_files(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert sorted(path.name for path in written) == ["openapi.json", "plan-document.schema.json"]
    for path in written:
        assert path.read_bytes() == (project_file("openapi") / path.name).read_bytes()
    assert write(tmp_path) == written, "and again, over what is there"


def test_a_breach_is_not_written_over(tmp_path: Path) -> None:
    promised = copy.deepcopy(DOCUMENT)
    promised["paths"]["/api/v1/promises"] = {"get": {"responses": {"200": {}}}}
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(promised), encoding="utf-8")
    with pytest.raises(ValueError, match="GET /api/v1/promises is gone"):
        write(tmp_path)
    assert json.loads(path.read_text(encoding="utf-8")) == promised
    promised["info"]["version"] = "0.9.0"
    path.write_text(json.dumps(promised), encoding="utf-8")
    write(tmp_path)
    assert json.loads(path.read_text(encoding="utf-8")) == DOCUMENT, "a new major version may"


def test_operations_are_named_for_their_functions() -> None:
    functions = {route.operation_id or route.name for route in ROUTES if route.include_in_schema}
    assert {operation["operationId"] for _, _, operation in operations()} == functions


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()), ids=lambda each: str(each)[:40])
def test_an_operation_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"][0].isupper()
    good = [status for status in operation["responses"] if status.startswith("2")]
    assert good
    for status, response in operation["responses"].items():
        kinds = response.get("content", {})
        if status in ("204", "304"):
            assert not kinds
        elif status in good:
            assert kinds
            assert all(each["schema"] for each in kinds.values()), "an answer without a shape"
        else:
            assert list(kinds) == ["application/problem+json"]
        assert {"X-Request-ID", "RateLimit"} <= response["headers"].keys()
    if method in ("POST", "PATCH", "PUT") and "requestBody" in operation:
        assert {"400", "413", "415", "422"} <= operation["responses"].keys()


def test_references_lead_somewhere() -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            for each in node.values():
                yield from references(each)
        elif isinstance(node, list):
            for each in node:
                yield from references(each)

    named = set(references(DOCUMENT))
    for kind in ("schemas", "headers"):
        there = {f"#/components/{kind}/{name}" for name in DOCUMENT["components"][kind]}
        assert {each for each in named if f"/{kind}/" in each} == there, "one missing, or one of no use"


def test_examples_fit_their_schemas() -> None:
    named = DOCUMENT["components"]["schemas"].items()
    shown = [(name, each) for name, schema in named for each in schema.get("examples", ())]
    assert {"IndicatorPatch", "ReceiptOut"} <= {name for name, _ in shown}
    for name, content in shown:
        schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(content)


def test_what_is_sent_has_an_example() -> None:
    bodies = {
        kind["schema"].get("$ref", "").rpartition("/")[2]
        for _, _, operation in operations()
        for media, kind in operation.get("requestBody", {}).get("content", {}).items()
        if media == "application/json"
    }
    assert {name for name in bodies if "examples" not in DOCUMENT["components"]["schemas"][name]} == set()


def without(document: Any, *path: str | int) -> None:
    for step in path[:-1]:
        document = document[step]
    del document[path[-1]]


FIGURES = ("paths", "/api/v1/figures")
SCHEMAS = ("components", "schemas")


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ((*FIGURES, "get"), "GET /api/v1/figures is gone"),
        (
            (*FIGURES, "get", "parameters", 0),
            "GET /api/v1/figures no longer takes the query parameter indicator",
        ),
        ((*FIGURES, "post", "responses", "201"), "POST /api/v1/figures no longer answers 201"),
        (
            (*FIGURES, "post", "requestBody", "content", "text/csv"),
            "POST /api/v1/figures no longer takes text/csv",
        ),
        ((*SCHEMAS, "FigureOut", "properties", "value"), "FigureOut.value is gone"),
        ((*SCHEMAS, "FigureIn", "properties", "status", "enum", 1), "FigureIn.status no longer knows final"),
    ],
)
def test_taking_away_breaks_an_older_client(gone: tuple[str | int, ...], said: str) -> None:
    later = copy.deepcopy(DOCUMENT)
    without(later, *gone)
    assert breaking(DOCUMENT, later) == [said]
    assert breaking(later, DOCUMENT) == [], "and the other way round it was only added"


def test_asking_for_more_or_giving_another_type_does_too() -> None:
    later = copy.deepcopy(DOCUMENT)
    later["paths"]["/api/v1/figures"]["get"]["parameters"][0]["required"] = True
    schemas = later["components"]["schemas"]
    schemas["FigureIn"]["required"].append("note")
    schemas["FigureOut"]["properties"]["id"]["type"] = "integer"
    assert sorted(breaking(DOCUMENT, later)) == [
        "FigureIn.note is now required",
        "FigureOut.id was string and is integer",
        "GET /api/v1/figures now requires the query parameter indicator",
    ]


def test_other_words_break_nothing() -> None:
    later = copy.deepcopy(DOCUMENT)
    later["paths"]["/api/v1/figures"]["get"]["description"] = "Otherwise."
    assert breaking(DOCUMENT, later) == []
