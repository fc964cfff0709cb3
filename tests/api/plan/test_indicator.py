"""The scorecard, one indicator whole, and edits."""

from typing import Any

import pytest

from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from tests.build import BUILDER, TODAY, Service, assert_problem
from tests.town import DOCUMENT, NOW, Town, figures, row

INDICATOR = "/indicators/asb-incidents"


async def edit(service: Service, token: str, path: str = INDICATOR, **patch: Any) -> Any:
    body = {"reason": "agreed", **patch}
    return await service.ask("PATCH", path, token, json=body, headers={"If-Match": "*"})


async def test_the_scorecard(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()))
    items = {each["code"]: each for each in await service.items("/indicators", town.funder)}
    assert len(items) == 10
    asb = items["asb-incidents"]
    assert (asb["priority"], asb["measure_line"]) == ("places", "asb")
    assert asb["responsible_agency"] == {"code": "analysts", "name": "Joint analysts"}
    assert (asb["baseline"]["value"], asb["target"]["words"]) == (15487, "Fewer than 15,487")
    assert asb["latest"]["value"] == 8210, "a count part-way through a year is the year's so far"
    assert asb["rating"]["status"] in ("on_track", "off_track", "too_early")
    assert asb["rating"]["reason"]
    assert [each["value"] for each in asb["recent"]] == [4120, 4380, 3651, 3336, 4010, 4200]
    assert items["treatment-completion-opiate"]["rating"]["status"] == "no_data"
    assert items["asb-satisfaction"]["rating"]["status"] == "no_target"
    assert items["old-count"]["retired_on"] == "2017-04-01"


async def test_the_scorecard_narrowed(service: Service, town: Town) -> None:
    async def codes(**params: str) -> set[str]:
        return {each["code"] for each in await service.items("/indicators", town.funder, **params)}

    assert await codes(priority="people") == {
        "repeat-domestic-abuse",
        "hate-crime",
        "young-victims",
        "treatment-completion-opiate",
    }
    assert await codes(agency="council") == {"dwelling-fires"}
    assert await codes(agency="analysts", priority="people") == await codes(priority="people"), "as supplier"
    assert await codes(priority="places", agency="police") == set()
    assert await codes(priority="no-such") == set()
    earlier = (await service.get("/indicators/asb-incidents?period=2016-17", town.funder)).json()
    assert earlier["latest"]["period_end"] == "2017-03-31"


async def test_what_one_may_do_with_it(service: Service, town: Town) -> None:
    for secret, may in (
        (town.funder, []),
        (town.police, []),
        (town.analysts, ["post"]),
        (town.staff, ["edit", "post"]),
    ):
        assert (await service.get(INDICATOR, secret)).json()["may"] == may


async def test_an_edit_is_recorded(service: Service, town: Town) -> None:
    answer = await edit(
        service,
        town.staff,
        title="Nuisance",
        responsible_agency="police",
        suppliers=["analysts", "council"],
        tolerance=2.5,
        publication_lag_days=14,
        baseline={"value": 15490.5, "period": "2016-17", "caveat": "recounted"},
        reason="the force counts it",
    )
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    assert (whole["title"], whole["tolerance"], whole["baseline"]["value"]) == ("Nuisance", 2.5, 15490.5)
    assert whole["responsible_agency"]["code"] == "police"
    assert [each["code"] for each in whole["suppliers"]] == ["analysts", "council"]
    assert whole == {**(await service.get(INDICATOR, town.staff)).json(), "may": whole["may"]}
    events = await service.items("/audit-events", town.staff, subject="asb-incidents")
    assert [each["action"] for each in events] == ["indicator edited"]
    data = events[0]["data"]
    assert (data["before"]["title"], data["after"]["title"]) == ("Anti-social behaviour", "Nuisance")
    assert (data["after"]["tolerance"], data["after"]["baseline"]["value"]) == ("2.5", "15490.5")
    assert data["reason"] == "the force counts it"
    assert events[0]["actor"].startswith("key sp_")


async def test_a_retired_indicator_is_read_and_not_posted(service: Service, town: Town) -> None:
    retired = (await edit(service, town.staff, retired_reason="counted by nobody")).json()
    assert (retired["retired_on"], retired["retired_reason"]) == ("2017-12-20", "counted by nobody")
    refused = await service.post("/figures", town.analysts, json=figures(row(period="2017-18-Q3")))
    assert assert_problem(refused, 422, "rejected")["errors"][0]["code"] == "retired"
    assert len(await service.items("/figures", town.analysts, indicator="asb-incidents")) == 5
    owed = await service.post("/figures", town.analysts, json=figures(row()))
    assert owed.status_code == 201, "what was over before it was retired may still be owed"
    back = (await edit(service, town.staff, retired_reason="")).json()
    assert back["retired_on"] is None


@pytest.mark.parametrize(
    ("patch", "field", "code"),
    [
        ({"responsible_agency": "nobody"}, "responsible_agency", "unknown_agency"),
        ({"responsible_agency": "outsider"}, "responsible_agency", "unknown_agency"),
        ({"suppliers": ["police", "nobody"]}, "suppliers", "unknown_agency"),
        ({"paired_with": "nothing"}, "paired_with", "unknown_indicator"),
        ({"title": None}, "title", "required"),
        ({"title": ""}, "title", "invalid"),
        ({"baseline": {}}, "baseline", "bad_baseline"),
        ({"baseline": {"value": 1}}, "baseline", "bad_baseline"),
        ({"baseline": {"value": 1, "period": "2016-17", "year": "2017-18"}}, "baseline", "bad_baseline"),
        ({"baseline": {"value": 1, "period": "2016"}}, "baseline.period", "invalid"),
        ({"baseline": {"year": "2017-18-Q1"}}, "baseline.year", "not_a_financial_year"),
        ({"baseline": {"year": "2016-10/2017-09"}}, "baseline.year", "not_a_financial_year"),
        ({"publication_lag_days": 3_661}, "publication_lag_days", "invalid"),
        ({"paired_with": "asb-incidents"}, "paired_with", "itself"),
        ({"tolerance": -5}, "tolerance", "negative"),
        ({"target": {"words": ""}}, "target.words", "invalid"),
        ({"target": {"words": "8%", "applies": "sometimes"}}, "target.applies", "invalid"),
        (
            {"target": {"words": "8%", "milestones": [{"period": "2017-18"}]}},
            "target.milestones.0.value",
            "invalid",
        ),
    ],
)
async def test_an_edit_that_cannot_be(
    still_service: Service, still_town: Town, patch: dict[str, Any], field: str, code: str
) -> None:
    before = (await still_service.get(INDICATOR, still_town.staff)).json()
    assert_problem(await edit(still_service, still_town.staff, **patch), 422, code, field)
    assert (await still_service.get(INDICATOR, still_town.staff)).json() == before


async def test_who_may_edit(one_service: Service, one_town: Town) -> None:
    for secret in (one_town.analysts, one_town.police, one_town.funder):
        assert_problem(await edit(one_service, secret, title="Mine"), 403, "forbidden")
    assert_problem(await edit(one_service, one_town.stranger, title="Mine"), 404, "not_found")


async def test_words_that_cannot_be_judged_are_kept(service: Service, town: Town) -> None:
    words = "Somewhat better, if the weather holds"
    whole = (await edit(service, town.staff, target={"words": words})).json()
    assert whole["target"]["words"] == words
    assert "kept in the plan's words" in whole["target"]["understood_as"]


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("Fewer than 90", "below 90"),
        ("Target to be set in 2018", "not set yet; nothing is judged until it is"),
        ("Create baseline", "this year's figure becomes the baseline; nothing is judged yet"),
        ("Somewhat better", "kept in the plan's words; they do not say what can be judged"),
        ("Continued reduction", "continued reduction"),
        ("Fewer than 8%", "the target is Fewer than 8%, and its figures are counts"),
    ],
)
async def test_how_a_target_is_understood_goes_into_a_sentence(
    still_service: Service, still_town: Town, words: str, understood: str
) -> None:
    whole = (await edit(still_service, still_town.staff, target={"words": words})).json()
    assert whole["target"]["understood_as"] == understood


async def test_targets_are_listed_with_their_plan(service: Service, town: Town) -> None:
    await edit(service, town.staff, target={"words": "Fewer than 14,000"})
    listed = await service.items("/targets", town.funder, indicator="asb-incidents")
    assert [(each["number"], each["words"], each["value"], each["plan"]) for each in listed] == [
        (1, "Fewer than 15,487", 15487, "plan"),
        (2, "Fewer than 14,000", 14000, "plan"),
    ]
    assert len(await service.items("/targets", town.funder)) == 5


async def test_a_published_change_is_worked_again_from_its_own_area_s_figures(
    one_service: Service, one_town: Town
) -> None:
    change = "{area: E05001341, period: 2017-18-Q1, compared_with: 2016-17-Q1, change: 10, words: Up a tenth}"
    document = (
        DOCUMENT.replace("version: 1", "version: 2")
        .replace("    counts_people: yes\n", "")
        .replace("published_changes:\n", f"published_changes:\n      - {change}\n")
    )
    with one_service.writing() as session:
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(document), partnerships_allowed=None)

    async def checks() -> dict[str | None, str]:
        found = (await one_service.get("/indicators/young-victims", one_town.admin)).json()
        return {each["area"]: each["check"] for each in found["published_changes"]}

    assert await checks() == {"E05001341": "cannot", None: "agrees"}
    sent = [
        row("young-victims", "2016-17-Q1", area="E05001341", value=20),
        row("young-victims", "2017-18-Q1", area="E05001341", value=22),
    ]
    await one_service.post("/figures", one_town.admin, json=figures(*sent))
    assert await checks() == {"E05001341": "agrees", None: "agrees"}


async def test_a_published_change_is_not_worked_across_a_recording_change(
    one_service: Service, one_town: Town
) -> None:
    document = DOCUMENT.replace("version: 1", "version: 2").replace(
        "    counts_people: yes\n", "    breaks: [{from: 2017-04, reason: counted anew}]\n"
    )
    with one_service.writing() as session:
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(document), partnerships_allowed=None)
    found = (await one_service.get("/indicators/young-victims", one_town.admin)).json()
    (change,) = found["published_changes"]
    assert (change["check"], "counted anew" in change["check_words"]) == ("cannot", True)
