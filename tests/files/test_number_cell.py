"""Numbers as people write them: taken, or refused with the digits to write and the column of what stands beside."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.figures.figure import Figure
from app.domain.figures.validity import findings
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Indicator, Measure
from app.files.cell import CellRefused, MonthCell, Percentage, Pounds, Reading
from app.files.reader import read
from app.files.vocabulary import Vocabulary

EVERY_SPACE = ["\u00a0", "\u2009", "\u202f", "\u2007", " "]


def number(cell: object, measure: Measure = Measure.COUNT, column: str = "value") -> Reading:
    return read(column, cell, Vocabulary(), measure)


def refusal(cell: object, measure: Measure = Measure.COUNT, column: str = "value") -> CellRefused:
    with pytest.raises(CellRefused) as refused:
        number(cell, measure, column)
    assert refused.value.message.endswith((".", "?"))
    return refused.value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "<5",
            "Write 5 in “value” and under in “qualifier”. If the number is withheld because it is small, leave it",
        ),
        ("≤5", "Write 5 in “value” and under in “qualifier”"),
        ("less than 5", "Write 5 in “value” and under in “qualifier”"),
        ("5 or fewer", "Write 5 in “value” and under in “qualifier”"),
        ("> 5", "Write 5 in “value” and over in “qualifier”"),
        ("5+", "Write 5 in “value” and over in “qualifier”"),
        ("1-4", "Write one number in “value”, and about, over or under in “qualifier”"),
        ("~1407", "Write 1407 in “value” and about in “qualifier”"),
        ("c.1400", "Write 1400 in “value” and about in “qualifier”"),
        ("circa 1,400", "Write 1400 in “value” and about in “qualifier”"),
        ("..", "write not_available in “missing”"),
        (":", "write not_available in “missing”"),
        ("…", "write not_available in “missing”"),
        ("N/K", "write not_available in “missing”"),
        ("NULL", "write not_available in “missing”"),
        ("[low]", "write 0 here and about in “qualifier”"),
        ("Nil", "Write 0"),
        ("zero", "Write 0"),
        (
            "-",
            "If it means none, write 0. If there is no number, leave it empty and write the reason in “missing”",
        ),
        ("14 days", "Write 14 alone, without “days”"),
        ("1407p", "Write 1407 here, and provisional in “status”"),
        ("1407 e", "Write 1407 here, and estimated in “status”"),
        ("r1407", "write 1407 here, and say in “reason” why it changed"),
        (
            "1407 [p]",
            "put the mark [p] in “note”. If the mark means provisional, write provisional in “status”",
        ),
        ("1407²", "Write 1407, and put the mark ² in “note”"),
        ("1.407,0", "Write it as 1407."),
        ("15 48", "Write the one number that is meant"),
        ("1,2345", "Write the one number that is meant"),
        ("43%", "Write 43 without %"),
        ("£75", "Write it as 75."),
        ("75 £", "Write it as 75."),
        ("1.2m", "1200000 if it is in millions"),
        ("about 43%", "Write 43 in “value” and about in “qualifier”"),
        ("43.3%*", "Write 43.3, and put the mark * in “note”"),
        ("* 1407", "Write 1407, and put the mark * in “note”"),
        ("~£1,400", "Write 1400 in “value” and about in “qualifier”"),
        ("+5", "Write it as 5."),
        ("1e3", "Write it as 1000."),
        ("0.0000001", "Write 0 if that is what it means"),
        ("1407 approx.", "Write 1407 in “value” and about in “qualifier”"),
        ("1,400 or so", "Write 1400 in “value” and about in “qualifier”"),
        ("1400ish", "Write 1400 in “value” and about in “qualifier”"),
        ("1,407 YTD", "write what is of this period alone. If it is not, write 1407."),
        ("ytd: 1407", "write what is of this period alone. If it is not, write 1407."),
        ("12o", "There is a letter among its digits. If 120 is meant, write that."),
        ("14O7", "If 1407 is meant"),
        ("l,4o7", "If 1407 is meant"),
        ("between 1 and 4", "Write one number in “value”"),
        ("1 or 2", "Write one number in “value”"),
        ("=>5", "Write 5 in “value” and over in “qualifier”"),
        ("⩽5", "Write 5 in “value” and under in “qualifier”"),
        ("not yet available", "write awaited in “missing”"),
        ("withheld", "write confidential in “missing”"),
        ("Nil.", "Write 0 where nothing happened"),
        ("about twelve", "Write it in digits alone, or leave it empty and give the reason in “missing”"),
        ("n/a*", "write not_collected in “missing”"),
        ("N/K (see note)", "write not_available in “missing”"),
        ("#DIV/0!", "It is a spreadsheet's error."),
        ("#REF!", "leave it empty and give the reason in “missing”"),
        ("no more than 5", "Write 5 in “value” and under in “qualifier”"),
        ("at most 5", "Write 5 in “value” and under in “qualifier”"),
        ("no fewer than 5", "Write 5 in “value” and over in “qualifier”"),
        ("nearly 1,400", "Write 1400 in “value” and about in “qualifier”"),
        ("5 and 6", "Write one number in “value”"),
        ("5; 6", "Write one number in “value”"),
        ("１４０７", "Write it as 1407."),
        ("“1,407”", "Write it as 1407."),
        ("'1407'", "Write it as 1407."),
        ("1407,", "Write it as 1407."),
        ("1407;", "Write it as 1407."),
        ("=1407", "Write it as 1407."),
        ("1407 [revised]", "Write 1407, and put the mark [revised] in “note”. If it means revised"),
        ("1,407 (12 months)", "Write 1407, and put the mark (12 months) in “note”."),
    ],
)
def test_a_mark_is_refused_with_the_column_and_word_to_write(text: str, says: str) -> None:
    assert says in refusal(text).message


RATIOS = (Measure.PERCENTAGE, Measure.RATE, Measure.MEAN)
ALONE = (Measure.COUNT, Measure.MONEY, Measure.INDEX)
BELOW_ZERO = (Measure.MONEY, Measure.INDEX, Measure.MEAN)
NEVER_BELOW = (Measure.COUNT, Measure.PERCENTAGE, Measure.RATE)


@pytest.mark.parametrize(
    ("measures", "text", "says"),
    [
        (RATIOS, "5/10", "Write 5 in “numerator” and 10 in “denominator”."),
        (RATIOS, "14/20", "Write 14 in “numerator” and 20 in “denominator”."),
        (RATIOS, "1,202 of 1,600", "Write 1202 in “numerator” and 1600 in “denominator”."),
        (RATIOS, "1 in 4", "Write 1 in “numerator” and 4 in “denominator”."),
        (ALONE, "5/10", "is one number, not a share of another: write the one that is meant."),
        (ALONE, "1,202 of 1,600", "is one number, not a share of another: write the one that is meant."),
        (BELOW_ZERO, "(12)", "If it is below zero, write -12. If not, write 12"),
        (BELOW_ZERO, "12-", "If it is below zero, write -12"),
        (BELOW_ZERO, "(£12)", "write -12"),
        (BELOW_ZERO, "−5", "Write it as -5."),
        (BELOW_ZERO, "-£75", "Write it as -75."),
        (NEVER_BELOW, "(12)", "Write 12, and say in “note” what the sign means."),
        (NEVER_BELOW, "12-", "Write 12, and say in “note” what the sign means."),
        (NEVER_BELOW, "−5", "is never below zero: write 5 if that is meant."),
        ([Measure.COUNT], "-£75", "A count is never below zero: write 75 if that is meant."),
        ([Measure.MONEY], "1407p", "If it is in pence, write 14.07. If it is provisional, write 1407 here"),
        ([Measure.PERCENTAGE], "43.3p", "Write 43.3 here, and provisional in “status”."),
        ([Measure.MONEY], "$5", "If it is in pounds, write 5."),
        (set(Measure) - {Measure.MONEY}, "€5", "Write it as 5."),
        ([Measure.MONEY, Measure.COUNT], "1.2m", "1200000 if it is in millions"),
        ([Measure.COUNT], "1.2345k", "Write the number in full, without decimals."),
        ([Measure.PERCENTAGE], "43k", "Write 43 alone, without “k”."),
        ([Measure.COUNT], "15 48", "such as 1548."),
        ([Measure.RATE], "15 48", "such as 1548, or 15.48."),
        ([Measure.RATE], "43.2 per 1,000", "Write 43.2 alone, without “per 1,000”."),
        ([Measure.RATE], "43.2 per 1,000 residents", "Write 43.2 alone, without “per 1,000 residents”."),
        ([Measure.MEAN], "14 days", "Write 14 alone, without “days”."),
        ([Measure.MONEY], "5.5p", "Write 5.5 here, and provisional in “status”."),
        ([Measure.MONEY], "GBP 75", "Write it as 75."),
        ([Measure.PERCENTAGE], "+5%", "Write it as 5."),
        ([Measure.PERCENTAGE], "−5%", "A percentage is never below zero: write 5 if that is meant."),
        ([Measure.PERCENTAGE], "43% (n=120)", "Write 43, and put the mark (n=120) in “note”."),
    ],
)
def test_advice_fits_the_measure(measures: Iterable[Measure], text: str, says: str) -> None:
    for measure in measures:
        assert says in refusal(text, measure).message


@pytest.mark.parametrize(
    ("column", "text"), [("sample_size", "5/10"), ("margin", "(2.5)"), ("denominator", "−5")]
)
def test_advice_fits_the_column(column: str, text: str) -> None:
    message = refusal(text, Measure.PERCENTAGE, column).message
    assert "“numerator”" not in message
    assert "rite -" not in message


YEAR = parse_period("2017-18")
INDICATORS = {
    measure: Indicator(measure=measure, per=1000 if measure is Measure.RATE else None) for measure in Measure
}


@given(
    st.sampled_from(Measure),
    st.sampled_from(["{}/{}", "{} of {}", "({})", "{}-", "−{}", "-£{}", "{}p", "{}k", "{}m", "${}", "£ {}"]),
    st.integers(1, 9),
    st.integers(10, 40),
)
def test_a_number_that_is_advised_is_taken(measure: Measure, shape: str, first: int, second: int) -> None:
    """What a message says to write is no second mistake."""
    try:
        number(shape.format(first, second), measure)
    except CellRefused as refused:
        message = refused.message
    else:
        return
    parts = re.search(r"rite (\S+) in “numerator” and (\S+) in “denominator”", message)
    if parts is not None:
        advised = [Figure(YEAR, None, numerator=Decimal(parts[1]), denominator=Decimal(parts[2]))]
    else:
        digits = re.findall(r"(?:[Ww]rite|Write it as|full:) (-?[0-9]+(?:\.[0-9]+)?)", message)
        advised = [Figure(YEAR, Decimal(each)) for each in digits]
    for figure in advised:
        assert list(findings(figure, INDICATORS[measure])) == [], message


def test_the_column_named_is_the_one_it_stands_in() -> None:
    assert "Write 5 in “numerator”" in refusal("<5", column="numerator").message


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("margin", "±2.5", "Write it as 2.5."),
        ("margin", "+/- 2.5", "Write it as 2.5."),
        ("margin", "2,5%", "Write it as 2.5."),
        ("sample_size", "<100", "Write 100 alone, and say in “note” what the mark means."),
        ("sample_size", "100-150", "Write one number in “sample_size”, and say the rest in “note”."),
        ("sample_size", "n/a", "Leave it empty where there is no number."),
    ],
)
def test_what_is_about_the_figure_is_not_advised_for_a_sample_or_a_margin(
    column: str, text: str, says: str
) -> None:
    assert refusal(text, Measure.PERCENTAGE, column).message.endswith(says)


@pytest.mark.parametrize("space", EVERY_SPACE, ids=ascii)
def test_thousands_set_apart_by_any_space_are_told(space: str) -> None:
    refused = refusal(f"15{space}487")
    assert (refused.code, refused.message[-18:]) == ("thousands_separator", "Write it as 15487.")


@pytest.mark.parametrize(
    ("cell", "measure", "number_read"),
    [
        ("43.3%", Measure.PERCENTAGE, "43.3"),
        (Percentage(Decimal("43.3")), Measure.PERCENTAGE, "43.3"),
        ("£75", Measure.MONEY, "75"),
        ("£ 75.50", Measure.MONEY, "75.50"),
        (Pounds(75.5), Measure.MONEY, "75.5"),
    ],
)
def test_a_sign_is_taken_where_it_is_the_unit(cell: object, measure: Measure, number_read: str) -> None:
    assert number(cell, measure).value == Decimal(number_read)
    others = set(Measure) - {measure}
    for other in others:
        assert refusal(cell, other).code in ("not_a_percentage", "currency_sign")


def test_pounds_with_thousands_are_told_as_such() -> None:
    assert "Write it as 1200." in refusal("£1,200", Measure.MONEY).message


@pytest.mark.parametrize(
    ("cell", "rounded", "note"),
    [
        ("66.6666666666667", "66.666667", "Rounded to 6 decimals: 66.666667, from 66.6666666666667."),
        (200 / 3, "66.666667", "from 66.6666666666667"),
        (Percentage(Decimal("66.6666666666667")), "66.666667", "Rounded to 6 decimals"),
        ("66.666600000", "66.6666", None),
        (43.300000000000004, "43.3", None),
    ],
)
def test_more_than_six_decimals_are_rounded_and_it_is_said(
    cell: object, rounded: str, note: str | None
) -> None:
    reading = number(cell, Measure.PERCENTAGE)
    assert reading.value == Decimal(rounded)
    if note is None:
        assert reading.note is None
    else:
        assert reading.note is not None
        assert note in reading.note.message


@given(
    sign=st.sampled_from(["", "-"]),
    whole=st.integers(0, 10**8),
    decimals=st.text("0123456789", max_size=12),
    measure=st.sampled_from([Measure.INDEX, Measure.RATE, Measure.MEAN]),
)
@settings(deadline=None)
def test_digits_are_the_number_that_they_write(
    sign: str, whole: int, decimals: str, measure: Measure
) -> None:
    """The oracle shifts the digits by hand."""
    text = f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
    exact = Decimal(int(f"{whole}{decimals}")).scaleb(-len(decimals)) * (-1 if sign else 1)
    six = exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)
    if exact and not six:
        assert refusal(text, measure).code == "too_many_decimals"
        return
    reading = number(text, measure)
    assert reading.value == six
    assert (reading.note is not None) == (six != exact)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, str]:
    """A number with what people put beside it, and its digits."""
    digits = str(draw(st.integers(0, 10**7)))
    written = digits
    if len(digits) > 3 and draw(st.booleans()):
        written = f"{int(digits):,}".replace(",", draw(st.sampled_from([",", *EVERY_SPACE])))
    before = draw(st.sampled_from(["", "", "~", "<", "c.", "£", "about ", "r"]))
    after = draw(st.sampled_from([" p", "*", " [r]", "†", "²", "+", " incidents"])) if not before else ""
    return f"{before}{written}{after}", digits


@given(marked())
@settings(deadline=None)
def test_whatever_stands_beside_a_number_its_digits_are_told(case: tuple[str, str]) -> None:
    text, digits = case
    assert f" {digits}" in refusal(text).message


@given(st.text("0123456789.,- £%()<>~pPrRe [x]¹", max_size=14) | st.text(max_size=14))
@settings(deadline=None)
def test_any_text_is_its_own_number_or_refused(text: str) -> None:
    try:
        reading = number(text, Measure.RATE)
    except CellRefused:
        return
    assert reading.value == Decimal(text.strip()).quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)


def test_a_cell_that_shows_a_month_is_no_number() -> None:
    refused = refusal(MonthCell(date(2017, 9, 1)))
    assert refused.code == "date_for_number"
    assert "got the date 1 September 2017" in refused.message
