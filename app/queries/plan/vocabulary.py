"""The codes and names that figures may use, for reading a file before anything is decided about its figures."""

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor, Scope
from app.domain.plan.indicator import Measure
from app.files.vocabulary import Vocabulary, names_of
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Area


def vocabulary(session: Session, actor: Actor) -> Vocabulary:
    """Of the partnerships the actor may send figures to."""
    partnership_ids = actor.within(Scope.POST_FIGURES)
    indicators = session.exec(
        select(Indicator.code, Indicator.measure, Indicator.title).where(
            col(Indicator.partnership_id).in_(partnership_ids)
        )
    ).all()
    areas = session.exec(
        select(Area.code, Area.name).where(col(Area.partnership_id).in_(partnership_ids))
    ).all()
    return Vocabulary(
        measures={code: Measure(measure) for code, measure, _ in indicators},
        titles=names_of((code, title) for code, _, title in indicators),
        area_codes=frozenset(code for code, _ in areas),
        area_names=names_of((code, name) for code, name in areas),
    )
