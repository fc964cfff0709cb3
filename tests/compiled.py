"""Statements compiled once for all databases of a kind: each test has an engine of its own, which would begin anew."""

from typing import cast

import pytest
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

import app.db
from app.database_file import DatabaseFile
from app.engine import make_engine

STATEMENTS = 3_000
"""To be kept of each kind. An engine's own number is for one service, not for the tests of all of it."""
_first: dict[str, Engine] = {}


def keep_compiled(patch: pytest.MonkeyPatch) -> None:
    """Whatever is opened from now on, in this process."""
    patch.setattr(app.db, "make_engine", _make_engine)


def _make_engine(url: str, file: DatabaseFile | None, connections: int) -> Engine:
    """With the dialect, by which statements are kept, of the first that connected and so knows its server."""
    engine = make_engine(url, file, connections)
    first = _first.get(engine.name)
    if first is None or first.dialect.server_version_info is None:
        cast("LRUCache[object, object]", engine._compiled_cache).capacity = STATEMENTS
        _first[engine.name] = engine
    else:
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine
