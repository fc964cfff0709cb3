import json
from datetime import date
from pathlib import Path

import pytest
from starlette.applications import Starlette

from tests.bradford import OFFICER
from tests.build import PASSWORD, Service
from tests.ui.conftest import pages
from tests.ui.page import Page, text_of, values_of
from tests.ui.visitor import Visitor

ASB = "/indicators/asb-incidents"


async def test_the_chart_s_numbers_are_in_the_table(reader: Visitor, service: Service) -> None:
    page = await reader.get(ASB)
    answer = await service.get(f"{ASB}/series", reader.browser.cookies["saferplan"])
    points = [point for point in answer.json()["points"] if point["value"] is not None]
    charts = [svg for svg in page.all("svg") if "sp-chart" in (svg.get("class") or "")]
    assert [len(list(svg.iter("circle"))) for svg in charts] == [len(points), len(points)]
    assert all(text_of(next(svg.iter("desc"))) for svg in charts)
    rows = page.rows()
    for point in points:
        assert any(point["words"] in row and point["period_label"] in row for row in rows)


async def test_three_verdicts_stand_side_by_side_with_their_reasons(
    reader: Visitor, service: Service
) -> None:
    page = await reader.get(ASB)
    item = (await service.get(ASB, reader.browser.cookies["saferplan"])).json()
    panels = [text_of(e) for e in page.all("div") if "sp-panel" in (e.get("class") or "").split()]
    assert len(panels) == 3
    assert item["rating"]["label"] in panels[0]
    assert item["rating"]["reason"] in panels[0]
    assert item["trend"]["label"] in panels[1]
    assert panels[2].startswith("Usual range")


async def test_what_was_revised_shows_what_it_was(reader: Visitor) -> None:
    page = await reader.get(ASB)
    histories = [text_of(e) for e in page.all("details") if "before it was revised" in text_of(e)]
    assert histories
    link = next(link for link in page.links() if link.startswith("/figures/history/"))
    history = await reader.get(link)
    assert len(history.rows()) >= 3


async def test_a_reader_is_offered_nothing_to_change(reader: Visitor) -> None:
    page = await reader.get(ASB)
    assert not [link for link in page.links() if link.endswith(("/target", "/figures/new"))]
    assert (await reader.get(f"{ASB}/target", status=403)).heading == "You may not do that here"


async def test_a_part_of_a_whole_can_be_looked_at(reader: Visitor) -> None:
    page = await reader.get("/indicators/hate-crime")
    page = await reader.submit(page, "/indicators/hate-crime", {"breakdown.strand": "race"})
    chosen = [o.get("value") for o in page.all("option") if o.get("selected") is not None]
    assert "race" in chosen


async def save_target(officer: Visitor, page: Page, fields: dict[str, str]) -> Page:
    """Sends a target to be checked, then saves it as it was understood."""
    page = await officer.submit(page, f"{ASB}/target", fields)
    assert "Nothing is saved yet" in page.text
    return await officer.submit(page, f"{ASB}/target")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("85 or fewer", "Understood as: at most 85 each year."),
        ("Reduce to 85 by March 2020", "Understood as: in 2019-20 at most 85."),
        ("Target to be set in 2018", "Will not be judged. The target is still to be set."),
        ("Fewer than 5 per month", "Not understood: will not be judged. A target here is for a year"),
        ("As few as we can", "and will not be rated with this target"),
        ("Fewer than 16,000", "could be met by a worse figure"),
    ],
)
async def test_a_target_is_shown_as_it_is_understood_before_it_is_saved(
    officer: Visitor, words: str, told: str
) -> None:
    page = await officer.get(f"{ASB}/target")
    page = await officer.submit(page, f"{ASB}/target", {"words": words, "reason": "Agreed by the Board"})
    assert told in page.text
    assert values_of(page.form(f"{ASB}/target"))["words"] == words
    assert words not in (await officer.get(ASB)).text


async def test_other_words_are_shown_anew(officer: Visitor) -> None:
    page = await officer.get(f"{ASB}/target")
    page = await officer.submit(page, f"{ASB}/target", {"words": "85 or fewer", "reason": "Agreed"})
    page = await officer.submit(page, f"{ASB}/target", {"words": "86 or fewer"})
    assert "Understood as: at most 86 each year." in page.text
    page = await officer.submit(page, f"{ASB}/target", {"applies": "by_plan_end"})
    assert "Understood as: at most 86 by the end of the plan." in page.text
    page = await officer.submit(page, f"{ASB}/target")
    assert "Your change is saved" in page.text


async def test_a_target_whose_period_cannot_be_read_says_so_beside_it(officer: Visitor) -> None:
    page = await officer.get(f"{ASB}/target")
    fields = {"words": "85 or fewer", "from_period": "2018", "reason": "Agreed"}
    page = await officer.submit(page, f"{ASB}/target", fields, status=422)
    messages = [text_of(e) for e in page.all("p") if "govuk-error-message" in (e.get("class") or "")]
    assert any("2018" in message for message in messages)


async def test_a_target_is_changed_and_the_old_one_kept(officer: Visitor) -> None:
    page = await officer.get(f"{ASB}/target")
    changed = {"words": "Fewer than 15,000", "from_period": "2018-19", "reason": "Agreed by the Board"}
    page = await save_target(officer, page, changed)
    assert "Your change is saved" in page.text
    assert "Targets over time" in page.text
    assert any("Fewer than 15,000" in row and "Agreed by the Board" in row for row in page.rows())


async def test_a_target_for_years_to_come_stays_there_when_its_words_are_edited(
    site: tuple[Service, Starlette], tmp_path: Path
) -> None:
    async with (
        pages(tmp_path / "saferplan.db", today_is=date(2017, 1, 20)) as (service, ui),
        Visitor(ui) as early,
    ):
        await early.sign_in(OFFICER, PASSWORD)
        page = await early.get(f"{ASB}/target")
        fields = {"words": "Fewer than 15,000", "reason": "Agreed by the Board"}
        await save_target(early, page, fields)
        versions = (await service.get(ASB, early.browser.cookies["saferplan"])).json()["targets"]
    assert [(each["words"], each["from_period"]) for each in versions] == [
        ("Fewer than 15,000", "2017-18"),
        ("Fewer than 15,487", "2017-18"),
    ]


async def test_a_target_s_form_says_which_agreed_for_later_it_would_take_the_place_of(
    officer: Visitor,
) -> None:
    page = await officer.get(f"{ASB}/target")
    assert "Already agreed for later" not in page.text
    fields = {"words": "Fewer than 15,000", "from_period": "2019-20", "reason": "Agreed by the Board"}
    await save_target(officer, page, fields)
    page = await officer.get(f"{ASB}/target")
    assert "Already agreed for later: “Fewer than 15,000” from 2019/20." in page.text
    assert values_of(page.form(f"{ASB}/target"))["from_period"] == "2017-18"


async def test_a_baseline_becomes_a_baseline_year(officer: Visitor) -> None:
    page = await officer.get(f"{ASB}/baseline")
    fields = {"kind": "baseline_year", "year": "2017-18", "reason": "The recording rules changed"}
    page = await officer.submit(page, f"{ASB}/baseline", fields)
    assert "baseline year" in page.text.lower()


async def test_a_baseline_is_taken_as_people_write_it(officer: Visitor, service: Service) -> None:
    page = await officer.get(f"{ASB}/baseline")
    fields = {"kind": "figure", "value": "15,480", "period": "2016/17", "reason": "Recounted"}
    await officer.submit(page, f"{ASB}/baseline", fields)
    baseline = (await service.get(ASB, officer.browser.cookies["saferplan"])).json()["baseline"]
    assert (baseline["value"], baseline["period"]) == (15480, "2016-17")


async def test_the_responsible_agency_is_changed(officer: Visitor) -> None:
    page = await officer.get(f"{ASB}/agency")
    fields = {"responsible_agency": "bradford-council", "reason": "The council's analysts take it on"}
    page = await officer.submit(page, f"{ASB}/agency", fields)
    assert "Bradford Council" in text_of(page.one("dl"))


async def test_the_definition_is_changed(officer: Visitor) -> None:
    page = await officer.get(f"{ASB}/definition")
    fields = {"definition": "All incidents.\r\nOnline reports too.", "reason": "Clearer"}
    page = await officer.submit(page, f"{ASB}/definition", fields)
    assert "Online reports too." in page.text


@pytest.mark.parametrize(
    ("part", "fields", "said"),
    [
        ("target", {"words": "", "reason": "x"}, "Enter the target"),
        ("target", {"words": "Fewer than 9", "reason": ""}, "Say why this is changing"),
        (
            "target",
            {"words": "Fewer than 9", "milestones": "nonsense", "reason": "x"},
            "Write each milestone",
        ),
        ("baseline", {"kind": "figure", "value": "a few", "reason": "x"}, "number"),
        ("baseline", {"kind": "figure", "value": "15 48", "reason": "x"}, "not grouped in thousands"),
        ("baseline", {"kind": "baseline_year", "year": "soon", "reason": "x"}, "2017-18"),
        ("definition", {"tolerance": "£5", "reason": "x"}, "Write it as 5."),
        ("definition", {"publication_lag_days": "14 days", "reason": "x"}, "Write 14 alone"),
        ("target", {"words": "Fewer than 9", "milestones": "2017-18-Q2: <5", "reason": "x"}, "Line 1: "),
        ("definition", {"title": "", "reason": "x"}, "Enter a title"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    officer: Visitor, part: str, fields: dict[str, str], said: str
) -> None:
    page = await officer.get(f"{ASB}/{part}")
    page = await officer.submit(page, f"{ASB}/{part}", fields, status=422)
    messages = [text_of(e) for e in page.all("p") if "govuk-error-message" in (e.get("class") or "")]
    assert any(said in message for message in messages)
    summary = next(e for e in page.all("div") if e.get("class") == "govuk-error-summary")
    assert said in text_of(summary)
    assert fields["reason"] in page.response.text


async def test_two_people_editing_at_once(officer: Visitor, service: Service) -> None:
    """The second is shown what the first changed, keeps what they typed, and may then save."""
    page = await officer.get(f"{ASB}/definition")
    token = officer.browser.cookies["saferplan"]
    version = (await service.get(ASB, token)).headers["etag"]
    patch = {"title": "ASB incidents", "reason": "Shorter"}
    answer = await service.ask("PATCH", ASB, token, json=patch, headers={"If-Match": version})
    assert answer.status_code == 200
    mine = {"definition": "Mine", "reason": "Plainer"}
    page = await officer.submit(page, f"{ASB}/definition", mine, status=412)
    assert "Somebody else saved a change" in page.text
    assert any("ASB incidents" in row and "Title" in row for row in page.rows())
    assert "Mine" in page.response.text
    page = await officer.submit(page, f"{ASB}/definition")
    assert "Your change is saved" in page.text
    assert page.heading == "ASB incidents", "what the first changed is still changed"
    assert "Mine" in page.text


async def test_what_a_form_remembers_may_be_rubbish(officer: Visitor, service: Service) -> None:
    page = await officer.get(f"{ASB}/definition")
    for was in ("not json", json.dumps([1]), ""):
        fields = {"was": was, "version": "0", "reason": "x"}
        again = await officer.submit(page, f"{ASB}/definition", fields, status=412)
        assert again.heading == "Change the definition"


async def test_years_are_added_up_and_what_cannot_be_is_said(officer: Visitor, service: Service) -> None:
    token = officer.browser.cookies["saferplan"]
    address = "/indicators/dwelling-fires"
    series = (await service.get(f"{address}/series?by=year", token)).json()
    added = [each for each in series["points"] if each["figure"] is None]
    assert added
    page = await officer.get(f"{address}?by=year")
    for point in added:
        assert any(point["words"] in row and point["period_label"] in row for row in page.rows())
    for gap in series["not_added_up"]:
        assert gap["reason"] in page.text
