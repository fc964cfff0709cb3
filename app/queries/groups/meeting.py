"""Reads meetings, their items, and what came of them."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, cast

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Access, Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.groups.attendance import AttendanceStatus
from app.domain.groups.meeting import AgendaItemHandling, MeetingKind, MeetingState, counts_for_attendance
from app.domain.groups.meeting_steps import STEPS, MeetingFacts
from app.domain.groups.member import members_on
from app.domain.groups.quorum import Quorum
from app.domain.period import containing
from app.domain.workflow import may
from app.models.groups.attendance import Attendance
from app.models.groups.group import Group
from app.models.groups.meeting import (
    AgendaItemOut,
    ExpectedMemberOut,
    Meeting,
    MeetingItem,
    MeetingOut,
    MeetingWithPartsOut,
    QuorumOut,
)
from app.models.plan.partnership import NamedOut
from app.queries.groups.attendance import Membership, list_attendance, meeting_quorum, read_membership
from app.queries.groups.decision import decision_outs, decisions_of, ratified_at
from app.queries.groups.directory import Directory
from app.queries.groups.meeting_action import actions_of, meeting_action_outs
from app.queries.visible import within


def meetings(actor: Actor) -> SelectOfScalar[Meeting]:
    return select(Meeting).where(within(col(Meeting.partnership_id), actor, Scope.READ))


def get_meeting(session: Session, actor: Actor, partnership_id: int, code: str) -> Meeting:
    """The partnership's meeting of a code; NotFound where the actor sees none."""
    query = meetings(actor).where(Meeting.partnership_id == partnership_id, Meeting.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The meeting “{code[:80]}”")
    return row


def meeting_named(session: Session, partnership_id: int, code: str, field: str = "meeting") -> Meeting:
    """The partnership's meeting of a code. RuleBroken on `field` if there is no such meeting."""
    query = select(Meeting).where(Meeting.partnership_id == partnership_id, Meeting.code == code)
    row = session.exec(query).first()
    if row is None:
        message = f"“{code}” is no meeting of this partnership. Add it first, or name another."
        raise RuleBroken(field, "unknown_meeting", message)
    return row


def list_items(session: Session, meeting_ids: Collection[int]) -> dict[int, list[MeetingItem]]:
    """Items by meeting, in order of number."""
    query = select(MeetingItem).where(col(MeetingItem.meeting_id).in_(meeting_ids))
    by_meeting: dict[int, list[MeetingItem]] = {id_: [] for id_ in meeting_ids}
    for row in session.exec(query.order_by(col(MeetingItem.number))):
        by_meeting[row.meeting_id].append(row)
    return by_meeting


def meeting_facts(session: Session, row: Meeting, today: date) -> MeetingFacts:
    """Facts that decide which steps a meeting allows."""
    group = session.get_one(Group, row.group_id)
    return MeetingFacts(
        kind=MeetingKind(row.kind),
        state=MeetingState(row.state),
        day=row.day,
        today=today,
        quorum=meeting_quorum(session, row, group),
        decisions=len(decisions_of(session, row.id)),
        ratified=len(ratified_at(session, row.id)),
    )


def meeting_out(row: Meeting, items: Iterable[MeetingItem], directory: Directory) -> MeetingOut:
    kind, state = MeetingKind(row.kind), MeetingState(row.state)
    return MeetingOut(
        id=str(row.id),
        code=row.code,
        group=directory.groups[row.group_id],
        day=row.day.isoformat(),
        year=str(containing(row.day, 12)),
        kind=kind,
        kind_label=kind.label,
        state=state,
        state_label=state.label,
        state_reason=row.state_reason,
        counts_for_attendance=counts_for_attendance(kind, state),
        note=row.note,
        items=[_item_out(item_row) for item_row in items],
        version=row.seq,
    )


def meeting_with_parts_out(
    session: Session, row: Meeting, access: Access, today: date
) -> MeetingWithPartsOut:
    directory = Directory(session, [row.partnership_id])
    facts = meeting_facts(session, row, today)
    own_decisions, ratified = decisions_of(session, row.id), ratified_at(session, row.id)
    return MeetingWithPartsOut(
        **meeting_out(row, list_items(session, [row.id])[row.id], directory),
        attendance=_expected_outs(session, row, directory),
        quorum=_quorum_out(facts.quorum),
        decisions=decision_outs(session, own_decisions, directory, lambda _: access),
        ratified=decision_outs(session, ratified, directory, lambda _: access),
        actions=meeting_action_outs(session, actions_of(session, row.id), directory, today),
        may=cast(list[Any], may(STEPS, facts, access)),
    )


def _expected_outs(session: Session, row: Meeting, directory: Directory) -> list[ExpectedMemberOut]:
    """Members on the meeting's day; nobody is expected where business is circulated by e-mail."""
    if MeetingKind(row.kind) is MeetingKind.CIRCULATED:
        return []
    membership = read_membership(session, row.group_id)
    recorded = list_attendance(session, row)
    return [
        _expected_out(membership, code, recorded.get(code), directory)
        for code in members_on(membership.members, row.day)
    ]


def _expected_out(
    membership: Membership, code: str, row: Attendance | None, directory: Directory
) -> ExpectedMemberOut:
    status = AttendanceStatus(row.status) if row is not None else AttendanceStatus.NOT_RECORDED
    post, agency = membership.posts[code], membership.agencies[code]
    return ExpectedMemberOut(
        post=NamedOut(code=code, name=post.title),
        agency=NamedOut(code=agency.code, name=agency.name),
        status=status,
        status_label=status.label,
        on_behalf_of=directory.post(post.partnership_id, row.on_behalf_of if row is not None else None),
        heard_how=row.heard_how if row is not None else "",
    )


def _quorum_out(counted: Quorum) -> QuorumOut:
    return QuorumOut(
        needed=counted.needed,
        attended=counted.attended,
        not_recorded=counted.not_recorded,
        is_met=counted.is_met,
        words=counted.sentence,
    )


def _item_out(row: MeetingItem) -> AgendaItemOut:
    handling = AgendaItemHandling(row.handling)
    return AgendaItemOut(
        number=row.number, title=row.title, handling=handling, handling_label=handling.label, text=row.text
    )
