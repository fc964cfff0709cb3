"""Servers as processes over a deployment with a plan, on each database; a module's tests share them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from tests.conftest import DATABASES
from tests.forked import run
from tests.postgres import Server
from tests.stocked import counts, months, stock
from tests.worker import Worker, running, saferplan, saferplan_afresh

FIGURES = "/api/v1/figures"
MONTHS = months(12)
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
        start = saferplan if processes == 1 else saferplan_afresh
        return start(self.database_url, self.log, SAFERPLAN_WORKERS=str(processes))


@pytest.fixture(scope="module", params=DATABASES)
def deployment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    with deployed(request, request.param, tmp_path_factory.mktemp("faults")) as deployment:
        yield deployment


@contextmanager
def deployed(request: pytest.FixtureRequest, kind: str, directory: Path) -> Iterator[Deployment]:
    """A deployment on a database of that kind, which is gone afterwards."""
    if kind == "sqlite":
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


@dataclass(frozen=True)
class Place:
    """A deployment on SQLite and a backup of it, without figures."""

    deployment: Deployment
    path: Path
    backup: Path

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DATABASE_URL": self.deployment.database_url}
        return run(arguments, environment)

    def post(self, worker: Worker, value: int) -> httpx.Response:
        """One figure, of a month of its own, so that its value tells it."""
        row = {"indicator": "count-01", "period": MONTHS[value], "value": value}
        headers = self.deployment.headers
        return httpx.post(worker.url + FIGURES, json={"figures": [row]}, headers=headers, timeout=30)

    def values(self, worker: Worker) -> set[int]:
        return {each["value"] for each in self.get(worker).json()["items"]}

    def get(self, worker: Worker) -> httpx.Response:
        return httpx.get(worker.url + FIGURES, headers=self.deployment.headers, timeout=30)


@pytest.fixture(scope="module")
def original(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    directory = tmp_path_factory.mktemp("restore")
    path = directory / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    deployment = stocked(f"sqlite:///{path}", directory)
    made = Place(deployment, path, directory / "backup.db")
    assert made.run("backup", made.backup).returncode == 0
    return made


@pytest.fixture
def place(original: Place, tmp_path: Path) -> Place:
    """The test's own copy."""
    path = tmp_path / "saferplan.db"
    shutil.copyfile(original.backup, path)
    deployment = replace(original.deployment, database_url=f"sqlite:///{path}", log=tmp_path / "log")
    return replace(original, deployment=deployment, path=path)
