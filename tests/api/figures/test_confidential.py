"""Figures of people: shown inside the information-sharing agreement, withheld from everybody else."""

from typing import Any

import pytest
from sqlmodel import col, select

from app.db import seq
from app.domain.access.authority import Role, Scope
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Agency
from tests.build import Service, assert_problem, make_agency, make_key, make_person, make_token
from tests.town import Town, figures, row

PERIODS = {"2016-17-Q1": 4, "2017-18-Q1": 6}
SAYS = ("value", "numerator", "denominator", "sample_size", "margin", "note", "reason")


async def revised(service: Service, town: Town) -> None:
    """A revision whose note and reason both say the number in words."""
    told = row(
        "young-victims", "2017-18-Q1", value=7, note="seven, was six", reason="one more: seven, not six"
    )
    answer = await service.post("/figures", town.analysts, json=figures(told))
    assert answer.status_code == 201, answer.text


def assert_withheld(items: list[dict[str, Any]]) -> None:
    assert items
    for each in items:
        assert each["missing"] == "confidential"
        assert [each[name] for name in SAYS if each.get(name)] == []
        assert (each["words"], each["mark"]) == ("confidential", "[c]")


async def test_those_outside_see_that_there_are_figures_and_no_more(service: Service, town: Town) -> None:
    await revised(service, town)
    listed = await service.items("/figures", town.funder, indicator="young-victims")
    assert_withheld(listed)
    assert_withheld([(await service.get(f"/figures/{each['id']}", town.funder)).json() for each in listed])
    assert_withheld(await service.items(f"/figures/{listed[-1]['id']}/revisions", town.funder))
    assert_withheld(
        await service.items("/figures", town.funder, indicator="young-victims", as_known_at="2017-12-19")
    )
    as_file = await service.get("/figures?indicator=young-victims&format=csv", town.funder)
    assert "seven" not in as_file.text
    series = (await service.get("/indicators/young-victims/series", town.funder)).json()
    assert_withheld(series["points"])
    assert [each["year_before"] for each in series["points"]] == [None] * len(series["points"])
    assert {each["change_words"] for each in series["points"]} == {""}


async def test_nothing_worked_out_from_them_is_shown(service: Service, town: Town) -> None:
    outside = (await service.get("/indicators/young-victims", town.funder)).json()
    inside = (await service.get("/indicators/young-victims", town.analysts)).json()
    assert inside["rating"]["status"] != "no_data"
    assert inside["latest"]["value"] is not None
    assert inside["published_changes"][0]["check"] == "agrees", "4 and 6 do make up by half"
    assert outside["rating"]["status"] == "no_data"
    assert outside["latest"]["value"] is None
    assert [each["value"] for each in outside["recent"] if each["value"] is not None] == []
    assert outside["published_changes"][0]["check"] == "cannot"
    assert "young-victims" in {each["code"] for each in await service.items("/indicators", town.funder)}
    targets = [
        [
            each["target"]
            for each in (await service.get("/indicators/young-victims/series", secret)).json()["points"]
        ]
        for secret in (town.analysts, town.funder)
    ]
    assert len(targets[0]) == len(targets[1]) == 2


async def test_the_two_never_share_an_answer(service: Service, town: Town) -> None:
    """Whoever asks first, and whatever was worked out for them."""
    for first, second in ((town.analysts, town.funder), (town.funder, town.analysts)):
        for secret in (first, second):
            item = (await service.get("/indicators/young-victims", secret)).json()
            assert (item["rating"]["status"] == "no_data") == (secret == town.funder)
        await revised(service, town)


async def test_a_summary_outside_counts_no_judgement_of_them(service: Service, town: Town) -> None:
    inside = (await service.get("/plans/plan/summary", town.analysts)).json()["counts"]
    outside = (await service.get("/plans/plan/summary", town.funder)).json()["counts"]
    assert outside["none"] == inside["none"] + 1
    assert sum(outside.values()) == sum(inside.values())


@pytest.mark.parametrize(
    ("role", "agency", "inside"),
    [
        (Role.OFFICER, None, True),
        (Role.APPROVER, None, True),
        (Role.ADMINISTRATOR, None, True),
        (Role.AUDITOR, None, True),
        (Role.CONTRIBUTOR, "responsible_authority", True),
        (Role.READER, "responsible_authority", True),
        (Role.READER, None, False),
        (Role.READER, "funder", False),
        (Role.FUNDER, "funder", False),
    ],
)
async def test_which_people_are_inside(
    one_service: Service, one_town: Town, role: Role, agency: str | None, inside: bool
) -> None:
    with one_service.writing() as session:
        theirs = make_agency(session, one_town.partnership, code="theirs", kind=agency) if agency else None
        token = make_token(session, make_person(session, one_town.partnership, role, agency=theirs))
    listed = await one_service.items("/figures", token, indicator="young-victims")
    assert {each["period"]: each["value"] for each in listed} == (
        PERIODS if inside else dict.fromkeys(PERIODS)
    )


async def test_a_plan_s_document_is_not_given_out_with_figures_of_people(
    service: Service, town: Town
) -> None:
    with service.writing() as session:
        health = session.exec(select(Agency).where(Agency.code == "health")).one()
        scopes = (Scope.READ, Scope.READ_FIGURES, Scope.WRITE_PLAN)
        outside = make_key(session, town.partnership, agency=health, scopes=scopes).secret
        health.kind = "funder"
    assert_problem(await service.get("/plans/plan/document", outside), 403, "figures_of_people")
    assert (await service.get("/plans/plan/document", town.staff)).status_code == 200
    events = await service.items("/audit-events", town.admin, subject_kind="route")
    assert events[-1]["data"]["need"] == "figures of people"
    with service.writing() as session:
        for indicator in session.exec(select(Indicator).where(col(Indicator.counts_people))):
            indicator.counts_people = False
            indicator.seq = seq(session)
    assert (await service.get("/plans/plan/document", outside)).status_code == 200


async def test_a_key_from_outside_does_none_of_the_partnerships_own_work(
    one_service: Service, one_town: Town
) -> None:
    """Such a key would see what staff see."""
    asked = {"name": "Pull", "agency": "commissioner", "scopes": ["plan:read", "plan:write"]}
    answer = await one_service.post("/keys", one_town.admin, json=asked)
    assert_problem(answer, 422, "outside_agreement", "scopes")
    posting = {**asked, "scopes": ["plan:read", "figures:write"]}
    assert (await one_service.post("/keys", one_town.admin, json=posting)).status_code == 201
