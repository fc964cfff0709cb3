"""What indicators measure, for reading a file before anything is decided about its figures."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor, Scope
from app.domain.plan.indicator import Measure
from app.models.plan.indicator import Indicator


def measures(session: Session, actor: Actor) -> Mapping[str, Measure]:
    """By code, of the partnerships the actor may send figures to."""
    query = select(Indicator.code, Indicator.measure).where(
        col(Indicator.partnership_id).in_(actor.within(Scope.POST_FIGURES))
    )
    return {code: Measure(measure) for code, measure in session.exec(query)}
