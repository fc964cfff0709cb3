"""Reads engagements."""

from collections.abc import Sequence

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.groups.engagement import follow_up
from app.models.groups.engagement import Engagement, EngagementOut
from app.queries.groups.named import Names
from app.queries.visible import within


def engagements(actor: Actor) -> SelectOfScalar[Engagement]:
    return select(Engagement).where(within(col(Engagement.partnership_id), actor, Scope.READ))


def get_engagement(session: Session, actor: Actor, partnership_id: int, code: str) -> Engagement:
    """The partnership's engagement of that code; NotFound where the actor sees none."""
    query = engagements(actor).where(Engagement.partnership_id == partnership_id, Engagement.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The engagement “{code[:80]}”")
    return row


def engagements_out(session: Session, rows: Sequence[Engagement]) -> list[EngagementOut]:
    names = Names(session, {row.partnership_id for row in rows})
    return [_engagement_out(row, names) for row in rows]


def _engagement_out(row: Engagement, names: Names) -> EngagementOut:
    return EngagementOut(
        id=str(row.id),
        code=row.code,
        title=row.title,
        begins_on=row.begins_on.isoformat(),
        ends_on=row.ends_on.isoformat() if row.ends_on is not None else None,
        place=row.place,
        area=names.area(row.partnership_id, row.area),
        group=names.directory.group(row.partnership_id, row.group),
        people=row.people,
        heard=row.heard,
        done=row.done,
        follow_up=follow_up(row.done),
        note=row.note,
        version=row.seq,
    )
