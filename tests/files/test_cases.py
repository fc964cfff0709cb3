"""The cases of figures in files, each with its right reading, by every reader of what people write.

A row of text is read as a CSV file, as a workbook and as a form; the answer is the same for all three.
"""

import csv
from collections.abc import Callable
from io import StringIO

import pytest

from app.domain.period import Period
from app.domain.plan.indicator import Measure
from app.files.csv_file import from_csv
from app.files.typed_row import read_typed_row
from app.files.vocabulary import Vocabulary, names_of
from app.files.xlsx_file import from_xlsx
from app.models.figures.sent_row import SentRow
from tests.files.build import workbook

VOCABULARY = Vocabulary(
    {"asb": Measure.COUNT, "satisfaction": Measure.PERCENTAGE, "cost": Measure.MONEY},
    titles=names_of([("asb", "Anti-social behaviour"), ("satisfaction", "Satisfaction, all")]),
    area_codes=frozenset({"E08000032"}),
    area_names=names_of([("E08000032", "Bradford")]),
)
Cells = dict[str, str]
Reader = Callable[[Cells], SentRow]


def by_csv(cells: Cells) -> SentRow:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerows([cells.keys(), cells.values()])
    (row,) = from_csv(out.getvalue().encode(), VOCABULARY).rows
    return row


def by_workbook(cells: Cells) -> SentRow:
    (row,) = from_xlsx(workbook(tuple(cells.values()), headings=tuple(cells)), VOCABULARY).rows
    return row


def by_form(cells: Cells) -> SentRow:
    return read_typed_row(1, cells, VOCABULARY)


every_way = pytest.mark.parametrize("read", [by_csv, by_workbook, by_form])


def figure_of(**cells: str) -> Cells:
    return {"indicator": "asb", "period": "2017-18-Q2", "value": "5", **cells}


@every_way
@pytest.mark.parametrize(
    ("indicator", "text", "advice"),
    [
        ("asb", "43%", "Write 43 without %"),
        ("asb", "15 48", "not grouped in thousands"),
        ("asb", "1,2345", "not grouped in thousands"),
        ("satisfaction", "£75", "Write it as 75"),
        ("satisfaction", "43,3", "Write it as 43.3"),
        ("satisfaction", "43·3", "Write it as 43.3"),
        ("asb", "1\u00a0407", "Write it as 1407"),
        ("asb", "1\u2009407", "Write it as 1407"),
        ("asb", "1\u202f407", "Write it as 1407"),
        ("asb", "1'407", "Write it as 1407"),
        ("asb", "1_407", "Write it as 1407"),
        ("asb", "1.407.000", "Write it as 1407000"),
        ("asb", "1.407,0", "Write it as 1407"),
        ("asb", "<5", "Write 5 in “value” and under in “qualifier”"),
        ("asb", "≤5", "Write 5 in “value” and under in “qualifier”"),
        ("asb", "less than 5", "Write 5 in “value” and under in “qualifier”"),
        ("asb", "1-4", "Write one number in “value”, and about, over or under in “qualifier”"),
        ("asb", "~1407", "Write 1407 in “value” and about in “qualifier”"),
        ("asb", "c.1400", "Write 1400 in “value” and about in “qualifier”"),
        ("asb", "..", "write not_available in “missing”"),
        ("asb", ":", "write not_available in “missing”"),
        ("asb", "…", "write not_available in “missing”"),
        ("asb", "N/K", "write not_available in “missing”"),
        ("asb", "NULL", "write not_available in “missing”"),
        ("asb", "n/d", "write not_available in “missing”"),
        ("asb", "#N/A", "write not_collected in “missing”"),
        ("asb", "not recorded", "write not_collected in “missing”"),
        ("asb", "TBD", "write awaited in “missing”"),
        ("asb", "**", "write confidential in “missing”"),
        ("asb", "[low]", "write 0 here and about in “qualifier”"),
        ("asb", "Nil", "Write 0 where nothing happened"),
        ("asb", "zero", "Write 0 where nothing happened"),
        ("asb", "-", "If it means none, write 0. If there is no number"),
        ("asb", "14 days", "Write 14 alone, without “days”"),
        ("asb", "1407p", "Write 1407 here, and provisional in “status”"),
        ("asb", "r1407", "write 1407 here, and say in “reason” why it changed"),
        ("asb", "1407²", "Write 1407, and put the mark ² in “note”"),
        ("asb", "1407 [p]", "write provisional in “status” instead"),
        ("cost", "(12)", "If it is below zero, write -12. If not, write 12"),
        ("asb", "(12)", "Write 12, and say in “note” what the sign means"),
        ("cost", "$5", "If it is in pounds, write 5"),
        ("satisfaction", "1 in 4", "Write 1 in “numerator” and 4 in “denominator”"),
        ("asb", "5/10", "A count is one number, not a share of another: write the one that is meant"),
        ("cost", "5/10", "A sum of money is one number, not a share of another"),
        ("cost", "1407p", "If it is in pence, write 14.07"),
    ],
)
def test_a_number_that_is_none_is_refused_with_what_to_write(
    read: Reader, indicator: str, text: str, advice: str
) -> None:
    row = read(figure_of(indicator=indicator, value=text))
    assert row.figure is None
    (error,) = row.errors
    assert error["field"] == "value"
    assert advice in error["message"]


@every_way
@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Sep-17", "2017-09"),
        ("September 2017", "2017-09"),
        ("Q2 17/18", "2017-18-Q2"),
        ("17/18 Q2", "2017-18-Q2"),
        ("Oct 16 to Sep 17", "2016-10/2017-09"),
        ("Jul-Sep 2017", "2017-18-Q2"),
        ("201709", "2017-09"),
        ("2017-7", "2017-07"),
        ("FY2017/18", "2017-18"),
        ("17/18", "2017-18"),
        ("12 months to September 2017", "2016-10/2017-09"),
        ("Q2 2017/18 (July to September 2017)", "2017-18-Q2"),
    ],
)
def test_a_period_with_one_reading_is_taken_and_said(read: Reader, text: str, period: str) -> None:
    row = read(figure_of(period=text))
    assert row.figure is not None
    assert row.figure.period == period
    (note,) = row.notes
    assert (note["field"], note["code"]) == ("period", "period_understood")
    assert f"“{text}” is read as " in note["message"]


@every_way
@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("01/09/2017", "Did you mean 2017-09?"),
        ("2017-09-01", "Did you mean 2017-09?"),
        ("31/01/2018", "Did you mean 2018-01?"),
        ("YTD", "A year to date is written as its months"),
        ("04/05", "It could be 2004/05"),
        ("2018", "Did you mean the financial year 2018-19"),
    ],
)
def test_a_period_with_several_readings_is_refused_with_them(read: Reader, text: str, advice: str) -> None:
    (error,) = read(figure_of(period=text)).errors
    assert error["field"] == "period"
    assert advice.casefold() in error["message"].casefold()


@pytest.mark.parametrize("months", [1, 3, 12])
@every_way
def test_our_own_labels_are_read(read: Reader, months: int) -> None:
    period = Period(2017 * 12 + 3, months)
    for label in (period.label, period.short_label):
        row = read(figure_of(period=label))
        assert row.figure is not None
        assert row.figure.period == str(period)


@every_way
@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({"value": "", "missing": "[x]"}, {"missing": "not_available"}),
        ({"value": "", "missing": "[c]"}, {"missing": "confidential"}),
        ({"status": "[p]"}, {"status": "provisional"}),
        ({"qualifier": "~"}, {"qualifier": "about"}),
        (
            {"value": "", "missing": "awaited", "expected_on": "31/01/2018"},
            {"missing": "awaited", "expected_on": "2018-01-31"},
        ),
        ({"indicator": "Anti-social behaviour"}, {"indicator": "asb"}),
        (
            {"indicator": "Satisfaction, all", "value": "43.3%"},
            {"indicator": "satisfaction", "value": "43.3"},
        ),
        ({"area": "Bradford"}, {"area": "E08000032"}),
        ({"indicator": "satisfaction", "value": "66.66666667"}, {"value": "66.666667"}),
        ({"indicator": "satisfaction", "value": "0.433"}, {"value": "0.433"}),
        ({"indicator": "cost", "value": "£75"}, {"value": "75"}),
    ],
)
def test_what_means_one_thing_is_taken(read: Reader, cells: Cells, fields: dict[str, str]) -> None:
    row = read(figure_of(**cells))
    assert row.errors == []
    assert row.figure is not None
    taken = row.figure.model_dump(mode="json")
    assert {name: taken[name] for name in fields} == fields


@every_way
@pytest.mark.parametrize(
    ("field", "text", "advice"),
    [
        ("missing", "N/K", "Did you mean not_available?"),
        ("status", "actual", "Did you mean final?"),
        ("expected_on", "1/31/2018", "Did you mean 2018-01-31?"),
        ("indicator", "Anti social behaviour", "Did you mean asb?"),
    ],
)
def test_a_word_that_leaves_something_open_is_refused_with_the_likely_one(
    read: Reader, field: str, text: str, advice: str
) -> None:
    errors = {error["field"]: error["message"] for error in read(figure_of(**{field: text})).errors}
    assert advice in errors[field]
