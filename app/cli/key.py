"""Makes, lists and revokes the keys of partners' programs."""

from datetime import date, datetime
from typing import Annotated

import typer
from sqlmodel import col, select

from app.cli.console import ACTOR, clock, database, find_agency, find_partnership
from app.cli.document import PartnershipOption
from app.cli.stop import Stop
from app.commands.access import key as keys
from app.commands.change import Change
from app.config import settings_from_environment
from app.domain.access.authority import Scope
from app.models.access.key import ApiKey, ApiKeyPartnership
from app.models.plan.partnership import Agency

app = typer.Typer(help="Keys of partners' programs.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is for, such as: quarterly upload.")],
    agency: Annotated[str, typer.Option(help="Code of the agency it belongs to.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; repeat for several.")],
    expires_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day it is good for; else a year on.")
    ] = None,
    partnership: PartnershipOption = None,
) -> None:
    """Make a key. It is shown once, here, and kept only as a hash."""
    settings = settings_from_environment()
    last_day: date | None = expires_on.date() if expires_on else None
    with database(settings) as opened, opened.write() as session:
        place = find_partnership(session, partnership)
        new_key = keys.NewKey(name, find_agency(session, agency), [place], frozenset(scope), last_day)
        key = keys.create(Change.of(session, ACTOR, settings, place.id), new_key, clock())
    typer.echo(key.secret)
    typer.echo("Keep it safe: it cannot be shown again.", err=True)


@app.command("list")
def list_(partnership: PartnershipOption = None) -> None:
    """Print a partnership's keys by their public prefix."""
    with database() as opened, opened.read() as session:
        place = find_partnership(session, partnership)
        rows = session.exec(
            select(ApiKey, Agency.code)
            .join(ApiKeyPartnership, col(ApiKeyPartnership.api_key_id) == col(ApiKey.id))
            .join(Agency, col(Agency.id) == col(ApiKey.agency_id))
            .where(ApiKeyPartnership.partnership_id == place.id)
            .order_by(col(ApiKey.id))
        ).all()
        for row, agency in rows:
            typer.echo("\t".join([row.prefix, agency, row.name, _state(row), " ".join(row.scopes)]))


@app.command()
def revoke(prefix: Annotated[str, typer.Argument(help="Its public prefix, such as sp_3fk2abcd.")]) -> None:
    """End a key at once."""
    settings = settings_from_environment()
    with database(settings) as opened, opened.write() as session:
        key = session.exec(select(ApiKey).where(ApiKey.prefix == prefix)).first()
        if key is None:
            raise Stop(f"There is no key {prefix}. See: saferplan key list")
        keys.revoke(Change.of(session, ACTOR, settings), key, clock())
    typer.echo(f"{prefix} no longer works.")


def _state(row: ApiKey) -> str:
    if row.revoked_at is not None:
        return "revoked"
    day = row.expires_at.date()
    return f"expired {day}" if row.expires_at <= clock() else f"good until {day}"
