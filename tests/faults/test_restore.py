"""A database is not replaced under what has it open, and where somebody does it by hand, nothing is lost silently."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from app.db import Database, alone
from tests.faults.conftest import Deployment, stocked
from tests.stocked import months
from tests.worker import SAFERPLAN, Worker, running, saferplan_worker

FIGURES = "/api/v1/figures"
MONTHS = months(12)
Holder = Callable[["Place"], AbstractContextManager[None]]


@dataclass(frozen=True)
class Place:
    """A deployment on SQLite and a backup of it, without figures."""

    deployment: Deployment
    path: Path
    backup: Path

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DATABASE_URL": self.deployment.database_url}
        return subprocess.run(
            [SAFERPLAN, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
        )

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


def figures(path: Path) -> int:
    """How many a sound database holds."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM figure").fetchone()[0])
    finally:
        connection.close()


def files(place: Place) -> set[str]:
    return {each.name for each in place.path.parent.iterdir()}


def test_a_restore_beside_a_server_is_refused_and_no_acknowledged_figure_is_lost(place: Place) -> None:
    worker = place.deployment.worker()
    with running(worker):
        assert place.post(worker, 1).status_code == 201
        said = place.run("restore", place.backup, "--force")
        assert (said.returncode, "stop the service first" in said.stderr) == (1, True)
        assert said.stderr.count("\n") == 1
        assert place.post(worker, 2).status_code == 201
    with running(worker):
        assert place.values(worker) == {1, 2}
    assert not any(".before-" in name or ".restoring" in name for name in files(place))


def test_once_it_is_stopped_the_restore_goes_through_and_keeps_what_was_there(place: Place) -> None:
    worker = place.deployment.worker()
    with running(worker):
        assert place.post(worker, 1).status_code == 201
    place.path.chmod(0o640)
    said = place.run("restore", place.backup, "--force")
    assert said.returncode == 0, said.stderr
    (kept,) = [each for each in place.path.parent.iterdir() if ".before-" in each.name]
    assert [each.stat().st_mode & 0o777 for each in (kept, place.path)] == [0o600, 0o640]
    assert (figures(kept), figures(place.path)) == (1, 0)


@contextmanager
def idle_server(place: Place) -> Iterator[None]:
    with running(place.deployment.worker()):
        yield


@contextmanager
def two_processes(place: Place) -> Iterator[None]:
    command: list[str | Path] = [SAFERPLAN, "serve", "--workers", "2", "--port"]
    environment = {"DATABASE_URL": place.deployment.database_url}
    worker = Worker(lambda port: [*command, str(port)], environment, place.deployment.log, "/api/v1/health")
    with running(worker):
        yield


@contextmanager
def worker_apart(place: Place) -> Iterator[None]:
    worker = saferplan_worker(place.deployment.database_url, place.deployment.log, PYTHONUNBUFFERED="1")
    worker.launch()
    try:
        while "Working" not in place.deployment.log.read_text():
            time.sleep(0.02)
        yield
    finally:
        worker.stop()


@contextmanager
def our_reader(place: Place) -> Iterator[None]:
    database = Database(place.deployment.database_url)
    with database.read():
        yield
    database.close()


@contextmanager
def other_program(place: Place, *statements: str) -> Iterator[None]:
    """One that knows nothing of our lock."""
    connection = sqlite3.connect(place.path, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", *statements):
        connection.execute(statement).fetchall()
    yield
    connection.close()


READ = "SELECT seq FROM ledger"
HOLDERS: dict[str, Holder] = {
    "an idle server": idle_server,
    "a server of two processes": two_processes,
    "a worker": worker_apart,
    "a reader of ours": our_reader,
    "an idle program": lambda place: other_program(place, READ),
    "a reading program": lambda place: other_program(place, "BEGIN", READ),
    "a writing program": lambda place: other_program(place, "BEGIN IMMEDIATE", READ),
}


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
def test_a_restore_is_refused_beside(place: Place, holder: Holder) -> None:
    with holder(place):
        before = place.path.stat().st_ino
        said = place.run("restore", place.backup, "--force")
        assert (said.returncode, "in use by another" in said.stderr) == (1, True)
        assert place.path.stat().st_ino == before
        assert not any(".before-" in name or ".restoring" in name for name in files(place))


@pytest.mark.parametrize("command", ["serve", "worker", "backup", "migrate"])
def test_what_starts_beside_a_restore_is_refused(place: Place, command: str, tmp_path: Path) -> None:
    arguments = ("backup", tmp_path / "another.db") if command == "backup" else (command,)
    with alone(place.deployment.database_url):
        said = place.run(*arguments)
    assert (said.returncode, "being restored" in said.stderr) == (1, True), said.stderr
    assert said.stderr.count("\n") == 1


def replaced(place: Place) -> None:
    os.replace(shutil.copyfile(place.backup, f"{place.path}.new"), place.path)


def put_aside_and_replaced(place: Place) -> None:
    os.replace(place.path, f"{place.path}.aside")
    shutil.copyfile(place.backup, place.path)


def removed(place: Place) -> None:
    place.path.unlink()


@pytest.mark.parametrize("by_hand", [replaced, put_aside_and_replaced, removed])
def test_a_server_whose_file_was_replaced_by_hand_acknowledges_nothing(
    place: Place, by_hand: Callable[[Place], None]
) -> None:
    worker = place.deployment.worker()
    with running(worker):
        assert place.post(worker, 1).status_code == 201
        assert place.values(worker) == {1}
        by_hand(place)
        answers = [place.post(worker, 2), place.get(worker), httpx.get(worker.url + "/api/v1/health")]
        for answer in answers:
            assert (answer.status_code, answer.json()["code"]) == (503, "database_replaced")
            assert answer.headers["content-type"] == "application/problem+json"
            assert "Retry-After" in answer.headers
        if by_hand is not removed:
            said = place.run("export")
            assert (said.returncode, "Another file was put" in said.stderr) == (1, True)
    if by_hand is put_aside_and_replaced:
        assert figures(Path(f"{place.path}.aside")) == 1
    if by_hand is not removed:
        with running(worker):
            assert place.values(worker) == set()
            assert place.post(worker, 3).status_code == 201
        assert figures(place.path) == 1


# One process for all steps: it has imported the program, and a fork of it dies at each.
DIES_AT_A_STEP = """
import os, signal, sys
import app.cli.restore
from app.cli import main

STEPS = ("os.rename", "os.link", "os.chmod", "os.chown", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect")

def restore(url, backup, dies_at):
    left = int(dies_at)
    def hook(event, arguments):
        nonlocal left
        if event in STEPS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    os.environ["DATABASE_URL"] = url
    main(["restore", backup, "--force"])

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            sys.stdout = sys.stderr
            restore(*line.split())
        finally:
            os._exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def test_a_restore_killed_at_any_step_leaves_the_old_database_or_the_new(
    place: Place, tmp_path: Path
) -> None:
    _make_old(place.path, tmp_path / "old")
    left = []
    with subprocess.Popen(
        [sys.executable, "-c", DIES_AT_A_STEP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as restoring:
        assert restoring.stdin is not None
        assert restoring.stdout is not None
        for step in range(1, 80):
            folder = shutil.copytree(tmp_path / "old", tmp_path / f"{step:02}")
            path = folder / place.path.name
            print(f"sqlite:///{path}", place.backup, step, file=restoring.stdin, flush=True)
            was_killed = int(restoring.stdout.readline()) != 0
            left.append(_name(path))
            if not was_killed:
                break
        restoring.stdin.close()
    assert not was_killed, "it was never let through"
    news = left.index("Bradford District")
    assert left == ["Old"] * news + ["Bradford District"] * (len(left) - news)
    assert 10 < news < len(left) - 1
    (kept,) = [each for each in folder.iterdir() if ".before-" in each.name]
    assert {each.name for each in folder.iterdir()} == {path.name, f"{path.name}.lock", kept.name}
    assert _name(kept) == "Old"


def _make_old(path: Path, folder: Path) -> None:
    """A database as a power cut leaves it: what was written last stands in the log alone."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE partnership SET short_name = 'Old'")
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{path}{suffix}", folder / f"{path.name}{suffix}")
    connection.close()


def _name(path: Path) -> str:
    """The partnership's, in a sound database; whatever opens it next has no log to fold that is not its own."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return str(connection.execute("SELECT short_name FROM partnership").fetchone()[0])
    finally:
        connection.close()
