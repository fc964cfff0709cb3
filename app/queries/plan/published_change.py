"""Converts stored published changes (a change without its levels) to the domain's."""

from app.domain.figures.published_change import PublishedChange as Change
from app.domain.period_text import parse_period
from app.models.figures.published_change import PublishedChange


def to_domain(row: PublishedChange) -> Change:
    """The domain's published change of a stored row."""
    return Change(
        parse_period(row.period),
        parse_period(row.compared_with),
        row.change,
        "points" if row.unit == "points" else "percent",
        row.words,
    )
