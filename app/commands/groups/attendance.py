"""Records who came to a meeting."""

from typing import Any

from sqlmodel import select

from app.commands.change import Change
from app.commands.groups.edit import set_columns
from app.domain.day import day_words
from app.domain.errors import Conflict, RuleBroken
from app.domain.groups.attendance import AttendanceStatus
from app.domain.groups.meeting import MeetingKind, MeetingState
from app.domain.groups.member import members_on
from app.models.groups.attendance import Attendance, AttendanceIn, MeetingAttendanceIn
from app.models.groups.group import Group
from app.models.groups.meeting import Meeting
from app.queries.groups.attendance import Membership, read_membership
from app.queries.groups.post import post_named

NOT_RECORDED = AttendanceStatus.NOT_RECORDED.value


def record_attendance(change: Change, meeting: Meeting, body: MeetingAttendanceIn) -> bool:
    """Records the statuses of the members named, and of all others where the body says it; returns whether any
    changed. Conflict where nobody could come; RuleBroken for a post that was no member that day.
    """
    _require_attended(meeting)
    membership = read_membership(change.session, meeting.group_id)
    statuses = _statuses(change, meeting, membership, body)
    source = _source(change, body, "on_behalf_of")
    own_sources = _own_sources(change, body)
    query = select(Attendance).where(Attendance.meeting_id == meeting.id)
    stored = {row.post_id: row for row in change.session.exec(query)}
    after: dict[str, str] = {}
    for code, status in statuses.items():
        post_id = membership.posts[code].id
        columns = {"status": status, **own_sources.get(code, source)}
        row = stored.get(post_id)
        if row is None and status != NOT_RECORDED:
            change.add(Attendance(meeting_id=meeting.id, post_id=post_id, **columns))
            after[code] = status
        elif row is not None and _update(change, row, columns, with_source=code in own_sources):
            after[code] = status
    if after:
        change.touch(meeting)
        own = {code: own_sources[code] for code in after if code in own_sources}
        details = {**source, "sources": own} if own else source
        change.record("attendance recorded", "meeting", meeting.code, attendance=after, **details)
    return bool(after)


def _update(change: Change, row: Attendance, columns: dict[str, Any], *, with_source: bool) -> bool:
    """Updates or removes what is recorded; returns whether it changed. A source alone changes where `with_source`."""
    if columns["status"] == NOT_RECORDED:
        change.session.delete(row)
        return True
    if row.status == columns["status"] and not with_source:
        return False
    return bool(set_columns(row, columns))


def _own_sources(change: Change, body: MeetingAttendanceIn) -> dict[str, dict[str, Any]]:
    """Sources by code of post, of the entries that have one of their own."""
    return {
        entry.post: _source(change, entry, f"attendance.{number}.on_behalf_of")
        for number, entry in enumerate(body.attendance)
        if entry.on_behalf_of is not None or entry.heard_how
    }


def _source(change: Change, body: AttendanceIn | MeetingAttendanceIn, where: str) -> dict[str, Any]:
    """Columns of whose word it is; RuleBroken for no post of this partnership."""
    post_named(change.session, change.partnership.id, body.on_behalf_of, where)
    return {"on_behalf_of": body.on_behalf_of, "heard_how": body.heard_how}


def _require_attended(meeting: Meeting) -> None:
    if meeting.kind == MeetingKind.CIRCULATED.value:
        text = "Business circulated by e-mail has no attendance: nobody was asked to come."
        raise Conflict("circulated", text)
    if meeting.state == MeetingState.CANCELLED.value:
        text = "The meeting was cancelled, so nobody came. If that was a slip, take the step back first."
        raise Conflict("meeting_cancelled", text)


def _statuses(
    change: Change, meeting: Meeting, membership: Membership, body: MeetingAttendanceIn
) -> dict[str, str]:
    """Status by code of post, of the members that the body names or means by `others`."""
    expected = members_on(membership.members, meeting.day)
    statuses: dict[str, str] = {}
    for number, entry in enumerate(body.attendance):
        where = f"attendance.{number}"
        if entry.post not in expected:
            raise RuleBroken(f"{where}.post", "not_a_member", _not_a_member(change, meeting, entry.post))
        if entry.post in statuses:
            message = f"“{entry.post}” is here twice. Keep one of the two."
            raise RuleBroken(f"{where}.post", "repeated", message)
        _require_known(change, meeting, entry.status, f"{where}.status")
        statuses[entry.post] = entry.status
    if body.others is not None:
        _require_known(change, meeting, body.others, "others")
        statuses |= {code: body.others for code in expected if code not in statuses}
    return statuses


def _not_a_member(change: Change, meeting: Meeting, code: str) -> str:
    group = change.session.get_one(Group, meeting.group_id)
    return (
        f"“{code}” was no member of {group.name} on {day_words(meeting.day)}. "
        "If it was, set the days of its membership first."
    )


def _require_known(change: Change, meeting: Meeting, status: str, where: str) -> None:
    """Before the day only apologies can be known."""
    if meeting.day > change.today and status not in (AttendanceStatus.APOLOGIES.value, NOT_RECORDED):
        message = f"The meeting is on {day_words(meeting.day)}: until then only apologies can be recorded."
        raise RuleBroken(where, "not_held_yet", message)
