"""Reads the progress of each reporting period: planned, cut off, closed or reopened."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.domain.period import Period
from app.domain.returns.reporting import Progress, Step, StepKind, progress, quarter_of
from app.models.returns.reporting_period import PeriodEvent
from app.queries.frame import look_up


def progress_by_quarter(
    session: Session, partnership_id: int, quarters: Sequence[Period] | None = None
) -> dict[int, Progress]:
    """Progress by first month: of these quarters, or of every quarter with a step."""
    query = select(PeriodEvent).where(PeriodEvent.partnership_id == partnership_id)
    if quarters is not None:
        query = query.where(col(PeriodEvent.first_month).in_([each.first for each in quarters]))
    grouped: dict[int, list[Step]] = defaultdict(list)
    for row in session.exec(query.order_by(col(PeriodEvent.id))):
        step = Step(
            StepKind(row.kind),
            row.recorded_at,
            row.recorded_by,
            row.reason,
            row.cut_off_on,
            row.board_on,
        )
        grouped[row.first_month].append(step)
    return {first: progress(steps) for first, steps in grouped.items()}


def get_progress(session: Session, partnership_id: int, quarter: Period) -> Progress:
    return progress_by_quarter(session, partnership_id, [quarter]).get(quarter.first, Progress())


def closes_by_quarter(session: Session, partnership_id: int) -> dict[int, Step]:
    """The close in force of each closed quarter, by its first month."""
    progress_of = look_up(
        session, "quarter steps", partnership_id, lambda: progress_by_quarter(session, partnership_id)
    )
    return {first: each.closed for first, each in progress_of.items() if each.closed is not None}


def close_seqs(session: Session, partnership_id: int) -> dict[int, int]:
    """Ledger number of the close in force of each closed quarter, by its first month."""
    query = select(PeriodEvent.first_month, PeriodEvent.seq).where(
        PeriodEvent.partnership_id == partnership_id, PeriodEvent.kind == StepKind.CLOSED.value
    )
    newest = dict(session.exec(query.order_by(col(PeriodEvent.id))).all())
    return {first: newest[first] for first in closes_by_quarter(session, partnership_id)}


class Closes:
    """Says whether a figure changed after its quarter was closed. Reads each partnership once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._of: dict[int, dict[int, Step]] = {}

    def came_after(self, partnership_id: int, last_month: int, recorded_at: datetime) -> bool:
        if partnership_id not in self._of:
            self._of[partnership_id] = closes_by_quarter(self._session, partnership_id)
        step = self._of[partnership_id].get(quarter_of(last_month).first)
        return step is not None and recorded_at > step.at
