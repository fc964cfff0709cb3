"""A quarter of twelve agencies and sixty indicators from start to finish, each agency in its own way."""

from collections import Counter
from typing import Any

import httpx
import pytest

from tests.build import Service, assert_problem
from tests.county import AGENCIES, County, as_csv, codes, make_county, rows
from tests.files.build import XLSX, workbook

QUARTER = "2017-18-Q2"
PERIOD = f"/reporting-periods/{QUARTER}"


@pytest.fixture
def county(service: Service) -> County:
    with service.writing() as session:
        return make_county(session)


def id_of(agency: str) -> str:
    return f"{QUARTER}~{agency}"


def good(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def states(service: Service, county: County) -> Counter[str]:
    found = await service.items("/returns", county.officer, period=QUARTER)
    return Counter(each["state"] for each in found)


async def send(service: Service, county: County, agency: str) -> Any:
    """By JSON, by CSV or as a workbook, as its place in the list has it."""
    sent, key, place = rows(agency, QUARTER), county.keys[agency], AGENCIES.index(agency)
    if place < 3:
        return good(await service.post("/figures", key, json={"figures": sent}))
    if place < 6:
        csv = {"content": as_csv(sent), "headers": {"Content-Type": "text/csv"}}
        return good(await service.post("/figures", key, **csv))
    headings = ("indicator", "period", "value", "status")
    book = workbook(*([row[name] for name in headings] for row in sent), headings=headings)
    return good(await service.post("/figures", key, content=book, headers=XLSX))


async def test_a_quarter_from_start_to_finish(service: Service, county: County) -> None:
    *programs, by_form, late, nil, queried = AGENCIES
    assert await states(service, county) == {"overdue": 12}
    for agency in [*programs, queried]:
        assert (await send(service, county, agency))["counts"]["created"] == 5
    form = {"figures": rows(by_form, QUARTER)}
    good(await service.post("/figures?dry_run=true", county.analyst, json=form))
    receipt = good(await service.post("/figures", county.analyst, json=form))
    assert good(await service.get(f"/submissions/{receipt['id']}", county.officer))["via"] == "form"
    good(await service.post(f"/returns/{id_of(by_form)}/sign-off", county.analyst, json={}))
    why = {"reason": "The system was replaced", "promised_on": "2018-01-05"}
    good(await service.post(f"/returns/{id_of(late)}/late", county.keys[late], json=why))
    good(await service.post(f"/returns/{id_of(nil)}/nil", county.keys[nil], json={}))
    assert await states(service, county) == {"submitted": 11, "late_reason_given": 1}

    asked = {"text": "Twice last quarter's: is it a slip?", "indicators": [codes(queried)[0]]}
    good(await service.post(f"/returns/{id_of(queried)}/query", county.officer, json=asked))
    mended = {**rows(queried, QUARTER)[0], "value": 45, "reason": "Counted twice"}
    good(await service.post("/figures", county.keys[queried], json={"figures": [mended]}))
    for agency in [*programs, by_form, nil, queried]:
        good(await service.post(f"/returns/{id_of(agency)}/check", county.officer, json={}))
    assert await states(service, county) == {"checked": 11, "late_reason_given": 1}

    cut = good(await service.post(f"{PERIOD}/cut-off", county.approver, json={}))
    frozen = good(await service.get(f"{PERIOD}/snapshot", county.officer))
    assert len(frozen["items"]) == 60
    assert {each["agency"] for each in frozen["late_items"]} == {late.capitalize()}
    came = {"figures": rows(late, QUARTER)}
    good(await service.post("/figures", county.keys[late], json=came))
    left = good(await service.get(f"{PERIOD}/checklist", county.officer))
    assert len(left["arrivals"]) == 5
    assert [each["state"] for each in left["outstanding"]] == ["submitted"]
    good(await service.post(f"/returns/{id_of(late)}/check", county.officer, json={}))

    good(await service.post(f"{PERIOD}/close", county.approver, json={}))
    correction = {"figures": [{**rows(AGENCIES[0], QUARTER)[0], "value": 88, "reason": "Recount"}]}
    refused = await service.post("/figures", county.keys[AGENCIES[0]], json=correction)
    assert_problem(refused, 409, "period_closed")
    good(await service.post("/figures?correction=true", county.keys[AGENCIES[0]], json=correction))
    left = good(await service.get(f"{PERIOD}/checklist", county.officer))
    assert [(each["before"], each["words"]) for each in left["corrections"]] == [("91", "88")]

    known = {"period": QUARTER, "as_known_at": cut["cut_off_at"]}
    then = await service.items("/indicators", county.officer, **known)
    assert [(each["latest"], each["rating"], each["trend"]) for each in then] == [
        (each["latest"], each["rating"], each["trend"]) for each in frozen["items"]
    ]
    now = await service.items("/indicators", county.officer, period=QUARTER)
    changed = {a["code"] for a, b in zip(now, frozen["items"], strict=True) if a["latest"] != b["latest"]}
    assert changed == {codes(AGENCIES[0])[0], *codes(late)}
