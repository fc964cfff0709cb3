"""The committed descriptions, written anew from the code."""

import json
from typing import Any

import typer

from app.config import project_file, settings_from_environment
from app.models.plan_document import schema


def openapi() -> None:
    """Write openapi/ anew from the code."""
    from app.api import create_api

    described = create_api(settings_from_environment()).app.openapi()
    for name, content in (("openapi.json", described), ("plan-document.schema.json", schema())):
        path = project_file("openapi") / name
        path.write_text(as_file(content), encoding="utf-8")
        typer.echo(f"Written: openapi/{name}")


def as_file(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
