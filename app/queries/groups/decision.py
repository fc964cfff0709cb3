"""Reads decisions, and finds those that decided something."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, cast

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Access, Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.groups.decision import DecisionFacts, DecisionOutcome, DecisionRoute, pounds
from app.domain.groups.decision_steps import STEPS
from app.domain.groups.meeting import MeetingState
from app.domain.workflow import may
from app.models.author import author_out
from app.models.groups.decision import Decision, DecisionOut
from app.models.groups.meeting import Meeting
from app.models.link import Link
from app.models.record.ledger import AuditEvent
from app.models.wire import instant_text, json_number
from app.queries.groups.directory import Directory
from app.queries.visible import within

SUBJECT_CHANGED = "decision subject changed"
"""Audit event of a decision that was pointed at something, or at something else; `before` has kind and reference."""

AccessIn = Callable[[int], Access | None]


def decisions(actor: Actor) -> SelectOfScalar[Decision]:
    return select(Decision).where(within(col(Decision.partnership_id), actor, Scope.READ))


def get_decision(session: Session, actor: Actor, partnership_id: int, code: str) -> Decision:
    """The partnership's decision of a code; NotFound where the actor sees none."""
    query = decisions(actor).where(Decision.partnership_id == partnership_id, Decision.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The decision “{code[:80]}”")
    return row


def decision_named(session: Session, partnership_id: int, code: str, field: str = "decision") -> Decision:
    """The partnership's decision of a code. RuleBroken on `field` if there is no such decision."""
    query = select(Decision).where(Decision.partnership_id == partnership_id, Decision.code == code)
    row = session.exec(query).first()
    if row is None:
        message = f"“{code}” is no decision of this partnership. Check its code, or name another."
        raise RuleBroken(field, "unknown_decision", message)
    return row


def decisions_of(session: Session, meeting_id: int) -> Sequence[Decision]:
    """Decisions made at a meeting."""
    query = select(Decision).where(Decision.meeting_id == meeting_id)
    return session.exec(query.order_by(col(Decision.number), col(Decision.id))).all()


def ratified_at(session: Session, meeting_id: int) -> Sequence[Decision]:
    """Decisions made earlier and ratified at a meeting."""
    query = select(Decision).where(Decision.ratified_at_id == meeting_id)
    return session.exec(query.order_by(col(Decision.decided_on), col(Decision.id))).all()


def decision_links(
    session: Session, partnership_ids: Collection[int], kind: str
) -> dict[tuple[int, str], Link]:
    """The newest decision about each subject of a kind, by partnership and reference."""
    query = select(Decision).where(
        col(Decision.partnership_id).in_(partnership_ids), Decision.subject_kind == kind
    )
    rows = session.exec(query.order_by(col(Decision.decided_on), col(Decision.id)))
    return {(row.partnership_id, row.subject_ref or ""): Link("decisions", row.code) for row in rows}


def subjects_since(session: Session, partnership_id: int, kind: str, since: int) -> set[str]:
    """References of subjects with a decision entered, changed or pointed elsewhere after a ledger number."""
    query = select(Decision.subject_ref).where(
        Decision.partnership_id == partnership_id, Decision.subject_kind == kind, Decision.seq > since
    )
    decided = {ref for ref in session.exec(query) if ref is not None}
    return decided | _earlier_subjects(session, partnership_id, kind, since)


def _earlier_subjects(session: Session, partnership_id: int, kind: str, since: int) -> set[str]:
    """References that decisions were pointed away from, as the audit record has them."""
    # Compared row by row: the index is that of ledger numbers, read from `since` on.
    is_own = (col(AuditEvent.partnership_id) + 0) == partnership_id
    query = select(AuditEvent.data).where(
        is_own,
        AuditEvent.action == SUBJECT_CHANGED,
        AuditEvent.seq > since,
    )
    earlier = [json.loads(text)["before"] for text in session.exec(query)]
    return {ref for subject_kind, ref in earlier if subject_kind == kind}


def meeting_states(session: Session, rows: Iterable[Decision]) -> dict[int, MeetingState]:
    """State of the meeting of each decision that was made at one, by the meeting's id."""
    ids = {row.meeting_id for row in rows if row.meeting_id is not None}
    query = select(Meeting.id, Meeting.state).where(col(Meeting.id).in_(ids))
    return {id_: MeetingState(state) for id_, state in session.exec(query)}


def decision_facts(row: Decision, states: dict[int, MeetingState]) -> DecisionFacts:
    """`states` has the state of the decision's meeting, by id."""
    meeting = states[row.meeting_id] if row.meeting_id is not None else None
    return DecisionFacts(DecisionRoute(row.route), meeting, row.ratified_at_id is not None)


def decision_outs(
    session: Session, rows: Collection[Decision], directory: Directory, access_in: AccessIn
) -> list[DecisionOut]:
    """`access_in` gives the actor's access in a decision's partnership."""
    states = meeting_states(session, rows)
    return [
        _decision_out(row, decision_facts(row, states), directory, access_in(row.partnership_id))
        for row in rows
    ]


def _decision_out(
    row: Decision, facts: DecisionFacts, directory: Directory, access: Access | None
) -> DecisionOut:
    outcome = DecisionOutcome(row.outcome)
    has_subject = row.subject_kind is not None and row.subject_ref is not None
    return DecisionOut(
        id=str(row.id),
        code=row.code,
        group=directory.groups[row.group_id] if row.group_id is not None else None,
        meeting=directory.meetings[row.meeting_id] if row.meeting_id is not None else None,
        number=row.number,
        route=facts.route,
        route_label=facts.route.label,
        decided_on=row.decided_on.isoformat(),
        text=row.text,
        outcome=outcome,
        outcome_label=outcome.label,
        reasons=row.reasons,
        conditions=row.conditions,
        amount=json_number(pounds(row.amount)),
        evidence=row.evidence,
        subject_kind=row.subject_kind,
        subject_ref=row.subject_ref,
        subject=Link(row.subject_kind or "", row.subject_ref or "") if has_subject else None,
        state=facts.state,
        state_label=facts.state.label,
        ratified_at=directory.meetings[row.ratified_at_id] if row.ratified_at_id is not None else None,
        on_behalf_of=directory.post(row.partnership_id, row.on_behalf_of),
        heard_how=row.heard_how,
        recorded_at=instant_text(row.recorded_at),
        author=author_out(row.author),
        may=cast(list[Any], may(STEPS, facts, access)),
        version=row.seq,
    )
