"""CSV files as programs and people write them: what stands above the headings, how these are written, and columns."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.errors import FileRefused
from app.domain.plan.indicator import Measure
from app.files.csv_file import from_csv
from app.files.row import Table
from app.files.vocabulary import Vocabulary

VOCABULARY = Vocabulary({"asb": Measure.COUNT, "satisfaction": Measure.PERCENTAGE})
ROW = "asb,2017-18-Q2,1407\n"


def read(text: str) -> Table:
    return from_csv(text.encode(), VOCABULARY)


def values(table: Table) -> list[Decimal | None]:
    return [row.figure.value if row.figure else None for row in table.rows]


@pytest.mark.parametrize(
    ("head", "line", "messages"),
    [
        ("indicator,period,value\n", 2, []),
        ("sep=,\nindicator,period,value\n", 3, []),
        ("sep=,\r\nindicator,period,value\r\n", 3, []),
        ("Our figures\nindicator,period,value\n", 3, ["Line 1 above the headings in line 2 was not read."]),
        (
            'Our figures\n\n"for the Board,\nthe second"\nindicator,period,value\n',
            6,
            ["2 lines above the headings in line 5 were not read."],
        ),
        ("INDICATOR, Period ,Value\n", 2, []),
        ('"indicator","period","value"\n', 2, []),
    ],
)
def test_the_headings_are_found(head: str, line: int, messages: list[str]) -> None:
    table = read(head + ROW)
    assert (values(table), [row.line for row in table.rows]) == ([Decimal(1407)], [line])
    assert [(each["sheet"], each["rows"], each["messages"]) for each in table.sheets] == [(None, 1, messages)]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("sep=;\nindicator;period;value\nasb;2017-18-Q2;1\n", "wrong_separator", "separated by semicolons"),
        (
            'indicator;period;"value, in all"\nasb;2017-18-Q2;1\n',
            "wrong_separator",
            "separated by semicolons",
        ),
        ("name,born\nAnn,1980\n", "no_headings", "No line has the headings “indicator” and “period”"),
        ("1.0,1.0\n2,3\n", "no_headings", "among the first 20"),
        ('"indicator","period","value, in all"\n', "unknown_column", "There is no column “value, in all”."),
        ("indicator,period,value,2018\n", "unknown_column", "Did you mean the financial year 2018-19"),
        ("indicator,2017-18-Q1,expected_on\nasb,1,2\n", "column_beside_periods", "one row for each figure"),
    ],
)
def test_other_headings_are_refused_by_what_they_are(text: str, code: str, says: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(text)
    assert refused.value.code == code
    assert says in refused.value.message


def test_columns_in_any_case_and_dates_and_words_as_people_write_them() -> None:
    table = read(
        "Indicator,Period,Value,Missing,Expected on,Status\n"
        "asb,Q2 2017/18,,Awaited,31/01/2018,\n"
        "satisfaction,Sep-17,43.3%,,,Provisional\n"
    )
    awaited, satisfaction = [row.figure for row in table.rows]
    assert awaited is not None
    assert (awaited.period, awaited.missing, awaited.expected_on) == (
        "2017-18-Q2",
        "awaited",
        date(2018, 1, 31),
    )
    assert satisfaction is not None
    assert (satisfaction.period, satisfaction.value) == ("2017-09", Decimal("43.3"))
    assert [[each["code"] for each in row.notes] for row in table.rows] == [
        ["period_understood", "day_understood"],
        ["period_understood"],
    ]


def test_periods_across_are_read_one_figure_a_cell() -> None:
    table = read("indicator,breakdown.strand,2017-18-Q1,2017-18-Q2,status\nasb,race,5,6,final\nasb,,,7,\n")
    figures = [(row.line, row.figure) for row in table.rows if row.figure]
    assert [(line, each.period, each.value) for line, each in figures] == [  # type: ignore[comparison-overlap]
        (2, "2017-18-Q1", 5),
        (2, "2017-18-Q2", 6),
        (3, "2017-18-Q2", 7),
    ]
    assert [each.breakdown for _, each in figures] == [{"strand": "race"}, {"strand": "race"}, {}]
    assert [str(each.status) for _, each in figures] == ["final", "final", "provisional"]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("1,407", "If “1,407” is one number, write 1407."),
        ("43,3", "If “43,3” is one number, write 43.3."),
    ],
)
def test_a_number_cut_in_two_at_its_comma_is_asked_about(cells: str, says: str) -> None:
    (row,) = read(f"indicator,period,value\nasb,2017-18-Q2,{cells}\n").rows
    (error,) = row.errors
    assert error["code"] == "too_many_cells"
    assert error["message"].endswith(says)
