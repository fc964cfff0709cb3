"""Reads actions that arose at meetings."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.groups.meeting_action import MeetingActionState, is_overdue
from app.models.groups.decision import Decision
from app.models.groups.meeting_action import MeetingAction, MeetingActionOut
from app.queries.groups.directory import Directory, day_text
from app.queries.visible import within


def meeting_actions(actor: Actor) -> SelectOfScalar[MeetingAction]:
    return select(MeetingAction).where(within(col(MeetingAction.partnership_id), actor, Scope.READ))


def get_meeting_action(session: Session, actor: Actor, partnership_id: int, code: str) -> MeetingAction:
    """The partnership's action of a code; NotFound where the actor sees none."""
    query = meeting_actions(actor).where(
        MeetingAction.partnership_id == partnership_id, MeetingAction.code == code
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The action “{code[:80]}”")
    return row


def actions_of(session: Session, meeting_id: int) -> Sequence[MeetingAction]:
    """Actions that arose at a meeting."""
    query = select(MeetingAction).where(MeetingAction.meeting_id == meeting_id)
    return session.exec(query.order_by(col(MeetingAction.id))).all()


def meeting_action_outs(
    session: Session, rows: Collection[MeetingAction], directory: Directory, today: date
) -> list[MeetingActionOut]:
    ids = {row.decision_id for row in rows if row.decision_id is not None}
    codes = dict(session.exec(select(Decision.id, Decision.code).where(col(Decision.id).in_(ids))).all())
    return [_action_out(row, codes.get(row.decision_id or 0), directory, today) for row in rows]


def _action_out(
    row: MeetingAction, decision: str | None, directory: Directory, today: date
) -> MeetingActionOut:
    state = MeetingActionState(row.state)
    return MeetingActionOut(
        id=str(row.id),
        code=row.code,
        group=directory.groups[row.group_id],
        meeting=directory.meetings[row.meeting_id],
        decision=decision,
        text=row.text,
        owner=directory.post(row.partnership_id, row.owner),
        due_on=day_text(row.due_on),
        state=state,
        state_label=state.label,
        is_overdue=is_overdue(state, row.due_on, today),
        done_on=day_text(row.done_on),
        progress=row.progress,
        what_changed=row.what_changed,
        on_behalf_of=directory.post(row.partnership_id, row.on_behalf_of),
        heard_how=row.heard_how,
        version=row.seq,
    )
