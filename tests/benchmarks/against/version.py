"""A version of the program: a tree of files, and processes that run what stands in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.against import hand
from tests.benchmarks.change import ALL, ELSEWHERE, ONE
from tests.benchmarks.turns import Statements
from tests.worker import Worker, environment, serve

NAMES: dict[Statements, str] = {ELSEWHERE: "ELSEWHERE", ONE: "ONE", ALL: "ALL"}
"""As every version's `change` has them; each says in its own SQL what they are."""


@dataclass(frozen=True)
class Version:
    name: str
    tree: Path

    @property
    def first(self) -> dict[str, str]:
        """The environment has one version installed: a tree that is named is looked through before it."""
        return {"PYTHONPATH": str(self.tree)}

    def server(self, database_url: str, log: Path) -> Worker:
        settings = environment(database_url, self.first)
        return Worker(serve, settings, log, "/api/v1/health", afresh=True, directory=self.tree)

    @contextmanager
    def hand(self, kind: str, directory: Path) -> Iterator["Hand"]:
        """Raises RuntimeError, with its last words, where it cannot make such a database."""
        directory.mkdir()
        with (directory / "hand.log").open("w+") as log:
            process = subprocess.Popen(
                # -P: what stands beside the script is this version's, and not to be found.
                [sys.executable, "-P", hand.__file__, kind, str(directory)],
                cwd=self.tree,
                env=os.environ | self.first,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            with process:
                yield Hand(process, directory / "hand.log")


class Hand:
    """Makes changes where it is told to, and knows what it made."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process, self._log = process, log
        self.made: dict[str, str] = json.loads(self._answer())

    @contextmanager
    def changes(self, url: str, statements: Statements) -> Iterator[Callable[[], None]]:
        """As `change.changes`."""
        line = json.dumps([url, NAMES[statements]])

        def change() -> None:
            assert self._process.stdin is not None
            print(line, file=self._process.stdin, flush=True)
            self._answer()

        yield change

    def _answer(self) -> str:
        assert self._process.stdout is not None
        if answer := self._process.stdout.readline():
            return answer
        last = self._log.read_text(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"it could not fill or change a database: {last}")
