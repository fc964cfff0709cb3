"""`as_known_at`: things as they stood at the end of a day, UK time, or at a moment such as a cut-off's."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import Depends, Query

from app.config import LONDON
from app.domain.period import EARLIEST
from app.models.wire import DayOrMoment

FIRST_DAY = date(EARLIEST // 12 + 1, 1, 1)
"""Nothing was known on any day before periods begin, so one stands for them all."""


def end_of(day: date) -> datetime:
    """The last moment of a day in London."""
    return datetime.combine(day, time.max, LONDON)


async def known_at(
    as_known_at: Annotated[
        DayOrMoment | None,
        Query(description="As it was known at the end of this day, in London, or at this instant."),
    ] = None,
) -> datetime | None:
    if isinstance(as_known_at, datetime):
        return as_known_at
    return end_of(as_known_at) if as_known_at is not None else None


def day_of(today: date, known_at: datetime | None) -> date:
    """The day that is asked about: what had ended by then, and what was owed."""
    if known_at is None:
        return today
    if known_at.date() <= FIRST_DAY:
        return FIRST_DAY
    return min(today, known_at.astimezone(LONDON).date())


KnownAt = Annotated[datetime | None, Depends(known_at)]
