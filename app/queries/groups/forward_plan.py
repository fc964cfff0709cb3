"""Reads the business to come: items of planned meetings, and those that have no meeting yet."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.day import day_words
from app.models.groups.group import Group
from app.models.groups.meeting import ForwardPlanItemOut, Meeting, MeetingItem
from app.queries.groups.directory import Directory
from app.queries.groups.group import groups
from app.queries.groups.meeting import meetings


def forward_plan(
    session: Session, actor: Actor, group: str | None, directory: Directory
) -> list[ForwardPlanItemOut]:
    """Business of planned meetings in order of day, then what has no meeting yet. `group` narrows by code."""
    return [
        *_on_agendas(session, actor, group, directory),
        *_without_meeting(session, actor, group, directory),
    ]


def _on_agendas(
    session: Session, actor: Actor, group: str | None, directory: Directory
) -> Iterator[ForwardPlanItemOut]:
    planned = meetings(actor).where(Meeting.state == "planned").order_by(col(Meeting.day), col(Meeting.id))
    rows = {row.id: row for row in session.exec(planned)}
    query = select(MeetingItem).where(col(MeetingItem.meeting_id).in_(rows))
    items = list(session.exec(query.order_by(col(MeetingItem.number))))
    for meeting in rows.values():
        named = directory.groups[meeting.group_id]
        for item_row in items:
            if item_row.meeting_id == meeting.id and group in (None, named["code"]):
                yield ForwardPlanItemOut(
                    group=named,
                    meeting=directory.meeting_ref(meeting),
                    expected=day_words(meeting.day),
                    title=item_row.title,
                    text=item_row.text,
                )


def _without_meeting(
    session: Session, actor: Actor, group: str | None, directory: Directory
) -> Iterator[ForwardPlanItemOut]:
    for row in session.exec(groups(actor).order_by(col(Group.position))):
        for entry in row.forward_plan if group in (None, row.code) else ():
            yield ForwardPlanItemOut(
                group=directory.groups[row.id],
                meeting=None,
                expected=entry["expected"],
                title=entry["title"],
                text="",
            )
