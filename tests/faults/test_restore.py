"""A database is not replaced under what has it open, and where somebody does it by hand, nothing is lost silently."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from app.db import Database, alone
from tests.faults.conftest import Place
from tests.worker import running, saferplan_worker

Holder = Callable[[Place], AbstractContextManager[None]]


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
    with running(place.deployment.worker(2)):
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
        answers = [place.post(worker, 2), place.get(worker), httpx.get(worker.url + "/api/v1/ready")]
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
