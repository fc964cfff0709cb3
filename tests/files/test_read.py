"""A workbook's rows: where its headings are, and what each of its cells says or how it is to be mended."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import FileRefused, RuleBroken
from app.domain.plan.indicator import Measure
from app.files.csv_file import from_csv
from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx
from app.models.figures.sent_row import SentRow
from tests.files.build import HEADINGS, PerCent, Sum, fill, made, workbook

MEASURES = {
    "asb-incidents": Measure.COUNT,
    "asb-satisfaction": Measure.PERCENTAGE,
    "repair-index": Measure.INDEX,
}


def read(body: bytes) -> list[SentRow]:
    return from_xlsx(body, Vocabulary(MEASURES)).rows


def value_of(indicator: str, cell: Any, column: str = "value") -> SentRow:
    (row,) = read(workbook((indicator, "2017-18-Q2", cell), headings=("indicator", "period", column)))
    return row


@pytest.mark.parametrize(
    ("indicator", "cell", "value"),
    [
        ("asb-incidents", 15487, "15487"),
        ("asb-incidents", "15487", "15487"),
        ("asb-incidents", "'-5", "-5"),
        ("asb-satisfaction", 43.300000000000004, "43.3"),
        ("asb-satisfaction", 0.1 + 0.2, "0.3"),
        ("asb-satisfaction", PerCent(0.433), "43.3"),
        ("asb-satisfaction", PerCent(0.00433), "0.433"),
        ("asb-satisfaction", "43.3%", "43.3"),
        ("asb-satisfaction", "0.433%", "0.433"),
        ("asb-satisfaction", "0.433", "0.433"),
        ("asb-satisfaction", 0, "0"),
        ("asb-satisfaction", 1, "1"),
        ("repair-index", 0.433, "0.433"),
        ("repair-index", 100000000000000, "100000000000000"),
    ],
)
def test_a_number_is_what_was_meant(indicator: str, cell: Any, value: str | None) -> None:
    row = value_of(indicator, cell)
    assert (row.figure.value if row.figure else None) == (Decimal(value) if value else None), row.errors


@pytest.mark.parametrize(
    ("cell", "code", "said"),
    [
        (
            "n/a",
            "words_for_number",
            "did you mean not collected? Leave it empty and write not_collected in “missing”",
        ),
        ("Not Collected", "words_for_number", "write not_collected in “missing”"),
        ("[c]", "words_for_number", "confidential"),
        ("tbc", "words_for_number", "awaited"),
        ("1,407", "thousands_separator", "Write it as 1407."),
        ("1 407", "thousands_separator", "Write it as 1407."),
        ("15,487*", "footnote_mark", "Write 15487, and put the mark * in “note”."),
        ("15487 [p]", "footnote_mark", "Write 15487, and put the mark [p] in “note”."),
        ("£1,200", "currency_sign", "Write it as 1200."),
        ("1,2", "decimal_comma", "Write it in digits alone, with nothing between them."),
        ("1,407.5", "thousands_separator", "Write it in digits alone, with nothing between them."),
        ("43.3%", "not_a_percentage", "Write 43.3 without %."),
        (PerCent(0.43), "not_a_percentage", "Write 43 without %."),
        ("about twelve", "not_a_number", "expected a whole number, got “about twelve”"),
        (date(2017, 9, 30), "date_for_number", "got the date 30 September 2017"),
        (datetime(2017, 9, 30, 12, 30), "date_for_number", "got the date 30 September 2017"),  # noqa: DTZ001
        (time(12, 30), "date_for_number", "got the time 12:30"),
        (timedelta(hours=30), "date_for_number", "got the time 1 day"),
        (True, "true_false_for_number", "got TRUE"),
        (Sum("=1+1"), "formula", "paste its value"),
        (float("inf"), "cell_error", "#DIV/0!"),
    ],
)
def test_a_cell_says_how_to_mend_it(cell: Any, code: str, said: str) -> None:
    row = value_of("asb-incidents", cell)
    (error,) = row.errors
    assert (row.row, row.line, row.figure) == (1, 2, None)
    assert (error["field"], error["code"]) == ("value", code)
    assert error["message"].startswith("Cell C2: ")
    assert said in error["message"]
    assert (row.indicator, row.period) == ("asb-incidents", "2017-18-Q2"), "which row it is can still be told"


def test_a_decimal_comma_is_told_where_a_fraction_is_expected() -> None:
    (error,) = value_of("asb-satisfaction", "43,3").errors
    assert error["code"] == "decimal_comma"
    assert error["message"].endswith("got “43,3”. Write it as 43.3.")


@pytest.mark.parametrize(
    ("column", "cell", "code", "said"),
    [
        ("note", Sum("=A1"), "formula", "paste its value"),
        ("breakdown.age", date(2017, 10, 17), "date_for_text", "Format the cell as text"),
        ("status", time(1), "date_for_text", "Format the cell as text"),
        ("expected_on", 43069, "number_for_date", "such as 2017-11-30"),
        ("numerator", PerCent(0.5), "not_a_percentage", "Write 50 without %"),
    ],
)
def test_so_do_the_cells_of_other_columns(column: str, cell: Any, code: str, said: str) -> None:
    row = value_of("asb-incidents", cell, column)
    found = {error["field"]: error for error in row.errors}[column]
    assert found["code"] == code
    assert said in found["message"]


def test_a_period_that_became_a_date_is_asked_about() -> None:
    (row,) = read(workbook(("asb-incidents", date(2017, 9, 1), 5)))
    (error,) = row.errors
    assert (error["field"], error["code"]) == ("period", "date_for_period")
    assert "write 2017-09 for that month" in error["message"]
    (row,) = read(workbook(("asb-incidents", 2018, 5)))
    assert [error["field"] for error in row.errors] == ["period"]
    assert "2018" in row.errors[0]["message"]


def test_a_date_is_taken_where_one_is_promised() -> None:
    headings = ("indicator", "period", "missing", "expected_on", "note")
    awaited = ("asb-incidents", "2017-18-Q2", "awaited", date(2017, 11, 30), date(2017, 9, 1))
    (row,) = read(workbook(awaited, headings=headings))
    assert row.figure is not None
    assert (row.figure.expected_on, row.figure.note) == (date(2017, 11, 30), "2017-09-01")


def test_text_neutralised_for_spreadsheets_is_restored() -> None:
    headings = ("indicator", "period", "value", "note")
    (row,) = read(workbook(("asb-incidents", "2017-18-Q2", 1, "'=1+1"), headings=headings))
    assert row.figure is not None
    assert row.figure.note == "=1+1"


def test_headings_may_stand_below_a_title_and_blank_rows_between() -> None:
    body = workbook(
        ("asb-incidents", "2017-18-Q1", 1),
        (),
        ("asb-incidents", "2017-18-Q2", 2),
        above=[("Our figures",), ()],
    )
    assert [(row.row, row.line) for row in read(body)] == [(1, 4), (2, 6)]


def test_every_sheet_with_the_headings_is_read_and_a_hidden_one_is_not() -> None:
    def work(book: Any) -> None:
        fill(book, [("Notes",), ("indicator", "is a code")], "Notes")
        fill(book, [HEADINGS, ("asb-incidents", "2017-18-Q3", 9)], "Old").hide()
        fill(book, [HEADINGS, ("asb-incidents", "2017-18-Q2", 1)], "Figures")
        fill(book, [HEADINGS, ("asb-incidents", "2017-18-Q1", 2)], "Later")

    table = from_xlsx(made(work), Vocabulary(MEASURES))
    assert [(row.figure.period, row.sheet) for row in table.rows if row.figure] == [
        ("2017-18-Q2", "Figures"),
        ("2017-18-Q1", "Later"),
    ]
    assert [(each["sheet"], each["rows"]) for each in table.sheets] == [
        ("Notes", 0),
        ("Old", 0),
        ("Figures", 1),
        ("Later", 1),
    ]
    assert "no row with the headings" in table.sheets[0]["messages"][0]
    assert "hidden" in table.sheets[1]["messages"][0]


@pytest.mark.parametrize(
    ("headings", "code", "said"),
    [
        (("indicator", "value"), "column_required", "The column “period” is missing"),
        (
            ("indicator", "Period ending", "value"),
            "column_required",
            "Is “Period ending” meant? Name it “period”.",
        ),
        (("indicator", "2017", "2018"), "column_required", "Did you mean the financial year 2017-18"),
        (("indicator", "Q2 2017"), "column_required", "Did you mean 2017-18-Q1"),
        (("Indicator code", "period", "value"), "column_required", "Is “Indicator code” meant?"),
        (("indicator", "period", "vlaue"), "unknown_column", "Did you mean “value”?"),
        (("indicator", "period", "Figure"), "unknown_column", "Did you mean “value”?"),
        (("indicator", "period", "value", "value"), "column_twice", "“value” stands twice"),
        (("name", "date of birth"), "no_headings", "No sheet has a row with the headings"),
        ((), "no_headings", "No sheet"),
    ],
)
def test_headings_that_are_wrong_have_each_their_own_words(
    headings: tuple[str, ...], code: str, said: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        read(workbook(("asb-incidents", "2017-18-Q2", 1)[: len(headings)], headings=headings))
    assert (refused.value.why, refused.value.code) == ("wrong", code)
    assert said in refused.value.message


def test_merged_headings_are_refused_and_a_merged_title_is_not() -> None:
    def work(book: Any, *, title: bool) -> None:
        sheet = fill(book, [(), HEADINGS, ("asb-incidents", "2017-18-Q2", 1)])
        sheet.merge_range("A1:C1" if title else "C2:D2", "Figures" if title else "value")

    assert len(read(made(lambda book: work(book, title=True)))) == 1
    with pytest.raises(FileRefused) as refused:
        read(made(lambda book: work(book, title=False)))
    assert refused.value.code == "merged_headings"
    assert "C2:D2" in refused.value.message


def test_what_stands_beside_the_table_is_not_lost_unsaid() -> None:
    (row,) = read(workbook(("asb-incidents", "2017-18-Q2", 1, "", "provisional")))
    (error,) = row.errors
    assert error["code"] == "too_many_cells"
    assert "E2" in error["message"]


def test_told_only_columns_are_ignored_and_a_template_s_empty_rows_left() -> None:
    headings = ("indicator", "period", "value", "unit", "last_period", "last_year")
    body = workbook(
        ("asb-incidents", "2017-18-Q1", 5, "incidents", Sum("=1"), 0.5),
        ("asb-incidents", "2017-18-Q2", "", "incidents", "4,120", ""),
        headings=headings,
    )
    found = from_xlsx(body, Vocabulary(MEASURES))
    assert ([row.figure.value for row in found.rows if row.figure], found.left_empty) == ([Decimal(5)], 1)
    (row,) = read(workbook(("asb-incidents", "2017-18-Q2", "")))
    assert row.figure is not None, "where it is no template, a row without a value is wrong, and said to be"


def test_no_rows_and_too_many_are_refused() -> None:
    with pytest.raises(RuleBroken) as nothing:
        read(workbook())
    assert nothing.value.code == "figures_required"
    with pytest.raises(RuleBroken) as too_many:
        read(workbook(*[("asb-incidents", "2017-18-Q2", 1)] * 20_001))
    assert too_many.value.code == "too_many_rows"


@pytest.mark.parametrize("text", ["n/a", "1,407", "15,487*", "43.3%"])
def test_a_csv_file_says_the_same(text: str) -> None:
    table = f'indicator,period,value\nasb-incidents,2017-18-Q2,"{text}"\n'
    (row,) = from_csv(table.encode(), Vocabulary(MEASURES)).rows
    (as_sheet,) = value_of("asb-incidents", text).errors
    (error,) = row.errors
    assert error["code"] == as_sheet["code"]
    assert error["message"].casefold() == as_sheet["message"].removeprefix("Cell C2: ").casefold()


CELLS = st.one_of(
    st.text(max_size=12),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(2**60), 2**60),
    st.booleans(),
    st.dates(min_value=date(1900, 3, 1)),
    st.datetimes(min_value=datetime(1900, 3, 1)),  # noqa: DTZ001
    st.times(),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9_000)),
    st.floats(-5, 5).map(PerCent),
    st.sampled_from([Sum("=1+1"), Sum("=A1"), "n/a", "[x]", "=1+1", "'", "%", "£", ",", "1,2,3", "*", "٤"]),
)
COLUMNS = (
    "indicator",
    "period",
    "value",
    "missing",
    "expected_on",
    "note",
    "sample_size",
    "breakdown.x",
    "margin_level",
)


@given(st.lists(st.tuples(*[CELLS] * len(COLUMNS)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_whatever_a_cell_holds_the_row_is_read_or_told_of(rows: list[tuple[Any, ...]]) -> None:
    found: list[SentRow] = []
    with suppress(RuleBroken):  # where every cell is blank
        found = read(workbook(*rows, headings=COLUMNS))
    for row in found:
        assert (row.figure is None) == bool(row.errors)
        assert all(error["message"].endswith(".") for error in row.errors)
