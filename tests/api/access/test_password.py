"""One-time links: good once, for a while, for one person; and what a new password does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from app.commands.access import one_time_link
from app.domain.access.authority import Role, Scope
from app.models.access.person import OneTimeLink
from tests.api.conftest import Riverside
from tests.build import (
    PASSWORD,
    Service,
    assert_problem,
    change_in,
    make_key,
    make_person,
    make_token,
)

NEW = "thistle ferry lantern moss"


async def reset_link(service: Service, riverside: Riverside, person_id: int | None) -> str:
    answer = await service.post(f"/users/{person_id}/link", riverside.token, json={})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.json()["token"])


async def test_a_reset_ends_every_session_and_the_old_password(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        officer = make_person(session, riverside.partnership, Role.OFFICER)
        tokens = [make_token(session, officer) for _ in range(2)]
    assert (await service.get("/me", tokens[0])).status_code == 200
    link = await reset_link(service, riverside, officer.id)
    assert (await service.get("/me", tokens[0])).status_code == 200, "asking for a link ends nothing"
    answer = await service.post("/passwords", json={"token": link, "password": NEW})
    assert (answer.status_code, answer.content) == (204, b"")
    for token in tokens:
        assert_problem(await service.get("/me", token), 401, "unauthenticated")
    old, new = ({"email": officer.email, "password": given} for given in (PASSWORD, NEW))
    assert_problem(await service.post("/sessions", json=old), 401, "wrong_credentials")
    assert (await service.post("/sessions", json=new)).status_code == 201
    with service.database.read() as session:
        kept = session.exec(select(OneTimeLink.token_hash)).all()
    assert link not in kept


async def test_a_link_works_once(service: Service, riverside: Riverside) -> None:
    link = await reset_link(service, riverside, riverside.admin.id)
    assert (await service.post("/passwords", json={"token": link, "password": NEW})).status_code == 204
    again = await service.post("/passwords", json={"token": link, "password": PASSWORD})
    used = assert_problem(again, 422, "link_ended", "token")
    unknown = await service.post("/passwords", json={"token": "x" * 43, "password": PASSWORD})
    assert assert_problem(unknown, 422, "link_ended")["errors"] == used["errors"]


async def test_a_newer_link_replaces_the_one_before(service: Service, riverside: Riverside) -> None:
    first = await reset_link(service, riverside, riverside.admin.id)
    second = await reset_link(service, riverside, riverside.admin.id)
    answer = await service.post("/passwords", json={"token": first, "password": NEW})
    assert_problem(answer, 422, "link_ended")
    assert (await service.post("/passwords", json={"token": second, "password": NEW})).status_code == 204


@pytest.mark.parametrize(
    ("signed_up", "age", "status"),
    [
        (False, timedelta(hours=71), 204),
        (False, timedelta(hours=73), 422),
        (True, timedelta(minutes=59), 204),
        (True, timedelta(minutes=61), 422),
    ],
    ids=["invited", "invited too long ago", "reset", "reset too long ago"],
)
async def test_a_link_runs_out(
    service: Service, riverside: Riverside, signed_up: bool, age: timedelta, status: int
) -> None:
    made_at = datetime.now(UTC) - age
    with service.writing() as session:
        person = make_person(session, riverside.partnership, signed_up=signed_up)
        link = one_time_link.make(change_in(session, now=made_at), person, made_at)
    answer = await service.post("/passwords", json={"token": link.token, "password": NEW})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "password_too_short"),
        ("administrator12345", "password_too_easy"),
        ("riverside riverside", "password_too_easy"),
        ("admin@riverside.example", "password_too_easy"),
        ("x" * 1001, "invalid"),
    ],
)
async def test_a_poor_password_leaves_the_link_good(
    service: Service, riverside: Riverside, password: str, code: str
) -> None:
    link = await reset_link(service, riverside, riverside.admin.id)
    answer = await service.post("/passwords", json={"token": link, "password": password})
    document = assert_problem(answer, 422, code, "password")
    assert password not in str(document)
    assert (await service.post("/passwords", json={"token": link, "password": NEW})).status_code == 204


async def test_a_new_password_forgives_wrong_guesses(service: Service, riverside: Riverside) -> None:
    wrong = {"email": riverside.admin.email, "password": "a password that is not theirs"}
    for _ in range(11):
        answer = await service.post("/sessions", json=wrong)
    assert answer.status_code == 429
    link = await reset_link(service, riverside, riverside.admin.id)
    await service.post("/passwords", json={"token": link, "password": NEW})
    right = {"email": riverside.admin.email, "password": NEW}
    assert (await service.post("/sessions", json=right)).status_code == 201


async def test_the_longest_password_counts_to_its_last_character(
    service: Service, riverside: Riverside
) -> None:
    link = await reset_link(service, riverside, riverside.admin.id)
    long = ("thistle ferry lantern moss " * 40)[:999] + "a"
    assert (await service.post("/passwords", json={"token": link, "password": long})).status_code == 204
    for last, status in (("b", 401), ("a", 201)):
        given = {"email": riverside.admin.email, "password": long[:-1] + last}
        assert (await service.post("/sessions", json=given)).status_code == status


def own(current: str, chosen: str = NEW) -> dict[str, str]:
    return {"current_password": current, "password": chosen}


async def test_ones_own_password_is_changed_with_the_one_it_replaces(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        officer = make_person(session, riverside.partnership, Role.OFFICER)
        here, elsewhere = (make_token(session, officer) for _ in range(2))
    link = await reset_link(service, riverside, officer.id)
    answer = await service.post("/me/password", here, json=own(PASSWORD))
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await service.get("/me", here)).status_code == 200
    assert_problem(await service.get("/me", elsewhere), 401, "unauthenticated")
    old, new = ({"email": officer.email, "password": given} for given in (PASSWORD, NEW))
    assert_problem(await service.post("/sessions", json=old), 401, "wrong_credentials")
    assert (await service.post("/sessions", json=new)).status_code == 201
    stale = await service.post("/passwords", json={"token": link, "password": PASSWORD})
    assert_problem(stale, 422, "link_ended", "token")
    events = await service.items("/audit-events", riverside.token, subject=str(officer.id))
    changed = [each for each in events if each["action"] == "password set"][-1]
    assert changed["actor"] == f"person {officer.id} ({officer.name})"


@pytest.mark.parametrize(
    ("current", "chosen", "field", "code"),
    [
        ("not what it is", NEW, "current_password", "wrong_password"),
        (PASSWORD, "too short", "password", "password_too_short"),
        (PASSWORD, "password password", "password", "password_too_easy"),
        (PASSWORD, "", "password", "invalid"),
    ],
)
async def test_ones_own_password_is_not_changed(
    service: Service, riverside: Riverside, current: str, chosen: str, field: str, code: str
) -> None:
    answer = await service.post("/me/password", riverside.token, json=own(current, chosen))
    assert_problem(answer, 422, code, field)
    same = {"email": riverside.admin.email, "password": PASSWORD}
    assert (await service.post("/sessions", json=same)).status_code == 201


async def test_a_password_is_guessed_at_no_faster_by_who_is_signed_in(
    service: Service, riverside: Riverside
) -> None:
    for _ in range(10):
        wrong = await service.post("/me/password", riverside.token, json=own("not what it is"))
        assert_problem(wrong, 422, "wrong_password")
    held_back = await service.post("/me/password", riverside.token, json=own(PASSWORD))
    assert_problem(held_back, 429, "too_many_guesses")
    assert int(held_back.headers["retry-after"]) > 0
    events = await service.items("/audit-events", riverside.token, subject=str(riverside.admin.id))
    assert "password change failed" in {each["action"] for each in events}


async def test_a_key_has_no_password(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        key = make_key(session, riverside.partnership, agency=riverside.council, scopes=list(Scope)).secret
    assert_problem(await service.post("/me/password", key, json=own(PASSWORD)), 404, "not_found")
