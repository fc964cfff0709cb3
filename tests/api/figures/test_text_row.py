"""Rows as they were typed: read as a file's cells are, and nothing stored."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import Town

ASB = {"indicator": "asb-incidents", "period": "2017-18-Q2"}
SATISFACTION = {"indicator": "asb-satisfaction", "period": "2017-18-Q2"}


async def read(service: Service, town: Town, *rows: dict[str, str]) -> list[dict[str, Any]]:
    answer = await service.post("/figures/read", town.analysts, json={"rows": rows})
    assert answer.status_code == 200, answer.text
    read_rows: list[dict[str, Any]] = answer.json()["rows"]
    return read_rows


async def test_what_is_typed_comes_back_as_it_can_be_sent(one_service: Service, one_town: Town) -> None:
    rows = await read(
        one_service,
        one_town,
        {"indicator": "Anti-social behaviour", "period": "Q2 2017/18", "value": "4200", "note": " late "},
        {**SATISFACTION, "period": "Jul-Sep 2017", "value": "43.3%", "numerator": "", "status": "Final"},
        {"indicator": "hate-crime", "period": "2017-18-Q2", "breakdown.strand": "race", "missing": "[x]"},
        {**ASB, "period": "2017-18-Q1", "missing": "awaited", "expected_on": "31/01/2018"},
    )
    assert [(each["row"], each["errors"]) for each in rows] == [(1, []), (2, []), (3, []), (4, [])]
    assert [each["figure"] for each in rows] == [
        {"indicator": "asb-incidents", "period": "2017-18-Q2", "value": 4200, "note": "late"},
        {"indicator": "asb-satisfaction", "period": "2017-18-Q2", "value": 43.3, "status": "final"},
        {
            "indicator": "hate-crime",
            "period": "2017-18-Q2",
            "breakdown": {"strand": "race"},
            "missing": "not_available",
        },
        {
            "indicator": "asb-incidents",
            "period": "2017-18-Q1",
            "missing": "awaited",
            "expected_on": "2018-01-31",
        },
    ]
    assert [[note["code"] for note in each["notes"]] for each in rows] == [
        ["name_for_code", "period_understood"],
        ["period_understood"],
        ["mark_for_word"],
        ["day_understood"],
    ]
    posted = await one_service.post(
        "/figures?dry_run=true", one_town.analysts, json={"figures": [each["figure"] for each in rows[:2]]}
    )
    assert posted.status_code == 200, posted.text


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ({**ASB, "value": "43%"}, "value", "Write 43 without %."),
        ({**ASB, "value": "15 48"}, "value", "Write the one number that is meant"),
        ({**ASB, "value": "1,2345"}, "value", "Write the one number that is meant"),
        ({**SATISFACTION, "value": "£75"}, "value", "Write it as 75."),
        ({**ASB, "value": "<5"}, "value", "under in “qualifier”"),
        ({**ASB, "period": "04/05"}, "period", "write 2005-04"),
        ({**ASB, "missing": "tbc"}, "missing", "Did you mean awaited?"),
        ({**ASB, "expected_on": "soon"}, "expected_on", "such as 2017-11-30"),
        ({**ASB, "vlaue": "5"}, "vlaue", "There is no such field"),
        ({"period": "2017-18-Q2"}, "indicator", "This is required."),
    ],
)
async def test_a_wrong_one_is_told_by_its_field(
    still_service: Service, still_town: Town, row: dict[str, str], field: str, says: str
) -> None:
    good, bad = await read(still_service, still_town, {**ASB, "value": "5"}, row)
    assert good["figure"] is not None
    assert bad["figure"] is None
    (error,) = bad["errors"]
    assert error["field"] == field
    assert says in error["message"]


async def test_it_is_for_senders_and_stores_nothing(one_service: Service, one_town: Town) -> None:
    row = {**ASB, "value": "5"}
    refused = await one_service.post("/figures/read", one_town.funder, json={"rows": [row]})
    assert refused.status_code == 403
    await read(one_service, one_town, row)
    assert await one_service.items("/figures", one_town.analysts, period="2017-18-Q2") == []
    assert await one_service.items("/submissions", one_town.analysts) == []


@pytest.mark.parametrize("body", [{}, {"rows": []}, {"rows": [{"value": 5}]}, {"rows": [["x"]]}, 0])
async def test_anything_but_rows_of_text_is_refused(one_service: Service, one_town: Town, body: Any) -> None:
    answer = await one_service.post("/figures/read", one_town.analysts, json=body)
    assert_problem(answer, 422, answer.json()["code"])
