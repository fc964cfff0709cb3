"""The ledger's `frame`: figures alone leave it, whichever way they come in; every other write moves it."""

import random
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from app.db import Database, figures_only, frame, rolled_back, seq
from app.models.column import table
from app.models.figures.figure import Figure
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Agency
from tests.build import Service, serving
from tests.contract.random_writes import KINDS, RandomWrites
from tests.held_back import HeldBack, copied, make
from tests.town import Town, figures, row

FIGURES = {"post_figure", "correct_figure"}
EITHER = {"upload", "step_return"}
"""A file that is sent and a nil return are figures alone; a file put down and words about a return are not."""

ROUNDS = 40


class Numbers(NamedTuple):
    seq: int
    frame: int


def numbers(database: Database) -> Numbers:
    with database.read() as session:
        return Numbers(seq(session), frame(session))


@pytest.fixture
async def held(sqlite_template: Path, tmp_path: Path) -> HeldBack:
    path = tmp_path / "held.db"
    shutil.copyfile(sqlite_template, path)
    async with serving(f"sqlite:///{path}") as service:
        return await make(service, path)


@pytest.fixture
async def held_service(held: HeldBack, tmp_path: Path) -> AsyncIterator[Service]:
    async with serving(
        f"sqlite:///{copied(held, tmp_path / 'own.db')}", requests_a_minute=1_000_000
    ) as service:
        yield service


async def test_each_kind_of_write_moves_it_or_leaves_it(held_service: Service, held: HeldBack) -> None:
    moved: dict[str, set[bool]] = defaultdict(set)
    writes = RandomWrites(held_service, held, random.Random(9))
    for _ in range(ROUNDS):
        before = numbers(held_service.database)
        done = dict(writes.done)
        await writes.write()
        after = numbers(held_service.database)
        kind = next((name for name, count in writes.done.items() if count != done.get(name, 0)), None)
        if after.seq > before.seq and kind is not None:
            assert after.frame in (before.frame, after.seq)
            moved[kind].add(after.frame == after.seq)
    assert {kind: moved[kind] for kind in FIGURES} == {kind: {False} for kind in FIGURES}
    others = set(moved) - FIGURES - EITHER
    assert others >= set(KINDS) - FIGURES - EITHER - {"import_document"}, "one of them may change nothing"
    assert {kind: moved[kind] for kind in others} == {kind: {True} for kind in others}


def rename_agency(session: Session) -> None:
    session.exec(select(Agency)).first().name = "Renamed"  # type: ignore[union-attr]


def touch(session: Session) -> None:
    session.execute(update(table(Indicator)).values(seq=seq(session)))
    session.execute(update(table(Figure)).values(seq=seq(session)))


def rename_and_take_back(session: Session) -> None:
    touch(session)
    with rolled_back(session):
        rename_agency(session)
        session.flush()


@pytest.mark.parametrize(
    ("change", "moves"), [(touch, False), (rename_agency, True), (rename_and_take_back, True)]
)
async def test_a_write_is_held_to_its_declaration(
    service: Service, town: Town, change: Callable[[Session], Any], moves: bool
) -> None:
    """To move it without need costs a little time; to leave it would tell what is no longer so."""
    before = numbers(service.database)
    with service.writing() as session:
        figures_only(session)
        change(session)
    after = numbers(service.database)
    assert after == (before.seq + 1, after.seq if moves else before.frame)


async def test_figures_leave_it_on_either_database(service: Service, town: Town) -> None:
    before = numbers(service.database)
    for path in ("/figures?dry_run=true", "/figures"):
        answer = await service.post(path, town.staff, json=figures(row(value=4242)))
        assert answer.status_code < 300, answer.text
    assert numbers(service.database) == (before.seq + 1, before.frame)
