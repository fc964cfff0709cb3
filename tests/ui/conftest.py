"""The real pages over the real API in this process, with the demonstration's plan in it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select
from starlette.applications import Starlette

from app.commands.plan_document.load import load
from app.commands.plan_document.read import read
from app.config import project_file
from app.db import Database
from app.domain.authority import Role
from app.models.partnership import Agency, Partnership
from app.ui import create_ui
from tests.build import BUILDER, PASSWORD, TODAY, Service, make_partnership, make_person, serving
from tests.ui.visitor import Visitor

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
ADMINISTRATOR, OFFICER, ANALYST, READER = (
    f"{name}@saferplan.example" for name in ("administrator", "officer", "analyst", "reader")
)


@pytest.fixture(scope="session")
def bradford(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with Bradford's plan, and one person of each of four roles."""
    path = tmp_path_factory.mktemp("bradford") / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    document = read(project_file("app/demo/bradford.yaml").read_bytes())
    with database.write() as session:
        load(session, document, BUILDER, today=TODAY, now=NOON, partnerships_allowed=None)
    with database.write() as session:
        _people(session)
    database.close()
    return path


def _people(session: Session) -> None:
    here = session.exec(select(Partnership)).one()
    police = session.exec(select(Agency).where(Agency.code == "west-yorkshire-police")).one()
    make_person(session, here, Role.ADMINISTRATOR, email=ADMINISTRATOR, name="Partnership manager")
    make_person(session, here, Role.OFFICER, email=OFFICER, name="Community safety officer")
    make_person(session, here, Role.CONTRIBUTOR, agency=police, email=ANALYST, name="Police analyst")
    make_person(session, here, Role.READER, email=READER, name="Board member")


@asynccontextmanager
async def pages(path: Path, **settings: Any) -> AsyncIterator[tuple[Service, Starlette]]:
    """The service over a database file, and the pages over the service."""
    async with serving(f"sqlite:///{path}", secure_cookies=False, **settings) as service:
        transport = httpx.ASGITransport(app=service.gateway, raise_app_exceptions=False)
        yield service, create_ui(service.settings, transport)


@pytest.fixture
async def site(bradford: Path, tmp_path: Path) -> AsyncIterator[tuple[Service, Starlette]]:
    """A copy of its own for a test to change."""
    path = tmp_path / "saferplan.db"
    shutil.copyfile(bradford, path)
    async with pages(path) as made:
        yield made


@pytest.fixture
def service(site: tuple[Service, Starlette]) -> Service:
    return site[0]


@pytest.fixture
async def visitor(site: tuple[Service, Starlette]) -> AsyncIterator[Visitor]:
    """Somebody who has not signed in."""
    async with Visitor(site[1]) as visitor:
        yield visitor


@pytest.fixture
async def administrator(visitor: Visitor) -> Visitor:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    return visitor


@pytest.fixture
async def officer(visitor: Visitor) -> Visitor:
    await visitor.sign_in(OFFICER, PASSWORD)
    return visitor


@pytest.fixture
async def analyst(visitor: Visitor) -> Visitor:
    await visitor.sign_in(ANALYST, PASSWORD)
    return visitor


@pytest.fixture
async def reader(visitor: Visitor) -> Visitor:
    await visitor.sign_in(READER, PASSWORD)
    return visitor


@pytest.fixture
def second_partnership(service: Service) -> str:
    """The officer belongs to it too, as a reader; its code."""
    with service.writing() as session:
        other = make_partnership(session, "riverside")
        make_person(session, other, Role.READER, email=OFFICER, signed_up=False)
    return "riverside"
