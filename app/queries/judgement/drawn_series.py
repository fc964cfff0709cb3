"""An indicator's series with the line of its target, worked out once for all who may see the same."""

from pydantic_core import to_json
from sqlmodel import Session

from app.domain.plan.baseline import NoBaseline
from app.models.figures.figure import SeriesOut
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.cache import cache, version
from app.queries.figures.quarter_step import Closes
from app.queries.figures.sight import Sight
from app.queries.judgement.indicator_facts import exceptional_periods
from app.queries.judgement.level import levels
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.judgement.series import Cut, read, series
from app.queries.plan import plan as plans
from app.queries.plan import target as targets
from app.queries.plan.edition import as_known


def drawn_series(
    session: Session, sight: Sight, partnership: Partnership, row: Indicator, cut: Cut, query: ScorecardQuery
) -> bytes:
    """As JSON. As with a line of the scorecard, a change to what it is made from moves the indicator's `seq`."""
    return cache(session, "series").get(
        ("series", partnership.id),
        (row.id, sight.key(row), cut, query.plan.id, query.known_at),
        version(session, row.seq),
        lambda: to_json(_series_with_line(session, sight, partnership, row, cut, query)),
    )


def _series_with_line(
    session: Session, sight: Sight, partnership: Partnership, row: Indicator, cut: Cut, query: ScorecardQuery
) -> SeriesOut:
    defined = as_known(session, [row], query.known_at)[row.id]
    measured = defined.judged(exceptional_periods(session, partnership, query.known_at))
    id_, plan_id = row.id, query.plan.id
    stored = targets.known_baselines(session, plan_id, query.known_at, [id_])
    baseline = targets.as_baseline(stored.get(id_))
    versions = targets.versions(session, plan_id, query.known_at, [id_]).get(id_, [])
    known = read(session, sight, row, cut, query.known_at)
    whole = cut.area == partnership.area_code and not cut.breakdown
    found = [each.figure for each in known]
    drawn = levels(versions, baseline, measured, found, plans.years(query.plan)) if whole else {}
    level = baseline if whole else NoBaseline("the plan's is of the whole partnership")
    return series(row, defined, cut, known, level, drawn, measured, Closes(session))
