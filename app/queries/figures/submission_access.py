"""Decides which submissions an actor may see."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, select

from app.domain.access.authority import Actor, Scope
from app.models.figures.submission import Submission
from app.models.link import Link


def is_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Condition for the submissions an actor may see: all of its partnership's, or those of its own agency."""
    allowed = [access for access in actor.accesses if Scope.READ_SUBMISSIONS in access.scopes]
    conditions = [
        col(Submission.partnership_id) == each.partnership_id
        if each.sees_every_submission
        else and_(
            col(Submission.partnership_id) == each.partnership_id, col(Submission.agency_id) == each.agency_id
        )
        for each in allowed
    ]
    return or_(false(), *conditions)


def visible_links(session: Session, actor: Actor, ids: Iterable[int | None]) -> dict[int | None, Link]:
    """Links by id to those submissions that the actor may see."""
    numbers = {id_ for id_ in ids if id_ is not None}
    if not numbers:
        return {}
    query = select(Submission.id).where(col(Submission.id).in_(numbers), is_visible_to(actor))
    return {id_: Link("submissions", id_) for id_ in session.exec(query)}
