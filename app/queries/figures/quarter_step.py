"""How far each quarter has come, as its steps tell."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.domain.period import Period
from app.domain.returns.reporting import Progress, Step, StepKind, progress, quarter_of
from app.models.returns.reporting_period import PeriodEvent
from app.queries.frame import look_up


def steps(
    session: Session, partnership_id: int, quarters: Sequence[Period] | None = None
) -> dict[int, Progress]:
    """Progress by a quarter's first month; of every quarter that has any, or of some."""
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
    return {first: progress(found) for first, found in grouped.items()}


def of_quarter(session: Session, partnership_id: int, quarter: Period) -> Progress:
    return steps(session, partnership_id, [quarter]).get(quarter.first, Progress())


def closes(session: Session, partnership_id: int) -> dict[int, Step]:
    """The close that stands, by the first month of each closed quarter."""
    found = look_up(session, "quarter steps", partnership_id, lambda: steps(session, partnership_id))
    return {first: each.closed for first, each in found.items() if each.closed is not None}


def close_numbers(session: Session, partnership_id: int) -> dict[int, int]:
    """The ledger number of the close that stands, by the first month of each closed quarter."""
    query = select(PeriodEvent.first_month, PeriodEvent.seq).where(
        PeriodEvent.partnership_id == partnership_id, PeriodEvent.kind == StepKind.CLOSED.value
    )
    newest = dict(session.exec(query.order_by(col(PeriodEvent.id))).all())
    return {first: newest[first] for first in closes(session, partnership_id)}


class Closes:
    """Asked of figures: whether what stands there came after its quarter was closed. Reads a partnership once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._of: dict[int, dict[int, Step]] = {}

    def came_after(self, partnership_id: int, last_month: int, recorded_at: datetime) -> bool:
        if partnership_id not in self._of:
            self._of[partnership_id] = closes(self._session, partnership_id)
        step = self._of[partnership_id].get(quarter_of(last_month).first)
        return step is not None and recorded_at > step.at
