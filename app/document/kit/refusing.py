"""Turns a command's refusal into a problem of the document, with its line."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.document.kit.load import Load
from app.document.kit.tree import Path
from app.domain.errors import Conflict, RuleBroken


@contextmanager
def refusing_at(load: Load, path: Path) -> Iterator[None]:
    """Adds a refusal of the body to the load's problems. `path` is the entry that the body is about."""
    try:
        yield
    except RuleBroken as error:
        names = (int(name) if name.isdigit() else name for name in error.field.split("."))
        load.refuse((*path, *names), error.code, error.message)
    except Conflict as error:
        load.refuse(path, error.code, error.message)
