"""Servers as processes over a deployment with a plan, on each database; a module's tests share them."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import DATABASES
from tests.postgres import Server
from tests.stocked import counts, stock
from tests.worker import Worker, running, saferplan

INDICATORS = 12
WARDS = 60


@dataclass(frozen=True)
class Deployment:
    """A database with a plan in it, and a key's secret."""

    database_url: str
    token: str
    log: Path

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def worker(self, processes: int = 1) -> Worker:
        """Another server over this database, not started yet."""
        return saferplan(self.database_url, self.log, SAFERPLAN_WORKERS=str(processes))


@pytest.fixture(scope="module", params=DATABASES)
def deployment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    directory = tmp_path_factory.mktemp("faults")
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, directory / "saferplan.db")
        yield stocked(f"sqlite:///{directory / 'saferplan.db'}", directory)
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create(request.getfixturevalue("postgres_template"))
        yield stocked(url, directory)
        server.drop(url)


@pytest.fixture(scope="module")
def two_workers(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """The addresses of two processes over one database, which know nothing of each other."""
    first, second = deployment.worker(), deployment.worker()
    with running(first, second):
        yield first.url, second.url


def stocked(database_url: str, directory: Path) -> Deployment:
    return Deployment(database_url, stock(database_url, counts(INDICATORS), WARDS), directory / "log")


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a figure for people, whatever becomes of the test's own output."""

    def say(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return say
