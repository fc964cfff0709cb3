"""Wordings of targets beside those of published plans, each with the one right reading."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.judgement.goal import Goal, fixed_goal
from app.domain.judgement.verdict import RatingStatus
from app.domain.plan.indicator import Indicator
from app.domain.plan.target_shape import (
    Amount,
    AsWritten,
    Band,
    ByYear,
    Change,
    ChangeBy,
    Comparators,
    Target,
    Threshold,
)
from app.domain.plan.target_vocabulary import Move, Needs, Since, Way
from app.domain.plan.target_words import parse
from tests.domain.judging import HIGHER, LOWER, base, rated
from tests.domain.quarters import fig


def at_most(number: str, unit: str = "") -> Threshold:
    return Threshold(Way.AT_MOST, Amount(Decimal(number), unit))


def at_least(number: str, unit: str = "") -> Threshold:
    return Threshold(Way.AT_LEAST, Amount(Decimal(number), unit))


def below(number: str, unit: str = "") -> Threshold:
    return Threshold(Way.BELOW, Amount(Decimal(number), unit))


def above(number: str, unit: str = "") -> Threshold:
    return Threshold(Way.ABOVE, Amount(Decimal(number), unit))


def reach(number: str, unit: str = "") -> Threshold:
    return Threshold(Way.REACH, Amount(Decimal(number), unit))


def by_percent(move: Move, number: str, base_year: str = "", subject: str = "") -> ChangeBy:
    return ChangeBy(move, Decimal(number), "%", Since.BASELINE, base_year, subject)


UP, DOWN, BETTER, YEAR_BEFORE = Move.UP, Move.DOWN, Move.BETTER, Since.YEAR_BEFORE
LIMITS: list[tuple[str, Target]] = [
    ("85 or more", at_least("85")),
    ("85 or fewer", at_most("85")),
    ("85 or less", at_most("85")),
    ("85 and above", at_least("85")),
    ("85 or better", reach("85")),
    ("4,000 or fewer", at_most("4000")),
    ("4,000 or fewer offences", at_most("4000", "offences")),
    ("4,000 offences or fewer", at_most("4000", "offences")),
    ("£4,000 or less", at_most("4000", "£")),
    ("at or below 85", at_most("85")),
    ("At or above 76%", at_least("76", "%")),
    ("equal to or below 85", at_most("85")),
    ("Fewer than or equal to 85", at_most("85")),
    ("85%+", at_least("85", "%")),
    ("85+", at_least("85")),
    ("85% +", at_least("85", "%")),
    ("minimum 76%", at_least("76", "%")),
    ("Min. 76%", at_least("76", "%")),
    ("76% minimum", at_least("76", "%")),
    ("max 85", at_most("85")),
    ("Maximum of 85", at_most("85")),
    ("85 maximum", at_most("85")),
    ("not exceeding 85", at_most("85")),
    ("Not to exceed 85", at_most("85")),
    ("not below 76%", at_least("76", "%")),
    ("within 14 days", at_most("14", "days")),
    ("Within 14 working days", at_most("14", "working days")),
    ("7.5 per 1,000", reach("7.5", "per 1,000")),
    ("Fewer than 7.5 per 1,000", below("7.5", "per 1,000")),
    ("7.5 per 1,000 of the population", reach("7.5", "per 1,000 population")),
    ("7.5 per thousand residents", reach("7.5", "per 1,000 residents")),
    ("Keep above 95%", above("95", "%")),
    ("Keep satisfaction above 95%", above("95", "%")),
    ("Maintain at least 95%", at_least("95", "%")),
    ("maintain 95% or above", at_least("95", "%")),
    ("Maintained at 95%", reach("95", "%")),
    ("Stay below 85", below("85")),
    ("Reduce vehicle crime to below 85", below("85")),
    ("Reduced to 85", at_most("85")),
    ("Bring down to 85", reach("85")),
    ("Cut to 85", at_most("85")),
    ("Increase to at least 80%", at_least("80", "%")),
    ("Raise to 80%", at_least("80", "%")),
    ("Improve to 80%", reach("80", "%")),
    ("Achieve 80%", reach("80", "%")),
    ("Exceed 80%", above("80", "%")),
    ("Reduce from 100 to 85", at_most("85")),
    ("Increase from 60% to 65%", at_least("65", "%")),
    ("Up from 90 to 95", at_least("95")),
    ("Up from 90% to 95%", at_least("95", "%")),
    ("No longer than 14 days", at_most("14", "days")),
    ("Fewer than 85 hate crimes", below("85", "hate crimes")),
    ("Fewer than 85 each year", below("85")),
    ("85 or fewer a year", at_most("85")),
    ("Between 60% and 65% every year", Band(Amount(Decimal(60), "%"), Amount(Decimal(65), "%"))),
]
DEADLINES: list[tuple[str, Target]] = [
    ("reduce to 85 by March 2020", ByYear((("2019-20", at_most("85")),), is_by=True)),
    ("Reduce to 85 by 31 March 2020", ByYear((("2019-20", at_most("85")),), is_by=True)),
    ("Reduce to 85 by the end of March 2020", ByYear((("2019-20", at_most("85")),), is_by=True)),
    ("Reduce to 85 by 31/03/2020", ByYear((("2019-20", at_most("85")),), is_by=True)),
    ("By March 2020, reduce to 85", ByYear((("2019-20", at_most("85")),), is_by=True)),
    ("85 or fewer by 1 April 2020", ByYear((("2019-20", at_most("85")),), is_by=True)),
    ("85 or fewer by the end of 2019/20", ByYear((("2019/20", at_most("85")),), is_by=True)),
    ("85 or fewer by December 2019", ByYear((("2019", at_most("85")),), is_by=True)),
    ("85 or fewer by 1 January 2020", ByYear((("2019", at_most("85")),), is_by=True)),
    ("85% by 19/20", ByYear((("2019/20", reach("85", "%")),), is_by=True)),
    ("5% reduction by 2020", ByYear((("2020", by_percent(DOWN, "5")),), is_by=True)),
    ("Reduction by 2020", ByYear((("2020", Change(DOWN)),), is_by=True)),
    (
        "10% reduction on 2016/17 by 2019/20",
        ByYear((("2019/20", by_percent(DOWN, "10", "2016/17")),), is_by=True),
    ),
    (
        "2018: 5% reduction; 2019: 10% reduction",
        ByYear((("2018", by_percent(DOWN, "5")), ("2019", by_percent(DOWN, "10")))),
    ),
]
CHANGES: list[tuple[str, Target]] = [
    ("10% reduction on 2016/17", by_percent(DOWN, "10", "2016/17")),
    ("10% reduction against the 2016/17 baseline", by_percent(DOWN, "10", "2016/17")),
    ("Reduce by at least 10% from 2016", by_percent(DOWN, "10", "2016")),
    ("at least 3% lower than 2016/17", by_percent(DOWN, "3", "2016/17")),
    ("at least 3% lower than in 2016/17", by_percent(DOWN, "3", "2016/17")),
    ("3% more than the baseline", by_percent(UP, "3")),
    ("5% improvement", by_percent(BETTER, "5")),
    ("5% fewer than last year", ChangeBy(DOWN, Decimal(5), "%", YEAR_BEFORE)),
    ("5% year on year reduction", ChangeBy(DOWN, Decimal(5), "%", YEAR_BEFORE)),
    ("Reduce by 5% each year", ChangeBy(DOWN, Decimal(5), "%", YEAR_BEFORE)),
    ("Increase of 3 points on last year", ChangeBy(UP, Decimal(3), "points", YEAR_BEFORE)),
    ("5% reduction in vehicle crime", by_percent(DOWN, "5", subject="vehicle crime")),
    ("Reduce vehicle crime by 5% on 2016/17", by_percent(DOWN, "5", "2016/17", "vehicle crime")),
    ("Reduced", Change(DOWN)),
    ("Reducing", Change(DOWN)),
    ("Increased", Change(UP)),
    ("Improved", Change(BETTER)),
    ("Improved confidence", Change(BETTER, subject="confidence")),
    ("Improvement in confidence", Change(BETTER, subject="confidence")),
    ("Increase in reports", Change(UP, subject="reports")),
    ("Reduction of vehicle crime", Change(DOWN, subject="vehicle crime")),
    ("Reduce theft and burglary", Change(DOWN, subject="theft and burglary")),
    ("No increase in burglary", Change(DOWN, or_level=True, subject="burglary")),
    ("No further increase", Change(DOWN, or_level=True)),
    ("Year on year reduction in violence", Change(DOWN, YEAR_BEFORE, subject="violence")),
    ("Continue to reduce violence", Change(DOWN, YEAR_BEFORE, subject="violence")),
    ("Reduce violence year on year", Change(DOWN, YEAR_BEFORE, subject="violence")),
    ("Reduce violence compared with last year", Change(DOWN, YEAR_BEFORE, subject="violence")),
    ("No worse than last year", Change(BETTER, YEAR_BEFORE, True)),
    ("No higher than last year", Change(DOWN, YEAR_BEFORE, True)),
    ("No lower than the baseline", Change(UP, or_level=True)),
    ("At or below last year's level", Change(DOWN, YEAR_BEFORE, True)),
    ("Same as last year", Change(BETTER, YEAR_BEFORE, True)),
    ("Fewer incidents than last year", Change(DOWN, YEAR_BEFORE, subject="incidents")),
    ("More reports than in 2016/17", Change(UP, base_year="2016/17", subject="reports")),
    ("Not to exceed 2016/17 levels", Change(DOWN, or_level=True, base_year="2016/17")),
    ("5% reduction per annum", ChangeBy(DOWN, Decimal(5), "%", YEAR_BEFORE)),
    ("Increase on last year", Change(UP, YEAR_BEFORE)),
    ("Below last year's level", Change(DOWN, YEAR_BEFORE)),
    ("Reduction on 2016/17", Change(DOWN, base_year="2016/17")),
    ("Lower than 2016/17", Change(DOWN, base_year="2016/17")),
    ("lower than in 2016/17", Change(DOWN, base_year="2016/17")),
    ("Reduction on 16/17", Change(DOWN, base_year="2016/17")),
    ("Maintain 2016/17 levels", Change(BETTER, or_level=True, base_year="2016/17")),
    ("Reduce to 2016 levels", Change(DOWN, or_level=True, base_year="2016")),
]
OTHERS: list[tuple[str, Target]] = [
    ("Below most similar group average", Comparators(DOWN, ("most similar group average",))),
    ("Below the most similar group average", Comparators(DOWN, ("the most similar group average",))),
    ("Lower than most similar forces", Comparators(DOWN, ("most similar forces",))),
    ("Better than most comparable areas", Comparators(BETTER, ("most comparable areas",))),
    ("Below most of similar areas", Comparators(DOWN, ("similar areas",), Needs.MOST)),
    ("Below most of force, region", Comparators(DOWN, ("force", "region"), Needs.MOST)),
]


@pytest.mark.parametrize(("words", "target"), [*LIMITS, *DEADLINES, *CHANGES, *OTHERS])
def test_each_wording_has_its_reading(words: str, target: Target) -> None:
    assert parse(words) == parse(f"  {words}. ") == target
    assert parse(words.upper()).words.lower() == parse(words).words.lower()
    assert parse(target.words) == target


@pytest.mark.parametrize(
    "words",
    [
        "within 5%",
        "Keep around 95%",
        "reduce to at least 85",
        "Increase to below 85",
        "Fewer than 85 or more",
        "85 or fewer or 90",
        "approximately 85",
        "Fewer than 85 per quarter",
        "5 a month",
        "85 by June 2019",
        "85 by 31 June 2019",
        "85 by 31/13/2019",
        "85 by 2019/21",
        "Lower than 2016",
        "Over 2019",
        "no more than 2% increase",
        "up to 5% reduction",
        "Significant reduction",
        "Reduce significantly",
        "Halve by 2020",
        "Increase twofold",
        "Increase ten-fold",
        "Reduction of half",
        "Reduce violence and increase confidence",
        "Reduction in line with the national figure",
        "Reduce the rate of increase",
        "Reduction in crime if funding allows",
        "Reduction of 5% on 2016/17 year on year",
        "Increase to normal levels",
        "Reduce to 85 levels",
        "5% reduction in harm and increase in trust",
        "85 by the end of the plan",
        "Reduction over three years",
    ],
)
def test_words_with_two_readings_or_none_are_not_judged(words: str) -> None:
    assert parse(words) == AsWritten(words)


Holds = Callable[[Decimal, Decimal], bool]
NO_LESS: Holds = lambda figure, number: figure >= number  # noqa: E731
NO_MORE: Holds = lambda figure, number: figure <= number  # noqa: E731
MORE: Holds = lambda figure, number: figure > number  # noqa: E731
LESS: Holds = lambda figure, number: figure < number  # noqa: E731
ORACLE: list[tuple[str, Holds]] = [
    *(
        (words, NO_LESS)
        for words in ("{} or more", "{} and above", "{}+", "at least {}", "minimum {}", "≥{}")
    ),
    *((words, NO_LESS) for words in ("not below {}", "at or above {}", "no fewer than {}", "increase to {}")),
    *(
        (words, NO_MORE)
        for words in ("{} or fewer", "{} or less", "at most {}", "max {}", "≤ {}", "up to {}")
    ),
    *((words, NO_MORE) for words in ("not above {}", "at or below {}", "no more than {}", "reduce to {}")),
    *(
        (words, NO_MORE)
        for words in ("within {} days", "not exceeding {}", "{} offences or fewer", "cut to {}")
    ),
    *(
        (words, MORE)
        for words in ("more than {} offences", "keep above {:,}", "exceed {}", "over {:,}", ">{:,}")
    ),
    *((words, LESS) for words in ("fewer than {}", "keep below {:,}", "under {:,}", "reduce to below {:,}")),
]
FRAMES = ["{}", "{} each year", "{}.", "To {}", "{} every year"]


@given(
    st.sampled_from(ORACLE),
    st.integers(0, 99_999) | st.decimals(0, 9_999, places=1),
    st.sampled_from(FRAMES),
    st.sampled_from([LOWER, HIGHER]),
)
def test_a_limit_is_met_where_its_words_say_so(
    wording: tuple[str, Holds], number: int | Decimal, frame: str, indicator: Indicator
) -> None:
    template, holds = wording
    if frame.startswith("To") and not template[0].isalpha():
        frame = "{}"
    target = parse(frame.format(template.format(number)))
    assert isinstance(target, Threshold)
    goal = fixed_goal(target, replace(indicator, unit="days"))
    assert isinstance(goal, Goal)
    bound = Decimal(number)
    for figure in (bound - 1, bound - Decimal("0.1"), bound, bound + Decimal("0.1"), bound + 1):
        assert goal.met(figure) == holds(figure, bound)


MOVES = {
    "reduc": ("down", ["Reduction", "Reduce", "Reduced", "Reducing", "A reduction", "Reduction in thefts"]),
    "increas": ("up", ["Increase", "Increased", "Increasing", "An increase", "Increase in visits"]),
}
ORIGINS = {
    "baseline": ["", " on baseline", " from the baseline", " against the 2014/15 baseline"],
    "last": [" on last year", " compared with last year", " on the previous year", " year on year"],
    "named": [" on 2015/16", " from 2015-16", " compared with 2015/16", " on 15/16 levels"],
}


@given(st.data())
def test_a_change_is_judged_from_the_figure_its_words_name(data: st.DataObject) -> None:
    """The oracle compares the figures itself: the baseline is 2014-15's, and the year judged is 2017-18."""
    way, heads = MOVES[data.draw(st.sampled_from(sorted(MOVES)))]
    head = data.draw(st.sampled_from(heads))
    origin = data.draw(st.sampled_from(sorted(ORIGINS)))
    tail = data.draw(st.sampled_from(ORIGINS[origin]))
    percent = data.draw(st.none() | st.integers(1, 60))
    amount = (
        "" if percent is None else f" {'of' if 'tion' in head or head.endswith('ease') else 'by'} {percent}%"
    )
    years = {start: data.draw(st.integers(50, 150), label=str(start)) for start in (2014, 2015, 2016, 2017)}
    earlier = Decimal(years[{"baseline": 2014, "last": 2016, "named": 2015}[origin]])
    now = Decimal(years[2017])
    if percent is None:
        holds = now < earlier if way == "down" else now > earlier
    else:
        step = earlier * percent / 100
        holds = now <= earlier - step if way == "down" else now >= earlier + step
    figures = [
        fig(f"{start}-{(start + 1) % 100:02d}", value) for start, value in years.items() if start > 2014
    ]
    rating = rated(
        LOWER if way == "down" else HIGHER,
        f"{head}{amount}{tail}",
        base(str(years[2014]), 2014),
        figures,
        today=date(2018, 6, 1),
    )
    assert rating.status.judges
    assert (rating.status is RatingStatus.MET) == holds


def test_a_named_year_without_a_figure_is_not_judged_by_another() -> None:
    rating = rated(
        LOWER, "Reduction on 2012/13", base("90", 2014), [fig("2017-18", 5)], today=date(2018, 6, 1)
    )
    assert rating.status is RatingStatus.NO_BASELINE
    assert "2012/13" in rating.reason


def test_a_change_of_the_thing_that_should_not_change_is_not_judged() -> None:
    for words in ("Reduction in fear of crime", "Reduce fear of crime by 5%"):
        rating = rated(HIGHER, words, base("90"), [fig("2017-18", 50)], today=date(2018, 6, 1))
        assert rating.status is RatingStatus.NO_TARGET
        assert "higher is better" in rating.reason
