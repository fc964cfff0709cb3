"""Approvals for an audience to see an indicator's figures of a period."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.access.audience import Audience
from app.models.append_only import AppendOnly
from app.models.author import AuthorOut
from app.models.row import Recorded, TrackedRow
from app.models.wire import Code, Day, DayText, In, InstantText, PeriodText, PeriodWritten, Reason
from app.models.wire_enums import AudienceText, ReleaseStateText


class Release(TrackedRow, Recorded, AppendOnly, table=True):
    """An approval. Of those in effect the newest counts. The database refuses to change or delete one."""

    __table_args__ = (
        Index("ix_release_indicator", "indicator_id", "last_month"),
        Index("ix_release_day", "from_on"),
    )

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    last_month: int
    """Every figure that ends in this month: the whole, its areas and its breakdowns are released together."""
    audience: str = Field(max_length=20)
    """`domain.release.Audience`."""
    from_on: date
    reason: str = Field(default="", sa_type=Text)


class ReleaseIn(In):
    """Allows an audience to see the figures that end with a period, from a day on; it may also narrow that."""

    EXAMPLE = {
        "indicator": "hate-crime",
        "period": "2017-18-Q2",
        "audience": "public",
        "from_on": "2018-01-08",
        "reason": "Cleared by the force's statistics office",
    }

    indicator: Code
    period: PeriodText
    audience: Audience
    from_on: Day
    reason: Reason


class ReleaseOut(TypedDict):
    id: str
    indicator: str
    indicator_title: str
    period: PeriodWritten
    period_start: DayText
    period_end: DayText
    period_label: str
    audience: AudienceText
    audience_label: str
    from_on: DayText
    state: ReleaseStateText
    """in_force, to_come, or replaced by a newer one."""
    reason: str
    """Empty for a reader who may not see the figures."""
    recorded_at: InstantText
    recorded_by: str
    author: AuthorOut
