"""A return's template over the API: what it lists, whose it is, and that it uploads as it is."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx
from tests.build import Service, assert_problem
from tests.files.build import XLSX
from tests.town import Town, figures, row

HERE = "/returns/2017-18-Q2~analysts/template.xlsx"


async def rows_of(
    service: Service, token: str, address: str = HERE
) -> tuple[list[dict[str, Any]], int, bytes]:
    answer = await service.get(address, token)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX["Content-Type"]
    assert answer.headers["content-disposition"].startswith("attachment;")
    found = from_xlsx(answer.content, Vocabulary())
    return [each.figure.model_dump() for each in found.rows if each.figure], found.left_empty, answer.content


async def test_it_lists_what_is_owed_and_uploads_as_it_is(service: Service, town: Town) -> None:
    owed = (await service.get("/returns/2017-18-Q2~analysts", town.analysts)).json()["items"]
    sent = [
        row("asb-incidents", value=4200, note="as sent"),
        row("asb-satisfaction", value=0.4, status="final"),
    ]
    assert (await service.post("/figures", town.analysts, json=figures(*sent))).status_code == 201
    listed, left_empty, body = await rows_of(service, town.analysts)
    assert [(each["indicator"], each["period"]) for each in listed] == [
        (each["indicator"], each["period"]) for each in sent
    ]
    assert left_empty == len(owed) - len(sent)
    back = await service.post("/figures", town.analysts, content=body, headers=XLSX)
    assert back.status_code == 201, back.text
    assert back.json()["counts"] == {
        "created": 0,
        "revised": 0,
        "unchanged": 2,
        "rejected": 0,
        "not_stored": 0,
    }
    uploaded = await service.post("/uploads?name=template.xlsx", town.analysts, content=body, headers=XLSX)
    assert (uploaded.json()["state"], uploaded.json()["left_empty"]) == ("ready", left_empty)


async def test_parts_sent_before_are_asked_for_again(one_service: Service, one_town: Town) -> None:
    parts = [
        row("hate-crime", "2016-17-Q2", value=5, breakdown={"strand": "race"}),
        row("hate-crime", "2017-18-Q1", value=6, area="E05001341"),
        row("hate-crime", "2017-18-Q2", value=7, breakdown={"strand": "religion"}),
    ]
    assert (await one_service.post("/figures", one_town.police, json=figures(*parts))).status_code == 201
    answer = await one_service.get("/returns/2017-18-Q2~police/template.xlsx", one_town.police)
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    header, *lines = sheet.to_python()
    made = [dict(zip(header, each, strict=True)) for each in lines]
    hate = [each for each in made if each["indicator"] == "hate-crime"]
    asked = ("area", "breakdown.strand", "last_year", "last_period", "value")
    assert [tuple(each[name] for name in asked) for each in hate] == [
        ("", "", "", "", ""),
        ("", "religion", "", "", 7.0),
        ("E05001341", "", "", "6", ""),
        ("", "race", "5", "", ""),
    ]


async def test_it_is_the_agency_s_and_staff_s_alone(one_service: Service, one_town: Town) -> None:
    assert (await one_service.get(HERE, one_town.staff)).status_code == 200
    assert_problem(await one_service.get(HERE, one_town.police), 404, "not_found")
    assert_problem(await one_service.get(HERE, one_town.stranger), 404, "not_found")
    assert_problem(await one_service.get(HERE, one_town.funder), 403, "forbidden")


@pytest.mark.parametrize("id_", ["2017-18-Q2~nobody", "nonsense", "2017-18~analysts"])
async def test_there_is_none_where_nothing_is_owed(one_service: Service, one_town: Town, id_: str) -> None:
    answer = await one_service.get(f"/returns/{id_}/template.xlsx", one_town.staff)
    assert_problem(answer, 404, "not_found")


async def test_who_has_it_already_is_told_so(one_service: Service, one_town: Town) -> None:
    first = await one_service.get(HERE, one_town.analysts)
    again = await one_service.get(HERE, one_town.analysts, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("keeps_date", [True, False])
async def test_a_number_beside_a_promise_takes_the_promise_away(
    service: Service, town: Town, keeps_date: bool
) -> None:
    """The template gives out “awaited” and its date; the number is typed in beside them."""
    promise = row(value=None, missing="awaited", expected_on="2018-01-10")
    assert (await service.post("/figures", town.analysts, json=figures(promise))).status_code == 201
    body = (await service.get(HERE, town.analysts)).content
    book, out = load_workbook(BytesIO(body)), BytesIO()
    sheet = next(each for each in book if each["A1"].value == "indicator")
    places = {cell.value: cell.column for cell in sheet[1]}
    line = next(cells[0].row for cells in sheet.iter_rows(2) if cells[0].value == "asb-incidents")
    assert sheet.cell(line, places["missing"]).value == "awaited"
    sheet.cell(line, places["value"]).value = 4200
    if not keeps_date:
        sheet.cell(line, places["expected_on"]).value = None
    book.save(out)
    answer = await service.post("/figures", town.analysts, content=out.getvalue(), headers=XLSX)
    assert answer.status_code == 201, answer.text
    (receipt,) = answer.json()["rows"]
    assert receipt["outcome"] == "revised"
    assert [note["message"] for note in receipt["notes"]] == [
        f"Cell {get_column_letter(places['missing'])}{line}: the figure was awaited; the number takes its promise away."
    ]
    (stored,) = await service.items("/figures", town.analysts, indicator="asb-incidents", period="2017-18-Q2")
    assert (stored["value"], stored["missing"], stored["expected_on"]) == (4200, None, None)
