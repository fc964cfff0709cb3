"""A rule between indicators as the document gives it."""

from pydantic import Field

from app.document.kit.entry import Code, Entry, Line
from app.domain.figures.rule import Comparison, Severity, WhenMissing


class RuleEntry(Entry):
    """Two sides, each the sum of its indicators' figures of one period and area, and how they must compare."""

    code: Code
    title: Line
    left: list[Code] = Field(min_length=1)
    comparison: Comparison
    right: list[Code] = Field(min_length=1)
    when_missing: WhenMissing = Field(
        default=WhenMissing.SKIP, description="What becomes of it while a figure it needs is not there."
    )
    severity: Severity = Field(
        default=Severity.WARNING,
        description="An error stops the rows that break it; a warning asks for a note.",
    )
