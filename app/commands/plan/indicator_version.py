"""Stores a version of an indicator's definition each time that it changes."""

from collections.abc import Iterable

from app.commands.change import Change
from app.models.plan.definition import Definition, IndicatorVersion
from app.models.plan.indicator import Indicator
from app.queries.plan.indicator_version import IndicatorVersions

FACTS = tuple(Definition.model_fields)


def append_versions(change: Change, indicators: Iterable[Indicator]) -> None:
    """Appends a version of each indicator that differs from its newest. The indicators must have been flushed."""
    rows = list(indicators)
    stored = IndicatorVersions(change.session, rows)
    versions = []
    for row in rows:
        facts = {name: getattr(row, name) for name in FACTS}
        newest = stored.newest(row)
        if newest is None or facts != {name: getattr(newest, name) for name in FACTS}:
            versions.append(IndicatorVersion(**facts, indicator_id=row.id, recorded_at=change.now))
    change.add_all(versions)
