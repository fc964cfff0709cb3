"""A return's template: what it lists, what may be filled in, and that it comes back as it went out."""

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest

from app.api.returns.template_sheet import TemplateFacts, cell_content, columns, template
from app.domain.errors import FileRefused, RuleBroken
from app.domain.plan.indicator import Measure
from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx
from app.queries.returns.return_template import TemplateRow
from tests.files.conftest import Convert

ABOUT = TemplateFacts(
    "Town Community Safety Partnership",
    "Town Police",
    "Q2 2017/18 (July to September 2017)",
    date(2017, 12, 20),
)
MEASURES = {
    "asb": Measure.COUNT,
    "satisfaction": Measure.PERCENTAGE,
    "hate": Measure.COUNT,
    "cost": Measure.MONEY,
}


def line(indicator: str = "asb", **rest: Any) -> TemplateRow:
    given: dict[str, Any] = {
        "indicator": indicator,
        "title": "Anti-social behaviour",
        "measure": MEASURES[indicator],
        "survey": False,
        "unit": "incidents",
        "decimals": 0,
        "period": "2017-18-Q2",
        "period_label": "Q2 2017/18 (July to September 2017)",
        "area": "",
        "breakdown": {},
        "values": {},
        "last_period": "4,010",
        "last_year": "4,380",
        **rest,
    }
    return TemplateRow(**given)


HALVES = {"numerator": Decimal(433), "denominator": Decimal(1000)}
LITTLE = {"value": Decimal("0.433"), "status": "estimated", "qualifier": "about"}
FILLED = [
    line(values={"value": Decimal(4200), "status": "final", "note": "=1+1, they say"}),
    line("satisfaction", decimals=1, values={"value": Decimal("43.3"), "status": "provisional", **HALVES}),
    line("satisfaction", decimals=1, period="2017-18-Q1", values=LITTLE),
    line("hate", breakdown={"strand": "race"}, area="E08000032", values={"value": Decimal(271)}),
    line("hate", period="2017-18-Q1", values={"missing": "awaited", "expected_on": date(2017, 11, 30)}),
    line("cost", decimals=2, values={"value": Decimal("-1234567.89"), "note": "Øresund – “two”"}),
    line("hate", period="2016-10/2017-09"),
]


def meaning(body: bytes) -> list[dict[str, Any]]:
    found = from_xlsx(body, Vocabulary(MEASURES))
    assert [row.errors for row in found.rows] == [[]] * len(found.rows)
    return [row.figure.model_dump() for row in found.rows if row.figure]


def test_what_is_there_comes_back_as_it_is() -> None:
    body = template(FILLED, ABOUT)
    back = meaning(body)
    assert from_xlsx(body, Vocabulary(MEASURES)).left_empty == 1
    assert [each["value"] for each in back] == [each.values.get("value") for each in FILLED[:-1]]
    assert back[0]["note"] == "=1+1, they say"
    assert (back[1]["numerator"], back[1]["denominator"]) == (433, 1000)
    assert back[2]["qualifier"] == "about"
    assert (back[3]["breakdown"], back[3]["area"]) == ({"strand": "race"}, "E08000032")
    assert (back[4]["missing"], back[4]["expected_on"]) == ("awaited", date(2017, 11, 30))


def test_with_nothing_filled_in_there_is_nothing_to_send() -> None:
    with pytest.raises(RuleBroken) as nothing:
        from_xlsx(template([line(), line("hate")], ABOUT), Vocabulary(MEASURES))
    assert nothing.value.code == "figures_required"


def test_only_columns_that_some_row_needs_are_there() -> None:
    assert columns([line()]) == [
        *("indicator", "indicator_title", "period", "period_label", "unit", "last_year", "last_period"),
        *("value", "status", "missing", "expected_on", "note", "reason"),
    ]
    assert {"area", "breakdown.strand", "numerator", "qualifier"} <= set(columns(FILLED))
    assert {"sample_size", "margin"} <= set(columns([line("satisfaction", survey=True)]))


def test_a_percentage_below_one_is_given_out_as_text() -> None:
    assert cell_content("value", FILLED[2]) == "0.433%"


def sheet_of(body: bytes, number: int = 1) -> str:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def test_it_is_protected_but_for_what_is_to_fill_in_and_checks_it() -> None:
    body = template([line()], ABOUT)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        styles = archive.read("xl/styles.xml").decode()
        properties = archive.read("docProps/core.xml").decode() + archive.read("docProps/app.xml").decode()
    looks = next(each for each in ElementTree.fromstring(styles) if each.tag.endswith("cellXfs"))
    unlocked = {
        str(number) for number, look in enumerate(looks) if any(part.get("locked") == "0" for part in look)
    }
    cells = dict(re.findall(r'<c r="([A-Z]+)2" s="(\d+)"', sheet_of(body)))
    names = dict(zip("ABCDEFGHIJKLM", columns([line()]), strict=True))
    assert {names[column] for column, style in cells.items() if style in unlocked} == {
        "value", "status", "missing", "expected_on", "note", "reason",
    }  # fmt: skip
    text = sheet_of(body)
    assert "<sheetProtection" in text
    assert "<pane " in text
    assert 'sqref="H2"' in text
    assert "not_collected" in text
    assert "0.0%" not in styles
    assert "<dc:creator></dc:creator>" in properties
    assert "Town Police: figures for" in properties


def test_the_notes_explain_every_missing_reason_and_whom_to_ask() -> None:
    with zipfile.ZipFile(BytesIO(template([line()], ABOUT))) as archive:
        words = archive.read("xl/sharedStrings.xml").decode()
    for reason in ("not_available", "confidential", "not_applicable", "not_collected", "awaited"):
        assert f"missing: {reason}" in words
    assert "Ask the community safety staff of Town Community Safety Partnership." in words


def test_nothing_in_it_would_run() -> None:
    hostile = line(title="=HYPERLINK(1)", last_period="+1", values={"note": "@SUM(A1)", "value": Decimal(1)})
    body = template([hostile], ABOUT)
    assert "<f>" not in sheet_of(body)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        words = archive.read("xl/sharedStrings.xml").decode()
    assert "&apos;=HYPERLINK(1)" in words or "'=HYPERLINK(1)" in words
    assert "'@SUM(A1)" in words
    assert meaning(body)[0]["note"] == "@SUM(A1)"


def test_it_is_the_same_for_the_same_rows_and_day() -> None:
    assert template(FILLED, ABOUT) == template(FILLED, ABOUT)


def test_it_opens_in_libreoffice_and_comes_back_with_the_same_meaning(office: Convert) -> None:
    body = template(FILLED, ABOUT)
    back = office(body)
    assert back != body
    assert meaning(back) == meaning(body)
    assert "<sheetProtection" in sheet_of(back)
    assert from_xlsx(back, Vocabulary(MEASURES)).left_empty == 1


def test_what_libreoffice_makes_of_a_table_is_read_as_it_was_meant(office: Convert) -> None:
    """It turns 43.3% into a number that is shown with a per cent sign, and some text into dates."""
    table = (
        "indicator,period,value,missing,expected_on,note\n"
        "asb,2017-18-Q2,15487,,,plain\n"
        "satisfaction,2017-18-Q2,43.3%,,,shown as a percentage\n"
        "hate,2017-18-Q2,,awaited,2017-11-30,\n"
        "hate,2017-18-Q1,=1+1,,,\n"
    )
    rows = from_xlsx(office(table.encode(), "table.csv"), Vocabulary(MEASURES)).rows
    assert [row.figure.value if row.figure else None for row in rows] == [15487, Decimal("43.3"), None, None]
    assert rows[2].figure is not None
    assert rows[2].figure.expected_on == date(2017, 11, 30)
    assert [error["code"] for error in rows[3].errors] == ["formula"]


def test_an_opendocument_file_is_read_and_an_old_workbook_told_to_be_saved_anew(office: Convert) -> None:
    body = template(FILLED, ABOUT)
    assert meaning(office(body, to="ods")) == meaning(body)
    with pytest.raises(FileRefused) as old:
        from_xlsx(office(template([line()], ABOUT), to="xls"), Vocabulary())
    assert old.value.code == "xls_format"
