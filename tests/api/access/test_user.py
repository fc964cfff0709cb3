"""People: invited, given roles, disabled, and never the last administrator."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from app.domain.access.authority import ROLE_SCOPES, Role, Scope
from app.models.access.person import Person
from tests.api.conftest import Riverside
from tests.build import (
    PASSWORD,
    Service,
    assert_problem,
    make_agency,
    make_key,
    make_partnership,
    make_person,
    make_token,
)


def body(**changes: Any) -> dict[str, Any]:
    return {"email": "new@agency.example", "name": "New analyst", "role": "reader", **changes}


async def patch(service: Service, token: str, person: Person, **changes: Any) -> Any:
    """With the version the person has now."""
    now = (await service.get(f"/users/{person.id}", token)).headers["etag"]
    return await service.ask("PATCH", f"/users/{person.id}", token, json=changes, headers={"If-Match": now})


async def test_an_invitation_is_taken_up_with_its_link(service: Service, riverside: Riverside) -> None:
    invited = body(email="New@Agency.example", role="contributor", agency="police")
    answer = await service.post("/users", riverside.token, json=invited)
    assert answer.status_code == 201
    user, link = answer.json()["user"], answer.json()["link"]
    assert answer.headers["location"] == f"/api/v1/users/{user['id']}"
    assert (user["email"], user["role"], user["role_label"]) == (
        "new@agency.example",
        "contributor",
        "Contributor for an agency",
    )
    assert user["agency"] == {"code": "police", "name": "Police"}
    assert (user["signed_up"], user["disabled"]) == (False, False)
    assert link["purpose"] == "invite"
    chosen = {"token": link["token"], "password": "thistle ferry lantern moss"}
    assert (await service.post("/passwords", json=chosen)).status_code == 204
    session = {"email": "new@agency.example", "password": chosen["password"]}
    token = (await service.post("/sessions", json=session)).json()["token"]
    assert (await service.get("/me", token)).json()["agency"]["code"] == "police"
    assert (await service.get(answer.headers["location"], riverside.token)).json()["signed_up"] is True


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"role": "contributor"}, 422, "agency_required", "agency"),
        ({"agency": "health"}, 422, "unknown_agency", "agency"),
        ({"role": "king"}, 422, "invalid", "role"),
        ({"email": "no address"}, 422, "invalid", "email"),
        ({"email": "ana\u200blyst@agency.example"}, 422, "invalid", "email"),
        ({"email": "аnalyst@agency.example"}, 422, "invalid", "email"),
        ({"name": "two\nlines"}, 422, "invalid", "name"),
        ({"name": "x" * 121}, 422, "invalid", "name"),
        ({"password": PASSWORD}, 422, "invalid", "password"),
        ({"email": "ADMIN@riverside.example"}, 409, "already_member", None),
    ],
)
async def test_who_cannot_be_invited(
    service: Service, riverside: Riverside, changes: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = await service.post("/users", riverside.token, json=body(**changes))
    assert_problem(answer, status, code, field)
    assert len(await service.items("/users", riverside.token)) == 1


async def test_somebody_known_elsewhere_gets_a_role_and_no_link(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        make_person(session, lakeside, Role.ADMINISTRATOR, email="both@agency.example", name="Their own name")
        make_person(session, lakeside, Role.READER, email="invited@agency.example", signed_up=False)
    for email in ("both@agency.example", "invited@agency.example"):
        answer = await service.post("/users", riverside.token, json=body(email=email, name="Another name"))
        assert answer.status_code == 201
        assert answer.json()["link"] is None
        assert answer.json()["user"]["role"] == "reader"
        assert "Their own name" not in answer.text


async def test_an_address_does_not_tell_whose_it_is(service: Service, riverside: Riverside) -> None:
    """Here they are called what they were invited as; where they belonged before, what they were."""
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        both = make_person(session, lakeside, Role.READER, email="both@agency.example", name="Their own name")
        there = make_token(session, make_person(session, lakeside, Role.ADMINISTRATOR))
        own = make_token(session, both)
    answer = await service.post("/users", riverside.token, json=body(email=both.email, name="Another name"))
    told = answer.json()["user"]
    listed = {user["email"]: user for user in await service.items("/users", riverside.token)}
    one = (await service.get(f"/users/{both.id}", riverside.token)).json()
    assert told == listed[both.email] == one
    assert one["name"] == "Another name"
    changed = await patch(service, riverside.token, both, name="Another name", role="auditor")
    assert (changed.status_code, changed.json()["name"]) == (200, "Another name")
    assert (await service.get(f"/users/{both.id}", there)).json()["name"] == "Their own name"
    assert (await service.get("/me", own)).json()["person"]["name"] == "Their own name"


async def test_an_administrator_here_has_no_say_over_who_somebody_is_elsewhere(
    service: Service, riverside: Riverside
) -> None:
    """Otherwise a role given here, then a reset link, would take over an administrator there."""
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        both = make_person(session, lakeside, Role.ADMINISTRATOR, email="both@agency.example")
    await service.post("/users", riverside.token, json=body(email="both@agency.example"))
    link = await service.post(f"/users/{both.id}/link", riverside.token)
    assert_problem(link, 409, "belongs_elsewhere")
    for changes in ({"name": "Renamed"}, {"disabled": True}):
        assert_problem(await patch(service, riverside.token, both, **changes), 409, "belongs_elsewhere")
    changed = await patch(service, riverside.token, both, name="New analyst", role="auditor")
    assert (changed.status_code, changed.json()["role"]) == (200, "auditor")


async def test_a_key_that_manages_people_makes_nobody_mightier_than_itself(
    service: Service, riverside: Riverside
) -> None:
    scopes = [*ROLE_SCOPES[Role.READER], Scope.READ_PEOPLE, Scope.MANAGE_PEOPLE]
    with service.writing() as session:
        key = make_key(session, riverside.partnership, agency=riverside.council, scopes=scopes).secret
        officer = make_person(session, riverside.partnership, Role.OFFICER)
    assert (await service.post("/users", key, json=body(role="reader"))).status_code == 201
    answer = await service.post("/users", key, json=body(email="b@agency.example", role="administrator"))
    assert_problem(answer, 422, "beyond_your_authority", "role")
    assert_problem(await patch(service, key, officer, role="reader"), 422, "beyond_your_authority", "role")
    assert_problem(await patch(service, key, officer, disabled=True), 409, "belongs_elsewhere")
    link = await service.post(f"/users/{riverside.admin.id}/link", key)
    assert_problem(link, 409, "belongs_elsewhere")


async def test_a_key_has_a_say_over_its_own_agencys_people_alone(
    service: Service, riverside: Riverside
) -> None:
    scopes = [*ROLE_SCOPES[Role.CONTRIBUTOR], Scope.READ_PEOPLE, Scope.MANAGE_PEOPLE]
    place = riverside.partnership
    with service.writing() as session:
        key = make_key(session, place, agency=riverside.police, scopes=scopes).secret
        other = make_person(session, place, Role.CONTRIBUTOR, agency=riverside.council)
        own = make_person(session, place, Role.CONTRIBUTOR, agency=riverside.police)
    for agency, status in (("council", 422), ("police", 201)):
        invited = body(email=f"a@{agency}.example", role="contributor", agency=agency)
        assert (await service.post("/users", key, json=invited)).status_code == status
    for changes in ({"role": "reader"}, {"agency": "police"}, {"agency": None, "role": "reader"}):
        answer = await patch(service, key, other, **changes)
        assert_problem(answer, 422, "beyond_your_authority", "role")
    answer = await patch(service, key, own, agency="council")
    assert_problem(answer, 422, "beyond_your_authority", "role")
    assert_problem(await patch(service, key, other, disabled=True), 409, "belongs_elsewhere")
    assert_problem(await patch(service, key, other, name="Renamed"), 409, "belongs_elsewhere")
    assert_problem(await service.post(f"/users/{other.id}/link", key), 409, "belongs_elsewhere")
    assert (await patch(service, key, own, disabled=True)).status_code == 200
    assert (await patch(service, key, own, disabled=False)).status_code == 200


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR])
async def test_a_key_with_every_scope_still_makes_and_ends_no_approver(
    service: Service, riverside: Riverside, role: Role
) -> None:
    """An approver releases any agency's figures; a key only its own agency's."""
    with service.writing() as session:
        key = make_key(session, riverside.partnership, agency=riverside.police, scopes=list(Scope)).secret
        person = make_person(session, riverside.partnership, role)
    answer = await service.post("/users", key, json=body(role=role.value))
    assert_problem(answer, 422, "beyond_your_authority", "role")
    assert_problem(await patch(service, key, person, role="reader"), 422, "beyond_your_authority", "role")
    assert_problem(await patch(service, key, person, disabled=True), 409, "belongs_elsewhere")
    assert_problem(await service.post(f"/users/{person.id}/link", key), 409, "belongs_elsewhere")
    assert (await service.post("/users", key, json=body(role="officer"))).status_code == 201


async def test_a_funders_key_lets_nobody_see_what_it_does_not(service: Service, riverside: Riverside) -> None:
    scopes = [*ROLE_SCOPES[Role.READER], Scope.READ_PEOPLE, Scope.MANAGE_PEOPLE]
    with service.writing() as session:
        funder = make_agency(session, riverside.partnership, code="funder", kind="funder")
        key = make_key(session, riverside.partnership, agency=funder, scopes=scopes).secret
    for role, agency, status in (
        ("reader", "police", 422),
        ("reader", None, 422),
        ("funder", None, 201),
    ):
        invited = body(email=f"{role}-{agency}@agency.example", role=role, agency=agency)
        assert (await service.post("/users", key, json=invited)).status_code == status


async def test_the_last_administrator_stays(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        make_person(session, riverside.partnership, Role.ADMINISTRATOR, signed_up=False)
        make_person(session, riverside.partnership, Role.ADMINISTRATOR).disabled_at = datetime.now(UTC)
    answer = await patch(service, riverside.token, riverside.admin, role="officer")
    assert_problem(answer, 409, "last_administrator")
    answer = await patch(service, riverside.token, riverside.admin, disabled=True)
    assert_problem(answer, 409, "disabling_yourself")
    with service.writing() as session:
        second = make_person(session, riverside.partnership, Role.ADMINISTRATOR)
        token = make_token(session, second)
    assert (await patch(service, token, riverside.admin, disabled=True)).status_code == 200
    assert_problem(await patch(service, token, second, role="reader"), 409, "last_administrator")


async def test_disabling_ends_what_somebody_is_signed_in_with(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        officer = make_person(session, riverside.partnership, Role.OFFICER)
        token = make_token(session, officer)
    kept = await service.get("/areas", token)
    etag = {"If-None-Match": kept.headers["etag"]}
    assert (await service.get("/areas", token, headers=etag)).status_code == 304
    unused = (await service.post(f"/users/{officer.id}/link", riverside.token)).json()["token"]
    disabled = await patch(service, riverside.token, officer, disabled=True)
    assert disabled.json()["disabled"] is True
    assert_problem(await service.get("/areas", token, headers=etag), 401, "unauthenticated")
    given = {"email": officer.email, "password": PASSWORD}
    assert_problem(await service.post("/sessions", json=given), 401, "wrong_credentials")
    link = await service.post(f"/users/{officer.id}/link", riverside.token)
    assert_problem(link, 409, "disabled")
    await patch(service, riverside.token, officer, disabled=False)
    assert_problem(await service.get("/areas", token), 401, "unauthenticated")
    assert (await service.post("/sessions", json=given)).status_code == 201
    answer = await service.post(
        "/passwords", json={"token": unused, "password": "thistle ferry lantern moss"}
    )
    assert_problem(answer, 422, "link_ended", "token")


async def test_an_edit_names_the_version_it_was_made_from(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        officer = make_person(session, riverside.partnership, Role.OFFICER)
    path = f"/users/{officer.id}"
    read = await service.get(path, riverside.token)
    bare = f'"{read.json()["version"]}"'
    assert_problem(
        await service.ask("PATCH", path, riverside.token, json={"name": "A"}), 428, "if_match_required"
    )
    for tag in (read.headers["etag"], bare):
        answer = await service.ask(
            "PATCH", path, riverside.token, json={"name": "A"}, headers={"If-Match": tag}
        )
        assert answer.status_code == (200 if tag == read.headers["etag"] else 412)
    fresh = f'"{(await service.get(path, riverside.token)).json()["version"]}"'
    answer = await service.ask(
        "PATCH", path, riverside.token, json={"name": "B"}, headers={"If-Match": fresh}
    )
    assert (answer.status_code, answer.json()["name"]) == (200, "B")
    assert answer.headers["etag"].startswith(f'"v{answer.json()["version"]}.')


@pytest.mark.parametrize("field", ["name", "role", "disabled"])
async def test_null_is_no_way_to_leave_a_thing_as_it_is(
    service: Service, riverside: Riverside, field: str
) -> None:
    assert_problem(
        await patch(service, riverside.token, riverside.admin, **{field: None}), 422, "required", field
    )


async def test_an_agency_is_given_kept_and_taken_away(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        person = make_person(session, riverside.partnership, Role.CONTRIBUTOR, agency=riverside.police)
    answer = await patch(service, riverside.token, person, agency=None)
    assert_problem(answer, 422, "agency_required", "agency")
    kept = await patch(service, riverside.token, person, role="reader")
    assert kept.json()["agency"]["code"] == "police"
    gone = await patch(service, riverside.token, person, agency=None)
    assert gone.json()["agency"] is None
    events = await service.items(
        "/audit-events", riverside.token, subject_kind="person", subject=str(person.id)
    )
    assert [event["action"] for event in events] == [
        "person invited",
        "password set",
        "role changed",
        "role changed",
    ]


async def test_nothing_changed_is_nothing_recorded(service: Service, riverside: Riverside) -> None:
    before = (await service.get(f"/users/{riverside.admin.id}", riverside.token)).json()
    answer = await patch(
        service, riverside.token, riverside.admin, name=before["name"], role="administrator", disabled=False
    )
    assert (answer.status_code, answer.json()) == (200, before)


async def test_the_list_tells_what_changed_since(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        others = [make_person(session, riverside.partnership, Role.READER) for _ in range(3)]
    page = (await service.get("/users", riverside.token, params={"limit": "2"})).json()
    assert len(page["items"]) == 2
    assert page["next"] is not None
    assert len(await service.items("/users", riverside.token, limit="2")) == 4
    await patch(service, riverside.token, others[1], role="auditor")
    changed = await service.items("/users", riverside.token, updated_since=page["as_of"])
    assert [user["id"] for user in changed] == [str(others[1].id)]


async def test_two_partnerships_are_told_apart(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        make_person(session, lakeside, Role.ADMINISTRATOR, email="admin@riverside.example", signed_up=False)
    answer = await service.get("/users", riverside.token)
    assert_problem(answer, 422, "ambiguous_partnership", "partnership")
    here = await service.items("/users", riverside.token, partnership="lakeside")
    assert [user["id"] for user in here] == [str(riverside.admin.id)]
    with service.database.read() as session:
        assert session.exec(select(col(Person.email))).all() == ["admin@riverside.example"]
