"""What was frozen at a cut-off is read for ever, whatever shape lines of the scorecard have by then."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlmodel import Session, select

from app.db import seq
from app.domain.access.authority import Role
from app.models.plan.indicator import ScorecardItemOut
from app.models.returns.reporting_period import LateItemOut, PeriodEvent, Snapshot, SnapshotOut
from tests.build import Service, make_person, make_token
from tests.town import NOW, Town

FROZEN = sorted(Path(__file__).with_name("frozen").glob("*.json"))
"""Snapshots as each release wrote them: `{"items": [...], "late": [...]}` as they stand in the table."""
QUARTER = "2017-18-Q2"


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
async def test_an_earlier_release_s_snapshot_is_read(
    one_service: Service, one_town: Town, path: Path
) -> None:
    """By an officer through the API, each line in the published shape."""
    frozen = json.loads(path.read_text(encoding="utf-8"))
    officer = put(one_service, one_town, frozen)
    answer = await one_service.get(f"/reporting-periods/{QUARTER}/snapshot", officer)
    assert answer.status_code == 200, answer.text
    TypeAdapter(SnapshotOut).validate_json(answer.content)
    items = {each["code"]: each for each in answer.json()["items"]}
    for line in frozen["items"]:
        assert items[line["code"]]["rating"] == line["rating"], "what the Board was told stays as it was"
    assert len(answer.json()["late_items"]) == len(frozen["late"])


async def test_what_this_release_writes_is_among_them(one_service: Service, one_town: Town) -> None:
    """A new or changed part of a line needs another example beside the earlier ones."""
    quarter = await one_service.post(f"/reporting-periods/{QUARTER}/cut-off", one_town.admin, json={})
    assert quarter.status_code == 200, quarter.text
    with one_service.database.read() as session:
        newest = session.exec(select(Snapshot)).one()
        shapes = [shape(newest.items), shape(newest.late)]
    known = [[shape(old[part]) for part in ("items", "late")] for old in map(read, FROZEN)]
    assert shapes in known, "write this release's snapshot to tests/contract/frozen"
    TypeAdapter(list[ScorecardItemOut]).validate_python(newest.items)
    TypeAdapter(list[LateItemOut]).validate_python(newest.late)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def shape(lines: list[dict[str, Any]]) -> list[str]:
    """The names in them."""
    return sorted({name for line in lines for name in line})


def put(service: Service, town: Town, frozen: dict[str, Any]) -> str:
    """Into the table as it stood there; the token of an officer."""
    with service.writing() as session:
        cut_off = event(session, town)
        session.add(
            Snapshot(event_id=cut_off.id, items=frozen["items"], late=frozen["late"], seq=cut_off.seq)
        )
        return make_token(session, make_person(session, town.partnership, Role.OFFICER))


def event(session: Session, town: Town) -> PeriodEvent:

    made = PeriodEvent(
        partnership_id=town.partnership.id,
        first_month=2017 * 12 + 6,
        kind="cut_off",
        recorded_at=NOW,
        recorded_by="test",
        seq=seq(session),
    )
    session.add(made)
    session.flush()
    return made
