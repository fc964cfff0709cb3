"""The partnership that the document is about."""

from pydantic import Field

from app.document.kit.entry import Code, Day, Entry, Line


class PartnershipEntry(Entry):
    code: Code
    name: Line
    short_name: Line | None = None
    area: Code = Field(description="Its own area: where a figure is counted when it names none.")
    owed_from: Day | None = Field(
        default=None,
        description="The day from which figures are owed: those of periods that end before it are not asked for. "
        "Absent, those of the whole plan are owed.",
    )
