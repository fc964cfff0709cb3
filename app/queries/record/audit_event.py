"""The record of who did what, as far as an actor may read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.models.plan.partnership import Partnership
from app.models.record.ledger import AuditEvent, AuditEventOut
from app.models.wire import instant_text
from app.queries.visible import along_the_list
from app.record.event import DIGESTS
from app.record.write import UNRECORDED


@dataclass(frozen=True, slots=True)
class Subject:
    """What events are about; None for anything."""

    kind: str | None
    name: str | None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = ((col(AuditEvent.subject_kind), self.kind), (col(AuditEvent.subject), self.name))
        return [column == value for column, value in wanted if value is not None]


def events(
    session: Session, actor: Actor, subject: Subject, after: Sequence[ColumnElement[bool]]
) -> SelectOfScalar[AuditEvent]:
    """A query of events; those that only count a change nobody is told of are left out."""
    visible = visible_events(session, actor, is_narrow=bool(subject.conditions))
    return select(AuditEvent).where(
        visible, col(AuditEvent.action) != UNRECORDED, *subject.conditions, *after
    )


def visible_events(session: Session, actor: Actor, *, is_narrow: bool) -> ColumnElement[bool]:
    """Events of the actor's partnerships; those of no one partnership (a sign-in with an address nobody
    has, or by somebody of several) only to who manages people in every partnership there is.

    Where that is no way to find them, because it `is_narrow` otherwise or nearly all are, each is asked by itself.
    """
    mine = actor.within(Scope.READ_AUDIT)
    everywhere = session.exec(select(func.count()).select_from(Partnership)).one()
    each = col(AuditEvent.partnership_id) + 0
    if len(actor.within(Scope.MANAGE_PEOPLE)) >= everywhere:
        return or_(each.in_(mine), each.is_(None))
    return (
        each.in_(mine)
        if is_narrow
        else along_the_list(col(AuditEvent.partnership_id), actor, Scope.READ_AUDIT)
    )


def out(event: AuditEvent) -> AuditEventOut:
    """Without the hash over row digests, which is for verifying the record and says nothing of the subject."""
    data = json.loads(event.data)
    data.pop(DIGESTS, None)
    return AuditEventOut(
        id=str(event.id),
        seq=event.seq,
        at=instant_text(event.at),
        actor=event.actor,
        action=event.action,
        subject_kind=event.subject_kind,
        subject=event.subject,
        data=data,
        previous=event.previous,
        hash=event.hash,
    )
