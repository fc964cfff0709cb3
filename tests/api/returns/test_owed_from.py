"""From which day figures are owed: set, recorded, and honoured wherever it is said what is owed."""

from typing import Any

import httpx
import pytest

from tests.build import Service, assert_problem
from tests.town import DOCUMENT, Town

TOWN = "/partnerships/town"
YAML = {"Content-Type": "application/yaml"}


async def set_day(service: Service, token: str, day: Any, if_match: str = "*") -> httpx.Response:
    body = {"owed_from": day, "reason": "Joined in July"}
    return await service.ask("PATCH", TOWN, token, json=body, headers={"If-Match": if_match})


async def returns(service: Service, town: Town) -> list[str]:
    return [each["id"] for each in await service.items("/returns", town.staff)]


async def test_it_is_read_and_set_and_recorded(service: Service, town: Town) -> None:
    before = await service.get(TOWN, town.staff)
    assert before.json()["owed_from"] is None
    answer = await set_day(service, town.staff, "2017-07-01", before.headers["ETag"])
    assert answer.status_code == 200, answer.text
    assert answer.json() == (await service.get(TOWN, town.funder)).json()
    assert answer.json()["owed_from"] == "2017-07-01"
    assert_problem(
        await set_day(service, town.staff, "2017-10-01", before.headers["ETag"]), 412, "changed_meanwhile"
    )
    (event,) = await service.items("/audit-events", town.staff, subject_kind="partnership", subject="town")
    assert event["data"] == {
        "before": {"owed_from": None},
        "after": {"owed_from": "2017-07-01"},
        "reason": "Joined in July",
    }
    assert (await set_day(service, town.staff, None)).json()["owed_from"] is None


async def test_everything_that_says_what_is_owed_honours_it(service: Service, town: Town) -> None:
    assert len(await returns(service, town)) == 12
    since = (await service.get("/returns", town.staff)).json()["as_of"]
    await set_day(service, town.staff, "2017-07-01")
    left = await returns(service, town)
    assert len(left) == 8
    assert not any("Q1" in id_ for id_ in left)
    changed = (await service.get(f"/returns?updated_since={since}", town.staff)).json()["items"]
    assert {each["id"] for each in changed if each.get("removed")} >= {
        f"2017-18-Q1~{agency}" for agency in ("analysts", "police", "council", "health")
    }
    assert_problem(await service.get("/returns/2017-18-Q1~council", town.staff), 404, "not_found")
    summary = (await service.get("/returns/summary", town.staff)).json()
    assert {each["period"] for each in summary["quarters"]} == {"2017-18-Q2", "2017-18-Q3"}
    assert len(summary["attention"]) == 4
    checklist = (await service.get("/reporting-periods/2017-18-Q1/checklist", town.staff)).json()
    assert (checklist["expected"], checklist["outstanding"], checklist["late_items"]) == (0, [], [])


async def test_the_scorecard_owes_nothing_older(service: Service, town: Town) -> None:
    indicator = "/indicators/dwelling-fires"
    owed = (await service.get(indicator, town.staff)).json()["owed"]
    assert owed["period"] == "2017-18-Q2"
    await set_day(service, town.staff, "2017-10-01")
    assert (await service.get(indicator, town.staff)).json()["owed"] is None
    earlier = (await service.get(f"{indicator}?as_known_at=2017-12-19", town.staff)).json()
    assert earlier["owed"] == owed, "as it was known then"


@pytest.mark.parametrize(
    ("day", "code"),
    [("2019-01-01", "too_far_ahead"), ("9999-12-31", "too_far_ahead"), ("2017-02-30", None), ("soon", None)],
)
async def test_a_day_that_cannot_be(one_service: Service, one_town: Town, day: str, code: str | None) -> None:
    problem = assert_problem(await set_day(one_service, one_town.staff, day), 422, code or "invalid")
    assert problem["errors"][0]["field"].endswith("owed_from")
    assert code in (None, problem["errors"][0]["code"])
    text = DOCUMENT.replace("area: E08000032}", f"area: E08000032, owed_from: {day}}}", 1)
    answer = await one_service.post("/plans/import", one_town.staff, content=text.encode(), headers=YAML)
    refused = assert_problem(answer, 422, "document_refused")
    assert refused["errors"][0]["row"] == 3
    assert code in (None, refused["errors"][0]["code"])


async def test_who_may_set_it(one_service: Service, one_town: Town) -> None:
    assert_problem(await set_day(one_service, one_town.funder, "2017-07-01"), 403, "forbidden")
    assert_problem(await set_day(one_service, one_town.stranger, "2017-07-01"), 404, "not_found")


async def test_a_document_sets_it_and_keeps_what_was_set_here(service: Service, town: Town) -> None:
    old = (await service.get("/plans/plan/document", town.staff)).text
    text = old.replace("  area: E08000032\n", "  area: E08000032\n  owed_from: 2017-10-01\n", 1)
    answer = await service.post("/plans/import", town.staff, content=text.encode(), headers=YAML)
    assert answer.json()["changes"] == ["partnership town: owed_from was nothing, now 2017-10-01"]
    assert (await service.get("/plans/plan/document", town.staff)).text == text
    await set_day(service, town.staff, "2017-07-01")
    for document, words in ((text, "has 2017-10-01, as before"), (old, "has none")):
        answer = await service.post("/plans/import", town.staff, content=document.encode(), headers=YAML)
        assert answer.json()["changes"] == []
        (line,) = answer.json()["left_alone"]
        assert line.startswith("The day from which figures are owed of Town Community Safety Partnership")
        assert line.endswith(f"is kept; the document {words}")
    assert (await service.get(TOWN, town.staff)).json()["owed_from"] == "2017-07-01"
