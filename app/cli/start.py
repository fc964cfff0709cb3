"""Starts a new deployment: database, partnership and first administrator."""

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session, col, select

from app.cli.console import (
    ACTOR,
    AN_EMAIL,
    clock,
    database,
    find_partnership,
    is_missing,
    migrate_database,
    parse_option,
    trial_database,
)
from app.cli.document import load_document
from app.cli.stop import Stop
from app.commands.access import one_time_link
from app.commands.access import person as people
from app.commands.access.person import PartnershipRole
from app.commands.change import Change
from app.config import Settings, settings_from_environment
from app.db import Database
from app.domain.access.authority import Role
from app.models.access.person import Email, Membership, Person, PersonName
from app.models.plan.partnership import Area, Partnership
from app.models.wire import Code, Line

A_CODE = "a code of letters, digits, dots and dashes"


def init(
    plan: Annotated[Path | None, typer.Option("--plan", help="A plan document to begin with.")] = None,
    partnership: Annotated[str | None, typer.Option("--partnership", help="Code of the partnership.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the partnership.")] = None,
    area: Annotated[
        str | None, typer.Option("--area", help="Code of its own area, such as E08000032.")
    ] = None,
    email: Annotated[str | None, typer.Option("--email", help="Of the first administrator.")] = None,
    person: Annotated[str | None, typer.Option("--person", help="Name or post of the administrator.")] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Where people will reach it; else SAFERPLAN_PUBLIC_URL.")
    ] = None,
) -> None:
    """Make the database, the partnership and its first administrator. It prompts for options left out."""
    settings = settings_from_environment()
    if plan is not None and is_missing(settings):
        with trial_database() as trial:
            # A document that is refused must not leave an incomplete deployment.
            load_document(trial, plan.read_bytes(), dry_run=True)
    migrate_database(settings)
    with database(settings) as opened:
        if plan is not None:
            outcome = load_document(opened, plan.read_bytes())
            typer.echo(f"{plan}: {len(outcome.changes)} changes, {len(outcome.warnings)} things to check.")
        else:
            _ensure_partnership(opened, settings, partnership, name, area)
        link = _invite_first_administrator(opened, settings, partnership, email, person)
    address = settings.link(f"password/{link}", base=url)
    typer.echo(f"Set the administrator's password within three days at:\n  {address}")
    typer.echo("Then start the service: saferplan serve")


def _ensure_partnership(
    opened: Database, settings: Settings, code: str | None, name: str | None, area: str | None
) -> None:
    with opened.read() as session:
        if session.exec(select(Partnership.id)).first() is not None and code is None:
            return
    code = _option_or_prompt("Code of the partnership", code, Code, A_CODE)
    with opened.read() as session:
        if session.exec(select(Partnership.id).where(Partnership.code == code)).first() is not None:
            return
    name = _option_or_prompt("Name of the partnership", name, Line, "a name on one line")
    area = _option_or_prompt("Code of its own area, such as E08000032", area, Code, A_CODE)
    with opened.write() as session:
        change = Change.of(session, ACTOR, settings)
        row = change.add(Partnership(code=code, name=name, short_name=name, area_code=area))
        change.add(Area(partnership_id=row.id, position=1, code=area, name=name, kind="partnership"))
        change.within(row.id).record("partnership made", "partnership", code, name=name, area=area)
    typer.echo(f"Partnership {code} is made.")


def _invite_first_administrator(
    opened: Database, settings: Settings, code: str | None, email: str | None, name: str | None
) -> str:
    """Invites the first administrator; returns the token of their one-time link."""
    with opened.read() as session:
        _require_no_administrator(session, find_partnership(session, code))
    email = _option_or_prompt("Email address of the first administrator", email, Email, AN_EMAIL)
    name = _option_or_prompt("Their name or post", name, PersonName, "a name or post on one line")
    with opened.write() as session:
        change = Change.of(session, ACTOR, settings, find_partnership(session, code).id)
        person = people.invite(change, email, name, PartnershipRole(Role.ADMINISTRATOR))
        link = one_time_link.make(change, person, clock())
    return link.token


def _require_no_administrator(session: Session, partnership: Partnership) -> None:
    email = session.exec(
        select(Person.email)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.partnership_id == partnership.id, Membership.role == Role.ADMINISTRATOR)
    ).first()
    if email is not None:
        raise Stop(
            f"{partnership.code} has an administrator already ({email}). "
            f"Another link for them: saferplan user link {email}"
        )


def _option_or_prompt(question: str, option: str | None, kind: Any, expected: str) -> str:
    return parse_option(option if option is not None else typer.prompt(question), kind, expected)
