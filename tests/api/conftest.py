"""What tests of the API start from: a service on either database, and one small partnership in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from app.domain.authority import Role
from app.models.partnership import Agency, Partnership
from app.models.person import Person
from tests.build import Service, make_agency, make_partnership, make_person, make_token, serving
from tests.town import Town, make_town


@pytest.fixture
async def service(database_url: str) -> AsyncIterator[Service]:
    """The API over a migrated database with nothing in it."""
    async with serving(database_url) as service:
        yield service


@pytest.fixture
async def town(service: Service) -> Town:
    """A partnership with a plan in force, with some figures in it, and keys to it."""
    with service.writing() as session:
        return make_town(session)


@pytest.fixture
async def one_service(sqlite_url: str) -> AsyncIterator[Service]:
    """As `service`, for what does not depend on the kind of database."""
    async with serving(sqlite_url) as service:
        yield service


@pytest.fixture
async def one_town(one_service: Service) -> Town:
    with one_service.writing() as session:
        return make_town(session)


@dataclass(frozen=True)
class Riverside:
    """A partnership of two agencies, with one administrator who is signed in."""

    partnership: Partnership
    police: Agency
    council: Agency
    admin: Person
    token: str


@pytest.fixture
async def riverside(service: Service) -> Riverside:
    with service.writing() as session:
        partnership = make_partnership(session)
        police = make_agency(session, partnership, code="police")
        council = make_agency(session, partnership, code="council")
        admin = make_person(
            session, partnership, Role.ADMINISTRATOR, agency=council, email="admin@riverside.example"
        )
        return Riverside(partnership, police, council, admin, make_token(session, admin))
