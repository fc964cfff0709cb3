"""The partnership that the document is about."""

from pydantic import Field

from app.document.kit.entry import Code, Entry, Line


class PartnershipEntry(Entry):
    code: Code
    name: Line
    short_name: Line | None = None
    area: Code = Field(description="Its own area: where a figure is counted when it names none.")
