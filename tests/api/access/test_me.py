"""Who is asking, and whether anybody answers."""

import os

from sqlmodel import select

from app.domain.access.authority import Role, Scope
from app.models.plan.partnership import Agency
from tests.api.conftest import Riverside
from tests.build import Service, assert_problem, make_key, make_partnership, make_person, make_token, serving
from tests.town import Town


async def test_a_person(service: Service, riverside: Riverside) -> None:
    assert (await service.get("/me", riverside.token)).json() == {
        "person": {
            "id": str(riverside.admin.id),
            "name": "Community safety analyst",
            "email": "admin@riverside.example",
            "role": "administrator",
            "role_label": "Administrator",
        },
        "agency": {"code": "council", "name": "Council"},
        "scopes": sorted(scope.value for scope in Scope),
        "partnerships": [
            {
                "code": "riverside",
                "name": "Riverside Community Safety Partnership",
                "short_name": "Riverside",
                "sends_for": "partnership",
                "plan": None,
            }
        ],
        "today": "2017-12-20",
    }


async def test_a_key_needs_no_scope_to_ask_what_it_is(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        made = make_key(session, riverside.partnership, agency=riverside.police, scopes=[Scope.POST_FIGURES])
    me = (await service.get("/me", made.secret)).json()
    assert me["person"] is None
    assert me["agency"] == {"code": "police", "name": "Police"}
    assert me["scopes"] == ["figures:write"]
    assert [place["sends_for"] for place in me["partnerships"]] == ["agency"]
    assert_problem(await service.get("/areas", made.secret), 403, "forbidden")


async def test_somebody_of_two_partnerships_sees_both_and_narrows_to_one(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        lakeside = make_partnership(session, "lakeside")
        make_person(session, lakeside, Role.READER, email=riverside.admin.email, signed_up=False)
    both = (await service.get("/me", riverside.token)).json()
    assert [place["code"] for place in both["partnerships"]] == ["lakeside", "riverside"]
    assert [place["sends_for"] for place in both["partnerships"]] == [None, "partnership"]
    one = (await service.get("/me", riverside.token, params={"partnership": "lakeside"})).json()
    assert one["person"]["role"] == "reader"
    assert one["scopes"] == ["figures:read", "funding:read", "plan:read"]
    assert_problem(await service.get("/areas?partnership=nowhere", riverside.token), 404, "not_found")


async def test_the_plan_it_names_is_the_one_shown_where_none_is_asked_for(
    service: Service, town: Town
) -> None:
    (place,) = (await service.get("/me", town.staff)).json()["partnerships"]
    indicators = await service.items("/indicators", town.staff, plan=place["plan"])
    assert indicators == await service.items("/indicators", town.staff)
    with service.writing() as session:
        police = session.exec(select(Agency).where(Agency.code == "police")).one()
        made = make_key(session, town.partnership, agency=police, scopes=[Scope.POST_FIGURES])
    (place,) = (await service.get("/me", made.secret)).json()["partnerships"]
    assert place["plan"] is None, "it may not read the plan"


async def test_a_changed_role_counts_at_once_though_an_answer_was_kept(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        officer = make_person(session, riverside.partnership, Role.OFFICER)
        token = make_token(session, officer)
    first = await service.get("/users", token)
    again = await service.get("/users", token, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    version = f'"{officer.seq}"'
    changed = await service.ask(
        "PATCH",
        f"/users/{officer.id}",
        riverside.token,
        json={"role": "reader"},
        headers={"If-Match": version},
    )
    assert changed.status_code == 200
    after = await service.get("/users", token, headers={"If-None-Match": first.headers["etag"]})
    assert_problem(after, 403, "forbidden")


async def test_health_asks_nobody_who_they_are(service: Service) -> None:
    answer = await service.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "etag" not in answer.headers
    assert (await service.get("/health", "not a token")).status_code == 200


async def test_ready_is_the_databases_too(sqlite_url: str) -> None:
    async with serving(sqlite_url) as service:
        assert (await service.get("/ready")).status_code == 200
        service.database.engine.dispose()
        os.rename(sqlite_url.removeprefix("sqlite:///"), sqlite_url.removeprefix("sqlite:///") + ".away")
        service.gateway.app.state.health_checked_at = float("-inf")  # as a second later
        answer = await service.get("/ready")
        assert_problem(answer, 503, "database_replaced")
        assert int(answer.headers["retry-after"]) > 0
        assert (await service.get("/health")).status_code == 200
        os.rename(sqlite_url.removeprefix("sqlite:///") + ".away", sqlite_url.removeprefix("sqlite:///"))


def test_the_name_of_a_role_says_whose_it_is() -> None:
    assert Role.CONTRIBUTOR.label == "Contributor for an agency"
