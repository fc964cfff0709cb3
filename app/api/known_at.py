"""`as_known_at`: things as they stood at the end of a day, UK time."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import Depends, Query

from app.config import LONDON
from app.models.wire import Day


def end_of(day: date) -> datetime:
    """The last moment of a day in London."""
    return datetime.combine(day, time.max, LONDON)


async def known_at(
    as_known_at: Annotated[
        Day | None, Query(description="As it was known at the end of this day, in London.")
    ] = None,
) -> datetime | None:
    return end_of(as_known_at) if as_known_at is not None else None


KnownAt = Annotated[datetime | None, Depends(known_at)]
