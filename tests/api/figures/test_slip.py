"""Slips are asked about alike however they are sent: JSON, CSV, workbook, and text as typed in a form."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.files.build import workbook
from tests.town import Town, figures, row

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ("indicator", "period", "value", "numerator", "denominator", "sample_size", "note")
Rows = list[dict[str, Any]]


def text(cell: Any) -> str:
    return "" if cell is None else str(cell)


async def sent_as(service: Service, token: str, way: str, rows: Rows) -> Rows:
    """Rows of the receipt of a dry run."""
    lines = [[each.get(name) for name in COLUMNS] for each in rows]
    if way == "json":
        answer = await service.post("/figures?dry_run=true", token, json={"figures": rows})
    elif way == "form":
        typed = [{name: text(each[name]) for name in COLUMNS if each.get(name) is not None} for each in rows]
        reading = await service.post("/figures/read", token, json={"rows": typed})
        read = [each["figure"] for each in reading.json()["rows"]]
        answer = await service.post("/figures?dry_run=true", token, json={"figures": read})
    elif way == "csv":
        body = "\n".join(",".join(text(cell) for cell in line) for line in (COLUMNS, *lines))
        answer = await service.post(
            "/figures?dry_run=true", token, content=body.encode(), headers={"Content-Type": CSV}
        )
    else:
        cells = [[text(cell) if way == "xlsx text" else cell for cell in line] for line in lines]
        answer = await service.post(
            "/figures?dry_run=true",
            token,
            content=workbook(*cells, headings=COLUMNS),
            headers={"Content-Type": XLSX},
        )
    assert answer.status_code == 200, answer.text
    receipt: Rows = answer.json()["rows"]
    return receipt


SLIPS: dict[str, tuple[Rows, list[list[str]]]] = {
    "tenfold of one neighbour": (
        [row("dwelling-fires", "2016-17-Q4", value=1052), row("dwelling-fires", "2017-18-Q1", value=10880)],
        [[], ["ten_times"]],
    ),
    "a new series in one batch": (
        [row("dwelling-fires", "2016-17-Q4", value=100), row("dwelling-fires", "2017-18-Q1", value=1000)],
        [[], ["ten_times"]],
    ),
    "a stored neighbour": ([row(period="2017-18-Q2", value=40100)], [["ten_times"]]),
    "a year to date": ([row(period="2017-18-Q2", value=8210)], [["year_to_date"]]),
    "the first against its baseline": ([row("young-victims", "2016-17-Q2", value=75)], [["ten_times"]]),
    "a fraction for the first percentage": (
        [row("asb-satisfaction", value=0.433)],
        [["percentage_as_fraction"]],
    ),
    "a fraction in a series": (
        [row("repeat-domestic-abuse", "2016-10/2017-09", value=0.433)],
        [["percentage_as_fraction"]],
    ),
    "a small percentage whose baseline is small": (
        [row("treatment-completion-opiate", "2016-10/2017-09", value=0.6)],
        [[]],
    ),
    "an unquoted decimal comma": (
        [row("asb-satisfaction", value=43, sample_size=3)],
        [["small_sample"]],
    ),
    "a truncated share": (
        [row("repeat-domestic-abuse", "2016-10/2017-09", value=66.6, numerator=2, denominator=3)],
        [["parts_rounded_down"]],
    ),
    "an ordinary figure": ([row(value=4200)], [[]]),
}


@pytest.mark.parametrize("way", ["json", "form", "csv", "xlsx", "xlsx text"])
@pytest.mark.parametrize("name", SLIPS)
async def test_every_way_in_asks_the_same(one_service: Service, one_town: Town, way: str, name: str) -> None:
    rows, codes = SLIPS[name]
    receipt = await sent_as(one_service, one_town.staff, way, rows)
    assert [[warning["code"] for warning in each["warnings"]] for each in receipt] == codes
    assert all("say why in “note”" in each["message"] for line in receipt for each in line["warnings"])


@pytest.mark.parametrize(
    ("stored", "sent", "says"),
    [
        (("2016-17-Q4", 1052), ("2017-18-Q1", 10880), "what this series was last (1,052 in Q4 2016/17)"),
        (("2017-18-Q1", 1052), ("2016-17-Q4", 10880), "what this series was next (1,052 in Q1 2017/18)"),
    ],
)
async def test_any_neighbour_is_a_yardstick(
    service: Service, town: Town, stored: tuple[str, int], sent: tuple[str, int], says: str
) -> None:
    """The one before, else the one after."""
    first, second = (
        row("dwelling-fires", period, value=value, reason="recount") for period, value in (stored, sent)
    )
    assert (await service.post("/figures", town.staff, json=figures(first))).status_code == 201
    answer = await service.post("/figures", town.staff, json=figures(second))
    ((warning,),) = [each["warnings"] for each in answer.json()["rows"]]
    assert warning["code"] == "ten_times"
    assert says in warning["message"]


async def test_a_real_disagreement_of_parts_stays_refused(one_service: Service, one_town: Town) -> None:
    wrong = row("repeat-domestic-abuse", "2016-10/2017-09", value=75, numerator=2, denominator=3)
    answer = await one_service.post("/figures", one_town.staff, json=figures(wrong))
    problem = assert_problem(answer, 422, "rejected", "value")
    assert problem["errors"][0]["code"] == "parts_disagree"
