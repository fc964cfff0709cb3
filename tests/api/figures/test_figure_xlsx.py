"""Figures as a workbook: the same receipt as JSON and the row of the sheet."""

from collections.abc import Callable
from typing import Any

import pytest

from app.api.server.example import FIGURES
from tests.build import Service, assert_problem
from tests.files.build import XLSX, PerCent, repacked, workbook
from tests.town import Town

COUNTED = ("value", "numerator", "denominator", "status", "missing", "expected_on", "note")
HEADINGS = ("indicator", "period", "area", "breakdown.strand", *COUNTED)


def cells(row: dict[str, Any]) -> list[Any]:
    flat = {**row, "breakdown.strand": row.get("breakdown", {}).get("strand")}
    return [flat.get(name) for name in HEADINGS]


EXAMPLE_BOOK = workbook(
    *[cells(row) for row in FIGURES["figures"]], headings=HEADINGS, above=[("Our figures",)]
)


async def test_the_same_rows_give_the_same_receipt(service: Service, town: Town) -> None:
    by_json = await service.post("/figures?dry_run=true", town.analysts, json=FIGURES)
    by_file = await service.post("/figures?dry_run=true", town.analysts, content=EXAMPLE_BOOK, headers=XLSX)
    assert by_file.status_code == 200, by_file.text
    rows = by_file.json()["rows"]
    assert [each.pop("line") for each in rows] == [3, 4, 5, 6]
    assert rows == by_json.json()["rows"]
    stored = await service.post("/figures", town.analysts, content=EXAMPLE_BOOK, headers=XLSX)
    assert stored.status_code == 201
    assert stored.json()["counts"] == by_json.json()["counts"]
    receipt = await service.get(stored.headers["location"], town.analysts)
    assert receipt.json()["via"] == "xlsx"


async def test_a_percentage_as_a_spreadsheet_keeps_it(one_service: Service, one_town: Town) -> None:
    body = workbook(
        ("asb-satisfaction", "2017-18-Q2", PerCent(0.433)), ("asb-satisfaction", "2017-18-Q1", 43.1)
    )
    answer = await one_service.post("/figures", one_town.analysts, content=body, headers=XLSX)
    assert answer.status_code == 201, answer.text
    kept = await one_service.items("/figures", one_town.analysts, indicator="asb-satisfaction")
    assert [each["value"] for each in kept] == [43.3, 43.1]


async def test_a_bad_cell_is_told_with_what_its_row_is_about(one_service: Service, one_town: Town) -> None:
    body = workbook(("asb-incidents", "2017-18-Q2", "n/a"), ("asb-satisfaction", "2017-18-Q2", 0.433))
    answer = await one_service.post("/figures", one_town.analysts, content=body, headers=XLSX)
    problem = assert_problem(answer, 422, "rejected", "value")
    first, second = problem["rows"]
    assert (first["line"], first["indicator_title"]) == (2, "Anti-social behaviour")
    assert first["period_label"]
    assert "expected a whole number, got “n/a”; did you mean not collected?" in first["errors"][0]["message"]
    assert [each["code"] for each in second["warnings"]] == ["percentage_as_fraction"]
    assert second["warnings"][0]["message"].startswith("Cell C3: 0.433 is less than 1%")
    assert await one_service.items("/submissions", one_town.analysts) == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (lambda: b"indicator,period,value\n", 422, "text_not_spreadsheet"),
        (
            lambda: repacked(EXAMPLE_BOOK, more={"xl/media/picture.png": b"0" * 300_000_000}),
            413,
            "packed_too_tightly",
        ),
        (lambda: repacked(EXAMPLE_BOOK, more={"xl/vbaProject.bin": b""}), 422, "macro"),
        (lambda: b"0" * 11_000_000, 413, "too_large"),
    ],
    ids=["a CSV file", "a bomb", "a macro", "too large"],
)
async def test_what_is_no_workbook_is_refused(
    one_service: Service, one_town: Town, body: Callable[[], bytes], status: int, code: str
) -> None:
    """Each file is made for its test alone: the bomb takes a second, and some hundred megabytes."""
    answer = await one_service.post("/figures", one_town.analysts, content=body(), headers=XLSX)
    assert_problem(answer, status, code)


async def test_other_kinds_of_file_are_told_what_is_taken(one_service: Service, one_town: Town) -> None:
    kind = {"Content-Type": "application/vnd.ms-excel"}
    answer = await one_service.post("/figures", one_town.analysts, content=EXAMPLE_BOOK, headers=kind)
    assert ".xlsx" in assert_problem(answer, 415, "unsupported_media_type")["detail"]


async def test_somebody_else_s_and_unknown_indicators_are_refused_by_name(
    one_service: Service, one_town: Town
) -> None:
    body = workbook(
        ("dwelling-fires", "2017-18-Q2", 5),
        ("asb-incident", "2017-18-Q2", 5),
        ("asb-incidents", "2017-18-Q3", 5),
    )
    answer = await one_service.post("/figures", one_town.analysts, content=body, headers=XLSX)
    rows = assert_problem(answer, 422, "rejected")["rows"]
    assert [row["errors"][0]["code"] for row in rows] == [
        "not_responsible",
        "unknown_indicator",
        "period_not_ended",
    ]
    assert "Did you mean “asb-incidents”?" in rows[1]["errors"][0]["message"]
