"""Every body that is taken as JSON, with what its schema refuses in place of each part of it: 422 that names the part.

The places are the published description's own, so a new route or field is tried without being listed here.
"""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from app.config import project_file
from app.db import seq
from tests.build import Service, assert_problem
from tests.town import Town

DOCUMENT: dict[str, Any] = json.loads((project_file("openapi") / "openapi.json").read_text(encoding="utf-8"))
Schema = dict[str, Any]
Path = tuple[str | int, ...]
ODD: tuple[Any, ...] = (
    0,
    1.5,
    True,
    None,
    "x",
    "0",
    "true",
    [],
    [[]],
    [None],
    {},
    {"a": 1},
    {"a": {"a": []}},
    {"real": 1},
)
ODD_DAYS = (
    *("2017-9-1", "20170901", "1512086400", 1512086400, "2017-12-01T00:00:00Z", "2017-12-01 ", "2017-02-30"),
    *("٢٠١٧-12-01", "2017-W48-5", "2017-335", "01/12/2017"),
)
TAKEN = [
    (method.upper(), path, said["requestBody"]["content"]["application/json"]["schema"])
    for path, methods in DOCUMENT["paths"].items()
    for method, said in methods.items()
    if "application/json" in said.get("requestBody", {}).get("content", {})
]
HEADERS = {"Content-Type": "application/json", "If-Match": "*"}
NAMES = {
    "code": "asb-incidents",
    "return_id": "2017-18-Q2~analysts",
    "period": "2017-18-Q2",
    "user_id": "1",
    "reference": "G1",
    "number": "1",
}


def resolved(schema: Schema) -> Schema:
    """The schema itself, or of several the one that is not null."""
    if "$ref" in schema:
        return resolved(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    named = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    return resolved(named[0]) if named else schema


def filled(schema: Schema) -> Any:
    """Something of this shape in which every part is there; what it says may be nonsense."""
    schema = resolved(schema)
    match schema.get("type"):
        case "object":
            named = schema.get("properties", {"a": schema.get("additionalProperties", {})})
            return {name: filled(each) for name, each in named.items()}
        case "array":
            return [filled(schema["items"])]
        case "number" | "integer":
            return 1
        case "boolean":
            return True
    return schema.get("enum", ["2017-12-01" if schema.get("format") == "date" else "x"])[0]


def places(schema: Schema, path: Path = ()) -> Iterator[tuple[Path, Schema]]:
    """Every part of it, outermost first, with the schema that stands there."""
    yield path, schema
    whole = resolved(schema)
    for name, each in whole.get("properties", {}).items():
        yield from places(each, (*path, name))
    if isinstance(whole.get("additionalProperties"), dict):
        yield from places(whole["additionalProperties"], (*path, "a"))
    if "items" in whole:
        yield from places(whole["items"], (*path, 0))


def replaced(body: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    first, *rest = path
    changed = body.copy()
    changed[first] = replaced(body[first], tuple(rest), value)
    return changed


def refused_by(schema: Schema) -> Iterator[Any]:
    """The odd values that do not fit."""
    validator = jsonschema.Draft202012Validator(
        {**schema, "components": DOCUMENT["components"]}, format_checker=jsonschema.FormatChecker()
    )
    values = (*ODD, *ODD_DAYS) if resolved(schema).get("format") == "date" else ODD
    yield from (value for value in values if not validator.is_valid(value))


def test_there_are_some() -> None:
    assert {("PATCH", "/api/v1/users/{user_id}"), ("POST", "/api/v1/figures")} < {each[:2] for each in TAKEN}
    assert (("target", "milestones", 0), "object") in {
        (path, resolved(schema).get("type"))
        for path, schema in places({"$ref": "#/components/schemas/IndicatorPatch"})
    }


@pytest.mark.parametrize(("method", "path", "schema"), TAKEN, ids=lambda each: str(each)[:60])
async def test_it_is_refused_where_it_stands(
    still_service: Service, still_town: Town, method: str, path: str, schema: Schema
) -> None:
    with still_service.writing() as session:
        before = seq(session)
    whole, address = filled(schema), path.format(**NAMES)
    for place, said in places(schema):
        for value in refused_by(said):
            body = json.dumps(replaced(whole, place, value))
            answer = await still_service.ask(method, address, still_town.admin, content=body, headers=HEADERS)
            assert answer.status_code == 422, (place, value, answer.text)
            problem = assert_problem(answer, 422, answer.json()["code"])
            named = [name_of(error) for error in problem["errors"]]
            at = ".".join(str(part) for part in place)
            assert any(each == at or each.startswith(f"{at}.") or not at for each in named), (
                place,
                value,
                named,
            )
    with still_service.writing() as session:
        assert seq(session) == before, "something was written"


def name_of(error: dict[str, Any]) -> str:
    """What an error is about. A row of figures is named by its number, beside the field."""
    row = [] if error["row"] is None else ["figures", str(error["row"] - 1)]
    return ".".join([*row, *([error["field"]] if error["field"] else [])])
