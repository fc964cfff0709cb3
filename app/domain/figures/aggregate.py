"""Adds figures up over time. A total with a missing part has no value, and names the part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.errors import RuleBroken
from app.domain.figures.figure import Figure, FigureStatus, ratio_value
from app.domain.number import six_places
from app.domain.period import LATEST, Period
from app.domain.plan.indicator import AddsUp, Indicator, Window


@dataclass(frozen=True, slots=True)
class Total:
    """A figure added up over time. `value` is None when parts are missing or cannot be joined, with the `reason`."""

    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: tuple[Period, ...] = ()
    reason: str = ""


class Parts:
    """One series' figures that have values, by first month. Forecasts are left out."""

    __slots__ = ("_from", "_running", "_simple")

    def __init__(self, figures: Iterable[Figure]) -> None:
        starts: dict[int, list[tuple[int, Figure]]] = {}
        running: dict[int, tuple[int, Decimal]] = {}
        simple, expected, chain, total = True, -1, -1, Decimal(0)
        for figure in figures:
            value = figure.value
            if value is None or figure.status is FigureStatus.FORECAST:
                continue
            first = figure.period.first
            after = first + figure.period.months
            starts.setdefault(first, []).append((after, figure))
            if first < expected:
                simple, expected = False, LATEST
            elif simple:
                if first > expected:
                    chain = first
                    running[first] = (chain, total)
                total += value
                expected = after
                running[after] = (chain, total)
        if not simple:
            for starting in starts.values():
                starting.sort(key=lambda ending: -ending[0])
        self._from = starts
        self._simple = simple
        self._running = running

    def at(self, first: int, last: int) -> Figure | None:
        """The figure for exactly these months."""
        for after, figure in self._from.get(first, ()):
            if after == last + 1:
                return figure
        return None

    def of_length(self, months: int) -> dict[int, float]:
        """Values of the figures of one length, by first month, as floats for statistics."""
        return {
            first: float(figure.value or 0)
            for first, starting in self._from.items()
            for after, figure in starting
            if after - first == months
        }

    def tile(self, first: int, last: int) -> list[Figure] | None:
        """Figures that cover each of the months once, the longest first where there is a choice; None if none do."""
        tiles = self._tile(first, last + 1, set())
        return None if tiles is None else tiles[::-1]

    def _tile(self, first: int, end: int, dead_ends: set[int]) -> list[Figure] | None:
        """Figures that cover the months up to `end`, exclusive, last part first. Skips starts in `dead_ends`."""
        for after, figure in self._from.get(first, ()):
            if after == end:
                return [figure]
            if after < end and after not in dead_ends:
                rest = self._tile(after, end, dead_ends)
                if rest is not None:
                    rest.append(figure)
                    return rest
        dead_ends.add(first)
        return None

    def sum(self, first: int, last: int) -> Decimal | None:
        """The sum over the months, None unless every month is there.

        Where no figures overlap it is the difference of two running totals of one unbroken chain.
        """
        if not self._simple:
            tiles = self._tile(first, last + 1, set())
            return None if tiles is None else sum([f.value or Decimal(0) for f in tiles], Decimal(0))
        before, upto = self._running.get(first), self._running.get(last + 1)
        if before is None or upto is None or before[0] != upto[0]:
            return None
        return upto[1] - before[1]

    def uncovered(self, period: Period) -> tuple[Period, ...]:
        """Runs of months of `period` that no figure within it covers, split where they are whole quarters."""
        covered: set[int] = set()
        for starting in self._from.values():
            for _, figure in starting:
                if period.contains(figure.period):
                    covered.update(range(figure.period.first, figure.period.last + 1))
        return _runs([m for m in range(period.first, period.last + 1) if m not in covered])


def add_up(figures: Sequence[Figure], indicator: Indicator, period: Period) -> Total:
    """Adds up the figures of `period` by the indicator's own rule.

    `sum` adds; `ratio` is recomputed from numerators and denominators, never averaged; `latest` is the figure
    that ends with the period; `mean` weights parts by their denominators where all have one, else by months.
    A figure sent for exactly the period is used as it is. Parts may differ in length so long as they cover
    every month once; of two figures that begin together, the longer is used where it fits.
    """
    parts = Parts(figures)
    figure = parts.at(period.first, period.last)
    if figure is not None:
        return Total(figure.value, figure.numerator, figure.denominator)
    if indicator.window is Window.ROLLING_YEAR:
        reason = f"rolling twelve months overlap, and do not add up: none was sent for {period.label}"
        return Total(None, missing=(period,), reason=reason)
    if indicator.adds_up is AddsUp.LATEST:
        return _latest(figures, period)
    tiles = parts.tile(period.first, period.last)
    if tiles is None:
        return _incomplete(parts, period)
    if indicator.adds_up is AddsUp.SUM:
        return Total(parts.sum(period.first, period.last))
    return _ratio(tiles, indicator)


def _latest(figures: Sequence[Figure], period: Period) -> Total:
    ending = [
        f
        for f in figures
        if f.value is not None and f.period.last == period.last and period.contains(f.period)
    ]
    if not ending:
        last = Period(period.last, 1)
        return Total(None, missing=(last,), reason=f"no figure ends with {last.label}")
    last_sent = min(ending, key=lambda f: f.period.months)
    return Total(last_sent.value, last_sent.numerator, last_sent.denominator)


def _incomplete(parts: Parts, period: Period) -> Total:
    missing = parts.uncovered(period)
    if not missing:
        return Total(None, reason=f"the figures held overlap, and none cover {period.label} once")
    named = ", ".join(p.label for p in missing)
    return Total(None, missing=missing, reason=f"not a total: {named} missing")


def _ratio(tiles: list[Figure], indicator: Indicator) -> Total:
    numerator, denominator = Decimal(0), Decimal(0)
    for part in tiles:
        if part.numerator is None or part.denominator is None:
            if indicator.adds_up is AddsUp.MEAN:
                return Total(_by_months(tiles))
            reason = (
                f"a ratio is recomputed from its parts: {part.period.label} has no numerator and denominator"
            )
            return Total(None, reason=reason)
        numerator, denominator = numerator + part.numerator, denominator + part.denominator
    try:
        return Total(ratio_value(numerator, denominator, indicator), numerator, denominator)
    except RuleBroken as broken:
        return Total(None, numerator, denominator, reason=broken.message)


def _by_months(tiles: list[Figure]) -> Decimal:
    months = sum(part.period.months for part in tiles)
    weighted = sum(((part.value or Decimal(0)) * part.period.months for part in tiles), Decimal(0))
    return six_places(weighted / months)


def _runs(months: list[int]) -> tuple[Period, ...]:
    runs: list[Period] = []
    for month in months:
        if runs and runs[-1].last + 1 == month:
            runs[-1] = Period(runs[-1].first, runs[-1].months + 1)
        else:
            runs.append(Period(month, 1))
    return tuple(piece for run in runs for piece in run.quarters() or (run,))
