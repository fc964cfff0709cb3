"""A restore killed at each of its steps: the old database is there, whole, or the new one."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.faults.conftest import Place

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
