"""Backup, restore, and the record of changes."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.plan_document.build import SMALL


@pytest.fixture
def filled(run: Run, sqlite_url: str, tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(SMALL, encoding="utf-8")
    assert run("import", str(tmp_path / "plan.yaml"), database=sqlite_url).status == 0
    return Path(sqlite_url.removeprefix("sqlite:///"))


def test_there_and_back(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    before = run("export").out
    assert run("backup", str(copy)).status == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    (tmp_path / "plan.yaml").write_text(SMALL.replace("Be safe", "Be safer"), encoding="utf-8")
    run("import", str(tmp_path / "plan.yaml"))
    assert run("export").out != before
    said = run("restore", str(copy), "--force")
    assert said.status == 0, said.err
    assert run("export").out == before
    kept = [path for path in filled.parent.iterdir() if ".before-" in path.name]
    assert len(kept) == 1
    assert "Be safer" in run("export", database=f"sqlite:///{kept[0]}").out


def test_nothing_is_written_over_unasked(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    assert "--force" in run("backup", str(copy)).err
    assert copy.read_text() == "mine"
    assert run("backup", str(copy), "--force").status == 0
    assert "--force" in run("restore", str(copy)).err


@pytest.mark.parametrize("content", [b"", b"not a database at all, by any means" * 50])
def test_restore_takes_no_other_file(run: Run, filled: Path, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    before = run("export").out
    said = run("restore", str(other), "--force")
    assert (said.status, "not a backup" in said.err) == (1, True)
    assert run("restore", str(tmp_path / "none"), "--force").status == 1
    assert run("export").out == before


def test_restore_takes_no_altered_record(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    with sqlite3.connect(copy) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE audit_event SET actor = 'somebody else'")
    connection.close()
    assert "not whole" in run("restore", str(copy), "--force").err


def test_restore_waits_for_nobody(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    holder = sqlite3.connect(filled, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    said = run("restore", str(copy), "--force")
    holder.execute("ROLLBACK")
    holder.close()
    assert (said.status, "stop the service" in said.err) == (1, True)
    assert run("export").status == 0


def test_postgresql_is_backed_up_by_its_own_tools(
    run: Run, monkeypatch: pytest.MonkeyPatch, postgres_template: str, postgres: object, tmp_path: Path
) -> None:
    url = postgres.create(postgres_template)  # type: ignore[attr-defined]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump" in run("backup", str(tmp_path / "copy"), database=url).err
    assert "pg_restore" in run("restore", str(tmp_path / "copy")).err
    postgres.drop(url)  # type: ignore[attr-defined]


def test_the_record_is_verified_against_an_earlier_head(run: Run, filled: Path) -> None:
    head = run("audit", "head").out.strip()
    assert len(head) == 64
    assert run("audit", "verify", "--head", head).out == "The record is whole.\n"
    said = run("audit", "verify", "--head", "f" * 64)
    assert (said.status, "cut off or rewritten" in said.err) == (1, True)
