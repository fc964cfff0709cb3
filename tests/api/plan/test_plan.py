"""Plans: read, summed up, checked, taken in and given out."""

from typing import Any

import pytest
from sqlmodel import select

from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Scope
from app.models.plan.partnership import Partnership
from tests.build import BUILDER, TODAY, Service, assert_problem, make_agency, make_key
from tests.town import DOCUMENT, NOW, READS, Town, figures, row

YAML = {"Content-Type": "application/yaml"}
ODD = DOCUMENT.replace("words: 'Fewer than 15,487'", "words: 'Fewer than 16,000'").replace(
    "version: 1\n", "version: 2\n"
)


async def test_a_plan_and_the_quarters_it_can_be_seen_at(service: Service, town: Town) -> None:
    (listed,) = await service.items("/plans", town.funder)
    assert (listed["code"], listed["version"], listed["status"]) == ("plan", 1, "adopted")
    assert listed["period_label"] == "2017/18 to 2019/20"
    whole = (await service.get("/plans/plan", town.funder)).json()
    assert [each["period"] for each in whole.pop("periods")] == ["2017-18-Q2", "2017-18-Q1"]
    assert whole == listed
    assert_problem(await service.get("/plans/plan?version=2", town.funder), 404, "not_found")
    assert_problem(await service.get("/plans/no-such", town.funder), 404, "not_found")


async def test_a_plan_of_years_that_could_be_months(service: Service) -> None:
    early = DOCUMENT.replace("first_year: 2017-18", "first_year: 2011-12").replace(
        "baseline: {period: 2016-17, value: 30}", "baseline: {year: 2011-12}"
    )
    with service.writing() as session:
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(early), partnerships_allowed=None)
        partnership = session.exec(select(Partnership)).one()
        agency = make_agency(session, partnership, code="readers")
        reader = make_key(session, partnership, agency=agency, scopes=READS).secret
    (listed,) = await service.items("/plans", reader)
    assert listed["first_year"] == "2011-04/2012-03", "as periods are written, so that a program can read it"
    assert listed["period_label"] == "2011/12 to 2019/20"
    indicator = (await service.get("/indicators/young-victims", reader)).json()
    assert indicator["baseline"]["period"] == "2011-04/2012-03"
    assert indicator["target"]["from_period"] == "2011-04/2012-03"
    assert (await service.get("/plans/plan/summary", reader)).status_code == 200


async def test_a_summary_counts_every_indicator_once(service: Service, town: Town) -> None:
    summary = (await service.get("/plans/plan/summary", town.staff)).json()
    items = await service.items("/indicators", town.staff)
    tones = [each["rating"]["tone"] for each in items]
    assert summary["counts"] == {tone: tones.count(tone) for tone in ("good", "near", "bad", "none")}
    await service.post(
        "/figures",
        town.analysts,
        json=figures(row("asb-satisfaction", value=None, missing="awaited", expected_on="2018-01-10")),
    )
    attention = (await service.get("/plans/plan/summary?period=2017-18-Q2", town.staff)).json()["attention"]
    assert {(each["code"], each["indicator"]) for each in attention} == {("awaited", "asb-satisfaction")}


async def test_checks_ask_what_a_careful_reader_would(service: Service, town: Town) -> None:
    before = {each["code"] for each in await service.items("/plans/plan/checks", town.funder)}
    answer = await service.post("/plans/import", town.staff, content=ODD.encode(), headers=YAML)
    assert answer.status_code == 200, answer.text
    after = await service.items("/plans/plan/checks", town.funder)
    (looser,) = [each for each in after if each["code"] not in before]
    assert looser["indicator"] == "asb-incidents"
    assert "16,000" in looser["message"]
    assert answer.json()["warnings"], "the import says so too"
    (target,) = [each for each in answer.json()["targets"] if each["indicator"] == "asb-incidents"]
    assert (target["understood_as"], target["judged"]) == ("below 16,000 each year", True)
    as_file = await service.get("/plans/plan/checks?format=csv", town.funder)
    assert as_file.text.splitlines()[0] == "code,indicator,priority,message"


async def test_a_document_given_out_comes_in_again(service: Service, town: Town) -> None:
    given = await service.get("/plans/plan/document", town.staff)
    assert given.headers["content-type"].startswith("application/yaml")
    dry = await service.post("/plans/import?dry_run=true", town.staff, content=given.content, headers=YAML)
    again = await service.post("/plans/import", town.staff, content=given.content, headers=YAML)
    assert (dry.status_code, again.status_code) == (200, 200), again.text
    assert (dry.json()["dry_run"], again.json()["dry_run"]) == (True, False)
    assert dry.json()["changes"] == again.json()["changes"] == []
    assert_problem(await service.get("/plans/plan/document", town.funder), 403, "forbidden")


@pytest.mark.parametrize(
    ("change", "line", "code"),
    [
        (("polarity: monitor", "polarity: sideways"), 78, None),
        (("responsible: police", "responsible: polices"), 71, None),
        (("title: Hate crime", "title: Hate crime\n    title: Twice"), 77, None),
        (("code: town", "code: elsewhere"), 3, "not_your_partnership"),
    ],
)
async def test_a_document_that_cannot_be(
    service: Service, town: Town, change: tuple[str, str], line: int, code: str | None
) -> None:
    before = (await service.get("/plans/plan/document", town.staff)).content
    broken = DOCUMENT.replace(*change, 1)
    answer = await service.post("/plans/import", town.staff, content=broken.encode(), headers=YAML)
    problem: dict[str, Any] = assert_problem(answer, 422, "document_refused")
    assert abs(problem["errors"][0]["row"] - line) <= 5, problem["errors"]
    assert code in (None, problem["errors"][0]["code"])
    assert (await service.get("/plans/plan/document", town.staff)).content == before


async def test_who_may_take_one_in(one_service: Service, one_town: Town) -> None:
    for secret in (one_town.analysts, one_town.funder):
        answer = await one_service.post("/plans/import", secret, content=DOCUMENT.encode(), headers=YAML)
        assert_problem(answer, 403, "forbidden")
    answer = await one_service.post(
        "/plans/import", one_town.stranger, content=DOCUMENT.encode(), headers=YAML
    )
    assert_problem(answer, 422, "document_refused")


async def test_a_key_of_several_partnerships_narrows(service: Service, town: Town) -> None:
    """Two partnerships with a plan of the same code: which one is meant has to be said."""
    other = DOCUMENT.replace("code: town", "code: vale").replace("E08000032", "E07000234")
    with service.writing() as session:
        load(
            Change(session, BUILDER, None, service.settings.today(), service.settings.now()),
            parse_document(other),
            partnerships_allowed=None,
        )
        both = session.exec(select(Partnership).where(Partnership.code != "elsewhere")).all()
        force = make_agency(session, *both, code="force")
        token = make_key(session, *both, agency=force, scopes=(*READS, Scope.POST_FIGURES)).secret
    for path in (
        "/plans/plan",
        "/plans/plan/checks",
        "/plans/plan/summary",
        "/indicators",
        "/priorities",
        "/targets",
        "/indicators/asb-incidents",
        "/indicators/asb-incidents/series",
    ):
        problem = assert_problem(await service.get(path, token), 422, "ambiguous_partnership", "partnership")
        assert "town, vale" in problem["detail"]
        for code in ("town", "vale"):
            answer = await service.get(path, token, params={"partnership": code})
            assert answer.status_code == 200, answer.text
        assert_problem(await service.get(path, token, params={"partnership": "elsewhere"}), 404, "not_found")
    sent = await service.post("/figures", token, json=figures(row()))
    assert_problem(sent, 422, "ambiguous_partnership", "partnership")
    sent = await service.post("/figures?partnership=vale", token, json=figures(row()))
    assert assert_problem(sent, 422, "rejected")["errors"][0]["code"] == "not_responsible"
    assert {each["code"] for each in await service.items("/partnerships", token)} == {"town", "vale"}
    assert len(await service.items("/plans", token)) == 2
    assert len(await service.items("/figures", token)) == 2 * len(await service.items("/figures", town.staff))
    assert len(await service.items("/figures", token, partnership="vale")) == len(
        await service.items("/figures", town.staff)
    )
