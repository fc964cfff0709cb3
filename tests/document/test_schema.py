"""The JSON Schema that editors complete from."""

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from app.api.server.openapi import as_file
from app.config import project_file
from app.document.shape import schema
from tests.document.build import DOCUMENTS, SMALL

VALIDATOR = Draft202012Validator(schema())


class EditorLoader(yaml.SafeLoader):
    """Resolves scalars as editors do, by YAML 1.2's core schema: numbers, true and false, null; no dates."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(("timestamp", "bool"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_editors_see(text: str) -> Any:
    def written(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): written(entry) for key, entry in value.items()}
        return [written(entry) for entry in value] if isinstance(value, list) else value

    return written(yaml.load(text, Loader=EditorLoader))


def test_the_committed_schema_is_current() -> None:
    committed = (project_file("openapi") / "plan-document.schema.json").read_text(encoding="utf-8")
    assert committed == as_file(schema()), "run make openapi"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(as_file(schema())) == schema()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_plan_here_fits_it(path: Any) -> None:
    seen = as_editors_see(path.read_text(encoding="utf-8"))
    assert [error.json_path for error in VALIDATOR.iter_errors(seen)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status: draft", "status: final"),
        ("measure: count", "measure: counts"),
        ("title: The plan", "titel: The plan"),
        ("kind: district", "kind: parish"),
        ("code: plan\n", "\n"),
        ("target: Fewer than 100", "target: {word: x}"),
    ],
)
def test_an_editor_marks_a_mistake(old: str, new: str) -> None:
    assert not VALIDATOR.is_valid(as_editors_see(SMALL.replace(old, new)))


def test_the_demonstration_points_to_it() -> None:
    first, *_ = DOCUMENTS[0].read_text(encoding="utf-8").splitlines()
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (DOCUMENTS[0].parent / name).resolve() == project_file("openapi") / "plan-document.schema.json"
