"""A change a paper published without its levels; checked when the levels arrive."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field, Text

from app.models.column import Exact, Instant
from app.models.row import TrackedRow


class PublishedChange(TrackedRow, table=True):
    __tablename__ = "published_change"

    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    position: int
    area_code: str | None = Field(default=None, max_length=80)
    """None for the partnership's own area."""
    period: str = Field(max_length=15)
    compared_with: str = Field(max_length=15)
    change: Decimal = Field(sa_type=Exact)
    unit: str = Field(max_length=10)
    """percent or points."""
    words: str = Field(max_length=500)
    source: str = Field(default="", sa_type=Text)


class ExceptionalPeriod(TrackedRow, table=True):
    """Months that are shown, and left out of limits, seasonal shapes and baselines."""

    __tablename__ = "exceptional_period"

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    position: int
    period: str = Field(max_length=15)
    reason: str = Field(max_length=500)
    recorded_at: datetime | None = Field(default=None, sa_type=Instant)
    """None for one of the first plan, which also applies to all earlier times."""
