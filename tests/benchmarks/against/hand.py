"""A version's own hand: run in its tree, it makes a database and changes it by that version's modules alone.

Its first line says what it made. Each line it is sent then names a database and a change, and is answered once that
is done. With its input it ends, and what it made goes. It runs in trees from before it was written, so it imports
nothing that stands beside it.
"""

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

Made = dict[str, str]


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    _check_tree()
    kind, directory = sys.argv[1:]
    with ExitStack() as held:
        made = (
            _stock(Path(directory)) if kind == "stock" else held.enter_context(_grown(kind, Path(directory)))
        )
        print(json.dumps(made), file=answers, flush=True)
        changes: dict[str, Callable[[], None]] = {}
        for line in sys.stdin:
            if line not in changes:
                changes[line] = held.enter_context(_changes(*json.loads(line)))
            changes[line]()
            print(file=answers, flush=True)


def _check_tree() -> None:
    """The environment has one version installed, which must not be the one at work here."""
    import app
    import tests

    for package in (app, tests):
        if not Path(package.__path__[0]).is_relative_to(Path.cwd()):
            raise RuntimeError(f"{package.__name__} is another version's: {package.__path__[0]}")


def _stock(directory: Path) -> Made:
    from tests.benchmarks import first_visit, stock

    made: Any = stock.build(directory)
    # It was one of two databases when a million figures were filled in with it.
    few = made.few if hasattr(made, "few") else made.path
    url = f"sqlite:///{few}"
    return {"few": url, "token": made.token, "cookie": first_visit.sign_in(url)}


@contextmanager
def _grown(kind: str, directory: Path) -> Iterator[Made]:
    from tests.benchmarks import growth

    with growth._databases(kind, directory) as (few, many, token):
        yield {"few": few, "many": many, "token": token}


def _changes(url: str, name: str) -> Any:
    from tests.benchmarks import change

    takes_url = "database_url" in inspect.signature(change.changes).parameters
    place: Any = url if takes_url else Path(url.removeprefix("sqlite:///"))
    return change.changes(place, getattr(change, name))


if __name__ == "__main__":
    main()
