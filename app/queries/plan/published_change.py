"""Changes that papers published without their levels, as the domain takes them."""

from app.domain.figures.published_change import PublishedChange as Change
from app.domain.period_text import parse_period
from app.models.figures.published_change import PublishedChange


def published(row: PublishedChange) -> Change:
    """A stored published change as the domain takes it."""
    return Change(
        parse_period(row.period),
        parse_period(row.compared_with),
        row.change,
        "points" if row.unit == "points" else "percent",
        row.words,
    )
