"""Builds the series of an indicator: figures in order, each with the year before and the target's level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.figures import figure as figures
from app.domain.figures.total import PeriodTotal, totals
from app.domain.number import change_words
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.baseline import AnyBaseline
from app.domain.plan.baseline import Baseline as Level
from app.domain.plan.indicator import Indicator as Measured
from app.domain.plan.indicator import Measure
from app.models.author import author_out
from app.models.figures.figure import NotAddedUpOut, SeriesBreakOut, SeriesOut, SeriesPointOut
from app.models.link import Link
from app.models.wire import instant_text, json_number
from app.queries.figures.figure import breakdown_of
from app.queries.figures.period_progress import Closes
from app.queries.figures.read.row import FigureRow
from app.queries.judgement.indicator_facts import IndicatorFacts

NO_LIMITS = "Usual limits of this series are not worked out yet."


@dataclass(frozen=True)
class Cut:
    """Selects figures of an indicator: one area and breakdown, one length, between two periods."""

    area: str
    breakdown: str = ""
    from_: Period | None = None
    to: Period | None = None
    months: int | None = None
    """Length of the figures; None takes the commonest."""


@dataclass(frozen=True, slots=True)
class Line:
    """Baseline and levels of the target by period, to draw beside the figures."""

    baseline: AnyBaseline
    levels: Mapping[Period, Decimal]


def series(
    facts: IndicatorFacts, cut: Cut, rows: Sequence[FigureRow], line: Line, closes: Closes
) -> SeriesOut:
    """Builds the series of a cut.

    `rows` are all of its area and breakdown, as the viewer may see them, in order of period.
    """
    defined, measured, baseline = facts.defined, facts.measured, line.baseline
    near = [each for each in rows if _near(each.period, cut)]
    months = cut.months or _commonest(near)
    alike = [each for each in near if each.period.months == months]
    every_total = totals_of(measured, cut, near)
    added = [each for each in every_total if each.value is not None]
    shown: list[FigureRow | PeriodTotal] = [*alike, *added]
    by_first = {each.period.first: each.figure for each in shown}
    charted = sorted(
        (each for each in shown if cut.from_ is None or each.period.last >= cut.from_.first),
        key=lambda each: (each.period.last, each.period.first),
    )
    newest = charted[-1].period if charted else None
    level, level_label = _baseline_level(baseline, measured, months, newest)
    points = [
        _point(
            each,
            by_first.get(each.period.first - 12),
            measured,
            line.levels.get(each.period),
            closes.came_after(facts.partnership_id, each.period.last, each.recorded_at),
        )
        if isinstance(each, FigureRow)
        else total_point(each, by_first.get(each.period.first - 12), measured, line.levels.get(each.period))
        for each in charted
    ]
    return SeriesOut(
        indicator=facts.code,
        title=defined.title,
        unit=defined.unit,
        decimals=defined.decimals,
        zero_based=defined.measure == Measure.COUNT,
        area=cut.area,
        breakdown=breakdown_of(cut.breakdown),
        period_label=_span(points),
        points=points,
        not_added_up=[
            NotAddedUpOut(period=str(each.period), period_label=each.period.short_label, reason=each.reason)
            for each in every_total
            if each.value is None and (cut.from_ is None or each.period.last >= cut.from_.first)
        ],
        baseline=json_number(baseline.value) if isinstance(baseline, Level) else None,
        baseline_period=str(baseline.period) if isinstance(baseline, Level) else None,
        baseline_words=baseline.words_in(measured),
        baseline_level=json_number(level),
        baseline_level_label=level_label,
        breaks=[
            SeriesBreakOut(
                from_period=str(Period(at.period_start, 1)),
                from_label=Period(at.period_start, 1).label,
                reason=at.reason,
                backcast=at.backcast,
            )
            for at in measured.breaks
        ],
        limits=None,
        limits_reason=NO_LIMITS,
        signals=None,
    )


LENGTHS = {1: "a month", 3: "a quarter", 12: "a year"}


def _baseline_level(
    baseline: AnyBaseline, measured: Measured, months: int, newest: Period | None
) -> tuple[Decimal | None, str]:
    """Level and label to draw the baseline at; None across a recording break.

    A count over a longer period is scaled to the months of the figures.
    """
    if not isinstance(baseline, Level):
        return None, ""
    if newest is not None and measured.break_between(baseline.period.first, newest.last):
        return None, ""
    if not measured.accumulates or baseline.period.months == months:
        return baseline.value, "Baseline"
    share = baseline.value * months / baseline.period.months
    return share.quantize(Decimal("0.1")), f"Baseline, {LENGTHS.get(months, f'{months} months')}"


def _near(period: Period, cut: Cut) -> bool:
    """Inside the cut, or in the year before it begins, so that each figure has its comparison."""
    begins = cut.from_ is None or period.last >= cut.from_.first - 12
    return begins and (cut.to is None or period.last <= cut.to.last)


def _commonest(rows: Sequence[FigureRow]) -> int:
    """Commonest length of the figures in months; the shorter of two as common."""
    lengths = [each.period.months for each in rows]
    return min(set(lengths), key=lambda months: (-lengths.count(months), months), default=3)


def _point(
    row: FigureRow,
    before: figures.Figure | None,
    measured: Measured,
    level: Decimal | None,
    after_close: bool,
) -> SeriesPointOut:
    period, figure = row.period, row.figure
    earlier = before.value if before is not None else None
    axis_label, axis_year = period.axis_label
    return SeriesPointOut(
        figure=Link("figures", row.id),
        period=str(period),
        period_label=period.short_label,
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        axis_label=axis_label,
        axis_year=axis_year,
        value=json_number(figure.value),
        words=figures.figure_words(figure, measured),
        mark=figures.mark(figure, revised=row.revision > 1 or after_close),
        status=figure.status.value,
        missing=figure.missing.value if figure.missing is not None else None,
        withheld=figure.withheld,
        note=row.note,
        revision=row.revision,
        revised=row.revision > 1,
        revised_after_close=after_close,
        recorded_at=instant_text(row.recorded_at),
        recorded_by=row.recorded_by,
        author=author_out(row.author),
        year_before=json_number(earlier),
        year_before_words=measured.words(earlier) if earlier is not None else "",
        change_words=_change(period, figure.value, earlier, measured),
        target=json_number(level),
    )


def totals_of(measured: Measured, cut: Cut, rows: Sequence[FigureRow]) -> list[PeriodTotal]:
    """Totals of the length that the cut asks for, of shorter figures; none where it takes the commonest length."""
    return totals([each.figure for each in rows], measured, cut.months) if cut.months is not None else []


def total_point(
    total: PeriodTotal, before: figures.Figure | None, measured: Measured, level: Decimal | None
) -> SeriesPointOut:
    """The point of a total, which nobody sent. It has a value."""
    period, value = total.period, total.value
    assert value is not None
    earlier = before.value if before is not None else None
    axis_label, axis_year = period.axis_label
    return SeriesPointOut(
        figure=None,
        period=str(period),
        period_label=period.short_label,
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        axis_label=axis_label,
        axis_year=axis_year,
        value=json_number(value),
        words=measured.words(value),
        mark=figures.mark(total.figure),
        status=total.status.value,
        missing=None,
        withheld=None,
        note="",
        revision=None,
        revised=False,
        revised_after_close=False,
        recorded_at=None,
        recorded_by=None,
        author=None,
        year_before=json_number(earlier),
        year_before_words=measured.words(earlier) if earlier is not None else "",
        change_words=_change(period, value, earlier, measured),
        target=json_number(level),
    )


def _change(period: Period, now: Decimal | None, before: Decimal | None, measured: Measured) -> str:
    if now is None or before is None:
        return ""
    broken = measured.break_between(period.first - 12, period.last)
    if broken is not None:
        return f"not comparable: {broken.reason}"
    return change_words(before, now, measured.word_unit, measured.decimals)


def _span(points: Sequence[SeriesPointOut]) -> str:
    if not points:
        return ""
    first, last = parse_period(points[0]["period"]), parse_period(points[-1]["period"])
    return f"{first.short_label} to {last.short_label}" if first != last else first.label
