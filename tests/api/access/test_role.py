"""Who may do what, by role: the table people are told, tried on every route that manages people and keys."""

import pytest

from app.domain.access.authority import Role
from tests.api.conftest import Riverside
from tests.build import Service, assert_problem, make_agency, make_partnership, make_person, make_token

EVERYBODY = set(Role)
OVERSEERS = {Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR}
ADMINISTRATORS = {Role.ADMINISTRATOR}
MAY = {
    ("GET", "/me"): EVERYBODY,
    ("GET", "/partnerships"): EVERYBODY,
    ("GET", "/areas"): EVERYBODY,
    ("GET", "/agencies"): EVERYBODY,
    ("GET", "/users"): OVERSEERS,
    ("GET", "/users/1"): OVERSEERS,
    ("GET", "/audit-events"): OVERSEERS,
    ("POST", "/users"): ADMINISTRATORS,
    ("PATCH", "/users/1"): ADMINISTRATORS,
    ("POST", "/users/1/link"): ADMINISTRATORS,
    ("GET", "/keys"): ADMINISTRATORS,
    ("POST", "/keys"): ADMINISTRATORS,
    ("POST", "/keys/1/rotate"): ADMINISTRATORS,
    ("DELETE", "/keys/1"): ADMINISTRATORS,
    ("DELETE", "/sessions/current"): EVERYBODY,
}
BODIES = {
    ("POST", "/users"): {"email": "new@agency.example", "name": "New analyst", "role": "reader"},
    ("PATCH", "/users/1"): {},
    ("POST", "/keys"): {"name": "Records", "agency": "police", "scopes": ["plan:read"]},
}


@pytest.mark.parametrize("role", Role)
async def test_each_role_may_do_what_the_table_says_and_no_more(
    service: Service, riverside: Riverside, role: Role
) -> None:
    with service.writing() as session:
        person = make_person(session, riverside.partnership, role, agency=riverside.police)
        token = make_token(session, person)
    for (method, path), who in MAY.items():
        answer = await service.ask(method, path, token, json=BODIES.get((method, path)))
        if role in who:
            assert answer.status_code != 403, (method, path)
        else:
            assert_problem(answer, 403, "forbidden")


@pytest.mark.parametrize(("method", "path"), MAY)
async def test_no_route_answers_who_has_no_credential(
    service: Service, riverside: Riverside, method: str, path: str
) -> None:
    answer = await service.ask(method, path, json=BODIES.get((method, path)))
    assert_problem(answer, 401, "unauthenticated")


async def test_a_refusal_is_recorded_and_not_for_ever(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        reader = make_person(session, riverside.partnership, Role.READER)
        token = make_token(session, reader)
    for _ in range(8):
        assert_problem(await service.get("/users", token), 403, "forbidden")
    events = await service.items("/audit-events", riverside.token, subject_kind="route")
    assert len(events) == 5
    assert {event["action"] for event in events} == {"refused"}
    assert events[0]["actor"] == f"person {reader.id} ({reader.name})"
    assert events[0]["subject"] == "/users"
    assert events[0]["data"] == {"method": "GET", "path": "/api/v1/users", "need": "people:read"}


async def test_a_role_holds_in_its_own_partnership_alone(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        make_agency(session, lakeside, code="health")
        there = make_person(session, lakeside, Role.ADMINISTRATOR)
        token = make_token(session, there)
    for path in ("/users", "/keys", "/audit-events", "/areas", "/agencies", "/me"):
        answer = await service.get(path, token, params={"partnership": "riverside"})
        assert_problem(answer, 404, "not_found")
    assert_problem(await service.get(f"/users/{riverside.admin.id}", token), 404, "not_found")
    assert [item["code"] for item in await service.items("/partnerships", token)] == ["lakeside"]
    assert [item["code"] for item in await service.items("/areas", token)] == ["lakeside-area"]
    assert [item["code"] for item in await service.items("/agencies", token)] == ["health"]
    assert {item["id"] for item in await service.items("/users", token)} == {str(there.id)}


@pytest.mark.parametrize("path", ["/partnerships", "/areas", "/agencies", "/users", "/keys", "/audit-events"])
async def test_every_list_refuses_what_it_does_not_take(
    service: Service, riverside: Riverside, path: str
) -> None:
    assert_problem(await service.get(path, riverside.token, params={"limit": "-1"}), 422, "invalid", "limit")
    answer = await service.get(path, riverside.token, params={"rolle": "reader"})
    assert_problem(answer, 422, "unknown_parameter", "rolle")
    shown = await service.get(path, riverside.token, headers={"Accept": "text/csv"})
    assert shown.headers["content-type"].startswith("text/csv")
