"""Reads messages of the outbox: for staff, and the next one to send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.message import HELD_UP
from app.domain.number import row_number
from app.domain.period import Period
from app.domain.returns.return_id import return_id
from app.models.access.outbox import MailFaultOut, MessageOut, OutboxMessage
from app.models.plan.partnership import Agency, NamedOut
from app.models.wire import instant_text
from app.queries.visible import within_in_list_order

LABELS = {"waiting": "Waiting", "sent": "Sent", "failed": "Failed", "dropped": "No longer needed"}
TONES = {"sent": "good", "failed": "bad"}


def next_waiting(session: Session, clock: datetime) -> OutboxMessage | None:
    """Oldest message that may be sent now and that no worker has claimed."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.state == "waiting", OutboxMessage.not_before <= clock)
        .order_by(col(OutboxMessage.id))
        .limit(1)
    )
    return session.exec(query).first()


def list_messages(
    session: Session, actor: Actor, conditions: Sequence[Any], order: Any, limit: int
) -> Sequence[tuple[OutboxMessage, Agency | None]]:
    """Up to `limit` + 1 messages of the partnerships whose returns the actor checks, each with its agency."""
    query = (
        select(OutboxMessage, Agency)
        .outerjoin(Agency, col(Agency.id) == OutboxMessage.agency_id)
        .where(
            within_in_list_order(col(OutboxMessage.partnership_id), actor, Scope.CHECK_RETURNS), *conditions
        )
        .order_by(order)
        .limit(limit + 1)
    )
    return session.exec(query).all()


def get_message(session: Session, actor: Actor, message_id: str) -> OutboxMessage:
    """A message by its id; NotFound for another partnership's too, so that its id is not confirmed."""
    number = row_number(message_id, "The message")
    rows = list_messages(session, actor, [col(OutboxMessage.id) == number], col(OutboxMessage.id), 1)
    if not rows:
        raise NotFound("The message")
    return rows[0][0]


def mail_fault(session: Session, actor: Actor) -> MailFaultOut | None:
    """The newest fault of the mail service or its settings among the messages that the actor sees waiting."""
    query = select(OutboxMessage.error).where(
        within_in_list_order(col(OutboxMessage.partnership_id), actor, Scope.CHECK_RETURNS),
        OutboxMessage.state == "waiting",
        col(OutboxMessage.error).startswith(HELD_UP),
    )
    errors = session.exec(query.order_by(col(OutboxMessage.not_before).desc())).all()
    return MailFaultOut(message=errors[0].removeprefix(HELD_UP), waiting=len(errors)) if errors else None


def message_out(message: OutboxMessage, agency: Agency | None) -> MessageOut:
    quarter = Period(message.first_month, 3) if message.first_month is not None else None
    return MessageOut(
        id=str(message.id),
        kind=message.kind,
        to=message.to,
        subject=message.subject,
        body=message.body,
        state=message.state,
        label=LABELS[message.state],
        tone=TONES.get(message.state, "none"),
        attempts=message.attempts,
        error=message.error,
        held_up=message.state == "waiting" and message.error.startswith(HELD_UP),
        recorded_at=instant_text(message.recorded_at),
        sent_at=instant_text(message.sent_at) if message.sent_at is not None else None,
        agency=NamedOut(code=agency.code, name=agency.name) if agency is not None else None,
        period=str(quarter) if quarter is not None else None,
        period_label=quarter.short_label if quarter is not None else None,
        return_id=return_id(quarter, agency.code) if quarter is not None and agency is not None else None,
    )
