import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RuleBroken
from app.domain.plan.target_shape import (
    Amount,
    AsWritten,
    Band,
    ByYear,
    Change,
    ChangeBy,
    Comparators,
    CreateBaseline,
    Deferred,
    Target,
    Threshold,
)
from app.domain.plan.target_vocabulary import (
    BASELINE_YEARS,
    CHANGES,
    DEFERRALS,
    SIDES,
    WAYS,
    ZEROES,
    Move,
    Needs,
    Since,
    Way,
)
from app.domain.plan.target_words import parse


def below(number: str, unit: str = "") -> Threshold:
    return Threshold(Way.BELOW, Amount(Decimal(number), unit))


PUBLISHED: list[tuple[str, Target]] = [
    ("Lower than 41.4%", below("41.4", "%")),
    ("Fewer than 85", below("85")),
    ("Fewer than 1,407", below("1407")),
    ("Fewer than 59,757", below("59757")),
    ("Fewer than 15,487", below("15487")),
    ("Greater than 76%", Threshold(Way.ABOVE, Amount(Decimal(76), "%"))),
    ("Greater than 72.7%", Threshold(Way.ABOVE, Amount(Decimal("72.7"), "%"))),
    ("8%", Threshold(Way.REACH, Amount(Decimal(8), "%"))),
    ("43%", Threshold(Way.REACH, Amount(Decimal(43), "%"))),
    ("35%", Threshold(Way.REACH, Amount(Decimal(35), "%"))),
    ("Increase", Change(Move.UP)),
    ("Reduction", Change(Move.DOWN)),
    ("Continued reduction", Change(Move.DOWN, Since.YEAR_BEFORE)),
    ("2018: fewer than 173; 2019: fewer than 167", ByYear((("2018", below("173")), ("2019", below("167"))))),
    ("Target to be set in 2018", Deferred("2018")),
    (
        "Target to be set in 2018 when we have baseline from new Your Views Survey",
        Deferred("2018", "when we have baseline from new Your Views Survey"),
    ),
    (
        "Target to be set when we have a baseline from the new survey",
        Deferred(None, "when we have a baseline from the new survey"),
    ),
    ("Year-on-year reduction", Change(Move.DOWN, Since.YEAR_BEFORE)),
    ("Year on year improvement", Change(Move.BETTER, Since.YEAR_BEFORE)),
    ("Reduce year on year", Change(Move.DOWN, Since.YEAR_BEFORE)),
    ("Continue to reduce", Change(Move.DOWN, Since.YEAR_BEFORE)),
    ("Continue to increase", Change(Move.UP, Since.YEAR_BEFORE)),
    ("Continuing decrease", Change(Move.DOWN, Since.YEAR_BEFORE)),
    ("Zero", Threshold(Way.REACH, Amount(Decimal(0)))),
    ("Nil", Threshold(Way.REACH, Amount(Decimal(0)))),
    ("Zero deaths", Threshold(Way.REACH, Amount(Decimal(0), "deaths"))),
    ("Reduce to zero", Threshold(Way.AT_MOST, Amount(Decimal(0)))),
    ("Zero by 2020", ByYear((("2020", Threshold(Way.REACH, Amount(Decimal(0)))),))),
    ("Higher than 76% by 2020", ByYear((("2020", Threshold(Way.ABOVE, Amount(Decimal(76), "%"))),))),
    (
        "Between 20% and 30% by 2019/20",
        ByYear((("2019/20", Band(Amount(Decimal(20), "%"), Amount(Decimal(30), "%"))),)),
    ),
    ("Create baseline", CreateBaseline()),
    ("Baseline year", CreateBaseline()),
    ("Between 20% and 30%", Band(Amount(Decimal(20), "%"), Amount(Decimal(30), "%"))),
    ("28% to 40%", Band(Amount(Decimal(28), "%"), Amount(Decimal(40), "%"))),
    ("Reduction in comparison to similar areas", Comparators(Move.DOWN, ("similar areas",))),
    (
        "Below force, region and England and Wales",
        Comparators(Move.DOWN, ("force", "region", "England and Wales")),
    ),
]


@pytest.mark.parametrize(("words", "target"), PUBLISHED)
def test_published_words_read_and_print(words: str, target: Target) -> None:
    assert parse(words) == target
    assert parse(words).words == words
    assert parse(words.upper()) == target or isinstance(target, Deferred | Comparators)


@pytest.mark.parametrize(
    ("variant", "same_as"),
    [
        ("Fewer than 15, 487", "Fewer than 15,487"),
        ("  fewer   than 85. ", "Fewer than 85"),
        ("2018: fewer than 173 2019: fewer than 167", "2018: fewer than 173; 2019: fewer than 167"),
        ("2018/19: 5%\n2019/20: 6%", "2018/19: 5%; 2019/20: 6%"),
        ("No more than 5", "At most 5"),
        ("≤ 5", "At most 5"),
        ("<=5", "At most 5"),
        ("< 5", "Below 5"),
        ("≥5%", "At least 5%"),
        ("less than 5%", "Lower than 5%"),
        ("under 5%", "Lower than 5%"),
        ("more than 50", "Over 50"),
        ("£ 5,000", "£5,000"),
        ("8 per cent", "8%"),
        ("At least 60 victims", "no fewer than 60 victims"),
        ("28-40%", "28% to 40%"),
        ("28 – 40 %", "Between 28% and 40%"),
        ("£5 to 10", "Between £5 and £10"),
        ("5% reduction", "Reduction of 5%"),
        ("Reduce by 5%", "Reduction of 5%"),
        ("Increase of 3 percentage points", "Increase of 3 points"),
        ("8% by 2019-20", "2019-20: 8%"),
        ("Better than last year", "Continued improvement"),
        ("Below the baseline", "Reduction"),
        ("Below any of force, region", "Below any of force and region"),
        ("TBC", "Target to be set"),
        ("less than or equal to 40", "At most 40"),
    ],
)
def test_variants_mean_the_same(variant: str, same_as: str) -> None:
    assert not isinstance(parse(variant), AsWritten)
    assert parse(variant) == parse(same_as)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "-",
        "Fewer than",
        "Fewer than 15,48",
        "Fewer than 1,5,487",
        "Fewer than 12345678901234567",
        "Fewer than 0.00000001",
        "Fewer than -5",
        "Fewer than 85 or no increase",
        "fewer than 5 per month",
        "10 less",
        "30% to 20%",
        "5% to £10",
        "£5%",
        "Fewer than ５",
        "Fewer than 1 2 3",
        "2018: 5; 2018: 6",
        "2017-19: fewer than 5",
        "2018: to be set; 2019: fewer than 5",
        "Below that of the previous quarter",
        "Target to be set perhaps",
        "Reduction of 0%",
        "10 points",
        "Increase of 5% reduction",
        "To increase confidence among victims, and to hear them",
        "Zero tolerance",
        "Zero is less",
        "Zero by the spring",
        "5% by 2020 by 2021",
        "2018: 5; 2019: 6 by 2020",
    ],
)
def test_words_no_shape_fits_are_kept_as_written(words: str) -> None:
    assert parse(words) == AsWritten(words)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Amount(Decimal(-1)),
        lambda: Amount(Decimal("NaN")),
        lambda: Amount(Decimal(1), "less"),
        lambda: Amount(Decimal(1), "of something"),
        lambda: Threshold(Way.BELOW, Amount(Decimal(1)), "over"),
        lambda: Band(Amount(Decimal(2)), Amount(Decimal(1))),
        lambda: Band(Amount(Decimal(1)), Amount(Decimal(2), "%")),
        lambda: Band(Amount(Decimal(0), "", "zero"), Amount(Decimal(2))),
        lambda: Change(Move.UP, phrase="reduction"),
        lambda: ChangeBy(Move.UP, Decimal(0)),
        lambda: ByYear(()),
        lambda: ByYear((("2018-20", below("1")),)),
        lambda: ByYear((("2018", below("1")), ("2019", below("1"))), is_by=True),
        lambda: Amount(Decimal(1), "", "zero"),
        lambda: Amount(Decimal(0), "%", "zero"),
        lambda: Amount(Decimal(0), "", "nought"),
        lambda: Deferred("soon"),
        lambda: Deferred(None, "in 2018 when ready"),
        lambda: CreateBaseline("baselines"),
        lambda: Comparators(Move.DOWN, ()),
        lambda: Comparators(Move.DOWN, ("force and region",)),
        lambda: Comparators(Move.DOWN, ("last year",)),
    ],
)
def test_a_target_that_could_not_be_read_back_cannot_be_made(build: Any) -> None:
    with pytest.raises(RuleBroken):
        build()


def test_hostile_words_are_read_quickly() -> None:
    started = time.perf_counter()
    for words in ("1," * 240, "2018: " * 80, "a and " * 80, "£" * 500, "between 1 and " * 30, "9" * 100_000):
        assert isinstance(parse(words), AsWritten)
    assert time.perf_counter() - started < 1


numbers = st.decimals(0, 10**9, places=2) | st.integers(0, 10**15 - 1).map(Decimal)
units = st.sampled_from(["", "%", "£", "people", "victims", "days", "per 1,000 residents", "per 100 homes"])
noughts = st.builds(
    Amount, st.just(Decimal(0)), st.sampled_from(["", "people", "deaths"]), st.sampled_from(ZEROES)
)
amounts = st.builds(Amount, numbers, units) | noughts
years = st.integers(1990, 2090).flatmap(
    lambda y: st.sampled_from([str(y), f"{y}-{(y + 1) % 100:02d}", f"{y}/{(y + 1) % 100:02d}"])
)
thresholds = st.builds(Threshold, st.sampled_from(Way), amounts) | st.sampled_from(
    list(WAYS.items())
).flatmap(lambda known: st.builds(Threshold, st.just(known[1]), amounts, st.just(known[0])))
bands = st.builds(
    lambda ends, unit, joined: Band(Amount(min(ends), unit), Amount(max(ends), unit), joined),
    st.tuples(numbers, numbers),
    units,
    st.sampled_from(["between", "to"]),
)
subjects = st.sampled_from(["", "vehicle crime", "Theft and burglary", "repeat victims of hate crime"])
origins = st.sampled_from(Since).map(lambda since: (since, "")) | years.map(
    lambda year: (Since.BASELINE, year)
)
changes = st.tuples(st.sampled_from(Move), origins, st.booleans(), subjects).map(
    lambda drawn: Change(drawn[0], drawn[1][0], drawn[2], base_year=drawn[1][1], subject=drawn[3])
) | st.sampled_from(list(CHANGES.items())).map(lambda known: Change(*known[1], phrase=known[0]))
changes_by = st.tuples(
    st.sampled_from(Move),
    numbers.filter(lambda n: n > 0),
    st.sampled_from(["%", "points", ""]),
    origins,
    subjects,
).map(lambda drawn: ChangeBy(drawn[0], drawn[1], drawn[2], drawn[3][0], drawn[3][1], drawn[4]))
by_years = st.lists(
    st.tuples(years, thresholds | bands | changes | changes_by),
    min_size=1,
    max_size=4,
    unique_by=lambda s: s[0],
).map(lambda steps: ByYear(tuple(steps))) | st.tuples(years, thresholds | bands | changes | changes_by).map(
    lambda step: ByYear((step,), is_by=True)
)
conditions = st.tuples(
    st.sampled_from(["when", "once", "after", "subject to"]),
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=40),
).map(lambda parts: " ".join(" ".join(parts).split()).rstrip(". "))
deferrals = st.builds(
    Deferred,
    st.none() | years,
    st.just("") | conditions.filter(lambda c: " " in c and c != "subject to"),
    st.sampled_from(DEFERRALS),
)
places = st.sampled_from(
    [
        "force",
        "region",
        "England and Wales",
        "Avon and Somerset",
        "similar areas",
        "the South West",
        "Kirklees",
    ]
)
comparators = st.sampled_from(list(SIDES.items())).flatmap(
    lambda side: st.builds(
        Comparators,
        st.just(side[1]),
        st.lists(places, min_size=1, max_size=4, unique=True).map(tuple),
        st.sampled_from(Needs),
        st.none() | st.just(side[0]),
    )
)
as_written = st.text(max_size=60).map(parse).filter(lambda t: isinstance(t, AsWritten))
targets = st.one_of(
    thresholds,
    bands,
    changes,
    changes_by,
    by_years,
    deferrals,
    comparators,
    st.builds(CreateBaseline, st.sampled_from(BASELINE_YEARS)),
    as_written,
)


@given(targets)
def test_every_target_reads_back_from_its_words(target: Target) -> None:
    assert parse(target.words) == target
    assert parse(target.words).words == target.words


@given(st.text(max_size=80))
def test_any_words_are_read(words: str) -> None:
    target = parse(words)
    assert parse(target.words) == target
