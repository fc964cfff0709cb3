"""Periods as people write them: taken where there is one reading, else refused with what to write."""

from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RuleBroken
from app.domain.period import Period
from app.domain.period_text import parse_period, understand_period

NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Sep-17", "2017-09"),
        ("Sept 2017", "2017-09"),
        ("september 2017", "2017-09"),
        ("201709", "2017-09"),
        ("2017-7", "2017-07"),
        ("9/2017", "2017-09"),
        ("Sep 2017/18", "2017-09"),
        ("Sep-99", "1999-09"),
        ("Q2 17/18", "2017-18-Q2"),
        ("17/18 Q2", "2017-18-Q2"),
        ("Q2 2017/18", "2017-18-Q2"),
        ("Q2 2017/18 (July to September 2017)", "2017-18-Q2"),
        ("2017-18-q2", "2017-18-Q2"),
        ("2nd quarter 2017/18", "2017-18-Q2"),
        ("Quarter ending September 2017", "2017-18-Q2"),
        ("Jul-Sep 2017", "2017-18-Q2"),
        ("Jan-Mar 2017/18", "2017-18-Q4"),
        ("Q2 09/10", "2009-10-Q2"),
        ("01/07/2017 - 30/09/2017", "2017-18-Q2"),
        ("Oct 16 to Sep 17", "2016-10/2017-09"),
        ("Year ending 30 September 2017", "2016-10/2017-09"),
        ("12 months to September 2017", "2016-10/2017-09"),
        ("April to November 2017", "2017-04/2017-11"),
        ("2017-04 to 2017-11", "2017-04/2017-11"),
        ("Rolling 12 months to Sep-17", "2016-10/2017-09"),
        ("2015/16 to 2017/18", "2015-04/2018-03"),
        ("2017-07-01/2017-09-30", "2017-18-Q2"),
        ("H1 2017/18", "2017-04/2017-09"),
        ("FY2017/18", "2017-18"),
        ("FY 09/10", "2009-04/2010-03"),
        ("2017/18", "2017-18"),
        ("2017/2018", "2017-18"),
        ("17/18", "2017-18"),
        ("99/00", "1999-00"),
        ("2009/10", "2009-04/2010-03"),
        ("2017–18", "2017-18"),
        (" 2017-18 ", "2017-18"),
        ("Sep\u00a02017", "2017-09"),
        ("Sep - 17", "2017-09"),
        ("Second quarter 2017/18", "2017-18-Q2"),
        ("Q2 2017/18 (Jul–Sep)", "2017-18-Q2"),
        ("Q2 ’17/18", "2017-18-Q2"),
        ("01/07/17 to 30/09/17", "2017-18-Q2"),
        ("First half of 2017/18", "2017-04/2017-09"),
        ("2nd half 17/18", "2017-10/2018-03"),
        ("Half 1 2017/18", "2017-04/2017-09"),
        ("2017/18-2019/20", "2017-04/2020-03"),
        ("FYE 2018", "2017-18"),
        ("Financial year ending 31 March 2018", "2017-18"),
        ("Rolling year to September 2017", "2016-10/2017-09"),
    ],
)
def test_one_reading_is_taken_and_suggested_where_text_is_strict(text: str, means: str) -> None:
    assert str(understand_period(text)) == means
    with pytest.raises(RuleBroken) as strict:
        parse_period(text)
    assert f"Did you mean {means}?" in strict.value.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "04/05",
            (
                "2004/05 (write 2004-04/2005-03)",
                "April 2005 (write 2005-04)",
                "May 2004 (write 2004-05/2004-05)",
            ),
        ),
        ("2009-10", ("2009-04/2010-03 for the year", "2009-10/2009-10 for the month")),
        ("201011", ("write 2010-11/2010-11", "write 2010-04/2011-03")),
        ("2017-8", ("2017/18 (write 2017-18)", "August 2017 (write 2017-08)")),
        ("FY18", ("write 2017-18", "write 2018-19")),
        ("2018", ("2018-19", "2018-01/2018-12")),
        ("Q1 2018", ("2017-18-Q4", "2018-19-Q1")),
        ("Nov to Feb 2016", ("write 2015-11/2016-02", "write 2016-11/2017-02")),
        ("year to September 2017", ("write 2016-10/2017-09", "write 2017-04/2017-09")),
        ("YTD", ("A year to date is written as its months",)),
        ("YTD Sep 2017", ("2017-04/2017-09",)),
        ("Q2 2017/18 YTD", ("2017-04/2017-09",)),
        ("01/09/2017", ("Did you mean 2017-09?",)),
        ("2017-09-01", ("Did you mean 2017-09?",)),
        ("30 September 2017", ("Did you mean 2017-09?",)),
        ("2017/09", ("Did you mean 2017-09?",)),
        ("08/17", ("Did you mean 2017-08?",)),
        ("17-Sep", ("Did you mean 2017-09?",)),
        ("2017M09", ("Did you mean 2017-09?",)),
        ("2017.09", ("Did you mean 2017-09?",)),
        ("2017_09", ("Did you mean 2017-09?",)),
        ("2017 09", ("Did you mean 2017-09?",)),
        ("20170930", ("Did you mean 2017-09?",)),
        ("30-Sep-17", ("Did you mean 2017-09?",)),
        ("2017-07/09", ("write 2017-07)", "write 2017-18-Q2")),
        ("M6 2017/18", ("Did you mean 2017-09?",)),
        ("2009-10-2010-11", ("write 2009-10/2010-11", "write 2009-04/2011-03")),
        ("Q2 2017/18 (Jul-Aug)", ("Expected 2017-18",)),
        ("Q2 FY18", ("write 2018-19-Q2", "write 2017-18-Q2")),
        ("Q2 2017/18 (April to June 2017)", ("Expected 2017-18",)),
        ("31/02/2017", ("Expected 2017-18",)),
        ("Q5 2017/18", ("Expected 2017-18",)),
        ("2017/19", ("Expected 2017-18",)),
        ("Sep", ("Expected 2017-18",)),
        ("Sep-17 " * 40, ("Expected 2017-18",)),
        ("last quarter", ("Expected 2017-18",)),
    ],
)
def test_any_other_is_refused_with_what_to_write(text: str, says: tuple[str, ...]) -> None:
    for read in (parse_period, understand_period):
        with pytest.raises(RuleBroken) as refused:
            read(text)
        assert refused.value.code == "bad_period"
        assert all(part in refused.value.message for part in says), refused.value.message


@given(st.integers(1900 * 12, 2190 * 12), st.integers(1, 120))
def test_our_own_labels_are_understood(first: int, months: int) -> None:
    period = Period(first, months)
    assert understand_period(period.label) == period
    assert understand_period(period.short_label) == period


@dataclass(frozen=True)
class Written:
    """A period as somebody wrote it, and the months it names: (year, month) of the first and of the last."""

    text: str
    first: tuple[int, int]
    last: tuple[int, int]


def month_name(month: int, style: str) -> str:
    name = NAMES[month - 1]
    return {"long": name, "short": name[:3], "upper": name[:3].upper(), "dot": f"{name[:3]}."}[style]


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Builds the text from the months, so that the months are known without any reader."""
    year, month = draw(st.integers(1971, 2068)), draw(st.integers(1, 12))
    style = draw(st.sampled_from(["long", "short", "upper", "dot"]))
    name, two = month_name(month, style), draw(st.booleans())
    short = f"{year % 100:02}" if two else str(year)
    following = f"{(year + 1) % 100:02}" if two or draw(st.booleans()) else str(year + 1)
    kind = draw(st.sampled_from(["month", "quarter", "year", "run", "rolling"]))
    if kind == "month":
        gap = draw(st.sampled_from([" ", "-", ", "]))
        return Written(f"{name}{gap}{short}", (year, month), (year, month))
    if kind == "quarter":
        number = draw(st.integers(1, 4))
        first = (year, 3 * number + 1) if number < 4 else (year + 1, 1)
        q = draw(st.sampled_from([f"Q{number}", f"q{number}", f"Quarter {number}", f"Qtr {number}"]))
        years = f"{short}{draw(st.sampled_from('/-'))}{following}"
        text = draw(st.sampled_from([f"{q} {years}", f"{years} {q}"]))
        return Written(text, first, (first[0], first[1] + 2))
    if kind == "year":
        text = draw(st.sampled_from([f"FY{short}/{following}", f"financial year {short}-{following}"]))
        return Written(text, (year, 4), (year + 1, 3))
    if kind == "run":
        later = draw(st.integers(1, 30))
        end_year, end = divmod(year * 12 + month - 1 + later, 12)
        to = draw(st.sampled_from([" to ", "-", " – ", " - "]))
        ending = f"{end_year % 100:02}" if two else str(end_year)
        return Written(
            f"{name} {short}{to}{month_name(end + 1, style)} {ending}", (year, month), (end_year, end + 1)
        )
    begin_year, begin = divmod(year * 12 + month - 12, 12)
    head = draw(st.sampled_from(["12 months to", "year ending", "12 months ended", "Year ended"]))
    return Written(f"{head} {name} {short}", (begin_year, begin + 1), (year, month))


@given(written())
def test_the_months_are_those_it_was_written_for(each: Written) -> None:
    period = understand_period(each.text)
    begin, end = period.start, period.end
    assert ((begin.year, begin.month), (end.year, end.month)) == (each.first, each.last)


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,4}[-/ ][0-9]{1,4}([-/ ][0-9Qq]{1,4})?", fullmatch=True))
def test_any_text_is_understood_as_one_period_or_refused(text: str) -> None:
    with suppress(RuleBroken):
        period = understand_period(text)
        assert parse_period(str(period)) == period
