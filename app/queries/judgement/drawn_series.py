"""An indicator's series with the line of its target, worked out once for all who may see the same."""

from pydantic_core import to_json
from sqlmodel import Session

from app.db import memory
from app.domain.plan.baseline import NoBaseline
from app.models.figures.figure import SeriesOut
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.figures.quarter_step import Closes
from app.queries.figures.sight import Sight
from app.queries.judgement.level import levels
from app.queries.judgement.scorecard import exceptional_periods
from app.queries.judgement.scorecard_item import Asked
from app.queries.judgement.series import Cut, read, series
from app.queries.plan import plan as plans
from app.queries.plan import target as targets
from app.queries.plan.edition import as_known

UNIT = 8_000
"""Bytes that take the room of one unit of what is remembered."""


def drawn_series(
    session: Session, sight: Sight, partnership: Partnership, row: Indicator, cut: Cut, asked: Asked
) -> bytes:
    """As JSON: written once, too. As with a line of the scorecard, all it is made from moves the indicator's `seq`."""
    known = memory(session)
    key = (row.id, sight.key(row), cut, asked.plan.id, asked.known_at)
    made: bytes | None = known.get(key, row.seq)
    if made is None:
        with known.working:
            made = known.get(key, row.seq)
            if made is None:
                made = to_json(_worked_out(session, sight, partnership, row, cut, asked))
                known.put(key, row.seq, made, 1 + len(made) // UNIT)
    return made


def _worked_out(
    session: Session, sight: Sight, partnership: Partnership, row: Indicator, cut: Cut, asked: Asked
) -> SeriesOut:
    defined = as_known(session, [row], asked.known_at)[row.id]
    measured = defined.judged(exceptional_periods(session, partnership, asked.known_at))
    id_, plan_id = row.id, asked.plan.id
    stored = targets.known_baselines(session, plan_id, asked.known_at, [id_])
    baseline = targets.as_baseline(stored.get(id_))
    versions = targets.versions(session, plan_id, asked.known_at, [id_]).get(id_, [])
    known = read(session, sight, row, cut, asked.known_at)
    whole = cut.area == partnership.area_code and not cut.breakdown
    found = [each.figure for each in known]
    drawn = levels(versions, baseline, measured, found, plans.years(asked.plan)) if whole else {}
    level = baseline if whole else NoBaseline("the plan's is of the whole partnership")
    return series(row, defined, cut, known, level, drawn, measured, Closes(session))
