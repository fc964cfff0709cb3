"""Figures owed for a quarter, each with the stored one that answers for it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.config import LONDON
from app.domain.access.authority import Access
from app.domain.period import Period
from app.domain.plan.indicator import AddsUp, Frequency, Measure, Window
from app.domain.returns.return_status import OwedFigure, owed_periods
from app.models.plan.definition import Definition
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.figures.read.due import read_ending


@dataclass(frozen=True, slots=True)
class Owed:
    """One figure owed: by which indicator, and the stored row where there is one."""

    indicator: Indicator
    defined: Definition
    """What the indicator is for the quarter: as it stood at its close, while that stands."""
    item: OwedFigure
    row: Mapping[str, Any] | None
    seq: int
    """The newest change to what answers for it, or did until it was called a forecast."""
    sent_seq: int
    """The ledger number its figure came with, whatever day it was recorded for."""

    def is_sent_by(self, access: Access) -> bool:
        return access.posts_for(self.indicator.responsible_agency_id, self.indicator.suppliers)

    @property
    def counts_events(self) -> bool:
        """Whether nothing to report means 0 of it."""
        return self.defined.measure == Measure.COUNT and self.defined.adds_up == AddsUp.SUM


def figures_for(
    session: Session, partnership: Partnership, rows: Collection[Indicator], wanted: Sequence[Period]
) -> dict[int, list[dict[str, Any]]]:
    """Whole figures that may answer for something owed, by indicator, and forecasts of them.

    `first_at` is when one first came: a forecast has not.
    """
    if not rows or not wanted:
        return {}
    first, last = min(each.first for each in wanted) - 11, max(each.last for each in wanted)
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in read_ending(session, [row.id for row in rows], partnership.area_code, (first, last)):
        grouped[row["indicator_id"]].append(row)
    return grouped


def owed_by(
    row: Indicator, defined: Definition, quarter: Period, found: Sequence[dict[str, Any]]
) -> list[Owed]:
    step = Frequency(defined.frequency).months
    made = []
    for period in owed_periods(Frequency(defined.frequency), Window(defined.window), quarter):
        near = _near(period, step, found, exact=defined.judged().accumulates)
        answer = _answer(period, [each for each in near if each["status"] != "forecast"])
        came = answer is not None and answer["missing"] != "awaited"
        item = OwedFigure(
            row.code,
            period,
            defined.publication_lag_days,
            received_at=answer["first_at"].astimezone(LONDON) if answer is not None and came else None,
            changed_at=answer["recorded_at"] if answer is not None else None,
            promised_on=answer["expected_on"] if answer is not None and not came else None,
        )
        changed = [each["seq"] for each in near if each is answer or _was_more(each)]
        sent = answer["sent_seq"] if answer is not None else 0
        made.append(Owed(row, defined, item, answer, max(changed, default=0), sent))
    return made


def _near(period: Period, step: int, found: Sequence[dict[str, Any]], *, exact: bool) -> list[dict[str, Any]]:
    """Figures as long as a period or longer that end within the same step of time.

    What is measured may be longer than what it is sent for, or end earlier; but a longer count is not the
    shorter one's, so that what adds up is `exact`.
    """
    if exact:
        return [
            row for row in found if (row["first_month"], row["last_month"]) == (period.first, period.last)
        ]
    return [
        row
        for row in found
        if period.last - step < row["last_month"] <= period.last
        and row["last_month"] - row["first_month"] + 1 >= period.months
    ]


def _was_more(row: Mapping[str, Any]) -> bool:
    """Whether a forecast may have been a figure before."""
    return bool(row["status"] == "forecast" and row["revision"] > 1)


def _answer(period: Period, near: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The figure of the very period, else the nearest there is."""
    exact = [row for row in near if (row["first_month"], row["last_month"]) == (period.first, period.last)]
    return next(iter([*exact, *reversed(near)]), None)
