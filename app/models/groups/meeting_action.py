"""An action that arose at a meeting: its owner, the day it is due, and how it goes."""

from datetime import date
from typing import Annotated

from pydantic.functional_validators import AfterValidator
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.groups.meeting_action import MeetingActionState
from app.models.groups.decision import MeetingRefOut
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Prose, Reason, one_line


class MeetingAction(TrackedRow, table=True):
    """An action that arose at a meeting, owned by a post."""

    __tablename__ = "meeting_action"
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    code: str = Field(max_length=80)
    group_id: int = Field(foreign_key="partnership_group.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    decision_id: int | None = Field(default=None, foreign_key="decision.id", index=True)
    text: str = Field(sa_type=Text)
    owner: str | None = Field(default=None, max_length=80)
    """Code of a post."""
    due_on: date | None = None
    state: str = Field(max_length=20)
    """`domain.groups.meeting_action.MeetingActionState`."""
    done_on: date | None = None
    progress: str = Field(default="", sa_type=Text)
    what_changed: str = Field(default="", sa_type=Text)
    on_behalf_of: str | None = Field(default=None, max_length=80)
    heard_how: str = Field(default="", max_length=500)


class MeetingActionIn(In):
    EXAMPLE = {"meeting": "board-2017-09-22", "text": "Write to the landlords", "due_on": "2018-01-19"}

    meeting: Code
    text: Reason
    code: Code | None = None
    decision: Code | None = None
    """Made at that meeting, where the action follows from one."""
    owner: Code | None = None
    due_on: Day | None = None
    state: MeetingActionState = MeetingActionState.NOT_STARTED
    done_on: Day | None = None
    progress: Prose = ""
    what_changed: Prose = ""
    on_behalf_of: Code | None = None
    heard_how: Annotated[str, Field(max_length=500), AfterValidator(one_line)] = ""


class MeetingActionPatch(In):
    """What is absent stays. Another owner or day needs a reason."""

    EXAMPLE = {"state": "on_track", "progress": "Two of three have answered"}

    text: Reason | None = None
    owner: Code | None = None
    due_on: Day | None = None
    state: MeetingActionState | None = None
    done_on: Day | None = None
    progress: Prose | None = None
    what_changed: Prose | None = None
    on_behalf_of: Code | None = None
    heard_how: Annotated[str, Field(max_length=500), AfterValidator(one_line)] | None = None
    reason: Reason | None = None


class MeetingActionOut(TypedDict):
    id: str
    code: str
    group: NamedOut
    meeting: MeetingRefOut
    decision: str | None
    """Code of the decision that it follows from."""
    text: str
    owner: NamedOut | None
    due_on: DayText | None
    state: MeetingActionState
    state_label: str
    is_overdue: bool
    """Today; not a change of its own."""
    done_on: DayText | None
    progress: str
    what_changed: str
    on_behalf_of: NamedOut | None
    heard_how: str
    version: int
