"""Builds an indicator's series with its target line, cached for all viewers who see the same figures."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from app.domain.plan.baseline import NoBaseline
from app.models.figures.figure import SeriesOut
from app.models.plan.partnership import Partnership
from app.queries.cache import cache, version
from app.queries.figures.period_progress import Closes
from app.queries.figures.read.series import figures_of, read_series
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement.indicator_facts import facts_of
from app.queries.judgement.indicator_header import IndicatorHeader, seq_of
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.judgement.series import Cut, Line, series, totals_of
from app.queries.judgement.target_line import target_line
from app.queries.plan import plan as plans


class DrawnSeries:
    """Builds series of a partnership's indicators by one of its plans, for one viewer."""

    def __init__(
        self, session: Session, visibility: FigureVisibility, partnership: Partnership, query: ScorecardQuery
    ) -> None:
        self._session = session
        self._visibility = visibility
        self._partnership = partnership
        self._query = query

    def json(self, header: IndicatorHeader, cut: Cut, encode: Callable[[Any], bytes]) -> bytes:
        """The series as cached JSON, valid for one `seq` of the indicator.

        Every input bumps it; so does the close of a quarter, after which changed figures count as revised.
        """
        session, query = self._session, self._query
        return cache(session, "series").get(
            ("series", self._partnership.id),
            (header.id, self._visibility.key(header), cut, query.plan.id, query.known_at),
            version(session, seq_of(session, header.id), header.inputs),
            lambda: encode(self._with_line(header, cut)),
        )

    def _with_line(self, header: IndicatorHeader, cut: Cut) -> SeriesOut:
        session, query, partnership = self._session, self._query, self._partnership
        facts = facts_of(session, partnership, query.plan, [header.id], query.known_at)[header.id]
        part = (cut.area, cut.breakdown)
        rows = read_series(session, self._visibility, [header], part, query.known_at)[header.id]
        line = Line(NoBaseline("the plan's is of the whole partnership"), {})
        if part == (partnership.area_code, ""):
            figures, years = figures_of(rows), plans.years(query.plan)
            figures += [
                total.figure for total in totals_of(facts.measured, cut, rows) if total.value is not None
            ]
            levels = target_line(facts.targets, facts.baseline, facts.measured, figures, years)
            line = Line(facts.baseline, levels)
        return series(facts, cut, rows, line, Closes(session))
