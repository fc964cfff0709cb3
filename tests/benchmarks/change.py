"""Changes made to a database behind a server's back, ahead of a request, so that no kept answer can serve it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ELSEWHERE = ("UPDATE ledger SET seq = seq + 1",)
ONE = (*ELSEWHERE, "UPDATE indicator SET seq = (SELECT seq FROM ledger) WHERE id = 1 + :turn % 60")
ALL = (*ELSEWHERE, "UPDATE indicator SET seq = (SELECT seq FROM ledger)")
"""The ledger moves on: for something else, for one indicator of sixty, for every one of them."""


@contextmanager
def changes(path: Path, statements: tuple[str, ...]) -> Iterator[Callable[[], None]]:
    """Each call commits once. It is not waited for to reach the disk: the driver's time is not what is measured."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA synchronous = OFF")
    turns = count()

    def change() -> None:
        turn = {"turn": next(turns)}
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement, turn)
        connection.execute("COMMIT")

    yield change
    connection.close()
