"""People and keys from the command line."""

import re
from pathlib import Path

import pytest

from app.cli.console import clock
from app.queries.access.actor import find_credential
from tests.cli.conftest import Run
from tests.document.build import SMALL, database


@pytest.fixture
def here(run: Run, database_url: str, tmp_path: Path) -> str:
    (tmp_path / "plan.yaml").write_text(SMALL, encoding="utf-8")
    assert run("import", str(tmp_path / "plan.yaml"), database=database_url).status == 0
    return database_url


def test_a_person_is_added_listed_linked_and_disabled(run: Run, here: str) -> None:
    said = run(
        "user",
        "add",
        "Ann@Police.example",
        "--name",
        "Analyst",
        "--role",
        "contributor",
        "--agency",
        "police",
    )
    assert re.search(r"/password/[\w-]{40,}", said.out), said.err
    assert "ann@police.example\tAnalyst\tcontributor\tpolice\tinvited" in run("user", "list").out
    assert "/password/" in run("user", "link", "ann@police.example", "--url", "https://plan.example/").out
    assert run("user", "disable", "ann@police.example").status == 0
    assert "\tdisabled" in run("user", "list").out
    assert "disabled" in run("user", "link", "ann@police.example").err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("user", "add", "x", "--name", "X", "--role", "reader"), "email address"),
        (("user", "add", "x@y.example", "--name", "X", "--role", "contributor"), "agency"),
        (
            ("user", "add", "x@y.example", "--name", "X", "--role", "reader", "--agency", "none"),
            "There is: police",
        ),
        (("user", "disable", "nobody@y.example"), "Nobody here"),
        (("key", "add", "k", "--agency", "none", "--scope", "plan:read"), "There is: police"),
        (
            ("key", "add", "k", "--agency", "police", "--scope", "plan:read", "--expires-on", "2001-01-01"),
            "Expected",
        ),
        (("key", "revoke", "sp_none"), "There is no key"),
    ],
)
def test_what_cannot_be_is_said_plainly(run: Run, here: str, arguments: tuple[str, ...], says: str) -> None:
    said = run(*arguments)
    assert said.status == 1
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_key_works_until_it_is_revoked(run: Run, here: str) -> None:
    said = run(
        "key",
        "add",
        "Quarterly upload",
        "--agency",
        "police",
        "--scope",
        "figures:write",
        "--scope",
        "plan:read",
    )
    secret = said.out.strip()
    prefix = "_".join(secret.split("_")[:2])
    assert f"{prefix}\tpolice\tQuarterly upload\tgood until" in run("key", "list").out
    assert works(here, secret)
    assert run("key", "revoke", prefix).status == 0
    assert not works(here, secret)
    assert "\trevoked\t" in run("key", "list").out


def works(url: str, secret: str) -> bool:
    with database(url) as opened, opened.read() as session:
        return find_credential(session, secret, clock()) is not None
