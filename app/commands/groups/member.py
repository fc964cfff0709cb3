"""Sets a group's members over time."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.commands.change import Change
from app.commands.groups.edit import require_day
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.groups.group import Span
from app.domain.groups.member import Member, overlapping
from app.models.groups.attendance import Attendance
from app.models.groups.group import Group, GroupMember, GroupMemberIn
from app.models.groups.meeting import Meeting
from app.models.groups.post import Post
from app.queries.groups.group import list_members
from app.queries.groups.post import post_named


def set_members(change: Change, group: Group, members: Sequence[GroupMemberIn]) -> bool:
    """Replaces the group's memberships by these; returns whether any changed.

    RuleBroken where one post would be a member twice at once, or a member who is recorded at a meeting would not be.
    """
    posts = _check(change, group, members)
    stored = list_members(change.session, [group.id])[group.id]
    before = [(row.post_id, row.begins_on, row.ends_on) for row in stored]
    after = [(post.id, member.begins_on, member.ends_on) for post, member in zip(posts, members, strict=True)]
    if before == after:
        return False
    for row, (post_id, begins_on, ends_on) in zip(stored, after, strict=False):
        row.post_id, row.begins_on, row.ends_on = post_id, begins_on, ends_on
    for row in stored[len(after) :]:
        change.session.delete(row)
    for position, (post_id, begins_on, ends_on) in enumerate(after[len(stored) :], start=len(stored) + 1):
        change.add(
            GroupMember(
                group_id=group.id, position=position, post_id=post_id, begins_on=begins_on, ends_on=ends_on
            )
        )
    change.touch(group)
    facts = [member.model_dump(mode="json") for member in members]
    change.record("group members set", "group", group.code, members=facts)
    return True


def _check(change: Change, group: Group, members: Sequence[GroupMemberIn]) -> list[Post]:
    """The members' posts; raises RuleBroken for the first membership that cannot be."""
    posts: list[Post] = []
    for number, member in enumerate(members):
        where = f"members.{number}"
        post = post_named(change.session, group.partnership_id, member.post, f"{where}.post")
        assert post is not None, "the membership names one"
        posts.append(post)
        _check_days(group, member, where)
    spans = [Member(member.post, Span(member.begins_on, member.ends_on)) for member in members]
    for number in overlapping(spans):
        message = f"“{members[number].post}” is a member twice at once. Let one end before the other begins."
        raise RuleBroken(f"members.{number}.begins_on", "member_twice", message)
    _check_recorded(change.session, group, spans)
    return posts


def _check_days(group: Group, member: GroupMemberIn, where: str) -> None:
    for name in ("begins_on", "ends_on"):
        require_day(getattr(member, name), f"{where}.{name}")
    if Span(member.begins_on, member.ends_on).is_reversed:
        message = "The last day is before the first. Put one of them right."
        raise RuleBroken(f"{where}.ends_on", "days_reversed", message)
    span = Span(group.begins_on, group.ends_on)
    for name in ("begins_on", "ends_on"):
        day = getattr(member, name)
        if day is not None and not span.has(day):
            message = f"{group.name} did not exist on {day_words(day)}. Leave the day out, or put it right."
            raise RuleBroken(f"{where}.{name}", "outside_group", message)


def _check_recorded(session: Session, group: Group, members: Sequence[Member]) -> None:
    """Refuses to take away a membership on a day when the post's attendance is recorded."""
    recorded = session.exec(
        select(col(Meeting.day), col(Post.code))
        .join(Attendance, col(Attendance.meeting_id) == col(Meeting.id))
        .join(Post, col(Post.id) == col(Attendance.post_id))
        .where(Meeting.group_id == group.id)
        .order_by(col(Meeting.day))
    )
    for day, code in recorded:
        if not any(member.post == code and member.span.has(day) for member in members):
            message = (
                f"“{code}” has attendance recorded at the meeting of {day_words(day)}, so it was a member then. "
                "Take that back first, or keep the membership on that day."
            )
            raise RuleBroken("members", "attendance_recorded", message)
