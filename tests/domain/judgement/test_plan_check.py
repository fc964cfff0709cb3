from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.domain.figures.published_change import PublishedChange
from app.domain.judgement.plan_check import HeadingFacts, LineFacts, PlanFacts, check
from app.domain.period import financial_year
from app.domain.period_text import parse_period
from app.domain.plan.baseline import AnyBaseline, Baseline, NoBaseline
from app.domain.plan.indicator import Indicator, Measure, Polarity
from app.domain.plan.target_words import parse

TODAY = date(2017, 12, 20)
LOWER = Indicator()
HIGHER = Indicator(polarity=Polarity.HIGHER_IS_BETTER)
LOWER_RATE = Indicator(measure=Measure.PERCENTAGE, decimals=1)
HIGHER_RATE = Indicator(measure=Measure.PERCENTAGE, polarity=Polarity.HIGHER_IS_BETTER, decimals=1)
RESIDENTIAL = PublishedChange(parse_period("2017-04/2017-11"), parse_period("2016-04/2016-11"), Decimal(8))


def line(code: str, indicator: Indicator, baseline: str | None, target: str, year: int = 2016) -> LineFacts:
    start: AnyBaseline = NoBaseline("recording changed")
    if baseline is not None:
        start = Baseline(financial_year(year), Decimal(baseline))
    return LineFacts(code, code.replace("-", " "), indicator, ("p1",), "police", start, parse(target))


BRADFORD = (
    line("repeat-domestic-abuse", LOWER_RATE, "41.4", "Lower than 41.4%"),
    line("serious-violence", LOWER, "85", "Fewer than 85"),
    line("sexual-offences", LOWER, "1407", "Fewer than 1,407"),
    line("hub-referrals", HIGHER, "817", "Increase"),
    line("total-crime", LOWER, "57740", "Fewer than 59,757"),
    replace(line("burglary", LOWER, None, "Target to be set in 2018"), changes=(RESIDENTIAL,)),
    line("hate-crime", LOWER, "1353", "Fewer than 1,353"),
    line("satisfaction-overall", HIGHER_RATE, "76", "Greater than 76%"),
    line("satisfaction-asb", HIGHER_RATE, "72.6", "Greater than 72.7%"),
    line("asb-incidents", LOWER, "15487", "Fewer than 15,487"),
    replace(line("awareness-sessions", HIGHER, None, "Create baseline"), baseline=NoBaseline("")),
    line("killed-seriously-injured", LOWER, "137", "2018: fewer than 173 2019: fewer than 167"),
    line("dwelling-fires", LOWER, "311", "Target to be set in 2018"),
    line("collisions-attended", LOWER, "137", "Target to be set in 2018"),
    line("treatment-opiate", HIGHER_RATE, "4.7", "8%"),
    line("treatment-non-opiate", HIGHER_RATE, "40.4", "43%"),
    line("treatment-alcohol", HIGHER_RATE, "39", "35%"),
    line(
        "get-on-well",
        HIGHER_RATE,
        "62.6",
        "Target to be set in 2018 when we have baseline from new survey",
        2015,
    ),
    line("volunteers", HIGHER, "4097", "Increase"),
    line("people-can", HIGHER, "219", "Increase"),
)


def test_the_bradford_table_is_asked_about_where_it_should_be_and_nowhere_else() -> None:
    plan = PlanFacts((HeadingFacts("p1", "Safeguarding"),), BRADFORD, financial_year(2016))
    assert sorted((found.code, found.subject) for found in check(plan, TODAY)) == [
        ("baseline_contradicted", "burglary"),
        ("baseline_other_period", "get-on-well"),
        ("copying_slip", "killed-seriously-injured"),
        ("identical_baselines", "collisions-attended"),
        ("target_bare_year", "killed-seriously-injured"),
        ("target_looser_than_baseline", "killed-seriously-injured"),
        ("target_looser_than_baseline", "total-crime"),
        ("target_looser_than_baseline", "treatment-alcohol"),
    ]


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("total-crime", ["57,740", "fewer than 59,757", "lower is better"]),
        ("treatment-alcohol", ["39.0%", "35%", "higher is better"]),
        ("collisions-attended", ["killed seriously injured", "collisions attended", "137"]),
        ("burglary", ["no baseline", "up 8%", "April to November 2017"]),
        ("get-on-well", ["2015/16", "2016/17"]),
    ],
)
def test_messages_name_the_figures(subject: str, says: list[str]) -> None:
    plan = PlanFacts((), BRADFORD, financial_year(2016))
    message = next(found.message for found in check(plan, TODAY) if found.subject == subject)
    for words in says:
        assert words.lower() in message.lower()


def test_a_deferred_target_is_overdue_when_its_year_is_over() -> None:
    plan = PlanFacts(lines=(line("fires", LOWER, "311", "Target to be set in 2018"),))
    assert check(plan, date(2018, 12, 31)) == ()
    assert [found.code for found in check(plan, date(2019, 1, 1))] == ["target_overdue"]


def test_headings_without_indicators() -> None:
    headings = (
        HeadingFacts("p1", "Safeguarding"),
        HeadingFacts("p1a", "Modern slavery", "theme", "p1"),
        HeadingFacts("p2", "Crime"),
    )
    plan = PlanFacts(headings, (line("fires", LOWER, "311", "Fewer than 300"),))
    assert [(found.code, found.subject) for found in check(plan, TODAY)] == [
        ("theme_without_indicator", "p1a"),
        ("priority_without_indicator", "p2"),
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((replace(line("a", LOWER, "311", "Fewer than 300"), responsible=""),), "no_responsible_agency"),
        ((line("a", LOWER, "311", "Fewer than 85"), line("b", LOWER, "85", "Fewer than 80")), "copying_slip"),
        ((line("a", LOWER, "1470", "Fewer than 1,407"),), "copying_slip"),
        (
            (line("a", LOWER, "311", "Reduction"), replace(line("b", LOWER, "85", "Reduction"), title="A ")),
            "repeated_title",
        ),
        ((line("a", LOWER, None, "Reduction"),), "target_needs_baseline"),
        ((line("a", HIGHER_RATE, "40", "5% increase"),), "target_two_readings"),
        ((line("a", HIGHER_RATE, "40", "As many as we can"),), "target_not_read"),
        ((line("a", LOWER, "40", "Increase"),), "target_asks_for_worse"),
        ((line("a", HIGHER, "40", "10% reduction on 2016/17 by 2019/20"),), "target_asks_for_worse"),
        ((line("a", HIGHER_RATE, "40", "At most 50%"),), "target_asks_for_worse"),
        ((line("a", LOWER, "40", "No reduction"),), "target_asks_for_worse"),
        ((line("a", LOWER, "40", "2018-19: increase; 2019-20: reduction"),), "target_asks_for_worse"),
        ((line("a", LOWER_RATE, "40", "Below most similar group average"),), "target_not_judged"),
        ((line("a", HIGHER, "40", "Reduce fear of crime"),), "target_not_judged"),
        ((line("a", LOWER, None, "Reduction by 2019/20"),), "target_needs_baseline"),
        ((line("a", LOWER, "40", "8%"),), "target_other_unit"),
        ((line("a", HIGHER_RATE, "40", "30% to 50%"),), "target_looser_than_baseline"),
    ],
)
def test_other_warnings(lines: tuple[LineFacts, ...], code: str) -> None:
    assert [found.code for found in check(PlanFacts(lines=lines), TODAY)] == [code]


def test_a_target_that_is_not_understood_says_what_to_write() -> None:
    (warning,) = check(PlanFacts(lines=(line("a", LOWER, "40", "Fewer than 5 per month"),)), TODAY)
    assert "write the number for a year" in warning.message


def test_a_change_from_a_named_year_needs_no_baseline() -> None:
    assert check(PlanFacts(lines=(line("a", LOWER, None, "Reduction on 2016/17"),)), TODAY) == ()


def test_small_numbers_that_agree_are_no_cause_to_ask() -> None:
    lines = (line("a", LOWER, "9", "Fewer than 8"), line("b", LOWER, "9", "Fewer than 7"))
    assert check(PlanFacts(lines=lines), TODAY) == ()


def test_a_target_without_a_baseline_is_held_against_the_figures_before_it() -> None:
    bare = line("a", LOWER, None, "Fewer than 300")
    before = Baseline(parse_period("2016-10/2017-09"), Decimal(200))
    (warning,) = check(PlanFacts(lines=(replace(bare, level_before=before),)), TODAY)
    assert warning.code == "target_looser_than_baseline"
    assert "starts at 200 (12 months to September 2017)" in warning.message
    assert (
        check(PlanFacts(lines=(replace(bare, level_before=replace(before, value=Decimal(300))),)), TODAY)
        == ()
    )
