import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.period import financial_year
from app.domain.period_text import parse_period
from app.drawing.axis import nice_step, number, scale_of
from app.drawing.chart import NARROW, WIDE, chart
from app.drawing.sparkline import sparkline


def point(period: str, period_end: str, value: float | None, **more: Any) -> dict[str, Any]:
    words = "awaited" if value is None else f"{value:,}"
    base = {"target": None, "status": "final", "period_label": period, "words": words}
    return {**days(period), "period": period, "period_end": period_end, "value": value, **base, **more}


def days(period: str) -> dict[str, str]:
    """A period's first and last day and its name, as the API gives them; "2011-12" is the year there."""
    read = financial_year(2011) if period == "2011-12" else parse_period(period)
    axis_label, axis_year = read.axis_label
    return {
        "period_start": read.start.isoformat(),
        "period_end": read.end.isoformat(),
        "axis_label": axis_label,
        "axis_year": axis_year,
    }


def series(points: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    base = {"unit": "incidents", "zero_based": True, "baseline_level": None, "limits": None, "breaks": []}
    return {"points": points, **base, **more}


QUARTERS = [
    point("2016-17-Q4", "2017-03-31", 3260),
    point("2017-18-Q1", "2017-06-30", 3700, target=4060),
    point("2017-18-Q2", "2017-09-30", 3702, target=4060, status="provisional"),
]


@pytest.mark.parametrize(("span", "step"), [(5, 1), (4702, 1000), (0.9, 0.2), (23, 5), (12, 2.5)])
def test_steps_are_round(span: float, step: float) -> None:
    assert nice_step(span) == pytest.approx(step)


@given(
    st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 3)), min_size=1, max_size=20),
    st.booleans(),
)
def test_an_axis_holds_every_value(values: list[float], zero_based: bool) -> None:
    low, high, step = scale_of(values, zero_based)
    slack = step * 1e-6
    assert low <= min(values) + slack
    assert high >= max(values) - slack
    assert high > low
    assert (high - low) / step < 20


def test_counts_begin_at_zero() -> None:
    assert scale_of([3260.0, 3702.0], zero_based=True)[0] == 0
    assert scale_of([41.4, 43.3], zero_based=False)[0] > 40


@pytest.mark.parametrize(
    ("value", "step", "unit", "text"),
    [
        (4000, 1000, "incidents", "4,000"),
        (42.5, 0.5, "%", "42.5%"),
        (0.25, 0.25, "", "0.25"),
        (5, 1, "£", "£5"),
    ],
)
def test_axis_labels(value: float, step: float, unit: str, text: str) -> None:
    assert number(value, step, unit) == text


def test_points_go_by_time_and_value() -> None:
    drawn = chart(series(QUARTERS))
    assert drawn is not None
    xs, ys = [p.x for p in drawn.points], [p.y for p in drawn.points]
    assert xs == sorted(xs)
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.2)
    assert ys[0] > ys[1] > ys[2]
    assert [p.provisional for p in drawn.points] == [False, False, True]
    assert all(WIDE.left <= x <= WIDE.right_edge for x in xs)


def test_one_target_through_two_quarters_is_one_stroke() -> None:
    drawn = chart(series(QUARTERS))
    assert drawn is not None
    assert len(drawn.targets) == 1
    start, end, y = drawn.targets[0]
    assert start < drawn.points[1].x < drawn.points[2].x < end
    assert y < min(p.y for p in drawn.points)


def test_a_missing_period_leaves_a_gap() -> None:
    rows = [*QUARTERS[:2], point("2017-18-Q2", "2017-09-30", None), point("2017-18-Q3", "2017-12-31", 9)]
    drawn = chart(series(rows))
    assert drawn is not None
    assert len(drawn.lines) == 1
    assert len(drawn.points) == 3


def lines_of(*periods: tuple[str, str]) -> list[int]:
    """How many points each line of a chart of these periods goes through."""
    drawn = chart(series([point(period, end, n) for n, (period, end) in enumerate(periods)]))
    assert drawn is not None
    return [len(line.split()) for line in drawn.lines]


@pytest.mark.parametrize(
    ("periods", "lines"),
    [
        (
            [
                ("2016-17-Q1", "2016-06-30"),
                ("2016-17-Q2", "2016-09-30"),
                ("2016-17-Q4", "2017-03-31"),
                ("2017-18-Q1", "2017-06-30"),
            ],
            [2, 2],
        ),
        ([("2016-17-Q1", "2016-06-30"), ("2016-17-Q3", "2016-12-31")], []),
        ([("2015-16", "2016-03-31"), ("2016-17", "2017-03-31")], [2]),
        ([("2011-12", "2012-03-31"), ("2012-04/2013-03", "2013-03-31"), ("2014-15", "2015-03-31")], [2]),
        ([("2017-11", "2017-11-30"), ("2017-12", "2017-12-31"), ("2018-02", "2018-02-28")], [2]),
        (
            [
                ("2016-04/2017-03", "2017-03-31"),
                ("2016-07/2017-06", "2017-06-30"),
                ("2016-10/2017-09", "2017-09-30"),
            ],
            [3],
        ),
        (
            [
                ("2015-10/2016-09", "2016-09-30"),
                ("2016-07/2017-06", "2017-06-30"),
                ("2016-10/2017-09", "2017-09-30"),
            ],
            [2],
        ),
    ],
)
def test_an_absent_period_leaves_a_gap_too(periods: list[tuple[str, str]], lines: list[int]) -> None:
    assert lines_of(*periods) == lines


def test_a_figure_of_many_words_is_labelled_by_its_number() -> None:
    rate = point("2017-18-Q3", "2017-12-31", 2.2, words="about 2.20 per 1,000 Households, 2021 Census")
    drawn = chart(series([*QUARTERS, rate]))
    assert drawn is not None
    assert "about 2.20" in [end.text for end in drawn.ends]


def test_nothing_is_joined_across_a_break() -> None:
    broken = [{"from": "2017-04", "reason": "New counting rules", "backcast": False}]
    drawn = chart(series(QUARTERS, breaks=broken))
    assert drawn is not None
    assert len(drawn.lines) == 1
    assert drawn.points[0].x < drawn.breaks[0][0] < drawn.points[1].x


def test_labels_at_the_end_do_not_overlap() -> None:
    drawn = chart(series(QUARTERS, baseline_level=3702, baseline_level_label="Baseline, a quarter"))
    assert drawn is not None
    heights = [end.y for end in drawn.ends]
    assert {end.text for end in drawn.ends} == {"3,702", "Target", "Baseline, a quarter"}
    assert all(after - before >= 18.9 for before, after in itertools.pairwise(heights))


def test_a_series_without_a_value_has_no_chart() -> None:
    assert chart(series([point("2017-18-Q2", "2017-09-30", None)])) is None
    assert chart(series([])) is None


def test_one_figure_is_drawn_in_the_middle() -> None:
    drawn = chart(series(QUARTERS[:1]), NARROW)
    assert drawn is not None
    assert drawn.points[0].x == (NARROW.left + NARROW.right_edge) / 2
    assert drawn.lines == []


def test_names_are_thinned_for_a_narrow_page_and_the_last_is_kept() -> None:
    rows = [point(f"2017-{m:02d}", f"2017-{m:02d}-28", m) for m in range(1, 13)]
    drawn = chart(series(rows), NARROW)
    assert drawn is not None
    assert len(drawn.names) <= NARROW.labels
    assert drawn.names[-1].text == "Dec"


def recent(*values: float | None, first: str = "2016-17-Q1") -> list[dict[str, Any]]:
    """Quarters one after another, as a line of the scorecard has them."""
    year, quarter = int(first[:4]), int(first[-1])
    ends = [divmod(quarter - 1 + n, 4) for n in range(len(values))]
    names = [f"{year + y}-{(year + y + 1) % 100:02d}-Q{q + 1}" for y, q in ends]
    return [
        {**days(name), "value": value, "words": f"{value}%", "period": name, "period_label": name}
        for value, name in zip(values, names, strict=True)
    ]


def test_a_sparkline_says_where_it_goes() -> None:
    line = sparkline(recent(41.0, 42.0, None, 43.3), 41.4)
    assert line is not None
    assert line.words == "From 41.0% in 2016-17-Q1 to 43.3% in 2016-17-Q4"
    assert line.level is not None
    assert line.end[1] < line.level
    assert sparkline(recent(41.0, None)) is None


def test_a_sparkline_has_gaps_where_the_chart_has() -> None:
    unsent = sparkline(recent(41.0, 42.0, None, 43.3))
    absent = sparkline([*recent(41.0, 42.0), *recent(43.3, first="2016-17-Q4")])
    for line in (unsent, absent):
        assert line is not None
        assert [len(run.split()) for run in line.lines] == [2]
        assert line.alone == [line.end]
