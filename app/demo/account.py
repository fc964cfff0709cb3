"""The demonstration's people and keys: new secrets for each machine, in a file that only its owner reads."""

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
class Seat:
    role: Role
    name: str
    agency: str | None = None


SEATS = (
    Seat(Role.ADMINISTRATOR, "Partnership manager"),
    Seat(Role.OFFICER, "Community safety officer"),
    Seat(Role.APPROVER, "Chair of the delivery group"),
    Seat(Role.CONTRIBUTOR, "Community safety analyst", "co-located-analysts"),
    Seat(Role.READER, "Board member"),
    Seat(Role.FUNDER, "Commissioning officer", "west-yorkshire-pcc"),
    Seat(Role.AUDITOR, "Internal auditor"),
)
READS = (Scope.READ, Scope.READ_FIGURES)
KEYS: dict[str, tuple[str, tuple[Scope, ...]]] = {
    "agency": ("co-located-analysts", (*READS, Scope.POST_FIGURES, Scope.READ_SUBMISSIONS)),
    "staff": (
        "bradford-council",
        (
            *READS,
            Scope.WRITE_PLAN,
            Scope.POST_FIGURES,
            Scope.READ_SUBMISSIONS,
            Scope.CHECK_RETURNS,
            Scope.READ_PEOPLE,
            Scope.READ_AUDIT,
        ),
    ),
    "funder": ("west-yorkshire-pcc", READS),
    "admin": ("bradford-council", tuple(Scope)),
}
"""The agency key's analysts may post for the police, the council, health and fire alike."""


def are_good(opened: Database, card: dict[str, Any]) -> bool:
    """Whether the keys of an earlier start still work, and will tomorrow."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    prefixes = ["_".join(str(secret).split("_")[:2]) for secret in card["keys"].values()]
    with opened.read() as session:
        alive = session.exec(
            select(ApiKey.prefix).where(
                col(ApiKey.prefix).in_(prefixes),
                col(ApiKey.revoked_at).is_(None),
                ApiKey.expires_at > tomorrow,
            )
        ).all()
    return set(card["keys"]) == set(KEYS) and len(set(alive)) == len(KEYS)


def make_accounts(settings: Settings, opened: Database) -> dict[str, Any]:
    """One person a role and four keys; those of an earlier start get new secrets, and its keys end."""
    chosen = {seat: _password() for seat in SEATS}
    hashes = {seat: passwords.new_hash(password, ()) for seat, password in chosen.items()}
    with opened.write() as session:
        partnership = session.exec(select(Partnership)).one()
        change = Change.of(session, LOADER, settings, partnership.id)
        for seat in SEATS:
            _seat(change, seat, hashes[seat])
        secrets_ = {name: _key(change, name) for name in KEYS}
    users = [
        {"name": seat.name, "role": seat.role.value, "email": _email(seat), "password": password}
        for seat, password in chosen.items()
    ]
    return {"keys": secrets_, "users": users}


def _email(seat: Seat) -> str:
    return f"{seat.role.value}@{DOMAIN}"


def _password() -> str:
    """Easy to type and far beyond guessing: 18 letters in three groups."""
    while True:
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(6)) for _ in range(3))
        try:
            rule.check(password, ())
        except RuleBroken:
            continue
        return password


def _seat(change: Change, seat: Seat, password_hash: str) -> None:
    session = change.session
    person = session.exec(select(Person).where(Person.email == _email(seat))).first()
    if person is None:
        agency = _agency(session, seat.agency) if seat.agency else None
        person = people.invite(change, _email(seat), seat.name, PartnershipRole(seat.role, agency))
    passwords.set_for(change, person, password_hash)


def _key(change: Change, name: str) -> str:
    session, clock = change.session, datetime.now(UTC)
    title = KEY_NAME.format(name)
    earlier = select(ApiKey).where(ApiKey.name == title, col(ApiKey.revoked_at).is_(None))
    for old in session.exec(earlier).all():
        keys.revoke(change, old, clock)
    agency, scopes = KEYS[name]
    wanted = keys.NewKey(title, _agency(session, agency), [change.partnership], frozenset(scopes))
    return keys.create(change, wanted, clock).secret


def _agency(session: Session, code: str) -> Agency:
    return session.exec(select(Agency).where(Agency.code == code)).one()
