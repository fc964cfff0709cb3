"""Backup, restore, and the record of changes."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic import command

from app.db import epoch
from tests.cli.conftest import Run
from tests.contract.test_migration import config
from tests.document.build import SMALL, database


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


def test_restore_replaces_a_damaged_database(run: Run, filled: Path, tmp_path: Path) -> None:
    """With what lay beside it: a log is applied to whatever file has its name."""
    copy = tmp_path / "copy.db"
    before = run("export").out
    run("backup", str(copy))
    filled.write_bytes(b"not a database any more" * 100)
    filled.with_name(f"{filled.name}-wal").write_bytes(b"nor is this a log" * 100)
    said = run("restore", str(copy), "--force")
    assert said.status == 0, said.err
    assert run("export").out == before
    kept = {
        each.name.split(".before-")[1][-4:] for each in filled.parent.iterdir() if ".before-" in each.name
    }
    assert "-wal" in kept


def test_restore_where_a_log_outlived_its_database(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    before = run("export").out
    run("backup", str(copy))
    writer = sqlite3.connect(filled, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE more (id INTEGER)")
    log = filled.with_name(f"{filled.name}-wal").read_bytes()
    writer.close()
    filled.unlink()
    filled.with_name(f"{filled.name}-wal").write_bytes(log)
    assert run("restore", str(copy)).status == 0
    assert run("export").out == before


def test_restore_keeps_a_link_and_the_files_owner(run: Run, filled: Path, tmp_path: Path) -> None:
    copy, elsewhere = tmp_path / "copy.db", tmp_path / "disk" / "real.db"
    run("backup", str(copy))
    elsewhere.parent.mkdir()
    filled.rename(elsewhere)
    filled.symlink_to(elsewhere)
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    os.chown(elsewhere, owner, os.getegid())
    assert run("restore", str(copy), "--force").status == 0
    assert filled.is_symlink()
    assert elsewhere.stat().st_uid == owner
    assert any(".before-" in each.name for each in elsewhere.parent.iterdir())


def test_restore_follows_a_link_to_whoever_has_the_database_open(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    copy, link = tmp_path / "copy.db", tmp_path / "link.db"
    run("backup", str(copy))
    link.symlink_to(filled)
    with database(f"sqlite:///{filled}") as opened, opened.read():
        said = run("restore", str(copy), "--force", database=f"sqlite:///{link}")
    assert (said.status, "stop the service first" in said.err) == (1, True)


def test_restore_works_where_files_have_no_second_names(
    run: Run, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise PermissionError

    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    monkeypatch.setattr(os, "link", link)
    assert run("restore", str(copy), "--force").status == 0
    assert len([each for each in filled.parent.iterdir() if ".before-" in each.name]) == 1


def test_a_backup_of_an_older_version_is_brought_up_to_date(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    before = run("export").out
    command.downgrade(config(f"sqlite:///{filled}"), "0005_indicator_edition")
    shutil.copyfile(filled, copy)
    assert run("restore", str(copy), "--force").status == 0
    assert run("export").out == before


def test_each_restore_begins_another_epoch(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    epochs = set()
    for _ in range(2):
        assert run("restore", str(copy), "--force").status == 0
        with database(f"sqlite:///{filled}") as opened, opened.read() as session:
            epochs.add(epoch(session))
    assert len(epochs) == 2
    assert "" not in epochs


def test_two_restores_keep_both_old_files(run: Run, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    for _ in range(2):
        assert run("restore", str(copy), "--force").status == 0
    assert len([each for each in filled.parent.iterdir() if ".before-" in each.name]) == 2


def test_a_backup_is_not_written_over_a_database(run: Run, filled: Path, tmp_path: Path) -> None:
    before = filled.stat().st_ino
    said = run("backup", str(filled), "--force")
    assert (said.status, "no backup" in said.err) == (1, True)
    assert filled.stat().st_ino == before


def test_postgresql_is_backed_up_by_its_own_tools(
    run: Run, monkeypatch: pytest.MonkeyPatch, postgres_template: str, postgres: object, tmp_path: Path
) -> None:
    url = postgres.create(postgres_template)  # type: ignore[attr-defined]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump" in run("backup", str(tmp_path / "copy"), database=url).err
    said = run("restore", str(tmp_path / "copy")).err
    assert "pg_restore" in said
    assert "saferplan restored" in said
    assert run("restored").status == 0
    with database(url) as opened, opened.read() as session:
        assert len(epoch(session)) == 16
    postgres.drop(url)  # type: ignore[attr-defined]


def test_the_record_is_verified_against_an_earlier_head(run: Run, filled: Path) -> None:
    head = run("audit", "head").out.strip()
    assert len(head) == 64
    lines = run("audit", "verify", "--head", head).out.splitlines()
    assert lines[-1] == "The record is whole."
    assert "Not vouched for: api_key.last_used_at: noted beside requests, to the minute." in lines
    said = run("audit", "verify", "--head", "f" * 64)
    assert (said.status, "cut off or rewritten" in said.err) == (1, True)
