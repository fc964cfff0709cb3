"""The service as people run it: its own process, on a free port of the loopback address."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.build import TODAY
from tests.forked import run
from tests.worker import Worker, serve


class Live:
    """`saferplan serve` over the SQLite file `saferplan.db` in a directory, which also takes its log."""

    def __init__(self, directory: Path) -> None:
        self.database_url = f"sqlite:///{directory / 'saferplan.db'}"
        self.url = ""
        self._log = directory / "log"
        self._worker: Worker | None = None

    def start(self) -> None:
        """Serve, and return once the service answers. Raises RuntimeError, with its log, if it does not."""
        self._worker = Worker(serve, self._environment(), self._log, "/api/v1/health")
        self.url = self._worker.url
        self._worker.start()

    def stop(self) -> None:
        """End the service as a service manager would; safe to call twice."""
        if self._worker is not None:
            self._worker.stop()

    def run(self, *arguments: str) -> str:
        """What another `saferplan` command prints, over the same database. Raises CalledProcessError."""
        done = run(arguments, os.environ | self._environment())
        done.check_returncode()
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "SAFERPLAN_SECURE_COOKIES": "false"}


@contextmanager
def on_the_day(directory: Path) -> Iterator[Live]:
    """The service on the tests' day, without a worker: nothing happens there but what a test does."""
    live = Live(directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAFERPLAN_TODAY", TODAY.isoformat())
        patch.setenv("SAFERPLAN_WORKER", "apart")
        live.start()
        try:
            yield live
        finally:
            live.stop()
