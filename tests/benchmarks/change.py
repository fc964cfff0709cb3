"""Changes made to a database behind a server's back, ahead of a request, so that no kept answer can serve it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import create_engine, text

ELSEWHERE = ("UPDATE ledger SET seq = seq + 1",)
ONE = (*ELSEWHERE, "UPDATE indicator SET seq = (SELECT seq FROM ledger) WHERE id = 1 + :turn % 60")
ALL = (*ELSEWHERE, "UPDATE indicator SET seq = (SELECT seq FROM ledger)")
"""The ledger moves on: for something else, for one indicator of sixty, for every one of them."""


@contextmanager
def changes(database_url: str, statements: tuple[str, ...]) -> Iterator[Callable[[], None]]:
    """Each call commits once. It is not waited for to reach the disk: the driver's time is not what is measured."""
    engine = create_engine(database_url)
    turns = count()
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            connection.exec_driver_sql("PRAGMA busy_timeout = 30000")
            connection.rollback()

        def change() -> None:
            turn = {"turn": next(turns)}
            for statement in statements:
                connection.execute(text(statement), turn if ":turn" in statement else {})
            connection.commit()

        yield change
    engine.dispose()
