"""What tests of the API start from: a service on either database, and one small partnership in it."""

import filecmp
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine
from sqlmodel import Session

from app.commands.audit import verify
from app.db import Database, sqlite_path
from app.domain.access.authority import Role
from app.models.access.person import Person
from app.models.plan.partnership import Agency, Partnership
from tests.build import Service, make_agency, make_partnership, make_person, make_token, serving
from tests.conftest import DATABASES
from tests.postgres import Server, database_name
from tests.town import Town, make_town

BYTES_OF_A_LOGS_HEADER = 32


@pytest.fixture
async def service(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Service]:
    """The API over a migrated database, with a town in it where the test asks for `town`, else with nothing."""
    if "town" in request.fixturenames and sqlite_path(database_url) is not None:
        request.getfixturevalue("stock").copy_to(database_url)
    async with serving(database_url) as service:
        yield service
        require_whole_record(request, service)


class Verifier:
    """Verifies SQLite files on one engine, so that its statements are compiled once and not for each test."""

    def __init__(self) -> None:
        self.path = ""
        self._engine = create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(self.path), poolclass=NullPool
        )

    def problems(self, path: str | Path) -> list[str]:
        self.path = str(path)
        with Session(self._engine) as session:
            return list(verify(session))


VERIFIER = Verifier()


def require_whole_record(request: pytest.FixtureRequest, service: Service) -> None:
    """Whatever a test did through the service, the audit record covers it: some 50 ms, so on SQLite alone."""
    path = sqlite_path(service.settings.database_url)
    if path is None or request.node.get_closest_marker("tampers") is not None:
        return
    if "stock" in request.fixturenames and request.getfixturevalue("stock").is_unchanged(path):
        return
    assert VERIFIER.problems(path) == []


@pytest.fixture
def town(service: Service, stock: "Stock") -> Town:
    """A partnership with a plan in force, with some figures in it, and keys to it."""
    return stock.town_of(service.settings.database_url)


@pytest.fixture
async def one_service(
    request: pytest.FixtureRequest, sqlite_url: str, stock: "Stock"
) -> AsyncIterator[Service]:
    """As `service` with a town, for what does not depend on the kind of database."""
    async with serving(stock.copy_to(sqlite_url)) as service:
        yield service
        require_whole_record(request, service)


@pytest.fixture
def one_town(one_service: Service, stock: "Stock") -> Town:
    return stock.town_of(one_service.settings.database_url)


@pytest.fixture(scope="module")
async def still_service(
    sqlite_template: Path, stock: "Stock", tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    """As `one_service`, for a file's tests that change nothing: they read, or are refused. Made once for the file."""
    path = tmp_path_factory.mktemp("still") / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    url = stock.copy_to(f"sqlite:///{path}")
    async with serving(url, requests_a_minute=1_000_000) as service:
        yield service
        assert VERIFIER.problems(path) == []


@pytest.fixture(scope="module", params=DATABASES)
async def still_services(
    request: pytest.FixtureRequest,
    stock: "Stock",
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Service]:
    """As `still_service`, on each of the two databases."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("still") / "saferplan.db"
        shutil.copyfile(sqlite_template, path)
        url = stock.copy_to(f"sqlite:///{path}")
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create(stock.template(request))
    async with serving(url, requests_a_minute=1_000_000) as service:
        yield service


@pytest.fixture(scope="module")
def still_town(still_service: Service, stock: "Stock") -> Town:
    return stock.town_of(still_service.settings.database_url)


@pytest.fixture
def still_towns(still_services: Service, stock: "Stock") -> Town:
    return stock.town_of(still_services.settings.database_url)


class Stock:
    """Databases with a town in them, made once of each kind and copied for each test."""

    def __init__(self, directory: Path, make: Callable[[Session], Town] = make_town) -> None:
        self._path = directory / "stocked.db"
        self._make = make
        self._made: dict[str, tuple[str, Town]] = {}

    def copy_to(self, url: str) -> str:
        """Puts a copy in place of the empty SQLite database at `url`, and gives that."""
        path = sqlite_path(url)
        assert path is not None
        if "sqlite" not in self._made:
            self._fill("sqlite", url, str(self._path))
            shutil.copyfile(path, self._path)
        shutil.copyfile(self._path, path)
        return url

    def is_unchanged(self, path: str) -> bool:
        """Whether a copy is byte for byte what it was, with nothing in its write-ahead log but the log's header."""
        log = Path(f"{path}-wal")
        has_log = log.exists() and log.stat().st_size > BYTES_OF_A_LOGS_HEADER
        return not has_log and filecmp.cmp(path, self._path, shallow=False)

    def template(self, request: pytest.FixtureRequest) -> str:
        """The name of a PostgreSQL database to copy."""
        if "postgresql" not in self._made:
            server: Server = request.getfixturevalue("postgres")
            url = server.create(request.getfixturevalue("postgres_template"))
            self._fill("postgresql", url, database_name(url))
        return self._made["postgresql"][0]

    def town_of(self, url: str) -> Town:
        return self._made["sqlite" if sqlite_path(url) else "postgresql"][1]

    def _fill(self, kind: str, url: str, source: str) -> None:
        database = Database(url)
        with database.write() as session:
            self._made[kind] = (source, self._make(session))
        database.close()


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    return Stock(tmp_path_factory.mktemp("stock"))


@dataclass(frozen=True)
class Riverside:
    """A partnership of two agencies, with one administrator who is signed in."""

    partnership: Partnership
    police: Agency
    council: Agency
    admin: Person
    token: str


@pytest.fixture
async def riverside(service: Service) -> Riverside:
    with service.writing() as session:
        partnership = make_partnership(session)
        police = make_agency(session, partnership, code="police")
        council = make_agency(session, partnership, code="council")
        admin = make_person(
            session, partnership, Role.ADMINISTRATOR, agency=council, email="admin@riverside.example"
        )
        return Riverside(partnership, police, council, admin, make_token(session, admin))
