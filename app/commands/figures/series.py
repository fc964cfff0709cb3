"""Checks sent figures beside their own series: jumps, totals over time, published changes."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlmodel import Session, col, select

from app.commands.figures.context import SubmissionContext
from app.commands.figures.goal import Goals
from app.commands.figures.neighbour import Neighbour, Series, as_neighbour, stored_series
from app.commands.figures.row_check import RowCheck
from app.domain.figures import published_change as published
from app.domain.figures.aggregate import Parts, add_up
from app.domain.figures.figure import Figure
from app.domain.figures.row_warning import RowWarning
from app.domain.figures.running_total import running_total_warning
from app.domain.figures.slip import LAST_FEW, Earlier, Yardstick, neighbours
from app.domain.figures.usual_range import value_warning
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Frequency, Indicator, Window
from app.models.figures.published_change import ExceptionalPeriod, PublishedChange
from app.queries.figures.visibility import FigureVisibility

REACH = 36
"""Months of history that are read: twelve quarters, or three years' seasons."""
REACH_OF_YEARS = 144
LONGEST_TOTAL_MONTHS = 12
"""Months of a total that is worked again from its parts."""
NAMES = {1: "months", 3: "quarters"}
Run = tuple[int, int]
"""First and last month."""


def check_series(
    session: Session, rows: Sequence[RowCheck], context: SubmissionContext, visibility: FigureVisibility
) -> None:
    """Warns of rows that do not fit their own series, as the submission leaves it.

    The usual range is that of what was stored before: a history sent at once is not judged against itself. A slip
    or a year to date is told by figures sent together too. Series are read by one statement; figures that the
    sender may not see are left out.
    """
    by_series: dict[Series, list[RowCheck]] = defaultdict(list)
    for row in rows:
        assert row.identity is not None
        by_series[row.identity[:3]].append(row)
    if not by_series:
        return
    changes = _changes_touched(session, by_series, context)
    exceptional = _exceptional(session, context)
    indicators = {series[0]: own[0].indicator for series, own in by_series.items()}
    judged = {id_: each.judged(exceptional) for id_, each in indicators.items() if each is not None}
    first, last = _span(by_series, judged, changes)
    goals = Goals(session, indicators, context)
    unread = dict(by_series)
    for series, stored in stored_series(session, by_series, first, last):
        if series in unread:
            own = unread.pop(series)
            seen = _visible(own[0], stored, visibility)
            _Series(own, seen, judged[series[0]], goals).warn(changes.get(series, ()))
    for series, own in unread.items():
        _Series(own, (), judged[series[0]], goals).warn(changes.get(series, ()))


def _visible(row: RowCheck, stored: Sequence[Neighbour], visibility: FigureVisibility) -> Sequence[Neighbour]:
    """Figures of a row's series that its sender may see."""
    indicator = row.indicator
    if indicator is None or visibility.key(indicator) is None:
        return stored
    return [each for each in stored if not visibility.hides(indicator, each.last)]


def _exceptional(session: Session, context: SubmissionContext) -> tuple[Period, ...]:
    mine = ExceptionalPeriod.partnership_id == context.partnership_id
    return tuple(parse_period(text) for text in session.exec(select(ExceptionalPeriod.period).where(mine)))


def _changes_touched(
    session: Session, by_series: Mapping[Series, Sequence[RowCheck]], context: SubmissionContext
) -> dict[Series, list[published.PublishedChange]]:
    """Published changes that a sent figure has a part in."""
    ids = {series[0] for series in by_series}
    touched: dict[Series, list[published.PublishedChange]] = {}
    for row in session.exec(select(PublishedChange).where(col(PublishedChange.indicator_id).in_(ids))):
        series = (row.indicator_id, row.area_code or context.own_area, "")
        change = published.PublishedChange(
            parse_period(row.period),
            parse_period(row.compared_with),
            row.change,
            "points" if row.unit == "points" else "percent",
            row.words,
        )
        if any(_takes_part(row_check, change) for row_check in by_series.get(series, ())):
            touched.setdefault(series, []).append(change)
    return touched


def _takes_part(row: RowCheck, change: published.PublishedChange) -> bool:
    period = row.period
    return period is not None and (change.period.contains(period) or change.compared_with.contains(period))


def _span(
    by_series: Mapping[Series, Sequence[RowCheck]],
    judged: Mapping[int, Indicator],
    changes: Mapping[Series, Sequence[published.PublishedChange]],
) -> Run:
    """From which month to which the rows' series matter to them."""
    runs = [
        (row.period.first - _reach(judged[series[0]]), row.period.last + LONGEST_TOTAL_MONTHS)
        for series, own in by_series.items()
        for row in own
        if row.period is not None
    ]
    for each in (change for of_series in changes.values() for change in of_series):
        runs += [(period.first, period.last) for period in (each.period, each.compared_with)]
    return min(first for first, _ in runs), max(last for _, last in runs)


def _reach(indicator: Indicator) -> int:
    yearly = indicator.frequency is Frequency.YEAR and indicator.window is Window.PERIOD
    return REACH_OF_YEARS if yearly else REACH


class _Series:
    """The rows sent of one series, and what is stored of it."""

    def __init__(
        self, rows: Sequence[RowCheck], stored: Sequence[Neighbour], indicator: Indicator, goals: Goals
    ) -> None:
        self.rows = rows
        self.stored = stored
        self.indicator = indicator
        self.goals = goals

    def warn(self, changes: Sequence[published.PublishedChange]) -> None:
        self._jumps()
        lengths = {row.period.months for row in self.rows if row.period is not None}
        lengths.update(each.last - each.first + 1 for each in self.stored)
        if changes or (len(lengths) > 1 and self.indicator.accumulates):
            self._totals_and_changes(changes)

    def _jumps(self) -> None:
        """Each row against the figures of its length, stored and sent."""
        rows = [(row, row.period, now) for row in self.rows if row.period and (now := as_neighbour(row))]
        sent_values = {(now.first, now.last): now.value for _, _, now in rows}
        by_length: dict[int, list[Earlier]] = defaultdict(list)
        all_by_length: dict[int, dict[int, Decimal]] = defaultdict(dict)
        for each in self.stored:
            latest = sent_values.get((each.first, each.last), each.value)
            by_length[each.last - each.first + 1].append((each.first, latest))
        for months, stored in by_length.items():
            all_by_length[months].update(stored)
        for (first, last), value in sent_values.items():
            all_by_length[last - first + 1][first] = value
        in_order = {months: sorted(each.items()) for months, each in all_by_length.items()}
        for row, period, now in rows:
            same = by_length[period.months]
            before = bisect_left(same, (now.first,))
            earlier = same[max(0, before - REACH) : before]
            warning = running_total_warning(
                now.value, period, all_by_length[period.months], self.indicator
            ) or value_warning(
                now.value,
                period,
                earlier,
                self.indicator,
                self._yardstick(row, in_order[period.months], same),
            )
            if warning is not None:
                row.warn(warning)

    def _yardstick(
        self, row: RowCheck, in_order: Sequence[Earlier], stored: Sequence[Earlier]
    ) -> Yardstick | None:
        """What a slip is told by: the figures before the row's; else those stored after it; else baseline or target."""
        period = row.period
        assert period is not None
        at = bisect_left(in_order, (period.first,))
        before = neighbours(in_order[max(0, at - REACH) : at], period, self.indicator)
        if before is not None:
            return before
        after = [each for each in stored if each[0] > period.first][:LAST_FEW]
        return neighbours(after, period, self.indicator, "next") or self.goals.yardstick(row, self.indicator)

    def _totals_and_changes(self, changes: Sequence[published.PublishedChange]) -> None:
        merged = {(each.first, each.last): each for each in self.stored}
        row_by_run: dict[Run, RowCheck] = {}
        for row in self.rows:
            assert row.period is not None
            run = (row.period.first, row.period.last)
            row_by_run[run] = row
            merged.pop(run, None)
            if now := as_neighbour(row):
                merged[run] = now
        if self.indicator.accumulates:
            self._totals([each for each in merged.values() if each.is_exact], row_by_run)
        figures = [_figure(each) for each in sorted(merged.values())]
        for change in changes:
            self._change(change, figures)

    def _totals(self, exact: Sequence[Neighbour], row_by_run: Mapping[Run, RowCheck]) -> None:
        """Compares totals of up to a year with the sum of their parts, where either is sent."""
        starts: dict[int, list[Neighbour]] = defaultdict(list)
        for each in exact:
            starts[each.first].append(each)
        for total in exact:
            if not 1 <= total.last - total.first < LONGEST_TOTAL_MONTHS:
                continue
            within = [
                part
                for month in range(total.first, total.last + 1)
                for part in starts.get(month, ())
                if part.last <= total.last and part is not total
            ]
            if within:
                self._total(total, within, row_by_run)

    def _total(
        self, total: Neighbour, within: Sequence[Neighbour], row_by_run: Mapping[Run, RowCheck]
    ) -> None:
        """Warns on the total where it is sent, else on the last of its parts."""
        tiles = Parts([_figure(part) for part in within]).tile(total.first, total.last)
        if tiles is None or self.indicator.break_between(total.first, total.last):
            return
        runs = [*((tile.period.first, tile.period.last) for tile in tiles), (total.first, total.last)]
        rows = [row_by_run[run] for run in runs if run in row_by_run]
        together = sum((tile.value or Decimal(0) for tile in tiles), Decimal(0))
        if together == total.value or not rows:
            return
        lengths = {tile.period.months for tile in tiles}
        name = NAMES.get(lengths.pop(), "parts") if len(lengths) == 1 else "parts"
        label = _period(total).short_label
        says, comes_to = self.indicator.words(total.value), self.indicator.words(together)
        words = f"{label} says {says}, and its {len(tiles)} {name} come to {comes_to}."
        rows[-1].warn(RowWarning("total_does_not_recompute", words))

    def _change(self, change: published.PublishedChange, figures: Sequence[Figure]) -> None:
        now, before = (
            add_up(figures, self.indicator, period).value for period in (change.period, change.compared_with)
        )
        first = min(change.period.first, change.compared_with.first)
        if self.indicator.break_between(first, change.period.last):
            return
        recomputed = published.recompute(change, now, before, decimals=self.indicator.decimals)
        if recomputed.agreement is published.Agreement.DIFFERS:
            rows = [row for row in self.rows if _takes_part(row, change)]
            words = f"For {change.period.short_label} a change was published. {recomputed.words}"
            rows[-1].warn(RowWarning("published_change_disagrees", words))


def _period(run: Neighbour) -> Period:
    return Period(run.first, run.last - run.first + 1)


def _figure(each: Neighbour) -> Figure:
    return Figure(_period(each), each.value)
