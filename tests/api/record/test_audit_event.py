"""The record: what it shows to whom, and that it cannot be rewritten."""

from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.commands import audit
from app.domain.access.authority import Role
from tests.api.conftest import Riverside
from tests.build import Service, make_agency, make_key, make_partnership, make_person, make_token


async def test_events_come_oldest_first_page_by_page_and_each_covers_the_one_before(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        for _ in range(3):
            make_key(session, riverside.partnership, agency=riverside.police)
    events = await service.items("/audit-events", riverside.token, limit="2")
    assert len(events) == 6
    ids = [int(event["id"]) for event in events]
    assert ids == sorted(ids)
    assert all(after["previous"] == before["hash"] for before, after in pairwise(events))
    with service.database.read() as session:
        assert list(audit.verify(session)) == []


async def test_events_narrow_to_a_kind_and_a_thing(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        key = make_key(session, riverside.partnership, agency=riverside.police).key
        make_key(session, riverside.partnership, agency=riverside.police)
    keys = await service.items("/audit-events", riverside.token, subject_kind="key")
    one = await service.items("/audit-events", riverside.token, subject_kind="key", subject=key.prefix)
    assert (len(keys), len(one)) == (2, 1)
    assert await service.items("/audit-events", riverside.token, subject="nothing") == []


async def test_a_partnership_sees_its_own_events_alone(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        health = make_agency(session, lakeside, code="health")
        theirs = make_key(session, lakeside, agency=health).key
        auditor = make_token(session, make_person(session, lakeside, Role.AUDITOR))
    here = await service.items("/audit-events", riverside.token)
    there = await service.items("/audit-events", auditor)
    assert theirs.prefix not in str(here)
    assert theirs.prefix in str(there)
    assert not {event["id"] for event in here} & {event["id"] for event in there}


@pytest.mark.parametrize(
    ("role", "elsewhere", "sees"),
    [
        (Role.ADMINISTRATOR, False, True),
        (Role.AUDITOR, False, False),
        (Role.ADMINISTRATOR, True, False),
    ],
    ids=["administers all there is", "does not administer", "administers a part"],
)
async def test_events_of_no_partnership_are_for_who_administers_all(
    service: Service, riverside: Riverside, role: Role, elsewhere: bool, sees: bool
) -> None:
    with service.writing() as session:
        token = make_token(session, make_person(session, riverside.partnership, role))
        if elsewhere:
            make_partnership(session, "lakeside")
    wrong = {"email": "nobody@agency.example", "password": "a password that is not theirs"}
    await service.post("/sessions", json=wrong)
    events = await service.items("/audit-events", token, subject_kind="account")
    assert bool(events) is sees


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"])
async def test_the_database_itself_refuses_to_rewrite_it(
    service: Service, riverside: Riverside, statement: str
) -> None:
    with service.database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(statement))
