"""Parses `as_known_at`: the end of a day in UK time, or an instant such as a cut-off's."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import Depends, Query, Request

from app.config import LONDON
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.period import EARLIEST
from app.models.wire import DayOrMoment

FIRST_DAY = date(EARLIEST // 12 + 1, 1, 1)
"""First day of the earliest year of periods. Earlier days count as this one: nothing was known on any."""


def end_of(day: date) -> datetime:
    """The last moment of a day in London."""
    return datetime.combine(day, time.max, LONDON)


async def known_at(
    request: Request,
    as_known_at: Annotated[
        DayOrMoment | None,
        Query(description="As it was known at the end of this day, in London, or at this instant."),
    ] = None,
) -> datetime | None:
    """Parses `as_known_at` to an instant; None for now. Raises RuleBroken for a day that has not come."""
    if as_known_at is None:
        return None
    instant = as_known_at if isinstance(as_known_at, datetime) else end_of(as_known_at)
    today: date = request.app.state.settings.today()
    if instant > end_of(today):
        text = f"Nobody knows yet what will be known then: choose a day up to today, {day_words(today)}."
        raise RuleBroken("as_known_at", "in_future", text)
    return instant


def day_of(today: date, known_at: datetime | None) -> date:
    """The day that answers are for, which decides what had ended and what was owed: today, or the day of `known_at`."""
    if known_at is None:
        return today
    if known_at.date() <= FIRST_DAY:
        return FIRST_DAY
    return min(today, known_at.astimezone(LONDON).date())


KnownAt = Annotated[datetime | None, Depends(known_at)]
