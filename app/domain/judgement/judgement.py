"""Judges one indicator at one time: latest figure, position, rating, direction of travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.figures.figure import Figure, FigureStatus, figure_words
from app.domain.judgement.goal import Goal, fixed_goal
from app.domain.judgement.rating import rate
from app.domain.judgement.rating_input import Comparator, RatingInput
from app.domain.judgement.series import Series
from app.domain.judgement.trend import Trend, trend
from app.domain.judgement.verdict import Rating
from app.domain.number import change_words
from app.domain.period import APRIL, Period, containing
from app.domain.plan.baseline import AnyBaseline, NoBaseline
from app.domain.plan.indicator import Indicator, Window
from app.domain.plan.target_shape import Applies, Band, ByYear, Target
from app.domain.plan.target_version import TargetVersion, in_force


@dataclass(frozen=True, slots=True)
class Position:
    """Current level: the year to date of an indicator that accumulates, else the latest figure; with comparisons."""

    period: Period
    value: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """An indicator's rating and trend. `version` is the target's for the period, even where nothing was rated."""

    version: TargetVersion | None
    latest: Figure | None
    position: Position | None
    rating: Rating
    trend: Trend


@dataclass(frozen=True, slots=True)
class JudgementQuery:
    """Period, day and plan to judge figures by."""

    period: Period | None
    """Period to judge; None for the newest ended period with a figure."""
    today: date
    plan: Period | None
    comparators: tuple[Comparator, ...] = ()
    known_on: date | None = None
    """Day as known on which figures are judged; None for now."""


def judge(
    indicator: Indicator,
    versions: Sequence[TargetVersion],
    baseline: AnyBaseline | None,
    figures: Sequence[Figure],
    query: JudgementQuery,
) -> Judgement:
    """Judges one area's figures (one breakdown, in order of period) for a reporting period.

    For a quarter, a yearly or rolling indicator or a survey is judged by its newest figure up to the quarter's end,
    and the reason says that it is older. `versions` are the target's, newest first; the figure is rated against the
    one in force for its own period.
    """
    series, period, today = Series(indicator, figures), query.period, query.today
    latest, judged, note = _chosen(series, period, today)
    version = in_force(versions, judged.period if judged else period or containing(today, 1).previous())
    target = version.target if version else None
    case = RatingInput(
        series,
        target,
        version.applies if version else Applies.EACH_YEAR,
        version.milestones if version else (),
        baseline or NoBaseline(""),
        judged,
        today,
        query.plan,
        query.comparators,
        note,
        version.since if version else None,
    )
    position = _position(series, latest) if latest is not None else None
    return Judgement(
        version, latest, position, rate(case), trend(series, judged, _band(target, indicator), query.known_on)
    )


def _band(target: Target | None, indicator: Indicator) -> Goal | None:
    step = target.steps[-1][1] if isinstance(target, ByYear) else target
    goal = fixed_goal(step, indicator) if isinstance(step, Band) else None
    return goal if isinstance(goal, Goal) else None


def _chosen(series: Series, period: Period | None, today: date) -> tuple[Figure | None, Figure | None, str]:
    """Latest figure, the one to judge (perhaps none), and a note about the choice."""
    ended = today.year * 12 + today.month - 2
    limit = ended if period is None else min(period.last, ended)
    latest, waiting = _newest(series, limit, period.months if period is not None else 12)
    if period is None:
        if latest is None:
            return (
                None,
                None,
                _sentence(figure_words(waiting, series.indicator)) if waiting else "No figure has been sent.",
            )
        late = waiting is not None and waiting.period.last > latest.period.last
        return (
            latest,
            latest,
            f"{waiting.period.short_label}: {_why(series, waiting)}." if late and waiting else "",
        )
    if latest is None:
        return None, None, _nothing_for(series, period, waiting, ended)
    if latest.period.last == limit and (
        latest.period.first >= period.first or _long(series.indicator, period)
    ):
        return latest, latest, "" if period.last <= ended else f"{period.short_label} has not ended."
    if latest.period.last >= period.first and period.last > ended:
        return latest, latest, f"{period.short_label} has not ended."
    nothing = _nothing_for(series, period, waiting, ended)
    if latest.period.last == limit or _long(series.indicator, period):
        return latest, latest, f"{nothing} The newest is for {latest.period.short_label}."
    return latest, None, f"{nothing} The newest is for {latest.period.short_label}."


def _long(indicator: Indicator, period: Period) -> bool:
    """Whether its figures may be older than the period: of surveys, rolling years and longer frequencies."""
    rolling = indicator.window is Window.ROLLING_YEAR
    return indicator.survey or rolling or indicator.frequency.months > period.months


def _newest(series: Series, limit: int, period_months: int) -> tuple[Figure | None, Figure | None]:
    """The newest outturn, and the newest missing value, whose months end by `limit`.

    Of several that end together the one of the indicator's own length, else the longest. One month of a quarterly
    count is skipped where no such month was sent a year before, as it shows nothing of the year's course;
    unless the reporting period, of `period_months`, is shorter, or the newest quarter is a whole quarter older.
    """
    indicator = series.indicator
    usual = 12 if indicator.window is Window.ROLLING_YEAR else indicator.frequency.months
    shortest = usual if indicator.accumulates and period_months >= usual else 0
    latest: Figure | None = None
    waiting: Figure | None = None
    part: Figure | None = None
    best, rank, awaited = -1, 0, -1
    for figure in series.figures:
        months = figure.period.months
        last = figure.period.first + months - 1
        if last > limit:
            continue
        if figure.value is None:
            if last >= awaited:
                awaited, waiting = last, figure
        elif figure.status is not FigureStatus.FORECAST:
            if months < shortest and series.sum(figure.period.first - 12, last - 12) is None:
                part = figure if part is None or last >= part.period.last else part
                continue
            length_rank = 1000 if months == usual else months
            if last > best or (last == best and length_rank > rank):
                best, rank, latest = last, length_rank, figure
    if part is not None and part.period.last - best >= usual:
        latest = part
    return latest, waiting


def _nothing_for(series: Series, period: Period, waiting: Figure | None, ended: int) -> str:
    if waiting is not None and waiting.period.last == period.last:
        return f"{waiting.period.label}: {_why(series, waiting)}."
    if period.last > ended:
        return f"{period.label} has not ended."
    return f"Nothing yet for {period.label}."


def _why(series: Series, figure: Figure) -> str:
    return figure_words(figure, series.indicator)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _position(series: Series, latest: Figure) -> Position | None:
    value, at = latest.value, latest.period
    if value is None:
        return None
    indicator = series.indicator
    if not indicator.accumulates or at.months >= 12:
        return Position(at, value, f"{figure_words(latest, indicator)} in {at.short_label}")
    start = (at.last - APRIL) // 12 * 12 + APRIL
    total = series.sum(start, at.last)
    if total is None or indicator.break_between(start, at.last):
        return Position(at, value, f"{figure_words(latest, indicator)} in {at.short_label}")
    to_date = Period(start, at.last - start + 1)
    return Position(
        to_date, total, f"{indicator.words(total)} in {to_date.short_label}{_twelve(series, at.last)}"
    )


def _twelve(series: Series, last: int) -> str:
    """The latest twelve months with the twelve before, where both are whole and may be compared."""
    indicator = series.indicator
    now = series.sum(last - 11, last)
    if now is None or indicator.break_between(last - 11, last):
        return ""
    before = series.sum(last - 23, last - 12)
    text = f"; {indicator.words(now)} in the latest twelve months"
    if (
        before is None
        or indicator.break_between(last - 23, last)
        or indicator.is_exceptional(last - 23, last)
    ):
        return text
    return f"{text}, {change_words(before, now, indicator.word_unit)} on the twelve before"
