"""Reads events of the audit log that an actor may see."""

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
from app.queries.visible import within_in_list_order
from app.record.event import DIGESTS
from app.record.write import UNRECORDED


@dataclass(frozen=True, slots=True)
class Subject:
    """Subject to filter events by; None for any."""

    kind: str | None
    name: str | None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        columns = ((col(AuditEvent.subject_kind), self.kind), (col(AuditEvent.subject), self.name))
        return [column == name for column, name in columns if name is not None]


def events(
    session: Session, actor: Actor, subject: Subject, after: Sequence[ColumnElement[bool]]
) -> SelectOfScalar[AuditEvent]:
    """Selects events, without those of changes that are not reported."""
    visible = visible_events(session, actor, is_narrow=bool(subject.conditions))
    return select(AuditEvent).where(
        visible, col(AuditEvent.action) != UNRECORDED, *subject.conditions, *after
    )


def visible_events(session: Session, actor: Actor, *, is_narrow: bool) -> ColumnElement[bool]:
    """Condition: an event is of the actor's partnerships.

    Events without one partnership (a sign-in with an unknown address, or by a person of several partnerships) are
    visible only to an actor who manages people in every partnership.

    If other conditions are narrow (`is_narrow`), or nearly every event is visible, rows are compared one by one.
    """
    mine = actor.within(Scope.READ_AUDIT)
    everywhere = session.exec(select(func.count()).select_from(Partnership)).one()
    each = col(AuditEvent.partnership_id) + 0
    if len(actor.within(Scope.MANAGE_PEOPLE)) >= everywhere:
        return or_(each.in_(mine), each.is_(None))
    return (
        each.in_(mine)
        if is_narrow
        else within_in_list_order(col(AuditEvent.partnership_id), actor, Scope.READ_AUDIT)
    )


def event_out(event: AuditEvent) -> AuditEventOut:
    """The event without the hash over row digests, which serves verification alone."""
    content = json.loads(event.data)
    content.pop(DIGESTS, None)
    return AuditEventOut(
        id=str(event.id),
        seq=event.seq,
        at=instant_text(event.at),
        actor=event.actor,
        action=event.action,
        subject_kind=event.subject_kind,
        subject=event.subject,
        data=content,
        previous=event.previous,
        hash=event.hash,
    )
