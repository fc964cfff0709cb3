"""Writes the committed descriptions in openapi/ from the code."""

import json
from pathlib import Path

import typer

from app.cli.stop import Stop
from app.config import Settings, project_file


def openapi() -> None:
    """Write openapi/ from the code."""
    try:
        written = write(project_file("openapi"))
    except ValueError as error:
        raise Stop(str(error)) from error
    for path in written:
        typer.echo(f"Written: openapi/{path.name}")


def write(directory: Path) -> list[Path]:
    """Writes the descriptions of the API and of the plan document; returns their paths.

    Raises ValueError if the API would break an older client within the same major version.
    """
    from app.api import create_api
    from app.api.server.openapi import as_file, refuse_breaking
    from app.document.shape import schema

    described = create_api(Settings()).app.openapi()
    path = directory / "openapi.json"
    if path.exists():
        refuse_breaking(json.loads(path.read_text(encoding="utf-8")), described)
    written = {path: described, directory / "plan-document.schema.json": schema()}
    for file, content in written.items():
        file.write_text(as_file(content), encoding="utf-8")
    return list(written)
