"""The demonstration: set up once, kept on later starts, begun afresh when asked."""

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app.cli.console import clock
from app.commands.access.password import fits
from app.domain.access.authority import Role, Scope
from app.models.access.person import Person
from app.models.figures.figure import Figure
from app.queries.access.actor import find_credential
from tests.cli.conftest import Run
from tests.document.build import count, database


@pytest.fixture
def place(run: Run, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that is set up: made once and copied."""
    made = tmp_path_factory.getbasetemp() / "demonstration"
    if not made.exists():
        said = run("demo", "--directory", str(made), "--prepare-only", "--port", "8125")
        assert said.status == 0, said.err
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def card(place: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((place / "demo.json").read_text(encoding="utf-8"))
    return made


def url(place: Path) -> str:
    return f"sqlite:///{place / 'demo.db'}"


def test_the_card_has_what_was_promised(place: Path) -> None:
    made = card(place)
    assert made["url"] == "http://127.0.0.1:8125"
    assert made["api"] == "http://127.0.0.1:8125/api/v1"
    assert set(made["keys"]) == {"agency", "staff", "funder", "admin"}
    assert {user["role"] for user in made["users"]} == {role.value for role in Role}
    assert (place / "demo.json").stat().st_mode & 0o777 == 0o600


def test_its_keys_and_passwords_work(place: Path) -> None:
    made = card(place)
    with database(url(place)) as opened, opened.read() as session:
        found = {name: find_credential(session, secret, clock()) for name, secret in made["keys"].items()}
        for user in made["users"]:
            person = session.exec(select(Person).where(Person.email == user["email"])).one()
            assert person.password_hash is not None
            assert fits(person.password_hash, user["password"])
    agency, funder, admin = found["agency"], found["funder"], found["admin"]
    assert agency is not None
    assert agency.actor.may(Scope.POST_FIGURES)
    assert funder is not None
    assert not funder.actor.may(Scope.POST_FIGURES)
    assert admin is not None
    assert admin.actor.may(Scope.MANAGE_KEYS)


def test_a_later_start_keeps_everything(run: Run, place: Path) -> None:
    before = card(place)
    with database(url(place)) as opened:
        figures = count(opened, Figure)
    said = run("demo", "--directory", str(place), "--prepare-only", "--port", "8126")
    assert "Making" not in said.out
    assert card(place)["keys"] == before["keys"]
    assert card(place)["url"] == "http://127.0.0.1:8126"
    with database(url(place)) as opened:
        assert count(opened, Figure) == figures > 200


def test_a_lost_card_is_written_anew_and_the_old_keys_end(run: Run, place: Path) -> None:
    old = card(place)["keys"]["agency"]
    (place / "demo.json").unlink()
    run("demo", "--directory", str(place), "--prepare-only")
    with database(url(place)) as opened, opened.read() as session:
        assert find_credential(session, old, clock()) is None
        assert find_credential(session, card(place)["keys"]["agency"], clock()) is not None


def test_reset_begins_afresh(run: Run, place: Path) -> None:
    before = card(place)
    said = run("demo", "--directory", str(place), "--prepare-only", "--reset")
    assert "Loading Bradford's plan" in said.out
    assert card(place)["keys"] != before["keys"]


def test_neither_reset_nor_set_up_beside_a_running_one(run: Run, place: Path) -> None:
    before = card(place)
    with database(url(place)) as opened, opened.read():
        assert run("demo", "--directory", str(place), "--prepare-only").status == 0
        said = run("demo", "--directory", str(place), "--prepare-only", "--reset")
    assert (said.status, "in use by another process" in said.err) == (1, True)
    assert card(place)["keys"] == before["keys"]


def test_a_taken_port_is_told_before_anything_else(run: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = run("demo", "--directory", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert (said.status, "is taken" in said.err) == (1, True)
    assert not (tmp_path / "demo.db").exists()
