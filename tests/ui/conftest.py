"""The real pages over the real API in this process, with the demonstration's plan in it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from app.domain.access.authority import Role
from app.main import in_process
from app.ui import create_ui
from tests.bradford import ADMINISTRATOR, ANALYST, OFFICER, READER, fill
from tests.build import PASSWORD, Service, make_partnership, make_person, serving
from tests.ui.visitor import Visitor


@pytest.fixture(scope="session")
def bradford(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with Bradford's plan, and one person of each of four roles."""
    path = tmp_path_factory.mktemp("bradford") / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    fill(path)
    return path


@asynccontextmanager
async def pages(path: Path, **settings: Any) -> AsyncIterator[tuple[Service, Starlette]]:
    """The service over a database file, and the pages over the service."""
    async with serving(f"sqlite:///{path}", secure_cookies=False, **settings) as service:
        yield service, create_ui(service.settings, in_process(service.gateway))


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
