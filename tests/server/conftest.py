"""One server as a process of its own, for all tests here; its patience is a second where they ask for that."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stocked import counts, stock
from tests.worker import SAFERPLAN, Worker, environment, running

HURRIED = """
import sys
from app.cli import main
from app.server import limits
limits.PATIENCE, limits.LINGER, limits.LEAST_PROGRESS = 1.0, 0.5, 1024
main(sys.argv[1:])
"""


def serving(database_url: str, log: Path, *, hurried: bool = False, files: int | None = None) -> Worker:
    """A server not started yet; `files` is its limit of file handles."""
    program: list[str | Path] = [sys.executable, "-c", HURRIED] if hurried else [SAFERPLAN]
    limit = [] if files is None else ["/bin/sh", "-c", f'ulimit -n {files}; exec "$@"', "-"]
    command = [*limit, *program, "serve", "--workers", "1", "--port"]
    settings = {
        "SAFERPLAN_PUBLIC_URL": "https://plan.example/saferplan",
        "SAFERPLAN_HOSTS": "web, proxy.internal",
    }
    return Worker(
        lambda port: [*command, str(port)], environment(database_url, settings), log, "/api/v1/health"
    )


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def server_database(sqlite_template: Path, directory: Path) -> str:
    """Its database. What is tested stands before any database, so one kind will do."""
    shutil.copyfile(sqlite_template, directory / "saferplan.db")
    return f"sqlite:///{directory / 'saferplan.db'}"


@pytest.fixture(scope="session")
def key(server_database: str) -> str:
    """The secret of a key that may do much."""
    return stock(server_database, counts(1))


@pytest.fixture(scope="session")
def server(server_database: str, directory: Path) -> Iterator[Worker]:
    worker = serving(server_database, directory / "log")
    with running(worker):
        yield worker


@pytest.fixture(scope="session")
def hurried(server_database: str, directory: Path) -> Iterator[Worker]:
    """A server whose patience is a second."""
    worker = serving(server_database, directory / "hurried.log", hurried=True)
    with running(worker):
        yield worker
