"""Keys: made for an agency, shown once, rotated with an overlap, refused the moment they end."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.config import LONDON
from app.domain.access.authority import Role, Scope
from app.models.access.key import ApiKey
from app.models.access.token import token_hash
from tests.api.conftest import Riverside
from tests.build import (
    Service,
    assert_problem,
    make_agency,
    make_key,
    make_partnership,
    make_person,
    make_token,
)

READS = ["figures:read", "plan:read"]


def body(**changes: Any) -> dict[str, Any]:
    return {"name": "Records system", "agency": "police", "scopes": READS, **changes}


def today() -> date:
    """Keys run out by the real calendar, whatever day the service is told it is."""
    return datetime.now(LONDON).date()


async def test_a_key_is_shown_once_and_kept_as_a_hash(service: Service, riverside: Riverside) -> None:
    answer = await service.post("/keys", riverside.token, json=body(), headers={"Idempotency-Key": "once"})
    assert answer.status_code == 201
    made = answer.json()
    secret, key = made["secret"], made["key"]
    prefix, _, rest = secret[3:].partition("_")
    assert secret.startswith("sp_")
    assert (key["prefix"], len(prefix), len(rest)) == (f"sp_{prefix}", 8, 43)
    assert key["agency"] == {"code": "police", "name": "Police"}
    assert (key["scopes"], key["version"], key["revoked_at"]) == (READS, 1, None)
    again = await service.post("/keys", riverside.token, json=body(), headers={"Idempotency-Key": "once"})
    assert again.json()["secret"] != secret, "a secret is never remembered, so a repeat makes another key"
    assert "idempotent-replayed" not in again.headers
    assert (await service.get("/me", secret)).json()["scopes"] == READS
    listed = await service.items("/keys", riverside.token)
    assert key["id"] in {item["id"] for item in listed}
    assert secret not in str(listed)
    with service.database.read() as session:
        kept = session.get_one(ApiKey, int(key["id"]))
        assert kept.secret_hash == token_hash(secret)
    events = await service.items("/audit-events", riverside.token, subject_kind="key", subject=key["prefix"])
    assert [event["action"] for event in events] == ["key made"]
    assert secret not in str(events)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"agency": "health"}, "agency", "unknown_agency"),
        ({"scopes": []}, "scopes", "invalid"),
        ({"scopes": ["plan:rewrite"]}, "scopes.0", "invalid"),
        ({"expires_on": "2017-12-31"}, "expires_on", "bad_expiry"),
        ({"expires_on": str(today() - timedelta(days=1))}, "expires_on", "bad_expiry"),
        ({"expires_on": str(today() + timedelta(days=367))}, "expires_on", "bad_expiry"),
        ({"expires_on": "9999-12-31"}, "expires_on", "bad_expiry"),
        ({"expires_on": "0001-01-01"}, "expires_on", "bad_expiry"),
        ({"expires_on": "tomorrow"}, "expires_on", "invalid"),
        ({"name": ""}, "name", "invalid"),
        ({"secret": "of my own"}, "secret", "invalid"),
    ],
)
async def test_a_key_that_cannot_be(
    service: Service, riverside: Riverside, changes: dict[str, Any], field: str, code: str
) -> None:
    with service.writing() as session:
        make_agency(session, make_partnership(session, "lakeside"), code="health")
    answer = await service.post("/keys", riverside.token, json=body(**changes))
    assert_problem(answer, 422, code, field)
    assert await service.items("/keys", riverside.token) == []


@pytest.mark.parametrize("days", [0, 1, 364])
async def test_a_key_is_good_to_the_end_of_its_day_in_london(
    service: Service, riverside: Riverside, days: int
) -> None:
    last = today() + timedelta(days=days)
    answer = await service.post("/keys", riverside.token, json=body(expires_on=str(last)))
    expires = datetime.fromisoformat(answer.json()["key"]["expires_at"]).astimezone(LONDON)
    assert (expires.date(), expires.hour, expires.minute) == (last + timedelta(days=1), 0, 0)


async def test_nobody_gives_what_they_do_not_have(service: Service, riverside: Riverside) -> None:
    scopes = [Scope.MANAGE_KEYS, Scope.READ]
    with service.writing() as session:
        narrow = make_key(session, riverside.partnership, agency=riverside.police, scopes=scopes).secret
        wide = make_key(session, riverside.partnership, agency=riverside.police)
        councils = make_key(session, riverside.partnership, agency=riverside.council, scopes=[Scope.READ])
    answer = await service.post("/keys", narrow, json=body(scopes=["plan:read", "people:write"]))
    assert_problem(answer, 422, "beyond_your_authority", "scopes")
    answer = await service.post("/keys", narrow, json=body(scopes=["plan:read"], agency="council"))
    assert_problem(answer, 422, "unknown_agency", "agency")
    answer = await service.post(f"/keys/{wide.key.id}/rotate", narrow)
    assert_problem(answer, 422, "beyond_your_authority", "scopes")
    assert (await service.post("/keys", narrow, json=body(scopes=["plan:read"]))).status_code == 201
    assert "Council" not in str(await service.items("/keys", narrow)), "another agency's keys are not there"
    answer = await service.ask("DELETE", f"/keys/{councils.key.id}", narrow, headers={"If-Match": '"1"'})
    assert_problem(answer, 404, "not_found")


async def test_a_key_ends_no_key_that_can_do_more(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        place, police = riverside.partnership, riverside.police
        narrow = make_key(session, place, agency=police, scopes=[Scope.MANAGE_KEYS, Scope.READ]).secret
        wide = make_key(session, place, agency=police)
        equal = make_key(session, place, agency=police, scopes=[Scope.READ])
    for method, path in (("DELETE", f"/keys/{wide.key.id}"), ("POST", f"/keys/{wide.key.id}/rotate")):
        answer = await service.ask(method, path, narrow, headers={"If-Match": "*"})
        assert_problem(answer, 422, "beyond_your_authority", "scopes")
        assert (await service.get("/me", wide.secret)).status_code == 200
    for key, token in ((equal, narrow), (wide, riverside.token)):
        answer = await service.ask("DELETE", f"/keys/{key.key.id}", token, headers={"If-Match": "*"})
        assert answer.status_code == 204


async def test_a_staff_key_makes_and_ends_no_key_that_releases_another_agencys_figures(
    service: Service, riverside: Riverside
) -> None:
    scopes = [Scope.READ, Scope.READ_FIGURES, Scope.WRITE_PLAN, Scope.RELEASE_FIGURES, Scope.MANAGE_KEYS]
    with service.writing() as session:
        staff = make_key(session, riverside.partnership, agency=riverside.council, scopes=scopes).secret
        theirs = make_key(
            session,
            riverside.partnership,
            agency=riverside.police,
            scopes=[Scope.READ, Scope.RELEASE_FIGURES],
        ).key
    made = await service.post("/keys", staff, json=body(scopes=["plan:read", "figures:release"]))
    assert_problem(made, 422, "beyond_your_authority", "scopes")
    ended = await service.ask("DELETE", f"/keys/{theirs.id}", staff, headers={"If-Match": "*"})
    assert_problem(ended, 422, "beyond_your_authority", "scopes")
    assert (await service.post("/keys", staff, json=body())).status_code == 201


async def test_a_shared_key_is_ended_only_where_it_can_do_no_more(
    service: Service, riverside: Riverside
) -> None:
    """An actor may manage keys in two partnerships and be able to do more in one of them."""
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        health = make_agency(session, riverside.partnership, lakeside, code="health")
        scopes = [Scope.READ, Scope.READ_FIGURES]
        shared = make_key(session, riverside.partnership, lakeside, agency=health, scopes=scopes)
        make_person(session, lakeside, Role.ADMINISTRATOR, email=riverside.admin.email, signed_up=False)
    path, match = f"/keys/{shared.key.id}", {"If-Match": "*"}
    answer = await service.ask("DELETE", f"{path}?partnership=lakeside", riverside.token, headers=match)
    assert answer.status_code == 204
    assert [each["code"] for each in await service.items("/partnerships", shared.secret)] == ["riverside"]


async def test_another_partnerships_key_is_as_if_absent(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        health = make_agency(session, lakeside, code="health")
        theirs = make_key(session, lakeside, agency=health).key
    absent = await service.ask("DELETE", "/keys/999", riverside.token, headers={"If-Match": '"1"'})
    hidden = await service.ask("DELETE", f"/keys/{theirs.id}", riverside.token, headers={"If-Match": '"1"'})
    expected = {**assert_problem(absent, 404, "not_found"), "request_id": hidden.json()["request_id"]}
    assert hidden.json() == expected
    assert_problem(await service.post(f"/keys/{theirs.id}/rotate", riverside.token), 404, "not_found")
    for nonsense in ("nonsense", "1e3", "-1", "9" * 30, "１"):
        answer = await service.ask("DELETE", f"/keys/{nonsense}", riverside.token, headers={"If-Match": "*"})
        assert_problem(answer, 404, "not_found")


async def test_a_revoked_key_is_refused_at_once_though_its_answer_was_kept(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        made = make_key(session, riverside.partnership, agency=riverside.police)
    kept = await service.get("/areas", made.secret)
    etag = {"If-None-Match": kept.headers["etag"]}
    assert (await service.get("/areas", made.secret, headers=etag)).status_code == 304
    path = f"/keys/{made.key.id}"
    assert_problem(await service.ask("DELETE", path, riverside.token), 428, "if_match_required")
    stale = await service.ask("DELETE", path, riverside.token, headers={"If-Match": '"7"'})
    assert_problem(stale, 412, "changed_meanwhile")
    assert (await service.get("/areas", made.secret, headers=etag)).status_code == 304
    for _ in range(2):
        gone = await service.ask("DELETE", path, riverside.token, headers={"If-Match": '"1"'})
        assert gone.status_code == 204
    assert_problem(await service.get("/areas", made.secret), 401, "unauthenticated")
    assert_problem(await service.get("/areas", made.secret, headers=etag), 401, "unauthenticated")
    events = await service.items("/audit-events", riverside.token, subject=made.key.prefix)
    assert [event["action"] for event in events] == ["key made", "key revoked"]


async def test_a_key_that_runs_out_is_refused_though_nothing_else_has_changed(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        made = make_key(session, riverside.partnership, agency=riverside.police)
        made.key.expires_at = datetime.now(UTC) + timedelta(seconds=0.4)
        made.key.last_used_at = datetime.now(UTC)
        session.add(made.key)
    assert (await service.get("/areas", made.secret)).status_code == 200
    await asyncio.sleep(0.5)
    assert_problem(await service.get("/areas", made.secret), 401, "unauthenticated")


@pytest.mark.parametrize(("overlap", "old_works"), [({}, 200), ({"overlap_days": "0"}, 401)])
async def test_rotating_leaves_the_old_key_its_overlap(
    service: Service, riverside: Riverside, overlap: dict[str, str], old_works: int
) -> None:
    with service.writing() as session:
        old = make_key(session, riverside.partnership, agency=riverside.police)
    assert (await service.get("/me", old.secret)).status_code == 200
    answer = await service.post(f"/keys/{old.key.id}/rotate", riverside.token, json={}, params=overlap)
    assert answer.status_code == 201
    new = answer.json()
    assert new["key"]["scopes"] == sorted(old.key.scopes)
    assert (await service.get("/me", new["secret"])).status_code == 200
    assert (await service.get("/me", old.secret)).status_code == old_works
    listed = {item["id"]: item for item in await service.items("/keys", riverside.token)}
    ends = datetime.fromisoformat(listed[str(old.key.id)]["expires_at"])
    days = float(overlap.get("overlap_days", 7))
    assert abs(ends - datetime.now(UTC) - timedelta(days=days)) < timedelta(minutes=1)
    assert listed[str(old.key.id)]["version"] == 2


@pytest.mark.parametrize("days", [30, 364])
async def test_a_key_rotated_again_has_successors_as_long_as_it_was_made_for(
    service: Service, riverside: Riverside, days: int
) -> None:
    """The first successor may have been lost on its way."""
    with service.writing() as session:
        last = today() + timedelta(days=days)
        old = make_key(session, riverside.partnership, agency=riverside.police, expires_on=last)
        lifetime = old.key.expires_at - old.key.created_at
    for _ in range(3):
        made = (await service.post(f"/keys/{old.key.id}/rotate", riverside.token)).json()["key"]
        ends = datetime.fromisoformat(made["expires_at"])
        assert abs(ends - datetime.now(UTC) - lifetime) < timedelta(minutes=1)


async def test_what_cannot_be_rotated(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        funder = make_agency(session, riverside.partnership, lakeside, code="funder", kind="funder")
        shared = make_key(session, riverside.partnership, lakeside, agency=funder).key
        ended = make_key(session, riverside.partnership, agency=riverside.police).key
        ended.revoked_at = datetime.now(UTC)
        session.add(ended)
    answer = await service.post(f"/keys/{shared.id}/rotate", riverside.token)
    assert_problem(answer, 409, "shared_key")
    assert_problem(await service.post(f"/keys/{ended.id}/rotate", riverside.token), 409, "key_ended")
    for days in ("31", "-1", "week"):
        answer = await service.post(f"/keys/{shared.id}/rotate?overlap_days={days}", riverside.token)
        assert_problem(answer, 422, "invalid", "overlap_days")


async def test_a_shared_key_is_taken_out_of_the_partnership_that_revokes_it(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        funder = make_agency(session, riverside.partnership, lakeside, code="funder", kind="funder")
        shared = make_key(session, riverside.partnership, lakeside, agency=funder)
        there = make_person(session, lakeside, Role.ADMINISTRATOR)
        token = make_token(session, there)
    path = f"/keys/{shared.key.id}"
    gone = await service.ask("DELETE", path, riverside.token, headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    assert [item["code"] for item in await service.items("/partnerships", shared.secret)] == ["lakeside"]
    assert await service.items("/keys", riverside.token) == []
    assert [item["revoked_at"] for item in await service.items("/keys", token)] == [None]
    events = await service.items("/audit-events", riverside.token, subject=shared.key.prefix)
    assert [event["action"] for event in events] == ["key made", "key withdrawn"]


async def test_last_use_is_noted_to_the_minute(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        made = make_key(session, riverside.partnership, agency=riverside.police)
        unused = make_key(session, riverside.partnership, agency=riverside.police)
    for _ in range(3):
        await service.get("/areas", made.secret)
    await asyncio.gather(*service.gateway.app.state.usage_tasks)
    with service.database.read() as session:
        used = dict(session.exec(select(ApiKey.id, ApiKey.last_used_at)).all())
    first = used[made.key.id]
    assert first is not None
    assert abs(datetime.now(UTC) - first) < timedelta(minutes=1)
    assert used[unused.key.id] is None
    await service.get("/agencies", made.secret)
    assert not service.gateway.app.state.usage_tasks, "a use within the minute is not written again"
