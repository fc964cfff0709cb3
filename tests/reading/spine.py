"""Prints the spine of a figure's post: the modules between handler and flush that call further modules.

It sends the contract's own example (`POST /api/v1/figures`, four new figures) to the API in this process, over
SQLite and the plan of `tests/town.yaml`, and follows the calls from the start of the handler to the last flush in
it, which writes the audit event. Reading the body and finding out who asks come before the handler. A module is a
leaf if nothing in it calls another module of `app` on this way. The others are the spine, the handler's own module
included. `tests/reading/calls.py` says what a call is.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from app.api.figures.figure import post_figures
from app.api.server.example import FIGURES
from app.db import migrate
from tests.build import serving
from tests.reading.calls import Calls, list_callers, recording, tree_lines
from tests.town import make_town


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
    lines = tree_lines(calls)
    print(f"{len(list_callers(calls))} modules of {len(lines)} call further modules (*)")
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
