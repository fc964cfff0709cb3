"""Finds the figures owed for a quarter, each with the stored figure that meets it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from app.config import LONDON
from app.domain.access.authority import Access
from app.domain.period import Period
from app.domain.plan.indicator import AddsUp, Frequency, Measure, Window
from app.domain.returns.owed_figure import OwedFigure, owed_periods
from app.models.plan.definition import Definition
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.figures.read.due import read_ending


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """One figure owed for a return: its indicator, and the stored row if there is one."""

    indicator: Indicator
    defined: Definition
    """The indicator's definition for the quarter: at its close if it is closed, else today's."""
    figure: OwedFigure
    row: Mapping[str, Any] | None
    seq: int
    """Ledger number of the newest change to its figure, also to one since turned into a forecast."""
    sent_seq: int
    """Ledger number of the submission of its figure, whatever `recorded_at` says."""

    def is_sent_by(self, access: Access) -> bool:
        return access.posts_for(self.indicator.responsible_agency_id, self.indicator.suppliers)

    @property
    def counts_events(self) -> bool:
        """Whether a nil return means the value 0."""
        return self.defined.measure == Measure.COUNT and self.defined.adds_up == AddsUp.SUM


def read_candidates(
    session: Session, partnership: Partnership, rows: Collection[Indicator], quarters: Sequence[Period]
) -> dict[int, list[dict[str, Any]]]:
    """Figures without breakdown that may meet a figure owed for the quarters, and forecasts, by indicator id.

    `first_at` is the time of the first revision that is neither forecast nor awaited.
    """
    if not rows or not quarters:
        return {}
    first, last = min(each.first for each in quarters) - 11, max(each.last for each in quarters)
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in read_ending(session, [row.id for row in rows], partnership.area_code, (first, last)):
        grouped[row["indicator_id"]].append(row)
    return grouped


def items_for(
    row: Indicator,
    defined: Definition,
    quarter: Period,
    candidates: Sequence[dict[str, Any]],
    owed_from: date | None,
) -> list[ReturnItem]:
    """Figures of an indicator owed for a quarter, each with the best of the candidates."""
    step = Frequency(defined.frequency).months
    items = []
    for period in owed_periods(Frequency(defined.frequency), Window(defined.window), quarter, owed_from):
        near = _near(period, step, candidates, exact=defined.judged().accumulates)
        best = _best_of(period, [each for each in near if each["status"] != "forecast"])
        is_received = best is not None and best["missing"] != "awaited"
        figure = OwedFigure(
            row.code,
            period,
            defined.publication_lag_days,
            received_at=best["first_at"].astimezone(LONDON) if best is not None and is_received else None,
            changed_at=best["recorded_at"] if best is not None else None,
            promised_on=best["expected_on"] if best is not None and not is_received else None,
        )
        seqs = [each["seq"] for each in near if each is best or _was_figure(each)]
        submission_seq = best["sent_seq"] if best is not None else 0
        items.append(ReturnItem(row, defined, figure, best, max(seqs, default=0), submission_seq))
    return items


def _near(
    period: Period, step: int, candidates: Sequence[dict[str, Any]], *, exact: bool
) -> list[dict[str, Any]]:
    """Candidates for an owed period: same end within one frequency step and at least as long.

    With `exact`, for measures that add up, the same period: a longer count does not meet a shorter one.
    """
    if exact:
        return [
            row
            for row in candidates
            if (row["first_month"], row["last_month"]) == (period.first, period.last)
        ]
    return [
        row
        for row in candidates
        if period.last - step < row["last_month"] <= period.last
        and row["last_month"] - row["first_month"] + 1 >= period.months
    ]


def _was_figure(row: Mapping[str, Any]) -> bool:
    """Whether a forecast may have been an actual figure before."""
    return bool(row["status"] == "forecast" and row["revision"] > 1)


def _best_of(period: Period, near: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The figure of the exact period, else the last candidate."""
    exact = [row for row in near if (row["first_month"], row["last_month"]) == (period.first, period.last)]
    return next(iter([*exact, *reversed(near)]), None)
