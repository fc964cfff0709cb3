"""Adds, lists and disables people; for the first administrator, and when nobody can sign in."""

from typing import Annotated

import typer
from sqlmodel import Session, col, select

from app.cli.console import ACTOR, AN_EMAIL, clock, database, find_agency, find_partnership, parse_option
from app.cli.document import PartnershipOption
from app.cli.stop import Stop
from app.commands.access import one_time_link
from app.commands.access import person as people
from app.commands.access.person import PartnershipRole
from app.commands.change import Change
from app.config import settings_from_environment
from app.domain.access.authority import Role
from app.models.access.person import Email, Membership, Person, PersonName
from app.models.plan.partnership import Agency, Partnership

app = typer.Typer(help="People and their one-time links.", no_args_is_help=True)

EmailArgument = Annotated[str, typer.Argument(help="Their email address.")]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="Where people reach the service; else SAFERPLAN_PUBLIC_URL.")
]


@app.command()
def add(
    email: EmailArgument,
    name: Annotated[str, typer.Option(help="Their name or post.")],
    role: Annotated[Role, typer.Option(help="What they are in the partnership.")],
    agency: Annotated[str | None, typer.Option(help="Its code; a contributor needs one.")] = None,
    partnership: PartnershipOption = None,
    url: UrlOption = None,
) -> None:
    """Invite somebody, and print the one-time link by which they set a password."""
    email = parse_option(email, Email, AN_EMAIL)
    name = parse_option(name, PersonName, "a name or post on one line")
    settings = settings_from_environment()
    with database(settings) as opened, opened.write() as session:
        change = Change.of(session, ACTOR, settings, find_partnership(session, partnership).id)
        partnership_role = PartnershipRole(role, find_agency(session, agency) if agency else None)
        person = people.invite(change, email, name, partnership_role)
        if person.password_hash:
            typer.echo(f"{email} may now sign in here too, with the password they have.")
            return
        new_link = one_time_link.make(change, person, clock())
    _print_link(new_link, settings.link(f"password/{new_link.token}", base=url))


@app.command("list")
def list_(partnership: PartnershipOption = None) -> None:
    """Print everybody of a partnership, their role and whether they can sign in."""
    with database() as opened, opened.read() as session:
        place = find_partnership(session, partnership)
        rows = session.exec(
            select(Person, Membership.role, Agency.code)
            .join(Membership, col(Membership.person_id) == col(Person.id))
            .outerjoin(Agency, col(Agency.id) == col(Membership.agency_id))
            .where(Membership.partnership_id == place.id)
            .order_by(Person.email)
        ).all()
        for person, role, agency in rows:
            typer.echo("\t".join([person.email, person.name, role, agency or "-", _state(person)]))


@app.command()
def disable(email: EmailArgument, partnership: PartnershipOption = None) -> None:
    """Stop somebody signing in anywhere, at once."""
    settings = settings_from_environment()
    with database(settings) as opened, opened.write() as session:
        person = _get_person(session, email)
        home = _partnership_of(session, person, partnership)
        people.disable(Change.of(session, ACTOR, settings, home.id), person, clock())
    typer.echo(f"{email} can no longer sign in.")


@app.command()
def link(email: EmailArgument, url: UrlOption = None) -> None:
    """Print a one-time link by which somebody sets or resets their password."""
    settings = settings_from_environment()
    with database(settings) as opened, opened.write() as session:
        person = _get_person(session, email)
        new_link = one_time_link.make(Change.of(session, ACTOR, settings), person, clock())
    _print_link(new_link, settings.link(f"password/{new_link.token}", base=url))


def _print_link(new_link: one_time_link.LinkWithToken, address: str) -> None:
    until = new_link.expires_at.strftime("%Y-%m-%d %H:%M UTC")
    typer.echo(f"One-time link, good until {until}. Pass it on by hand:")
    typer.echo(f"  {address}")


def _get_person(session: Session, email: str) -> Person:
    person = session.exec(select(Person).where(Person.email == email.strip().lower())).first()
    if person is None:
        raise Stop(f"Nobody here has the address {email}. See: saferplan user list")
    return person


def _partnership_of(session: Session, person: Person, code: str | None) -> Partnership:
    """The partnership whose record gets the entry: the one with the code, else the person's first by code."""
    if code is not None:
        return find_partnership(session, code)
    partnership = session.exec(
        select(Partnership)
        .join(Membership, col(Membership.partnership_id) == col(Partnership.id))
        .where(Membership.person_id == person.id)
        .order_by(Partnership.code)
    ).first()
    if partnership is None:
        raise Stop(f"{person.email} belongs to no partnership.")
    return partnership


def _state(person: Person) -> str:
    if person.disabled_at is not None:
        return "disabled"
    return "active" if person.password_hash else "invited"
