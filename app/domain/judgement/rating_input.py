"""Input of a rating, and the two values it compares."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.domain.figures.aggregate import add_up
from app.domain.figures.figure import Figure
from app.domain.judgement.goal import year_months
from app.domain.judgement.series import Series
from app.domain.judgement.verdict import Rating, RatingStatus
from app.domain.period import Period, run_label
from app.domain.plan.baseline import AnyBaseline, Baseline, BaselineYear, NoBaseline
from app.domain.plan.indicator import AddsUp, Indicator, Measure
from app.domain.plan.target_shape import Applies, Change, ChangeBy, Milestones, Target


@dataclass(frozen=True, slots=True)
class Comparator:
    """A named area's or average's figure, in the indicator's own unit; `version` says which publication."""

    name: str
    value: Decimal
    period: Period | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class RatingInput:
    """Input of a rating. `figure` is the newest one for the period judged; without one, `note` gives the reason."""

    series: Series
    target: Target | None
    applies: Applies
    milestones: Milestones
    baseline: AnyBaseline
    figure: Figure | None
    today: date
    plan: Period | None = None
    comparators: tuple[Comparator, ...] = ()
    note: str = ""
    target_since: Period | None = None
    """The first period this target is for; None, the plan's first."""

    @property
    def indicator(self) -> Indicator:
        return self.series.indicator

    def effective_baseline(self) -> AnyBaseline:
        """The baseline; for a baseline year that is complete, its figure."""
        baseline = self.baseline
        if isinstance(baseline, BaselineYear) and baseline.year.has_ended(self.today):
            total = add_up(self.series.figures, self.indicator, baseline.year)
            if total.value is not None:
                return Baseline(baseline.year, total.value)
        return baseline


@dataclass(frozen=True, slots=True)
class Span:
    """Months (inclusive) that a target's number is for, and the assumption made in reading it."""

    first: int
    last: int
    assumption: str = ""
    is_financial_year: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """Value compared with a target, the months (inclusive) it covers, and whether they are all of the target's."""

    value: Decimal
    first: int
    last: int
    complete: bool

    @property
    def label(self) -> str:
        return run_label(self.first, self.last - self.first + 1)


def measured(case: RatingInput, figure: Figure, span: Span) -> Measured | Rating:
    """Value that counts towards a target over `span` by the end of the figure's period.

    An accumulating indicator adds up from the start of the span; everything else is rated on the figure itself.
    Twelve months that do not end in March are compared directly with a financial year's target.
    """
    period, value = figure.period, figure.value or Decimal(0)
    first, last = (span.first, period.last) if case.indicator.accumulates else (period.first, period.last)
    reached = case.series.sum(first, last) if case.indicator.accumulates else value
    if reached is None and period.months == 12 and span.is_financial_year:
        first, reached = period.first, value
    if at := case.indicator.break_between(first, last):
        reason = f"{Period(first, last - first + 1).short_label} spans a recording change: {at.reason}."
        return Rating(RatingStatus.NOT_COMPARABLE, reason)
    if reached is None:
        return _no_total(case, figure, span)
    complete = not case.indicator.accumulates or last == span.last or first != span.first
    return Measured(reached, first, last, complete)


def _no_total(case: RatingInput, figure: Figure, span: Span) -> Rating:
    period = Period(span.first, figure.period.last - span.first + 1)
    if figure.period.first < span.first:
        reason = f"The figure is for {figure.period.label}, which is not within {period.short_label}."
        return Rating(RatingStatus.NOT_COMPARABLE, f"{reason} {span.assumption}".strip())
    missing = ", ".join(p.short_label for p in case.series.parts.uncovered(period))
    gap = "some months are missing" if not missing else f"missing: {missing}"
    return Rating(RatingStatus.NO_DATA, f"No total for {period.label}: {gap}.")


def from_base_year(target: Change | ChangeBy, case: RatingInput) -> RatingInput:
    """The case with the figure of the year that the target names as its baseline; as it is where it names none."""
    if not target.base_year:
        return case
    first, last = year_months(target.base_year)
    year, baseline = Period(first, last - first + 1), case.effective_baseline()
    if isinstance(baseline, Baseline) and baseline.period == year:
        return case
    total = add_up(case.series.figures, case.indicator, year)
    if total.value is not None:
        return replace(case, baseline=Baseline(year, total.value))
    return replace(case, baseline=NoBaseline(f"no figure is here for {target.base_year}, which it names"))


def comparable_baseline(case: RatingInput, now: Measured) -> Baseline | Rating:
    """The baseline, if it may be compared with the measured value; else a rating that says why not."""
    baseline = case.effective_baseline()
    if isinstance(baseline, BaselineYear):
        return Rating(RatingStatus.BASELINE_YEAR, f"{baseline.words}: its figure is not complete.")
    if not isinstance(baseline, Baseline):
        reason = f": {baseline.reason}" if baseline.reason else ""
        return Rating(RatingStatus.NO_BASELINE, f"There is no baseline to compare with{reason}.")
    period, indicator = baseline.period, case.indicator
    if at := indicator.break_between(min(period.first, now.first), max(period.last, now.last)):
        reason = f"A recording change lies between {now.label} and the baseline of {period.short_label}"
        return Rating(RatingStatus.NOT_COMPARABLE, f"{reason}: {at.reason}.")
    if indicator.is_exceptional(period.first, period.last):
        reason = f"The baseline of {period.short_label} lies in an exceptional period."
        return Rating(RatingStatus.NOT_COMPARABLE, reason)
    if sums_over_time(indicator) and not _same_length(period, now, indicator):
        reason = f"The baseline covers {period.label}, another length of time than {now.label}."
        return Rating(RatingStatus.NOT_COMPARABLE, reason)
    return baseline


def sums_over_time(indicator: Indicator) -> bool:
    """Whether a longer period has a larger value, so that only equal lengths compare."""
    return indicator.measure in (Measure.COUNT, Measure.MONEY) and indicator.adds_up is AddsUp.SUM


def _same_length(period: Period, now: Measured, indicator: Indicator) -> bool:
    """Whether lengths compare: a year with a year, measured or forecast; a part with the same months."""
    if period.months == 12:
        return indicator.accumulates or now.last - now.first == 11
    return period.months == now.last - now.first + 1 and period.first % 12 == now.first % 12
