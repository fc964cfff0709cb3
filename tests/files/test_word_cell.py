"""Words, marks, days, codes and titles as people write them in the other columns."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.day_text import understand_day
from app.domain.errors import RuleBroken
from app.files.cell import CellRefused, MonthCell
from app.files.reader import read
from app.files.vocabulary import Vocabulary, names_of

VOCABULARY = Vocabulary(
    titles=names_of([("asb-incidents", "Anti-social behaviour"), ("a", "Hate crime"), ("b", "Hate Crime")]),
    area_codes=frozenset({"E08000032"}),
    area_names=names_of([("E08000032", "Bradford")]),
)


@pytest.mark.parametrize(
    ("column", "text", "word", "is_noted"),
    [
        ("missing", "[x]", "not_available", True),
        ("missing", "[C]", "confidential", True),
        ("missing", "[z]", "not_applicable", True),
        ("missing", "Not available", "not_available", False),
        ("missing", "awaited", "awaited", False),
        ("status", "Provisional", "provisional", False),
        ("status", "[p]", "provisional", True),
        ("status", "est", "estimated", True),
        ("qualifier", "About", "about", False),
        ("qualifier", "<", "under", True),
        ("qualifier", "c.", "about", True),
        ("margin_of", "Wave", "wave", False),
        ("indicator", "Anti-social  Behaviour", "asb-incidents", True),
        ("indicator", "asb-incidents", "asb-incidents", False),
        ("indicator", "ASB-Incidents", "asb-incidents", True),
        ("area", "bradford", "E08000032", True),
        ("area", "e08000032", "E08000032", True),
        ("area", "E08000032", "E08000032", False),
        ("period", "Q2 2017/18 (July to September 2017)", "2017-18-Q2", True),
        ("period", "2017-18-Q2", "2017-18-Q2", False),
        ("expected_on", "31/01/2018", "2018-01-31", True),
        ("expected_on", "31st January 2018", "2018-01-31", True),
        ("expected_on", "31-Jan-18", "2018-01-31", True),
        ("expected_on", "2018-01-31", "2018-01-31", False),
    ],
)
def test_what_can_mean_one_thing_is_taken_and_said(column: str, text: str, word: str, is_noted: bool) -> None:
    reading = read(column, text, VOCABULARY)
    assert (reading.value, reading.note is not None) == (word, is_noted)


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("missing", "n/k", "Did you mean not_available?"),
        ("missing", "tbc", "Did you mean awaited?"),
        ("status", "revised", "Did you mean final?"),
        ("qualifier", "less than", "Did you mean under?"),
        ("indicator", "Hate crime", "Several have this name. Write the code of one: a, b."),
        ("indicator", "Ünknown", "There is no indicator “Ünknown”. Write its code, or its full name."),
        ("area", "Atlantis (lost)", "There is no area “Atlantis (lost)”. Write its code, or its full name."),
        ("indicator", "Anti social behavior", "Did you mean asb-incidents?"),
        ("period", "04/05", "April 2005 (write 2005-04)"),
        ("period", "01/09/2017", "Did you mean 2017-09?"),
        ("period", "YTD", "A year to date is written as its months"),
        ("expected_on", "01/31/2018", "The day comes before the month. Did you mean 2018-01-31?"),
        ("expected_on", "31/01/18", "Write the year with four digits: 2018-01-31."),
        ("expected_on", "31/02/2018", "There is no such day"),
        ("expected_on", "soon", "such as 2017-11-30"),
    ],
)
def test_what_leaves_something_open_is_refused_with_the_word_to_write(
    column: str, text: str, says: str
) -> None:
    with pytest.raises(CellRefused) as refused:
        read(column, text, VOCABULARY)
    assert says in refused.value.message


def test_a_month_shown_for_a_day_is_taken_as_its_own_day_and_said() -> None:
    reading = read("expected_on", MonthCell(date(2018, 1, 15)), VOCABULARY)
    assert reading.value == "2018-01-15"
    assert reading.note is not None
    assert reading.note.message == "Read as 15 January 2018."


DAY_FORMATS = [
    *("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%d-%b-%Y", "%A %d %B %Y"),
    *("%B %d, %Y", "%d %b %Y"),
]


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(DAY_FORMATS))
@settings(deadline=None)
def test_a_day_is_the_one_it_was_written_for(day: date, format_: str) -> None:
    assert understand_day(day.strftime(format_)) == day


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}", fullmatch=True))
@settings(deadline=None)
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        understand_day(text)
    except RuleBroken as error:
        refused = error
    else:
        return
    assert refused.message.endswith((".", "?"))
