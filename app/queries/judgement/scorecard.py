"""Judges a plan's indicators: reads figures and facts in a few statements, and caches each line as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import bindparam, select
from sqlmodel import Session
from sqlmodel import select as select_rows

from app.models.column import table
from app.models.plan.indicator import Indicator, ScorecardItemOut
from app.models.plan.partnership import Agency, Partnership
from app.queries.cache import cache, version
from app.queries.figures.read.series import figures_of, read_series
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement.indicator_facts import Place, facts_of, indicator_places
from app.queries.judgement.indicator_header import IndicatorHeader, headers_of
from app.queries.judgement.scorecard_item import ScorecardQuery, scorecard_item
from app.queries.plan.indicator_version import definitions_at

INDICATOR = table(Indicator)
SEQS = select(INDICATOR.c.id, INDICATOR.c.seq).where(INDICATOR.c.partnership_id == bindparam("partnership"))
MONTHS_READ = 84
"""Seven years: three full ones for a seasonal shape, and enough for a trend in yearly comparisons."""


class Scorecard:
    """Judges a partnership's indicators by one of its plans, for one viewer.

    A line is cached for all viewers who see the same figures. Every change to an indicator, its figures, targets or
    place in the plan bumps its `seq`, so a write causes only the indicators it touched to be judged again.
    """

    def __init__(
        self, session: Session, visibility: FigureVisibility, partnership: Partnership, query: ScorecardQuery
    ) -> None:
        self._session = session
        self._visibility = visibility
        self._partnership = partnership
        self._query = query

    @cached_property
    def headers(self) -> Sequence[IndicatorHeader]:
        """In order of id."""
        return headers_of(self._session, self._partnership) if self._visibility.sees_plans else ()

    @property
    def placed(self) -> list[IndicatorHeader]:
        """Headers of the indicators that the plan measures by."""
        return [header for header in self.headers if header.code in self.places]

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Place in the plan by code; indicators that the plan does not measure by have none."""
        return indicator_places(self._session, self._query.plan)

    @cached_property
    def seqs(self) -> dict[int, int]:
        """Ledger number of the newest change to each indicator or its figures, by id."""
        rows = self._session.connection().execute(SEQS, {"partnership": self._partnership.id})
        return dict(rows.all())

    def items(self, headers: Sequence[IndicatorHeader]) -> list[ScorecardItemOut]:
        """One line an indicator, in the order of `headers`."""
        return [from_json(each) for each in self.items_json(headers)]

    def items_json(self, headers: Sequence[IndicatorHeader]) -> list[bytes]:
        """As `items`, each line as JSON."""
        query, seqs = self._query.key, self.seqs
        keys = {(header.id, self._visibility.key(header), query): header for header in headers}
        versions = {key: version(self._session, seqs[key[0]], header.inputs) for key, header in keys.items()}

        def compute(missing: list[Any]) -> Iterator[tuple[Any, bytes]]:
            judged = self._judged([keys[key] for key in missing])
            return zip(missing, map(to_json, judged), strict=True)

        values = cache(self._session, "scorecard").get_many(
            ("scorecard", self._partnership.id), versions, compute
        )
        return [values[key] for key in keys]

    def _judged(self, headers: Sequence[IndicatorHeader]) -> Iterator[ScorecardItemOut]:
        """Lines computed from the figures that the viewer may see."""
        query, partnership = self._query, self._partnership
        ids = [header.id for header in headers]
        facts = facts_of(self._session, partnership, query.plan, ids, query.known_at)
        part = (partnership.area_code, "")
        series = read_series(self._session, self._visibility, headers, part, query.known_at)
        until = query.period.last if query.period else query.day.year * 12 + query.day.month - 1
        for id_ in ids:
            yield scorecard_item(facts[id_], figures_of(series[id_], until - MONTHS_READ), query)


def answered_by(session: Session, partnership: Partnership, agency: str, query: ScorecardQuery) -> set[int]:
    """Ids of the indicators an agency is responsible for or supplies, as known at the query's moment."""
    rows = session.exec(select_rows(Indicator).where(Indicator.partnership_id == partnership.id)).all()
    agency_id = session.exec(select_rows(Agency.id).where(Agency.code == agency)).first()
    definitions = definitions_at(session, rows, query.known_at)
    return {
        id_
        for id_, each in definitions.items()
        if agency in each.suppliers or (agency_id is not None and each.responsible_agency_id == agency_id)
    }
