"""Bumps `seq` on rows whose JSON shows a name or a day of another row, so that pollers see the change."""

from typing import Any

from sqlmodel import col, select

from app.commands.change import Change
from app.models.groups.decision import Decision
from app.models.groups.group import Group
from app.models.groups.meeting import Meeting
from app.models.groups.meeting_action import MeetingAction
from app.models.groups.post import Post


def touch_readers_of_post(change: Change) -> None:
    """After a post's title changed: it may be a deputy, a member, a chair, an owner."""
    _touch(change, Post, Group, Decision, MeetingAction)


def touch_readers_of_group(change: Change) -> None:
    """After a group's name changed."""
    _touch(change, Group, Meeting, Decision, MeetingAction)


def touch_readers_of_meeting(change: Change, meeting: Meeting) -> None:
    """After a meeting's day or state changed: decisions and actions show it, and a decision's state follows."""
    decisions = select(Decision).where(
        (col(Decision.meeting_id) == meeting.id) | (col(Decision.ratified_at_id) == meeting.id)
    )
    actions = select(MeetingAction).where(MeetingAction.meeting_id == meeting.id)
    change.touch(*change.session.exec(decisions), *change.session.exec(actions))


def _touch(change: Change, *models: Any) -> None:
    """Touches all rows of the partnership. Names change seldom, and the rows are few."""
    for model in models:
        mine = select(model).where(model.partnership_id == change.partnership_id)
        change.touch(*change.session.exec(mine))
