"""Releases: said by who may say it, heard of by who follows, and in force by the clock."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from app.domain.access.authority import Role, Scope
from app.models.plan.partnership import Agency
from tests.build import Service, assert_problem, make_agency, make_key, make_person, make_token, serving
from tests.town import READS, Town, figures, row

QUARTER = "2017-18-Q2"
RELEASES = (*READS, Scope.POST_FIGURES, Scope.RELEASE_FIGURES)


def release(
    audience: str = "public",
    from_on: str = "2017-12-20",
    period: str = QUARTER,
    indicator: str = "hate-crime",
) -> dict[str, str]:
    return {
        "indicator": indicator,
        "period": period,
        "audience": audience,
        "from_on": from_on,
        "reason": "cleared by the force",
    }


async def held_back(service: Service, town: Town, to: str = "partnership") -> str:
    """Hate crime of one quarter, kept to an audience; the figure's address."""
    patched = await service.ask(
        "PATCH",
        "/indicators/hate-crime",
        token(service, town, Role.APPROVER),
        json={"release_to": to, "reason": "the force clears it first"},
        headers={"If-Match": "*"},
    )
    assert patched.status_code == 200, patched.text
    assert (patched.json()["release_to"], "release" in patched.json()["may"]) == (to, True)
    sent = await service.post("/figures", town.police, json=figures(row("hate-crime", QUARTER, value=271)))
    assert sent.status_code == 201, sent.text
    address: str = sent.json()["rows"][0]["figure"]
    return address


def token(service: Service, town: Town, role: Role, agency: str | None = None) -> str:
    with service.writing() as session:
        theirs = session.exec(select(Agency).where(Agency.code == agency)).one() if agency else None
        return make_token(session, make_person(session, town.partnership, role, agency=theirs))


def key(service: Service, town: Town, agency: str, *scopes: Scope) -> str:
    with service.writing() as session:
        theirs = session.exec(select(Agency).where(Agency.code == agency)).one()
        return make_key(session, town.partnership, agency=theirs, scopes=scopes).secret


async def seen(service: Service, address: str, secret: str) -> dict[str, Any]:
    answer = await service.get(address, secret)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_until_it_is_released_and_since(service: Service, town: Town) -> None:
    address = await held_back(service, town)
    outside, inside = await seen(service, address, town.funder), await seen(service, address, town.staff)
    assert (outside["value"], outside["missing"], outside["words"]) == (
        None,
        "confidential",
        "not released yet",
    )
    assert (outside["withheld"], outside["released_to"], outside["release_from"]) == (
        "not_released",
        None,
        None,
    )
    assert (inside["value"], inside["withheld"], inside["released_to"]) == (271, None, "partnership")
    police = key(service, town, "police", *RELEASES)
    later = await service.post("/releases", police, json=release(from_on="2018-01-08"))
    assert later.status_code == 201, later.text
    assert (later.json()["state"], later.json()["audience_label"]) == ("to_come", "everybody")
    assert (await seen(service, address, town.staff))["release_from"] == "2018-01-08"
    assert (await seen(service, address, town.funder))["value"] is None
    today = await service.post("/releases", police, json=release("board"))
    assert today.json()["state"] == "in_force"
    assert (await seen(service, address, town.funder))["value"] is None, "a funder is no Board member"
    board = token(service, town, Role.READER)
    assert (await seen(service, address, board))["value"] == 271
    assert (await service.post("/releases", police, json=release())).status_code == 201
    public = await seen(service, address, town.funder)
    assert (public["value"], public["released_to"], public["release_from"]) == (271, "public", None)
    kept = await service.items("/releases", town.staff, indicator="hate-crime", period=QUARTER)
    assert [each["state"] for each in kept] == ["replaced", "replaced", "in_force"]
    assert {each["reason"] for each in kept} == {"cleared by the force"}
    narrowed = await service.post("/releases", police, json=release("submitter"))
    assert narrowed.json()["state"] == "in_force"
    assert (await seen(service, address, town.staff))["words"] == "not released yet"
    assert (await seen(service, address, town.police))["value"] == 271
    assert (await seen(service, address, town.analysts))["value"] == 271, "they supply it too"


async def test_the_day_comes_by_the_clock(one_service: Service, one_town: Town) -> None:
    """Nobody writes anything at midnight: whoever keeps a copy hears of it all the same."""
    address = await held_back(one_service, one_town)
    approver = token(one_service, one_town, Role.APPROVER)
    await one_service.post("/releases", approver, json=release(from_on="2018-01-08"))
    copies = {
        path: (await one_service.get(path, one_town.funder)).json()["as_of"]
        for path in ("/figures", "/indicators", "/releases")
    }
    eve, day = date(2018, 1, 7), date(2018, 1, 8)
    async with serving(one_service.settings.database_url, today_is=eve) as before:
        assert (await seen(before, address, one_town.funder))["value"] is None
        assert await before.items("/figures", one_town.funder, updated_since=copies["/figures"]) == []
    async with serving(one_service.settings.database_url, today_is=day) as after:
        assert (await seen(after, address, one_town.funder))["value"] == 271
        told = await after.items("/figures", one_town.funder, updated_since=copies["/figures"])
        assert [(each["period"], each["value"]) for each in told] == [(QUARTER, 271)]
        lines = await after.items("/indicators", one_town.funder, updated_since=copies["/indicators"])
        assert [(each["code"], each["latest"]["value"]) for each in lines] == [("hate-crime", 271)]
        given = await after.items("/releases", one_town.funder, updated_since=copies["/releases"])
        assert [each["state"] for each in given] == ["in_force"]


async def test_who_follows_hears_of_a_narrowing(service: Service, town: Town) -> None:
    address = await held_back(service, town, "public")
    approver = token(service, town, Role.APPROVER)
    given = (await service.post("/releases", approver, json=release("public"))).json()
    paths = ("/figures", "/indicators", "/releases")
    copies = {path: (await service.get(path, town.funder)).json()["as_of"] for path in paths}
    assert (await seen(service, address, town.funder))["value"] == 271
    narrowed = (await service.post("/releases", approver, json=release("partnership"))).json()
    told = {
        path: await service.items(path, town.funder, updated_since=since) for path, since in copies.items()
    }
    assert [(each["id"], each["value"]) for each in told["/figures"]] == [(address.rsplit("/")[-1], None)]
    assert [(each["code"], each["latest"]["words"]) for each in told["/indicators"]] == [
        ("hate-crime", "not released yet")
    ]
    assert told["/releases"] == [
        {"id": given["id"], "removed": True},
        {"id": narrowed["id"], "removed": True},
    ]


@pytest.mark.parametrize(
    ("role", "agency", "allowed"),
    [
        (Role.APPROVER, None, True),
        (Role.ADMINISTRATOR, None, True),
        (Role.CONTRIBUTOR, "police", True),
        (Role.CONTRIBUTOR, "analysts", True),
        (Role.CONTRIBUTOR, "council", False),
        (Role.OFFICER, None, False),
        (Role.READER, None, False),
        (Role.AUDITOR, None, False),
    ],
)
async def test_who_among_people_releases(
    one_service: Service, one_town: Town, role: Role, agency: str | None, allowed: bool
) -> None:
    theirs = token(one_service, one_town, role, agency)
    answer = await one_service.post("/releases", theirs, json=release())
    assert answer.status_code == (201 if allowed else 403), answer.text
    one = (await one_service.get("/indicators/hate-crime", theirs)).json()
    assert ("release" in one["may"]) == allowed
    if allowed:
        events = await one_service.items("/audit-events", one_town.admin, subject="hate-crime")
        assert events[-1]["action"] == "figures released"
        assert events[-1]["data"]["period"] == QUARTER
        assert "cleared" not in str(events), "why is for who may see the figures"


async def test_a_key_releases_its_own_agency_s_alone(one_service: Service, one_town: Town) -> None:
    council = key(one_service, one_town, "council", *Scope)
    refused = await one_service.post("/releases", council, json=release())
    assert_problem(refused, 403, "not_responsible")
    own = await one_service.post("/releases", council, json=release(indicator="dwelling-fires"))
    assert own.status_code == 201
    stranger = await one_service.post("/releases", one_town.stranger, json=release())
    assert_problem(stranger, 404, "not_found")
    assert_problem(await one_service.post("/releases", one_town.police, json=release()), 403, "forbidden")


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"from_on": "2017-12-19"}, "from_on", "day_has_passed"),
        ({"period": "2017-18"}, "period", "not_a_figure"),
        ({"period": "2017"}, "period", "bad_period"),
        ({"audience": "press"}, "audience", None),
        ({"reason": ""}, "reason", None),
    ],
)
async def test_what_is_not_taken(
    one_service: Service, one_town: Town, changed: dict[str, str], field: str, code: str | None
) -> None:
    police = key(one_service, one_town, "police", *RELEASES)
    answer = await one_service.post("/releases", police, json={**release(), **changed})
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert code in (None, answer.json()["errors"][0]["code"])
    assert await one_service.items("/releases", one_town.admin) == []


async def test_who_edits_does_not_let_himself_in(one_service: Service, one_town: Town) -> None:
    await held_back(one_service, one_town, "submitter")
    officer = token(one_service, one_town, Role.OFFICER, "council")
    for change in (
        {"release_to": "public"},
        {"suppliers": ["analysts", "council"]},
        {"responsible_agency": "council"},
    ):
        answer = await one_service.ask(
            "PATCH",
            "/indicators/hate-crime",
            officer,
            json={**change, "reason": "x"},
            headers={"If-Match": "*"},
        )
        assert_problem(answer, 403, "forbidden")
    harmless = {"title": "Hate crimes", "release_to": "submitter", "reason": "x"}
    answer = await one_service.ask(
        "PATCH", "/indicators/hate-crime", officer, json=harmless, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["latest"]["words"] == "not released yet"


async def test_what_one_may_not_see_is_not_guessed(one_service: Service, one_town: Town) -> None:
    """Staff may send any agency's figure; that it is there already as sent would be told by no other answer."""
    await held_back(one_service, one_town, "submitter")
    staff = one_town.staff
    for value in (271, 272):
        guess = figures(row("hate-crime", QUARTER, value=value))
        refused = await one_service.post("/figures?dry_run=true&mode=partial", staff, json=guess)
        (told,) = refused.json()["rows"]
        assert (told["outcome"], told["errors"][0]["code"]) == ("rejected", "reason_required")
        assert "271" not in told["errors"][0]["message"]
        guess["figures"][0]["reason"] = "a guess"
        taken = await one_service.post("/figures?dry_run=true", staff, json=guess)
        assert taken.json()["counts"]["revised"] == 1


async def test_a_document_neither_tells_nor_opens_them(one_service: Service, one_town: Town) -> None:
    whole = (await one_service.get("/plans/plan/document", one_town.staff)).text
    await held_back(one_service, one_town, "submitter")
    assert_problem(await one_service.get("/plans/plan/document", one_town.staff), 403, "figures_not_released")
    for value in (271, 272):
        row = f"{{status: provisional, values: {{{QUARTER}: {value}}}}}"
        guess = whole.replace("\nfigures:\n", f"\nfigures:\n  hate-crime:\n    - {row}\n", 1)
        refused = await imported(one_service, one_town.staff, guess)
        assert [error["code"] for error in refused.json()["errors"]] == ["not_released"]
    open_to_all = whole.replace("code: hate-crime\n", "code: hate-crime\n    release: public\n", 1)
    supplied = whole.replace("suppliers: [analysts]", "suppliers: [analysts, council]")
    assert open_to_all != whole != supplied
    kept = await one_service.post(
        "/plans/import?dry_run=true",
        one_town.staff,
        content=open_to_all.encode(),
        headers={"Content-Type": "application/yaml"},
    )
    assert (kept.status_code, kept.json()["changes"]) == (200, []), "what was set here stands, and it says so"
    assert "is kept; the document has “public”" in kept.json()["left_alone"][0]
    refused = await imported(one_service, one_town.staff, supplied)
    assert {error["code"] for error in refused.json()["errors"]} >= {"not_yours_to_release"}


async def imported(service: Service, secret: str, document: str) -> Any:
    headers = {"Content-Type": "application/yaml"}
    answer = await service.post(
        "/plans/import?dry_run=true", secret, content=document.encode(), headers=headers
    )
    assert_problem(answer, 422, "document_refused")
    return answer


async def test_a_receipt_says_no_more_than_the_figure(one_service: Service, one_town: Town) -> None:
    wrong = row("hate-crime", "2017-18-Q1", value=271.5)
    await held_back(one_service, one_town, "submitter")
    mixed = await one_service.post(
        "/figures?mode=partial",
        one_town.police,
        json=figures(wrong, row("hate-crime", "2016-17-Q4", value=272)),
    )
    address = f"/submissions/{mixed.json()['id']}"
    own = await seen(one_service, address, one_town.police)
    assert [each["words"] for each in own["rows"]] == ["271.5", "272"]
    staff = await seen(one_service, address, one_town.staff)
    assert [each["words"] for each in staff["rows"]] == ["not released yet"] * 2
    assert "271" not in str(staff)
    assert [each["code"] for each in staff["rows"][0]["errors"]] == ["not_whole"]


async def test_an_outsider_kind_of_agency_sees_its_own(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        funder = make_agency(session, one_town.partnership, code="panel", kind="funder")
        secret = make_key(session, one_town.partnership, agency=funder, scopes=READS).secret
    address = await held_back(one_service, one_town, "submitter")
    assert (await seen(one_service, address, secret))["value"] is None
    await one_service.ask(
        "PATCH",
        "/indicators/hate-crime",
        token(one_service, one_town, Role.APPROVER),
        json={"suppliers": ["analysts", "panel"], "reason": "it keeps the count now"},
        headers={"If-Match": "*"},
    )
    assert (await seen(one_service, address, secret))["value"] == 271


async def test_what_was_frozen_is_narrowed_too(one_service: Service, one_town: Town) -> None:
    await held_back(one_service, one_town, "partnership")
    cut_off = await one_service.post(f"/reporting-periods/{QUARTER}/cut-off", one_town.admin, json={})
    assert cut_off.status_code == 200, cut_off.text
    snapshot = f"/reporting-periods/{QUARTER}/snapshot"

    async def frozen(secret: str) -> dict[str, Any]:
        items = (await seen(one_service, snapshot, secret))["items"]
        return next(dict(each) for each in items if each["code"] == "hate-crime")

    assert (await frozen(one_town.admin))["latest"]["value"] == 271
    police = key(one_service, one_town, "police", *RELEASES)
    await one_service.post("/releases", police, json=release("submitter"))
    held = await frozen(one_town.admin)
    assert "271" not in str(held)
    assert held["latest"]["words"] == "not released yet"
    assert (await frozen(one_town.police))["latest"]["value"] == 271
