"""Starting a deployment: init, migrate, serve."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from app.config import Settings
from app.demo.content import BRADFORD
from tests.cli.conftest import Run
from tests.document.build import SMALL, database, put, store_unchecked
from tests.town import DOCUMENT

ADMIN = ("--email", "first@council.example", "--person", "Partnership manager")


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "migrate",
        "serve",
        "import",
        "export",
        "user",
        "key",
        "backup",
        "restore",
        "restored",
        "audit",
        "demo",
    ],
)
def test_every_command_has_help(run: Run, command: str) -> None:
    said = run(command, "--help")
    assert said.status == 0
    assert "Usage:" in said.out


def test_help_lists_the_commands(run: Run) -> None:
    said = run("--help")
    assert all(name in said.out for name in ("init", "serve", "import", "audit", "restore"))


@pytest.mark.parametrize("arguments", [("bogus",), ("import",), ("serve", "--port", "0"), ("user", "add")])
def test_a_wrong_command_is_told_without_a_traceback(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert said.status == 2
    assert "Traceback" not in said.err


BAD_URLS = (
    "mysql://u:secret@h/d",
    "postgres://u:secret@h/d",
    "postgresql+asyncpg://u:secret@h/d",
    "postgresql://u:secret@h:port/d",
    "sqlite:x",
    "sqlite://",
    "sqlite:///:memory:",
    "secret",
)


@pytest.mark.parametrize("url", BAD_URLS)
@pytest.mark.parametrize("command", [("migrate",), ("serve",), ("init",), ("export",), ("backup", "copy.db")])
def test_a_database_that_is_none_of_ours_is_told_in_a_line(
    run: Run, command: tuple[str, ...], url: str
) -> None:
    said = run(*command, database=url)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert said.err.startswith("saferplan: DATABASE_URL: Expected sqlite:///")
    assert "secret" not in said.err


@pytest.mark.parametrize("rest", ["127.0.0.1:1/d", "127.0.0.1:1/d?bogus=1"])
@pytest.mark.parametrize("command", ["migrate", "export"])
def test_a_server_that_does_not_answer_is_told_in_a_line(run: Run, command: str, rest: str) -> None:
    said = run(command, database=f"postgresql+psycopg://u:secret@{rest}")
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert said.err.startswith("saferplan: The database cannot be used: ")


def test_a_new_database_is_its_owners_alone(run: Run, tmp_path: Path) -> None:
    """It holds password hashes. One that is there keeps the mode somebody gave it."""
    path = tmp_path / "var" / "new.db"
    assert run("migrate", database=f"sqlite:///{path}").status == 0
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE ledger SET seq = seq")
        connection.commit()
        modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    connection.close()
    assert modes == dict.fromkeys(("new.db", "new.db.lock", "new.db-wal", "new.db-shm"), 0o600)
    path.chmod(0o640)
    assert run("migrate").status == 0
    assert path.stat().st_mode & 0o777 == 0o640


def test_init_from_a_plan_gives_a_link(run: Run, place: str) -> None:
    said = run("init", "--plan", str(BRADFORD), *ADMIN, database=place)
    assert said.status == 0, said.err
    assert "http://127.0.0.1:8000/password/" in said.out
    assert "first@council.example\tPartnership manager\tadministrator\t-\tinvited" in run("user", "list").out


def test_links_begin_with_the_public_address(run: Run, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFERPLAN_PUBLIC_URL", "https://plan.example/csp/")
    said = run("init", "--plan", str(BRADFORD), *ADMIN, database=place)
    assert "https://plan.example/csp/password/" in said.out
    assert "https://plan.example/csp/password/" in run("user", "link", "first@council.example").out
    elsewhere = run("user", "link", "first@council.example", "--url", "http://other.example/")
    assert "  http://other.example/password/" in elsewhere.out


def test_a_plan_can_be_tried_before_there_is_a_database(run: Run, place: str, tmp_path: Path) -> None:
    """As the README begins: a dry run, then the deployment; a refused document makes neither."""
    bad = tmp_path / "bad.yaml"
    bad.write_text(DOCUMENT.replace("measure: count", "measure: counts"), encoding="utf-8")
    good = tmp_path / "good.yaml"
    good.write_text(DOCUMENT, encoding="utf-8")
    first = ("--email", "admin@council.example", "--person", "Analyst")
    assert run("import", str(bad), "--dry-run", database=place).status == 1
    assert run("init", "--plan", str(bad), *first).status == 1
    tried = run("import", str(good), "--dry-run")
    assert (tried.status, "indicator asb-incidents" in tried.out) == (0, True)
    assert not (tmp_path / "new.db").exists()
    assert run("init", "--plan", str(good), *first).status == 0
    assert "Nothing to change" in run("import", str(good), "--dry-run").out


def test_init_by_words_then_again(run: Run, place: str) -> None:
    made = ("--partnership", "testshire", "--name", "Testshire Partnership", "--area", "E06000001")
    assert run("init", *made, *ADMIN, database=place).status == 0
    again = run("init", *made, *ADMIN)
    assert again.status == 1
    assert "user link first@council.example" in again.err


@pytest.mark.parametrize(
    ("flag", "value"), [("--email", "nobody"), ("--area", "no area"), ("--partnership", "ü")]
)
def test_init_refuses_what_cannot_be(run: Run, place: str, flag: str, value: str) -> None:
    given = {"--partnership": "t", "--name": "T", "--area": "T1", "--email": "a@b.example", "--person": "P"}
    given[flag] = value
    said = run("init", *[part for pair in given.items() for part in pair], database=place)
    assert said.status == 1
    assert "Traceback" not in said.err


def test_migrate_twice(run: Run, place: str) -> None:
    assert run("migrate", database=place).status == 0
    assert run("migrate").status == 0


def test_migrate_lists_what_would_be_refused_today(run: Run, sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, SMALL)
        store_unchecked(opened, "2017-18-Q2", "1.5", tolerance="-3")
    said = run("migrate", database=sqlite_url)
    assert said.status == 0
    assert "testshire, indicator crime: tolerance: Expected zero or more." in said.out
    assert (
        "testshire, crime 2017-18-Q2 T1: value: This counts things: expected a whole number, got 1.5."
        in said.out
    )
    assert "2017-18-Q1" not in said.out


def test_the_schema_is_not_changed_under_a_running_process(run: Run, sqlite_url: str) -> None:
    """A database that is current is told so; one that is not waits until nothing has it open."""
    with database(sqlite_url) as opened, opened.read():
        assert run("migrate", database=sqlite_url).status == 0
        with opened.write_without_seq() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0004_invited_as'"))
        said = run("migrate")
        assert (said.status, "stop the service first" in said.err) == (1, True)
        with opened.read() as session:
            now = session.connection().execute(text("SELECT version_num FROM alembic_version")).scalar()
        assert now == "0004_invited_as"


def test_serve_wants_a_migrated_database(run: Run, place: str) -> None:
    said = run("serve", database=place)
    assert (said.status, "saferplan init" in said.err) == (1, True)
    sqlite3.connect(place.removeprefix("sqlite:///")).executescript("CREATE TABLE other (id INTEGER)")
    said = run("serve")
    assert (said.status, "saferplan migrate" in said.err) == (1, True)


def test_serve_tells_a_newer_database(run: Run, sqlite_url: str) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
    connection.close()
    said = run("serve", database=sqlite_url)
    assert (said.status, "newer Saferplan" in said.err) == (1, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_a_demonstration_stays_on_this_machine(
    run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("SAFERPLAN_MODE", "demo")
    said = run("serve", "--host", host, database=sqlite_url)
    assert (said.status, "loopback" in said.err) == (1, True)


def test_a_demonstrations_database_stays_here_in_any_mode(run: Run, tmp_path: Path) -> None:
    run("demo", "--directory", str(tmp_path), "--prepare-only")
    said = run("serve", "--host", "0.0.0.0", database=f"sqlite:///{tmp_path / 'demo.db'}")
    assert (said.status, "loopback" in said.err) == (1, True)


def test_serve_hands_over_to_the_server(run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    asked: dict[str, object] = {}
    monkeypatch.setattr(uvicorn, "run", lambda target, **how: asked.update(how, target=target))
    monkeypatch.setenv("SAFERPLAN_WORKERS", "1")
    assert run("serve", "--port", "8765", "--workers", "2", database=sqlite_url).status == 0
    assert asked["target"] == "app.main:create_app"
    assert (asked["host"], asked["port"], asked["workers"]) == ("127.0.0.1", 8765, 2)
    assert (asked["http"], asked["ws"]) == ("app.server.protocol:LimitedProtocol", "none")
    assert Settings().workers == 2


@pytest.mark.parametrize(
    ("url", "is_said"), [("https://plan.example", False), ("http://127.0.0.1:8000", True)]
)
def test_serving_others_without_a_public_address_is_told(
    run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, url: str, is_said: bool
) -> None:
    import uvicorn

    monkeypatch.setattr(uvicorn, "run", lambda target, **how: None)
    monkeypatch.setenv("SAFERPLAN_WORKERS", "1")
    monkeypatch.setenv("SAFERPLAN_PUBLIC_URL", url)
    said = run("serve", "--host", "0.0.0.0", database=sqlite_url)
    assert (said.status, "SAFERPLAN_PUBLIC_URL is" in said.err) == (0, is_said)
