"""Who the document is about: a partnership, the areas it counts in and the agencies in it."""

from pydantic import Field

from app.document.kit.entry import Code, Entry, Line, PeriodText


class PartnershipEntry(Entry):
    code: Code
    name: Line
    short_name: Line | None = None
    area: Code = Field(description="Its own area: where a figure is counted when it names none.")


class ExceptionalPeriodEntry(Entry):
    """Months that are shown, and left out of limits, seasonal shapes and baselines."""

    period: PeriodText
    reason: Line
