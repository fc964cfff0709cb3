"""Reads attendance: who was expected at a meeting and came, and a group's table for a period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.domain.groups.attendance import (
    AttendanceRow,
    AttendanceStatus,
    MeetingRecord,
    attendance_rows,
    beside_published,
)
from app.domain.groups.group import Span
from app.domain.groups.meeting import MeetingKind, MeetingState, counts_for_attendance
from app.domain.groups.member import Member, members_on
from app.domain.groups.quorum import Quorum, quorum
from app.domain.groups.responsible import is_responsible_authority
from app.domain.period import Period
from app.models.groups.attendance import (
    Attendance,
    AttendanceCellOut,
    AttendanceRowOut,
    AttendanceTableOut,
    CountedMeetingOut,
    PublishedAttendance,
    PublishedAttendanceOut,
)
from app.models.groups.group import Group, GroupMember
from app.models.groups.meeting import Meeting
from app.models.groups.post import Post
from app.models.plan.partnership import Agency, NamedOut


@dataclass(frozen=True, slots=True)
class Membership:
    """A group's memberships over time, with their posts and agencies by the post's code."""

    members: tuple[Member, ...]
    posts: dict[str, Post]
    agencies: dict[str, Agency]


def read_membership(session: Session, group_id: int) -> Membership:
    """The group's memberships, in their order."""
    rows = session.exec(
        select(GroupMember, Post, Agency)
        .join(Post, col(Post.id) == col(GroupMember.post_id))
        .join(Agency, col(Agency.id) == col(Post.agency_id))
        .where(GroupMember.group_id == group_id)
        .order_by(col(GroupMember.position))
    ).all()
    return Membership(
        tuple(Member(post.code, Span(row.begins_on, row.ends_on)) for row, post, _ in rows),
        {post.code: post for _, post, _ in rows},
        {post.code: agency for _, post, agency in rows},
    )


def list_attendance(session: Session, meeting: Meeting) -> dict[str, Attendance]:
    """What is recorded of a meeting, by code of post."""
    query = select(Post.code, Attendance).join(Post, col(Post.id) == col(Attendance.post_id))
    return dict(session.exec(query.where(Attendance.meeting_id == meeting.id)).all())


def statuses_of(session: Session, meetings: Sequence[Meeting]) -> dict[int, dict[str, AttendanceStatus]]:
    """Recorded statuses, by meeting and code of post."""
    return {
        id_: {code: AttendanceStatus(row.status) for code, row in rows.items()}
        for id_, rows in attendance_of(session, meetings).items()
    }


def attendance_of(session: Session, meetings: Sequence[Meeting]) -> dict[int, dict[str, Attendance]]:
    """What is recorded, by meeting and code of post."""
    ids = [row.id for row in meetings]
    query = (
        select(Attendance, Post.code)
        .join(Post, col(Post.id) == col(Attendance.post_id))
        .where(col(Attendance.meeting_id).in_(ids))
    )
    attendance: dict[int, dict[str, Attendance]] = {id_: {} for id_ in ids}
    for row, code in session.exec(query):
        attendance[row.meeting_id][code] = row
    return attendance


def expected_statuses(
    session: Session, meeting: Meeting, membership: Membership
) -> dict[str, AttendanceStatus]:
    """Members on the meeting's day by code of post, with what is recorded of each."""
    recorded = statuses_of(session, [meeting])[meeting.id]
    expected = members_on(membership.members, meeting.day)
    return {post: recorded.get(post, AttendanceStatus.NOT_RECORDED) for post in expected}


def meeting_quorum(session: Session, meeting: Meeting, group: Group) -> Quorum:
    """Quorum of the meeting's day where it is stored, else the group's."""
    membership = read_membership(session, group.id)
    needed = meeting.quorum if meeting.quorum is not None else group.quorum
    return quorum(needed or None, expected_statuses(session, meeting, membership).values())


def list_meetings_in(session: Session, group_id: int, period: Period) -> Sequence[Meeting]:
    """The group's meetings in a period, in order of day."""
    query = select(Meeting).where(
        Meeting.group_id == group_id, col(Meeting.day).between(period.start, period.end)
    )
    return session.exec(query.order_by(col(Meeting.day), col(Meeting.id))).all()


def is_counted(row: Meeting) -> bool:
    return counts_for_attendance(MeetingKind(row.kind), MeetingState(row.state))


def rows_for(session: Session, group: Group, period: Period) -> tuple[list[AttendanceRow], Membership]:
    """Attendance by authority, keyed by its code, and the group's memberships."""
    membership = read_membership(session, group.id)
    counted = [row for row in list_meetings_in(session, group.id, period) if is_counted(row)]
    statuses = statuses_of(session, counted)
    records = [MeetingRecord(row.day, statuses[row.id]) for row in counted]
    span = Span(period.start, period.end)
    members = [member for member in membership.members if member.span.overlaps(span)]
    codes = {post: agency.code for post, agency in membership.agencies.items()}
    return attendance_rows(members, codes, records), membership


def attendance_table(session: Session, group: Group, period: Period) -> AttendanceTableOut:
    """Attendance by authority at the group's meetings in a period."""
    meetings = list_meetings_in(session, group.id, period)
    counted = [row for row in meetings if is_counted(row)]
    rows, membership = rows_for(session, group, period)
    agencies = {agency.code: agency for agency in membership.agencies.values()}
    published = _published(session, group, period)
    return AttendanceTableOut(
        group=NamedOut(code=group.code, name=group.name),
        period=str(period),
        period_label=period.label,
        meetings=[_meeting_out(row) for row in counted],
        outside=[_meeting_out(row) for row in meetings if not is_counted(row)],
        rows=[_row_out(row, agencies[row.agency], counted, published.get(row.agency)) for row in rows],
        notes=list(_notes(rows, agencies)),
    )


def _published(session: Session, group: Group, period: Period) -> dict[str, PublishedAttendance]:
    """What was printed for the period, by code of agency: only of whole financial years."""
    query = (
        select(PublishedAttendance, Agency.code)
        .join(Agency, col(Agency.id) == col(PublishedAttendance.agency_id))
        .where(PublishedAttendance.group_id == group.id, PublishedAttendance.year == str(period))
    )
    return {code: row for row, code in session.exec(query)}


def _meeting_out(row: Meeting) -> CountedMeetingOut:
    kind, state = MeetingKind(row.kind), MeetingState(row.state)
    return CountedMeetingOut(
        code=row.code,
        day=row.day.isoformat(),
        kind=kind,
        kind_label=kind.label,
        state=state,
        state_label=state.label,
    )


def _row_out(
    row: AttendanceRow, agency: Agency, meetings: Sequence[Meeting], printed: PublishedAttendance | None
) -> AttendanceRowOut:
    return AttendanceRowOut(
        agency=NamedOut(code=agency.code, name=agency.name),
        agency_kind=agency.kind,
        is_responsible_authority=_is_responsible(agency),
        cells=[
            AttendanceCellOut(meeting=meeting.code, status=status, label=status.label)
            for meeting, status in zip(meetings, row.cells, strict=True)
        ],
        attended=row.attended,
        meetings=row.meetings,
        not_recorded=row.not_recorded,
        percent=row.percent,
        words=row.count_words,
        published=_printed_out(printed, row) if printed is not None else None,
    )


def _printed_out(printed: PublishedAttendance, row: AttendanceRow) -> PublishedAttendanceOut:
    return PublishedAttendanceOut(
        percent=printed.percent,
        attended=printed.attended,
        source=printed.source,
        words=beside_published(printed.percent, row),
    )


def _notes(rows: Sequence[AttendanceRow], agencies: dict[str, Agency]) -> Iterator[str]:
    others = [agency.name for row in rows if not _is_responsible(agency := agencies[row.agency])]
    if len(others) == 1:
        yield f"{others[0]} is no responsible authority."
    elif others:
        yield f"No responsible authorities: {'; '.join(others)}."
    by_count: dict[int, list[str]] = {}
    for row in rows:
        if row.not_recorded:
            by_count.setdefault(row.not_recorded, []).append(agencies[row.agency].name)
    for count, names in sorted(by_count.items(), reverse=True):
        times = "one meeting" if count == 1 else f"{count} meetings"
        yield f"Not recorded for {times}, which does not count as coming: {'; '.join(names)}."


def _is_responsible(agency: Agency) -> bool:
    return is_responsible_authority(agency.kind, agency.name)
