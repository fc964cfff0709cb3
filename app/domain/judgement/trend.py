"""Direction of travel: which way a figure has moved on a year before, and whether that is more than chance."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.day import day_words
from app.domain.figures.figure import Figure
from app.domain.judgement.goal import Goal
from app.domain.judgement.series import Series
from app.domain.judgement.significance import counts_differ, newcombe, rare_counts_differ, survey_margin
from app.domain.number import change_words
from app.domain.period import APRIL, Period
from app.domain.plan.indicator import Indicator, Measure, Polarity

ENOUGH = 12
RARE = 20


class Direction(StrEnum):
    IMPROVING = "improving"
    WORSENING = "worsening"
    UP = "up"
    DOWN = "down"
    NO_REAL_CHANGE = "no_real_change"
    NOT_TESTED = "not_tested"
    NOT_COMPARABLE = "not_comparable"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Direction.IMPROVING: "Improving",
    Direction.WORSENING: "Getting worse",
    Direction.UP: "Up",
    Direction.DOWN: "Down",
    Direction.NO_REAL_CHANGE: "No real change",
    Direction.NOT_TESTED: "Not tested",
    Direction.NOT_COMPARABLE: "Not comparable",
}


@dataclass(frozen=True, slots=True)
class Trend:
    """`test` names the method, and is empty where none was applied."""

    direction: Direction
    reason: str
    test: str = ""
    label_override: str = ""

    @property
    def label(self) -> str:
        return self.label_override or _LABELS[self.direction]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values over the same months, a year or more apart; and their figures, where each is a single one."""

    now: Decimal
    then: Decimal
    at: Period
    before: Period
    figure: Figure | None = None
    earlier: Figure | None = None


def trend(
    series: Series, figure: Figure | None, band: Goal | None = None, known_on: date | None = None
) -> Trend:
    """The direction of travel to the figure's period; of figures as known now, or on a day.

    An accumulating indicator: the year to date on the same months of last year. Everything else: the figure
    on the one a year before; a survey, on its last earlier wave. Nothing is compared across a break or with an
    exceptional period, and windows that overlap are not tested against each other.
    """
    if figure is None or figure.value is None:
        return Trend(Direction.NOT_TESTED, "There is no figure to compare.")
    pair = _pair(series, figure)
    if isinstance(pair, Trend):
        return pair
    return _barred(series.indicator, pair) or _tested(series, pair, band, known_on)


def _pair(series: Series, figure: Figure) -> Pair | Trend:
    at, parts = figure.period, series.parts
    if series.indicator.accumulates and at.months < 12:
        start = (at.last - APRIL) // 12 * 12 + APRIL
        for first in (start, at.first):
            now, then = series.sum(first, at.last), series.sum(first - 12, at.last - 12)
            if now is not None and then is not None:
                period = Period(first, at.last - first + 1)
                return Pair(now, then, period, period.a_year_before(), figure)
        return Trend(
            Direction.NOT_TESTED, f"There is no figure for {at.a_year_before().label} to compare with."
        )
    earlier = parts.at(at.first - 12, at.last - 12)
    if earlier is None and series.indicator.accumulates:
        total = series.sum(at.first - 12, at.last - 12)
        if total is not None:
            return Pair(figure.value or Decimal(0), total, at, at.a_year_before(), figure)
    if earlier is None and series.indicator.survey:
        earlier = _wave_before(series, at)
    if earlier is None or earlier.value is None:
        return _nothing_before(series, at)
    return Pair(figure.value or Decimal(0), earlier.value, at, earlier.period, figure, earlier)


def _wave_before(series: Series, at: Period) -> Figure | None:
    waves = [f for f in series.figures if f.value is not None and f.period.last < at.first]
    return max(waves, key=lambda f: f.period.last, default=None)


def _nothing_before(series: Series, at: Period) -> Trend:
    overlapping = any(f.value is not None and f.period < at and f.period.overlaps(at) for f in series.figures)
    year_before = at.a_year_before().label
    if overlapping:
        reason = f"Earlier figures overlap {at.label}; there is none for {year_before} to compare with."
        return Trend(Direction.NOT_TESTED, reason)
    return Trend(Direction.NOT_TESTED, f"There is no figure for {year_before} to compare with.")


def _barred(indicator: Indicator, pair: Pair) -> Trend | None:
    if not indicator.breaks and not indicator.exceptional:
        return None
    if at := indicator.break_between(pair.before.first, pair.at.last):
        reason = f"A recording change lies between {pair.before.short_label} and {pair.at.short_label}: {at.reason}."
        return Trend(Direction.NOT_COMPARABLE, reason)
    for period in (pair.at, pair.before):
        if indicator.is_exceptional(period.first, period.last):
            return Trend(Direction.NOT_COMPARABLE, f"{period.short_label} is an exceptional period.")
    return None


def _tested(series: Series, pair: Pair, band: Goal | None, known_on: date | None) -> Trend:
    indicator = series.indicator
    words = change_words(pair.then, pair.now, indicator.word_unit, indicator.decimals)
    a_year = pair.at.first - pair.before.first == 12 and pair.at.months == pair.before.months
    since = pair.before.short_label
    if a_year:
        date_text = f"on {day_words(known_on)}" if known_on is not None else "now"
        since = (
            "the year before" if pair.at.months == 12 else f"the same months last year (as known {date_text})"
        )
    change = f"{words[:1].upper()}{words[1:]} on {since}" if words != "unchanged" else f"Unchanged on {since}"
    if indicator.survey:
        return _survey(indicator, pair, band, change)
    if indicator.measure is Measure.COUNT:
        return _counts(series, pair, band, change)
    if indicator.measure is Measure.PERCENTAGE:
        return _proportions(indicator, pair, band, change)
    reason = f"{change}; there is no test for {indicator.measure.with_article}."
    return Trend(Direction.NOT_TESTED, reason)


def _counts(series: Series, pair: Pair, band: Goal | None, change: str) -> Trend:
    """Tests counts, allowing for the series' own clustering; exactly where events are rare and look independent."""
    if not series.indicator.accumulates:
        return Trend(Direction.NOT_TESTED, f"{change}; rolling or standing counts are not tested.")
    phi, pairs = series.dispersion
    if pairs < ENOUGH:
        comparisons = "1 like-for-like comparison" if pairs == 1 else f"{pairs} like-for-like comparisons"
        reason = f"{change}; {comparisons}, {ENOUGH} needed to test it."
        return Trend(Direction.NOT_TESTED, reason)
    if phi == 1 and pair.now + pair.then <= RARE:
        real = rare_counts_differ(int(pair.now), int(pair.then))
        return _concluded(series.indicator, pair, band, change, real, "exact Poisson test at 5%")
    real = counts_differ(float(pair.now), float(pair.then), phi, pairs)
    test = f"counts over equal months at 5%, dispersion {phi:.1f} from {pairs} like-for-like comparisons"
    return _concluded(series.indicator, pair, band, change, real, test)


def _proportions(indicator: Indicator, pair: Pair, band: Goal | None, change: str) -> Trend:
    if pair.at.overlaps(pair.before):
        return Trend(Direction.NOT_TESTED, f"{change}; the two windows overlap, so they are not tested.")
    now, then = _proportion(pair.figure), _proportion(pair.earlier)
    if now is None or then is None:
        return Trend(Direction.NOT_TESTED, f"{change}; a test needs both numerators and denominators.")
    low, high = newcombe(now, then)
    real = low > 0 or high < 0
    return _concluded(indicator, pair, band, change, real, "difference of proportions at 95% (Newcombe)")


def _proportion(figure: Figure | None) -> tuple[float, float] | None:
    """Successes and trials, from numerator and denominator, else from a survey's effective sample size."""
    if figure is None or figure.value is None:
        return None
    if figure.numerator is not None and figure.denominator and 0 <= figure.numerator <= figure.denominator:
        return float(figure.numerator), float(figure.denominator)
    if figure.sample_size and 0 <= figure.value <= 100:
        return float(figure.value) / 100 * figure.sample_size, float(figure.sample_size)
    return None


def _survey(indicator: Indicator, pair: Pair, band: Goal | None, change: str) -> Trend:
    """Tests waves by the published margin, else by sample sizes. A change equal to the margin is inside it."""
    now, then = pair.figure, pair.earlier
    if now is not None and now.margin is not None:
        earlier = then if then is not None and then.margin_of != "difference" else None
        half = survey_margin(
            now.margin,
            now.margin_level,
            now.margin_of,
            earlier.margin if earlier else None,
            earlier.margin_level if earlier else None,
        )
        real = abs(float(pair.now - pair.then)) > half + 1e-9
        kind = (
            "the published margin of the difference"
            if now.margin_of == "difference"
            else "both waves' margins"
        )
        return _concluded(indicator, pair, band, change, real, f"{kind}, {half:.1f} at 95%")
    if indicator.measure is Measure.PERCENTAGE and (now and then and now.sample_size and then.sample_size):
        return _proportions(indicator, pair, band, change)
    return Trend(Direction.NOT_TESTED, f"{change}; a test needs the survey's margin or sample sizes.")


def _concluded(
    indicator: Indicator, pair: Pair, band: Goal | None, change: str, real: bool, test: str
) -> Trend:
    if not real:
        return Trend(Direction.NO_REAL_CHANGE, f"{change}, which may be chance ({test}).", test)
    up = pair.now > pair.then
    reason = f"{change}, more than chance ({test})."
    if indicator.polarity is Polarity.IN_BAND and band is not None and not indicator.reporting_sensitive:
        return _about_band(pair, band, reason, test, up)
    if indicator.reporting_sensitive or indicator.polarity in (Polarity.MONITOR, Polarity.IN_BAND):
        return Trend(Direction.UP if up else Direction.DOWN, reason, test)
    better = up == (indicator.polarity is Polarity.HIGHER_IS_BETTER)
    return Trend(Direction.IMPROVING if better else Direction.WORSENING, reason, test)


def _about_band(pair: Pair, band: Goal, reason: str, test: str, up: bool) -> Trend:
    """Towards or away from the band; a move within it is only up or down."""
    now, then = _outside(pair.now, band), _outside(pair.then, band)
    if now == then:
        return Trend(Direction.UP if up else Direction.DOWN, reason, test)
    if now < then:
        return Trend(Direction.IMPROVING, reason, test, "Towards the band")
    return Trend(Direction.WORSENING, reason, test, "Away from the band")


def _outside(value: Decimal, band: Goal) -> Decimal:
    return Decimal(0) if band.met(value) else band.miss(value)[0]
