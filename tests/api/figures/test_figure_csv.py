"""Figures as a file: the same receipt as JSON and the line, and text that comes back as it went in."""

import csv
import io
import json
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import select

from app.api.server.example import FIGURES
from app.files.csv_file import from_csv
from app.files.csv_injection import neutral, restored
from app.files.vocabulary import Vocabulary
from app.models.plan.indicator import Indicator
from tests.build import Service, assert_problem
from tests.town import Town, figures, row

CSV = {"Content-Type": "text/csv"}
AS_CSV = {"Accept": "text/csv"}
EXAMPLE_FILE = """\
indicator,period,area,breakdown.strand,value,numerator,denominator,status,missing,expected_on,note
repeat-domestic-abuse,2016-10/2017-09,,,43.3,,,final,,,

hate-crime,2017-18-Q2,E08000032,race,271,,,provisional,,,"late reports
still being coded"
asb-satisfaction,2017-18-Q2,,,,,,,awaited,2017-11-30,
treatment-completion-opiate,2016-10/2017-09,,,,94,2000,,,,
"""


def parsed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_the_same_rows_give_the_same_receipt(service: Service, town: Town) -> None:
    by_json = await service.post("/figures?dry_run=true", town.analysts, json=FIGURES)
    by_file = await service.post(
        "/figures?dry_run=true", town.analysts, content=EXAMPLE_FILE.encode(), headers=CSV
    )
    assert by_file.status_code == 200, by_file.text
    rows = by_file.json()["rows"]
    lines = [each.pop("line") for each in rows]
    assert rows == by_json.json()["rows"]
    assert lines == [2, 4, 6, 7], "a row is named by the line it begins on, blank ones and long cells counted"
    stored = await service.post("/figures", town.analysts, content=EXAMPLE_FILE.encode(), headers=CSV)
    assert stored.json()["counts"] == by_json.json()["counts"]
    receipt = await service.get(stored.headers["location"], town.analysts)
    assert receipt.json()["via"] == "csv"
    rows_now = receipt.json()["rows"]
    assert [each.pop("now")["revised_since"] for each in rows_now] == [False] * len(lines)
    assert rows_now == stored.json()["rows"]


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_what_spreadsheets_write(one_service: Service, one_town: Town, encode: str, end: str) -> None:
    text = EXAMPLE_FILE.replace("\n", end).encode(encode)
    answer = await one_service.post("/figures", one_town.analysts, content=text, headers=CSV)
    assert answer.json()["counts"]["created"] == 4


async def test_a_file_given_out_comes_in_again_unchanged(service: Service, town: Town) -> None:
    notes = ["=1+1", "'=1+1", "''=1", "-5 on last year", "@home", "'quoted'", "line\nbreak", 'a,b;"c"', " x "]
    notes += ["＝1+1", "'＝1", "\u200b=1+1"]
    rows = [
        row(period=f"2015-{month:02d}", value=month, note=note) for month, note in enumerate(notes, start=1)
    ]
    assert (await service.post("/figures", town.analysts, json=figures(*rows))).status_code == 201
    await service.post("/figures", town.analysts, json=FIGURES)
    given_out = await service.get("/figures?indicator=asb-incidents", town.analysts, headers=AS_CSV)
    cells = [each["note"] for each in parsed(given_out.text)]
    assert not [each for each in cells if each[:1] in ("=", "+", "-", "@", "\t", "\r")]
    for indicator in ("asb-incidents", "hate-crime", "asb-satisfaction", "treatment-completion-opiate"):
        text = (await service.get(f"/figures?indicator={indicator}&format=csv", town.analysts)).content
        back = await service.post("/figures", town.analysts, content=text, headers=CSV)
        assert back.status_code == 201, back.text
        assert {each["outcome"] for each in back.json()["rows"]} == {"unchanged"}
    kept = [
        each["note"]
        for each in await service.items("/figures", town.analysts, **{"from": "2015-01", "to": "2015-12"})
    ]
    assert kept == [note.strip() for note in notes]


@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_an_empty_cell_takes_no_note_away(one_service: Service, one_town: Town, dry_run: str) -> None:
    """Neither where the figure stays nor where it changes; a file with no such column says as little."""
    noted = row(value=66, status="estimated", note="before the recount")
    await one_service.post("/figures", one_town.analysts, json=figures(noted))
    same = "indicator,period,value,status,missing,note\nasb-incidents,2017-18-Q2,66,estimated,,\n"
    other = "indicator,period,value,reason\nasb-incidents,2017-18-Q2,67,recounted\n"
    for text, outcome in ((same, "unchanged"), (other, "revised")):
        answer = await one_service.post(
            f"/figures?dry_run={dry_run}", one_town.analysts, content=text.encode(), headers=CSV
        )
        (told,) = answer.json()["rows"]
        assert (told["outcome"], told["errors"]) == (outcome, [])
        (kept,) = await one_service.items("/figures", one_town.analysts, period="2017-18-Q2")
        assert kept["note"] == "before the recount"


SPACES = ["", " ", "\u00a0", "\u3000", "\t", "\r", "\n", "\r\n", "\x0b", "\u2028"]
UNSEEN_BEFORE = [*SPACES, "\u200b", "\ufeff", "\u202e", "'", " '"]
UNTOUCHED = ["", "a=1", "1+1", "’=1", "é", " ", "\u00a0", "'", "''", "' a", "(=1)", "£-5", "“=1”", "1\n=2"]


@pytest.mark.parametrize("before", UNSEEN_BEFORE, ids=ascii)
@pytest.mark.parametrize("sign", list("=+-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻−"), ids=ascii)
def test_what_a_spreadsheet_might_run_is_neutralised(before: str, sign: str) -> None:
    text = f"{before}{sign}1"
    assert neutral(text) == f"'{text}"
    assert restored(neutral(text)) == text


@pytest.mark.parametrize("text", UNTOUCHED, ids=ascii)
def test_what_none_runs_is_left_alone(text: str) -> None:
    assert neutral(text) == restored(text) == text


PIECES = st.sampled_from(["'", "=", "＝", "-", " ", "\t", "\n", "\u00a0", "\u200b", "a", "1"])


@given(st.text(max_size=20) | st.lists(PIECES, max_size=6).map("".join))
@example("'")
@example("'=")
@example("=")
@example("\t=")
@example("' '=")
def test_neutral_text_is_restored(text: str) -> None:
    assert restored(neutral(text)) == text
    assert neutral(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝")


EXACT = [
    "999999999999999",
    "123456789.123456",
    "0.000001",
    "-0.000001",
    "999999999.999999",
    "100000000000000",
    "0",
]


async def test_numbers_come_back_as_they_went_in(service: Service, town: Town) -> None:
    """Fifteen digits and six decimals, through JSON and through a file, both ways."""
    rows = [
        f'{{"indicator": "repair-index", "period": "2015-{month:02d}", "value": {number}}}'
        for month, number in enumerate(EXACT, start=1)
    ]
    body = f'{{"figures": [{", ".join(rows)}]}}'
    sent = await service.post(
        "/figures", town.analysts, content=body.encode(), headers={"Content-Type": "application/json"}
    )
    assert sent.status_code == 201, sent.text
    answer = await service.get("/figures?indicator=repair-index", town.analysts)
    back = [each["value"] for each in answer.json(parse_float=Decimal, parse_int=Decimal)["items"]]
    assert back == [Decimal(number) for number in EXACT]
    as_file = await service.get("/figures?indicator=repair-index", town.analysts, headers=AS_CSV)
    assert [each["value"] for each in parsed(as_file.text)] == EXACT
    again = await service.post("/figures", town.analysts, content=as_file.content, headers=CSV)
    assert again.json()["counts"]["unchanged"] == len(EXACT)


@pytest.mark.parametrize(
    "number", ["1000000000000000", "0.0000001", "1234567890.123456", "12345678901234.12"]
)
@pytest.mark.parametrize("quote", ["", '"'])
async def test_a_number_beyond_that_is_refused(
    still_service: Service, still_town: Town, number: str, quote: str
) -> None:
    text = f"indicator,period,value\nrepair-index,2015-04,{quote}{number}{quote}\n"
    answer = await still_service.post("/figures", still_town.analysts, content=text.encode(), headers=CSV)
    assert_problem(answer, 422, "rejected", "value")


async def test_the_columns_do_not_depend_on_the_rows(one_service: Service, one_town: Town) -> None:
    some = await one_service.get("/figures?indicator=asb-incidents", one_town.analysts, headers=AS_CSV)
    none = await one_service.get("/figures?indicator=no-such", one_town.analysts, headers=AS_CSV)
    header = some.text.splitlines()[0]
    assert none.text.splitlines() == [header]
    assert "missing" in header.split(",")
    assert some.headers["content-type"] == "text/csv; charset=utf-8"
    scorecard = await one_service.get("/indicators?format=csv", one_town.analysts)
    names = scorecard.text.splitlines()[0].split(",")
    assert "responsible_agency.code" in names
    assert "responsible_agency" not in names
    assert {"rating.status", "trend.direction", "latest.value", "baseline.value"} <= set(names)


async def test_every_page_has_the_same_columns(service: Service, town: Town) -> None:
    """Broken-down figures on one page and none on the next; a dimension that the indicator has no more."""
    await service.post("/figures", town.analysts, json=FIGURES)
    with service.database.write() as session:
        hate = session.exec(select(Indicator).where(Indicator.code == "hate-crime")).one()
        hate.breakdowns = {}
        session.add(hate)
    whole = (await service.get("/figures?format=csv&limit=500", town.analysts)).text
    assert {each["breakdown.strand"] for each in parsed(whole)} == {"", "race"}
    pages = [await service.get("/figures?format=csv&limit=2", town.analysts)]
    while following := pages[-1].links.get("next"):
        pages.append(await service.get(following["url"], town.analysts))
    assert len({page.text.splitlines()[0] for page in pages}) == 1
    assert [line for page in pages for line in page.text.splitlines()[1:]] == whole.splitlines()[1:]


async def test_what_has_names_of_its_own_is_one_column(one_service: Service, one_town: Town) -> None:
    await one_service.post("/figures", one_town.analysts, json=figures(row()))
    address = "/audit-events?order=newest&limit=1&format=csv"
    answer = await one_service.get(address, one_town.admin)
    (event,) = parsed(answer.text)
    assert not [name for name in event if name.startswith("data.")]
    assert json.loads(event["data"])["counts"]["created"] == 1


async def test_a_list_from_which_things_go_always_has_the_column(
    one_service: Service, one_town: Town
) -> None:
    answer = await one_service.get("/releases?format=csv", one_town.staff)
    assert "removed" in answer.text.splitlines()[0].split(",")


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ('indicator,period,value\nasb-incidents,2017-18-Q2,"1,5"\n', "rejected", "value"),
        ("indicator,period,value\nasb-incidents,2017-18-Q2,n/a\n", "rejected", "value"),
        ("indicator,period,value\nasb-incidents,2017-18-Q2,1,2\n", "rejected", None),
        ("indicator,period,value\nasb-incidents,2017 Q2,1\n", "rejected", "period"),
        ("indicator,period,value\n", "figures_required", "figures"),
        ("", "column_required", None),
        ("indicator;period;value\nasb-incidents;2017-18-Q2;1\n", "wrong_separator", None),
        ('"indicator";"period";"value"\n"asb-incidents";"2017-18-Q2";"1"\n', "wrong_separator", None),
        ("indicator\tperiod\tvalue\nasb-incidents\t2017-18-Q2\t1\n", "wrong_separator", None),
        ("indicator,period,number\nasb-incidents,2017-18-Q2,1\n", "unknown_column", None),
        ("indicator,period,value,value\nasb-incidents,2017-18-Q2,1,2\n", "column_twice", None),
        ('indicator,period,value\nasb-incidents,2017-18-Q2,"1\n', "bad_csv", None),
    ],
)
async def test_what_a_file_may_not_be(
    still_service: Service, still_town: Town, text: str, code: str, field: str | None
) -> None:
    answer = await still_service.post("/figures", still_town.analysts, content=text.encode(), headers=CSV)
    problem = assert_problem(answer, 422, code, field)
    if code == "rejected":
        assert problem["rows"][0]["line"] == 2
    assert await still_service.items("/submissions", still_town.analysts) == []


async def test_a_cell_too_long_is_told_from_quotation_marks(one_service: Service, one_town: Town) -> None:
    text = "indicator,period,value,note\nasb-incidents,2017-18-Q2,1," + "x" * 140_000
    answer = await one_service.post("/figures", one_town.analysts, content=text.encode(), headers=CSV)
    assert "longer than 131,072" in assert_problem(answer, 422, "bad_csv")["detail"]


def test_a_header_of_very_many_columns_is_read_in_one_go() -> None:
    """Looking every name up among all the others would take minutes."""
    names = ",".join(f"breakdown.part{number}" for number in range(60_000))
    began = perf_counter()
    (sent,) = from_csv(
        f"indicator,period,value,{names}\nasb-incidents,2017-18-Q2,1\n".encode(), Vocabulary()
    ).rows
    assert perf_counter() - began < 10
    assert sent.figure is not None


async def test_a_hint_where_a_number_is_nearly_one(one_service: Service, one_town: Town) -> None:
    text = 'indicator,period,value\nasb-incidents,2017-18-Q2,"4,200"\nasb-incidents,2017-18-Q1,n/a\n'
    answer = await one_service.post("/figures", one_town.analysts, content=text.encode(), headers=CSV)
    said: list[dict[str, Any]] = answer.json()["errors"]
    assert "4200" in said[0]["message"]
    assert "missing" in said[1]["message"]
