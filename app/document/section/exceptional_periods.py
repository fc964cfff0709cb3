"""Exceptional periods. They are the partnership's, so they may change under an adopted plan."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from sqlmodel import Session, col, select

from app.document.kit.entry import Entry, Line, PeriodText
from app.document.kit.load import Load
from app.document.kit.row import entry_of
from app.document.kit.section import Export, Section, no_references
from app.models.figures.published_change import ExceptionalPeriod
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan


class ExceptionalPeriodEntry(Entry):
    """Months that are shown, but left out of limits, seasonal shapes and baselines."""

    period: PeriodText
    reason: Line


def _upsert(load: Load, periods: Sequence[ExceptionalPeriodEntry]) -> None:
    partnership_id = load.partnership.id
    stored = {row.period: row for row in _rows(load.session, load.partnership)}
    # Periods of the first plan hold for the time before it too, as the definitions of its indicators do.
    is_first = load.session.exec(select(Plan.id).where(Plan.partnership_id == partnership_id)).first() is None
    for position, entry in enumerate(periods, start=1):
        row = stored.pop(entry.period, None)
        if row is None:
            period = ExceptionalPeriod(
                partnership_id=partnership_id,
                position=position,
                period=entry.period,
                reason=entry.reason,
                recorded_at=None if is_first else load.change.now,
            )
            load.session.add(period)
            load.did("created", f"exceptional period {entry.period}")
        elif row.reason != entry.reason:
            row.reason = entry.reason
            load.did("changed", f"exceptional period {entry.period}: its reason")
    load.left_alone.extend(f"exceptional period {period} is not in the document" for period in stored)


def _entries(export: Export) -> Iterator[ExceptionalPeriodEntry]:
    for row in _rows(export.session, export.partnership):
        yield entry_of(ExceptionalPeriodEntry, row)


def _rows(session: Session, partnership: Partnership) -> Sequence[ExceptionalPeriod]:
    mine = select(ExceptionalPeriod).where(ExceptionalPeriod.partnership_id == partnership.id)
    return session.exec(mine.order_by(col(ExceptionalPeriod.position))).all()


SECTION = Section("exceptional_periods", ExceptionalPeriodEntry, no_references, _upsert, _entries)
ExceptionalPeriodEntries = Annotated[list[ExceptionalPeriodEntry], SECTION]
