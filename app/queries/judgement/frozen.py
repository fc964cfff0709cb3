"""What was frozen at a cut-off, as it may be seen today: what has been narrowed since is withheld there too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.config import LONDON
from app.domain.access.authority import Actor
from app.domain.period import Period
from app.domain.returns.reporting import StepKind
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.returns.reporting_period import PeriodEvent, Snapshot
from app.queries.figures.sight import Sight
from app.queries.judgement import scorecard
from app.queries.judgement.scorecard_item import Asked
from app.queries.plan import plan as plans


def newest(session: Session, partnership_id: int, quarter: Period) -> tuple[Snapshot, PeriodEvent] | None:
    """What was frozen at a quarter's newest cut-off, and the cut-off itself."""
    query = (
        select(Snapshot, PeriodEvent)
        .join(PeriodEvent)
        .where(
            PeriodEvent.partnership_id == partnership_id,
            PeriodEvent.first_month == quarter.first,
            PeriodEvent.kind == StepKind.CUT_OFF.value,
        )
        .order_by(col(Snapshot.id).desc())
    )
    return session.exec(query.limit(1)).first()


def in_sight(
    session: Session,
    actor: Actor,
    sight: Sight,
    partnership: Partnership,
    quarter: Period,
    items: Sequence[dict[str, Any]],
    moment: datetime,
) -> list[Any]:
    """The lines as they were frozen, but for those that figures went into which the actor may not see.

    Such a line is judged again, as known at that moment, from the figures they may see.
    """
    codes = [item["code"] for item in items]
    mine = select(Indicator).where(Indicator.partnership_id == partnership.id, col(Indicator.code).in_(codes))
    rows = session.exec(mine).all()
    withheld = sight.withholding(rows, until=quarter.last)
    narrowed = [row for row in rows if row.id in withheld]
    if not narrowed:
        return list(items)
    plan = plans.chosen(session, actor, partnership.id or 0, None, quarter, moment)
    places = scorecard.indicator_places(session, plan)
    asked = Asked(plan, quarter, moment, moment.astimezone(LONDON).date())
    stubs = [scorecard.stub(row, places) for row in narrowed]
    again = {item["code"]: item for item in scorecard.items(session, sight, partnership, stubs, asked)}
    return [again.get(item["code"], item) for item in items]
