"""Makes the demonstration's people and keys, with new secrets on each machine."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.commands.access import key as keys
from app.commands.access import password as passwords
from app.commands.access import person as people
from app.commands.access.person import PartnershipRole
from app.commands.change import Change
from app.config import Settings
from app.db import Database
from app.demo.content import LOADER
from app.domain.access import password as rule
from app.domain.access.authority import Role, Scope
from app.domain.errors import RuleBroken
from app.models.access.key import ApiKey
from app.models.access.person import Person
from app.models.plan.partnership import Agency, Partnership

DOMAIN = "demonstration.example"
LETTERS = "bcdfghjkmnpqrstvwxz"
KEY_NAME = "Demonstration: {}"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    role: Role
    name: str
    agency: str | None = None


DEMO_PEOPLE = (
    DemoPerson(Role.ADMINISTRATOR, "Partnership manager"),
    DemoPerson(Role.OFFICER, "Community safety officer", "bradford-council"),
    DemoPerson(Role.APPROVER, "Chair of the delivery group", "west-yorkshire-police"),
    DemoPerson(Role.CONTRIBUTOR, "Community safety analyst", "co-located-analysts"),
    DemoPerson(Role.READER, "Board member"),
    DemoPerson(Role.FUNDER, "Commissioning officer", "west-yorkshire-pcc"),
    DemoPerson(Role.AUDITOR, "Internal auditor"),
)
READ_SCOPES = (Scope.READ, Scope.READ_FIGURES, Scope.READ_FUNDING)
KEYS: dict[str, tuple[str, tuple[Scope, ...]]] = {
    "agency": ("co-located-analysts", (*READ_SCOPES, Scope.POST_FIGURES, Scope.READ_SUBMISSIONS)),
    "staff": (
        "bradford-council",
        (
            *READ_SCOPES,
            Scope.WRITE_PLAN,
            Scope.POST_FIGURES,
            Scope.READ_SUBMISSIONS,
            Scope.CHECK_RETURNS,
            Scope.READ_PEOPLE,
            Scope.READ_AUDIT,
        ),
    ),
    "funder": ("west-yorkshire-pcc", READ_SCOPES),
    "admin": ("bradford-council", tuple(Scope)),
}
"""The agency key's analysts may post for the police, the council, health and fire alike."""


def are_keys_valid(opened: Database, card: dict[str, Any]) -> bool:
    """Whether the card's keys are valid until tomorrow at least."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    prefixes = ["_".join(str(secret).split("_")[:2]) for secret in card["keys"].values()]
    with opened.read() as session:
        valid_prefixes = session.exec(
            select(ApiKey.prefix).where(
                col(ApiKey.prefix).in_(prefixes),
                col(ApiKey.revoked_at).is_(None),
                ApiKey.expires_at > tomorrow,
            )
        ).all()
    return set(card["keys"]) == set(KEYS) and len(set(valid_prefixes)) == len(KEYS)


def make_accounts(settings: Settings, opened: Database) -> dict[str, Any]:
    """Makes a person for each role and four keys.

    People from an earlier start get new passwords; its keys are revoked.
    """
    new_passwords = {demo_person: _new_password() for demo_person in DEMO_PEOPLE}
    hashes = {
        demo_person: passwords.new_hash(password, ()) for demo_person, password in new_passwords.items()
    }
    with opened.write() as session:
        partnership = session.exec(select(Partnership)).one()
        change = Change.of(session, LOADER, settings, partnership.id)
        for demo_person in DEMO_PEOPLE:
            _add_person(change, demo_person, hashes[demo_person])
        secrets_ = {name: _replace_key(change, name) for name in KEYS}
    users = [
        {
            "name": demo_person.name,
            "role": demo_person.role.value,
            "email": _email(demo_person),
            "password": password,
        }
        for demo_person, password in new_passwords.items()
    ]
    return {"keys": secrets_, "users": users}


def _email(demo_person: DemoPerson) -> str:
    return f"{demo_person.role.value}@{DOMAIN}"


def _new_password() -> str:
    """A random password that is easy to type: 18 letters in three groups."""
    while True:
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(6)) for _ in range(3))
        try:
            rule.check(password, ())
        except RuleBroken:
            continue
        return password


def _add_person(change: Change, demo_person: DemoPerson, password_hash: str) -> None:
    session = change.session
    person = session.exec(select(Person).where(Person.email == _email(demo_person))).first()
    if person is None:
        agency = _get_agency(session, demo_person.agency) if demo_person.agency else None
        person = people.invite(
            change, _email(demo_person), demo_person.name, PartnershipRole(demo_person.role, agency)
        )
    passwords.set_for(change, person, password_hash)


def _replace_key(change: Change, name: str) -> str:
    session, clock = change.session, datetime.now(UTC)
    title = KEY_NAME.format(name)
    earlier = select(ApiKey).where(ApiKey.name == title, col(ApiKey.revoked_at).is_(None))
    for old_key in session.exec(earlier).all():
        keys.revoke(change, old_key, clock)
    agency, scopes = KEYS[name]
    new_key = keys.NewKey(title, _get_agency(session, agency), [change.partnership], frozenset(scopes))
    return keys.create(change, new_key, clock).secret


def _get_agency(session: Session, code: str) -> Agency:
    return session.exec(select(Agency).where(Agency.code == code)).one()
