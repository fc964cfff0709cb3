"""The committed descriptions, written anew from the code."""

import typer

from app.cli.stop import Stop
from app.config import project_file


def openapi() -> None:
    """Write openapi/ anew from the code."""
    from app.api.server.openapi import write

    try:
        written = write(project_file("openapi"))
    except ValueError as error:
        raise Stop(str(error)) from error
    for path in written:
        typer.echo(f"Written: openapi/{path.name}")
