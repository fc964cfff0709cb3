"""Prints the spine of a figure's post: the modules between handler and flush that call further modules.

It sends the contract's own example (`POST /api/v1/figures`, four new figures) to the API in this process, over
SQLite and the plan of `tests/town.yaml`, and follows the calls from the start of the handler to the last flush in
it, which writes the audit event. Reading the body and finding out who asks come before the handler.

A step is a module of a layer that data flows through (`STEP_LAYERS`); the pure core, the shapes, the session and its
caches are what steps work with. A step is a leaf if it calls no other on this way. The others are the spine, the
handler's own module included. `tests/reading/calls.py` says what a call is.
"""

import asyncio
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from app.api.figures.figure import post_figures
from app.api.server.example import FIGURES
from app.db import migrate
from tests.build import serving
from tests.reading.calls import Calls, list_callers, recording, tree_lines
from tests.town import make_town

STEP_LAYERS = ("api", "commands", "queries", "record")
CACHES = ("app.queries.cache", "app.queries.frame")
"""Steps read through them, as they do through the session."""


def is_step(module: str) -> bool:
    return module.split(".")[1] in STEP_LAYERS and module not in CACHES


def list_step_calls(calls: Calls) -> Calls:
    """Calls from one step to another."""
    return [(caller, called) for caller, called in calls if is_step(caller) and is_step(called)]


def first_line(module: str) -> str:
    """First line of a module's docstring."""
    return (import_module(module).__doc__ or "").strip().partition("\n")[0]


async def follow_post(database_url: str) -> Calls:
    """Calls between modules in one post of figures; the database is migrated and empty."""
    async with serving(database_url) as service:
        with service.writing() as session:
            town = make_town(session)
        with recording(post_figures, Session.flush) as recorder:
            answer = await service.post("/figures", town.analysts, json=FIGURES)
        assert answer.status_code == 201, answer.text
    return recorder.finish()


def main() -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'saferplan.db'}"
        migrate(url)
        calls = asyncio.run(follow_post(url))
    steps = list_step_calls(calls)
    spine = list_callers(steps)
    lines = tree_lines(steps)
    print(f"{len(spine)} steps of {len(lines)} call further steps (*)")
    print(*lines, sep="\n")
    print(*(f"{module}: {first_line(module)}" for module in spine), sep="\n")
    print(f"With the pure core, shapes, session and caches, {len(list_callers(calls))} modules call others")


if __name__ == "__main__":
    main()
