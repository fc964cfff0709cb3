"""What every test may ask for: a fresh, migrated database on either of the two servers we support."""

import gc
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.gc_settings import collect_seldom
from tests.compiled import keep_compiled
from tests.postgres import Server, database_name

DATABASES = ["sqlite", "postgresql"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="crash and concurrency tests in their long form")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left with it when the others have done."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no collection of garbage need look through it again."""
    collect_seldom()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def compiled() -> Iterator[None]:
    """A statement is compiled once, for every test's database."""
    with pytest.MonkeyPatch.context() as patch:
        keep_compiled(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed in no time, but for a test that asks for `real_passwords`."""
    from tests.passwords import QUICK_HASHER, hashed_with

    with hashed_with(QUICK_HASHER):
        yield


@pytest.fixture
def real_passwords() -> Iterator[None]:
    """Passwords are hashed as the service hashes them."""
    from tests.passwords import SERVICE_HASHER, hashed_with

    with hashed_with(SERVICE_HASHER):
        yield


@pytest.fixture(scope="session")
def long_form(pytestconfig: pytest.Config) -> bool:
    """Whether the many rounds of `make faults` are wanted, rather than the few of `make test`."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the service does."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """This process's PostgreSQL server."""
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    from app.db import migrate

    url = postgres.create()
    migrate(url)
    return database_name(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy, with nothing left over in a write-ahead log."""
    from app.db import migrate

    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated database, the test's own; each test runs on both kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create(_template(request))
        yield url
        server.drop(url)


def _template(request: pytest.FixtureRequest) -> str:
    """What a test's PostgreSQL database is a copy of: one with a town in it where the test asks for that."""
    if "stock" in request.fixturenames:
        return str(request.getfixturevalue("stock").template(request))
    return str(request.getfixturevalue("postgres_template"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """As `database_url`, for a test that is about one kind of database or about none."""
    path = tmp_path / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=DATABASES)
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a schema, for tests of migrations and of the first start."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'saferplan.db'}"
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create()
        yield url
        server.drop(url)
