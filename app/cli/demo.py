"""The demonstration: Bradford's plan on 20 December 2017, on this machine alone."""

import json
import os
import socket
import sqlite3
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import server
from app.cli.stop import Stop
from app.config import Settings, project_file

if TYPE_CHECKING:
    from app.db import Database

TODAY = date(2017, 12, 20)
HOST = "127.0.0.1"


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to serve it.")] = 8000,
    reset: Annotated[bool, typer.Option("--reset", help="Begin afresh; what was entered is lost.")] = False,
    directory: Annotated[
        Path | None, typer.Option(help="Where to keep it; else var/ beside the program.")
    ] = None,
    prepare_only: Annotated[bool, typer.Option("--prepare-only", help="Set it up and do not serve.")] = False,
) -> None:
    """Serve the demonstration, setting it up the first time. What was entered is kept until --reset."""
    folder = directory or project_file("var")
    if not prepare_only:
        _check_port(port)
    settings = _settings(folder)
    was_ready = not reset and _read_ready_card(folder) is not None
    card = prepare(settings, folder, port, reset=reset)
    if not (was_ready or prepare_only):
        _restart(folder, port)
    for line in _card_lines(card, folder):
        typer.echo(line)
    if prepare_only:
        return
    _serve(settings, port)


def _settings(folder: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder / 'demo.db'}",
        today_is=TODAY,
        mode="demo",
        secure_cookies=False,
        workers=1,
        api_url=None,
    )


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            raise Stop(f"Port {port} is taken. Choose another: make demo PORT={port + 1}") from error


def prepare(settings: Settings, folder: Path, port: int, *, reset: bool = False) -> dict[str, Any]:
    """Makes the database, plan, people and keys that are missing; returns the content of demo.json."""
    card = (None if reset else _read_ready_card(folder)) or _set_up_alone(settings, folder, reset=reset)
    url = f"http://{HOST}:{port}"
    card = {"url": url, "api": f"{url}/api/v1", "keys": card["keys"], "users": card["users"]}
    _write_card(folder, card)
    return card


def _restart(folder: Path, port: int) -> None:
    """Replaces this process by a new one that serves: after loading a plan this one is larger."""
    command = [sys.executable, sys.argv[0], "demo", "--port", str(port), "--directory", str(folder)]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - our own command with its own options


def _read_ready_card(folder: Path) -> dict[str, Any] | None:
    card = _read_card(folder)
    return card if card is not None and _is_ready(folder / "demo.db", card) else None


def _is_ready(path: Path, card: dict[str, Any]) -> bool:
    """Whether the database has the newest schema, and the card's keys are valid until tomorrow at least.

    Reads the file by sqlite3 alone: importing the models would take longer.
    """
    revision = sorted(file.stem for file in project_file("migrations").glob("versions/[0-9]*.py"))[-1]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return False
    try:
        prefixes = {
            row[0]
            for row in connection.execute(
                "SELECT prefix FROM api_key WHERE revoked_at IS NULL AND expires_at > ?", [tomorrow]
            )
        }
        revision_row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
    card_prefixes = {"_".join(str(secret).split("_")[:2]) for secret in card["keys"].values()}
    return revision_row == (revision,) and card_prefixes <= prefixes


def _set_up_alone(settings: Settings, folder: Path, *, reset: bool) -> dict[str, Any]:
    """Sets the demonstration up; raises DatabaseInUse if one runs or another start sets it up."""
    from app.db import alone

    with alone(settings.database_url):
        if reset:
            # SQLite's log before its database: it would be applied to the next one. The lock is held just now.
            for old in sorted(folder.glob("demo.*"), reverse=True):
                if old.suffix != ".lock":
                    old.unlink()
        return _set_up(settings, _read_card(folder))


def _set_up(settings: Settings, card: dict[str, Any] | None) -> dict[str, Any]:
    from app.db import Database, migrate
    from app.queries.schema import schema_state

    opened = Database(settings.database_url)
    try:
        state = schema_state(opened.engine)
        if state == "newer":
            raise Stop("The demonstration was made by a newer Saferplan. Begin afresh: make demo-reset")
        if state != "current":
            typer.echo("Making the database")
            migrate(settings.database_url)
        return _fill(settings, opened, card)
    finally:
        opened.close()


def _fill(settings: Settings, opened: "Database", card: dict[str, Any] | None) -> dict[str, Any]:
    from sqlmodel import select

    from app.demo.account import are_keys_valid, make_accounts
    from app.demo.content import load_plan
    from app.demo.funding import load_funding_history
    from app.demo.quarter import load_return_history
    from app.models.plan.partnership import Partnership

    with opened.read() as session:
        loaded = session.exec(select(Partnership.id)).first() is not None
    if not loaded:
        typer.echo("Loading Bradford's plan")
        load_plan(settings, opened)
    if card is None or not are_keys_valid(opened, card):
        typer.echo("Making people and keys")
        card = make_accounts(settings, opened)
    load_return_history(opened)
    load_funding_history(opened)
    return card


def _read_card(folder: Path) -> dict[str, Any] | None:
    try:
        card = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return card if isinstance(card, dict) and {"keys", "users"} <= card.keys() else None


def _write_card(folder: Path, card: dict[str, Any]) -> None:
    path = folder / "demo.json"
    partial = folder / "demo.json.partial"
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(json.dumps(card, indent=2) + "\n")
    os.replace(partial, path)


def _card_lines(card: dict[str, Any], folder: Path) -> list[str]:
    width = max(len(user["email"]) for user in card["users"])
    lines = ["", f"Pages  {card['url']}", f"API    {card['api']}", "", "Sign in as"]
    lines += [f"  {user['email']:<{width}}  {user['password']}  {user['name']}" for user in card["users"]]
    lines += ["", "Keys"]
    lines += [f"  {name:<8}{secret}" for name, secret in card["keys"].items()]
    return [
        *lines,
        "",
        f"All of it is in {folder / 'demo.json'}. It is {TODAY:%d %B %Y}. Ctrl-C stops it.",
        "",
    ]


def _serve(settings: Settings, port: int) -> None:
    """Serves the demonstration; the server reads its settings from the environment."""
    os.environ.pop("SAFERPLAN_API_URL", None)
    os.environ |= {
        "DATABASE_URL": settings.database_url,
        "SAFERPLAN_TODAY": TODAY.isoformat(),
        "SAFERPLAN_MODE": settings.mode,
        "SAFERPLAN_SECURE_COOKIES": "false",
        "SAFERPLAN_WORKERS": "1",
        "SAFERPLAN_PUBLIC_URL": f"http://{HOST}:{port}",
    }
    typer.echo("Serving")
    server.run(HOST, port, log_level="warning")
