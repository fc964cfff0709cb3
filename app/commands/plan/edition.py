"""Keeping what an indicator was: an edition for every time its definition is other than it was."""

from collections.abc import Iterable

from app.commands.change import Change
from app.models.plan.definition import Definition, IndicatorVersion
from app.models.plan.indicator import Indicator
from app.queries.plan.indicator_version import IndicatorVersions

FACTS = tuple(Definition.model_fields)


def keep(change: Change, indicators: Iterable[Indicator]) -> None:
    """Appends the edition of each that differs from its newest; the indicators have been flushed."""
    rows = list(indicators)
    versions = IndicatorVersions(change.session, rows)
    made = []
    for row in rows:
        facts = {name: getattr(row, name) for name in FACTS}
        before = versions.newest(row)
        if before is None or facts != {name: getattr(before, name) for name in FACTS}:
            made.append(IndicatorVersion(**facts, indicator_id=row.id, recorded_at=change.now))
    change.add_all(made)
