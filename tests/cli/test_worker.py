"""`saferplan worker`: what is due is done, with or without mail."""

import os
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.bradford import ANALYST, fill
from tests.cli.conftest import Run
from tests.mail.sink import sink
from tests.worker import SAFERPLAN


@pytest.fixture
def bradford(sqlite_template: Path, tmp_path: Path) -> Path:
    """A database file with the demonstration's plan and people."""
    path = tmp_path / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    fill(path)
    return path


def states(path: Path) -> dict[str, int]:
    connection = sqlite3.connect(path)
    found = dict(connection.execute("SELECT state, count(*) FROM outbox_message GROUP BY state").fetchall())
    connection.close()
    return found


def test_once_writes_and_sends_what_is_due_and_ends(
    run: Run, bradford: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run("worker", "--once", database=f"sqlite:///{bradford}")
    assert (said.status, said.err) == (0, "")
    assert "No mail is set up" in said.out
    (state,) = states(bradford)
    assert state == "waiting"
    with sink() as server:
        monkeypatch.setenv("SAFERPLAN_SMTP_URL", server.url)
        monkeypatch.setenv("SAFERPLAN_MAIL_FROM", "saferplan@council.example")
        assert run("worker", "--once").status == 0
    assert states(bradford) == {"sent": len(server.mail)}
    assert ANALYST in {each["To"] for each in server.mail}


def test_it_wants_a_database_of_this_version(run: Run, place: str) -> None:
    said = run("worker", "--once", database=place)
    assert said.status == 1
    assert "There is no database" in said.err


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_it_works_until_told_to_stop(bradford: Path, with_signal: signal.Signals) -> None:
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{bradford}", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [SAFERPLAN, "worker"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        while "Working" not in (line := process.stdout.readline()):
            assert line, "it ended before it worked"
        process.send_signal(with_signal)
        rest, _ = process.communicate(timeout=15)
    finally:
        process.kill()
    assert (process.returncode, rest) == (0, "")
