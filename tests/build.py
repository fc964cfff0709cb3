"""Builders: a deployment with just the partnerships, agencies, people and keys that a test needs.

Each takes a session from `service.writing()` and uses the same commands as the service. Nothing is made twice
behind a test's back: what a test relies on, it names.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import httpx
from sqlmodel import Session

from app.api import create_api
from app.api.server.gateway import Gateway
from app.api.server.link import BASE
from app.commands.access import key, password, person, sign_in
from app.commands.access.person import PartnershipRole
from app.commands.change import Change
from app.config import Settings
from app.db import Database, seq
from app.domain.access.authority import Actor, Role, Scope
from app.models.access.person import Person, SignIn
from app.models.access.token import token_hash
from app.models.plan.partnership import Agency, Area, Partnership, PartnershipAgency

TODAY = date(2017, 12, 20)
PASSWORD = "kestrel pewter orchard vane"
BUILDER = Actor.of_service("builder")
NUMBERS = count(1)


@dataclass(frozen=True)
class Service:
    """The API in this process, over its own database."""

    settings: Settings
    gateway: Gateway
    client: httpx.AsyncClient

    @property
    def database(self) -> Database:
        database: Database = self.gateway.app.state.database
        return database

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.write() as session:
            yield session

    async def ask(self, method: str, path: str, token: str | None = None, **rest: Any) -> httpx.Response:
        """`path` without the base, or a whole one as `next` and `Location` give it."""
        headers = dict(rest.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        whole = path if path.startswith(BASE) else BASE + path
        return await self.client.request(method, whole, headers=headers, **rest)

    async def get(self, path: str, token: str | None = None, **rest: Any) -> httpx.Response:
        return await self.ask("GET", path, token, **rest)

    async def post(self, path: str, token: str | None = None, **rest: Any) -> httpx.Response:
        return await self.ask("POST", path, token, **rest)

    async def items(self, path: str, token: str, **params: str) -> list[dict[str, Any]]:
        """All of a collection, page after page."""
        answer = await self.get(path, token, params=params)
        found: list[dict[str, Any]] = []
        while True:
            assert answer.status_code == 200, answer.text
            found.extend(answer.json()["items"])
            if answer.json()["next"] is None:
                return found
            answer = await self.get(answer.json()["next"], token)


@asynccontextmanager
async def serving(database_url: str, **settings: Any) -> AsyncIterator[Service]:
    """The API as a worker would run it, its lifespan included; what it does unasked only with `worker="inside"`."""
    made = Settings(database_url=database_url, **{"today_is": TODAY, "worker": "apart", **settings})
    gateway = create_api(made)
    transport = httpx.ASGITransport(app=gateway, raise_app_exceptions=False)
    async with (
        gateway.app.router.lifespan_context(gateway.app),
        httpx.AsyncClient(transport=transport, base_url="http://api.test") as client,
    ):
        yield Service(made, gateway, client)
    await gateway.close()


def assert_problem(
    answer: httpx.Response, status: int, code: str, field: str | None = None
) -> dict[str, Any]:
    """One error shape, whatever went wrong; gives the document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code, document
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    if field is not None:
        assert field in {error["field"] for error in document["errors"]}, document
    return document


def change_in(
    session: Session, partnership: Partnership | None = None, now: datetime | None = None
) -> Change:
    """A write of the builder's."""
    place = partnership.id if partnership is not None else None
    return Change(session, BUILDER, place, TODAY, now or datetime.now(UTC))


def make_partnership(session: Session, code: str = "riverside") -> Partnership:
    """A partnership and its own area."""
    name = f"{code.capitalize()} Community Safety Partnership"
    made = Partnership(
        code=code, name=name, short_name=code.capitalize(), area_code=f"{code}-area", seq=seq(session)
    )
    session.add(made)
    session.flush()
    area = Area(
        partnership_id=made.id,
        position=1,
        code=made.area_code,
        name=code.capitalize(),
        kind="partnership",
        seq=seq(session),
    )
    session.add(area)
    session.flush()
    return made


def make_agency(
    session: Session, *partnerships: Partnership, code: str = "police", kind: str = "responsible_authority"
) -> Agency:
    made = Agency(code=code, name=code.capitalize(), kind=kind, seq=seq(session))
    session.add(made)
    session.flush()
    for partnership in partnerships:
        session.add(PartnershipAgency(partnership_id=partnership.id, agency_id=made.id, position=1))
    session.flush()
    return made


def make_person(
    session: Session,
    partnership: Partnership,
    role: Role = Role.OFFICER,
    *,
    agency: Agency | None = None,
    email: str | None = None,
    name: str = "Community safety analyst",
    signed_up: bool = True,
) -> Person:
    """Somebody with a role, and unless told otherwise with the password `PASSWORD`."""
    change = change_in(session, partnership)
    address = email or f"{role.value}-{next(NUMBERS)}@agency.example"
    made = person.invite(change, address, name, PartnershipRole(role, agency))
    if signed_up:
        password.set_for(change, made, password_hash())
    return made


@cache
def password_hash() -> str:
    return password.new_hash(PASSWORD, ())


def make_token(
    session: Session, owner: Person, *, idle: timedelta = timedelta(0), left: timedelta | None = None
) -> str:
    """A session's token, as signing in gives it; last used so long ago, and with so much left to run."""
    assert owner.password_hash is not None
    account = sign_in.Account(owner.id, owner.name, owner.password_hash)
    now = datetime.now(UTC)
    opened = sign_in.open_session(change_in(session), sign_in.Opening(account), now)
    assert opened is not None
    kept = session.get_one(SignIn, token_hash(opened.token))
    kept.last_used_at -= idle
    kept.expires_at = now + left if left is not None else kept.expires_at
    session.add(kept)
    session.flush()
    return opened.token


def make_key(
    session: Session,
    *partnerships: Partnership,
    agency: Agency,
    scopes: Iterable[Scope] = (Scope.READ, Scope.READ_FIGURES, Scope.POST_FIGURES, Scope.READ_SUBMISSIONS),
    name: str = "Figures from the records system",
    expires_on: date | None = None,
) -> key.KeyWithSecret:
    wanted = key.NewKey(name, agency, partnerships, frozenset(scopes), expires_on)
    return key.create(change_in(session), wanted, datetime.now(UTC))
