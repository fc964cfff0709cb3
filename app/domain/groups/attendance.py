"""Attendance: who was expected and who came, meeting by meeting and by authority."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.groups.member import Member, members_on


class AttendanceStatus(StrEnum):
    """What is recorded of a member; `not_recorded` and `not_a_member` are worked out and never stored."""

    PRESENT = "present"
    DEPUTY = "deputy"
    REMOTE = "remote"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    NOT_RECORDED = "not_recorded"
    NOT_A_MEMBER = "not_a_member"

    @property
    def label(self) -> str:
        words = {"deputy": "Deputy came", "remote": "Present remotely", "not_a_member": "Not then a member"}
        return words.get(self.value, self.value.replace("_", " ").capitalize())

    @property
    def is_attended(self) -> bool:
        return self in ATTENDED


ATTENDED = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.DEPUTY, AttendanceStatus.REMOTE})
RECORDED = tuple(
    status
    for status in AttendanceStatus
    if status not in (AttendanceStatus.NOT_RECORDED, AttendanceStatus.NOT_A_MEMBER)
)
"""Statuses that can be recorded."""
BEST_FIRST = tuple(AttendanceStatus)
"""Of several posts of one authority the first of these counts."""


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A meeting that counts, and what is recorded of posts by code."""

    day: date
    statuses: Mapping[str, AttendanceStatus]


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One authority's attendance. `cells` has a status for each meeting, in their order."""

    agency: str
    cells: tuple[AttendanceStatus, ...]

    @property
    def attended(self) -> int:
        return sum(status.is_attended for status in self.cells)

    @property
    def meetings(self) -> int:
        """Number of meetings while one of its posts was a member."""
        return sum(status is not AttendanceStatus.NOT_A_MEMBER for status in self.cells)

    @property
    def not_recorded(self) -> int:
        return sum(status is AttendanceStatus.NOT_RECORDED for status in self.cells)

    @property
    def percent(self) -> int | None:
        return whole_percent(self.attended, self.meetings)

    @property
    def count_words(self) -> str:
        """ "2 of 3, 67%"."""
        if self.percent is None:
            return "No meeting while a member"
        return f"{self.attended} of {self.meetings}, {self.percent}%"


def whole_percent(part: int, total: int) -> int | None:
    """A whole per cent, a half rounded up; None of nothing."""
    return (200 * part + total) // (2 * total) if total else None


def attendance_rows(
    members: Sequence[Member], agencies: Mapping[str, str], meetings: Iterable[MeetingRecord]
) -> list[AttendanceRow]:
    """Attendance by authority, in the members' order. `agencies` gives the agency of a post.

    An authority with several posts counts once a meeting. One that never came stands there too.
    """
    cells: dict[str, list[AttendanceStatus]] = {agencies[member.post]: [] for member in members}
    for meeting in meetings:
        expected = members_on(members, meeting.day)
        for agency, row in cells.items():
            posts = [post for post in expected if agencies[post] == agency]
            row.append(_status_of(posts, meeting))
    return [AttendanceRow(agency, tuple(row)) for agency, row in cells.items()]


def _status_of(posts: Sequence[str], meeting: MeetingRecord) -> AttendanceStatus:
    if not posts:
        return AttendanceStatus.NOT_A_MEMBER
    statuses = [meeting.statuses.get(post, AttendanceStatus.NOT_RECORDED) for post in posts]
    return min(statuses, key=BEST_FIRST.index)


def beside_published(published: int, row: AttendanceRow) -> str:
    """A published percentage beside ours: "published 66%, we make it 67%". Empty where they agree."""
    if row.percent == published:
        return ""
    ours = f"we make it {row.percent}%" if row.percent is not None else "we have no meeting to count"
    return f"published {published}%, {ours}"
