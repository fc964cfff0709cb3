"""How far each quarter has come, as its steps tell."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.domain.period import Period
from app.domain.reporting import Progress, Step, StepKind, progress
from app.models.reporting_period import PeriodEvent


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
