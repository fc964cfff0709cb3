"""Changes that papers published without their levels, as the domain takes them."""

from app.domain.figures.published_change import PublishedChange as Change
from app.domain.period import Period
from app.models.figures.published_change import PublishedChange


def published(row: PublishedChange) -> Change:
    """A stored published change as the domain takes it."""
    return Change(
        Period.parse(row.period),
        Period.parse(row.compared_with),
        row.change,
        "points" if row.unit == "points" else "percent",
        row.words,
    )
