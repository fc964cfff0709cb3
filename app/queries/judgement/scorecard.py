"""How a plan's indicators stand: figures and facts gathered in a few reads, judged, and kept as JSON."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import select
from sqlmodel import Session
from sqlmodel import select as select_rows

from app.domain.access.authority import Actor
from app.domain.figures import figure as figures
from app.models.column import table
from app.models.figures.figure import Figure, FigureRevision
from app.models.plan.indicator import Indicator, ScorecardItemOut
from app.models.plan.partnership import Agency, Partnership
from app.models.plan.plan import Plan
from app.queries import visible
from app.queries.cache import cache, version
from app.queries.figures.figure import MISSING, QUALIFIERS, STATUSES, newest_known, period_of
from app.queries.figures.sight import Guarded, Sight
from app.queries.judgement.indicator_facts import Place, indicator_places, read_facts
from app.queries.judgement.scorecard_item import ScorecardQuery, scorecard_item
from app.queries.plan import edition

FIGURE, REVISION, INDICATOR = table(Figure), table(FigureRevision), table(Indicator)
MONTHS_READ = 84
"""Seven years: three whole ones for a seasonal shape, and enough for a trend in yearly comparisons."""
HEADER = ("id", "code", "seq", "responsible_agency_id", "suppliers", "counts_people", "release_to")


@dataclass(frozen=True, slots=True)
class IndicatorHeader:
    """An indicator by what tells whether it changed, and who may see its figures."""

    id: int
    code: str
    seq: int
    responsible_agency_id: int | None
    suppliers: list[str]
    counts_people: bool
    release_to: str
    place: Place

    @property
    def is_placed(self) -> bool:
        """Whether the plan measures by it at all."""
        return self.place.priority is not None


def items(
    session: Session,
    sight: Sight,
    partnership: Partnership,
    headers: Sequence[IndicatorHeader],
    query: ScorecardQuery,
) -> list[ScorecardItemOut]:
    """One item an indicator, in the order given."""
    return [from_json(each) for each in items_json(session, sight, partnership, headers, query)]


def items_json(
    session: Session,
    sight: Sight,
    partnership: Partnership,
    headers: Sequence[IndicatorHeader],
    query: ScorecardQuery,
) -> list[bytes]:
    """The same, each as JSON.

    An item is computed once for all who may see the same: an indicator's `seq` moves with every change to it,
    its figures, targets and place in the plan, so a write makes only what it touched be judged again.
    """
    keys = {(header.id, sight.key(header), query.key): header for header in headers}
    versions = {key: version(session, header.seq) for key, header in keys.items()}

    def compute(missing: list[Any]) -> Iterator[tuple[Any, bytes]]:
        judged = _judged(session, partnership, [keys[key] for key in missing], query, sight)
        return zip(missing, map(to_json, judged), strict=True)

    values = cache(session, "scorecard").get_many(("scorecard", partnership.id), versions, compute)
    return [values[key] for key in keys]


def headers(session: Session, actor: Actor, partnership: Partnership, plan: Plan) -> list[IndicatorHeader]:
    """The partnership's indicators in order, with no more than is needed to know whether they changed."""
    query = (
        select(*(INDICATOR.c[name] for name in HEADER))
        .where(visible.indicator_in_sight(actor), INDICATOR.c.partnership_id == partnership.id)
        .order_by(INDICATOR.c.id)
    )
    places = indicator_places(session, plan)
    rows = session.connection().execute(query).all()
    nowhere = Place()
    return [IndicatorHeader(**row._mapping, place=places.get(row.code, nowhere)) for row in rows]


def header_of(row: Indicator, places: Mapping[str, Place]) -> IndicatorHeader:
    return IndicatorHeader(
        **{name: getattr(row, name) for name in HEADER}, place=places.get(row.code, Place())
    )


def _judged(
    session: Session,
    partnership: Partnership,
    headers: Sequence[IndicatorHeader],
    query: ScorecardQuery,
    sight: Sight,
) -> Iterator[ScorecardItemOut]:
    """Each judged by the figures that the viewer may see."""
    ids = [header.id for header in headers]
    facts = read_facts(session, partnership, query.plan, ids, query.known_at)
    until = query.period.last if query.period else query.day.year * 12 + query.day.month - 1
    series = read_series(session, ids, partnership.area_code, until - MONTHS_READ, query.known_at)
    for header in headers:
        known = seen(sight, header, series.get(header.id, ()))
        yield scorecard_item(facts[header.id], known, query)


def whole_series(
    session: Session, sight: Sight, row: Indicator, area: str, known_at: datetime | None
) -> list[figures.Figure]:
    """All figures of one indicator for an area, as far as the actor may see them."""
    return seen(sight, row, read_series(session, [row.id], area, 0, known_at).get(row.id, []))


def read_series(
    session: Session, ids: Collection[int], area: str, from_month: int, known_at: datetime | None
) -> dict[int, list[figures.Figure]]:
    """Whole-area, whole-breakdown figures that end in or after a month, by indicator, in order of period."""
    source = FIGURE if known_at is None else REVISION
    query = select(
        FIGURE.c.indicator_id, FIGURE.c.first_month, FIGURE.c.last_month, *(source.c[name] for name in SAID)
    )
    if known_at is not None:
        query = query.select_from(FIGURE).join(REVISION, newest_known(known_at))
    query = query.where(
        FIGURE.c.indicator_id.in_(ids),
        FIGURE.c.area_code == area,
        FIGURE.c.breakdown == "",
        FIGURE.c.last_month >= from_month,
    ).order_by(FIGURE.c.indicator_id, FIGURE.c.first_month, FIGURE.c.last_month)
    grouped: dict[int, list[figures.Figure]] = {}
    for row in session.connection().execute(query).all():
        grouped.setdefault(row.indicator_id, []).append(_figure(row))
    return grouped


def _figure(row: Sequence[Any]) -> figures.Figure:
    """A row of a series as judging takes it."""
    _, first, last, value, status, qualifier, numerator, denominator, size, margin, level, of, missing, on = (
        row
    )
    return figures.Figure(
        period_of(first, last),
        value,
        STATUSES[status],
        QUALIFIERS[qualifier],
        numerator,
        denominator,
        size,
        margin,
        level,
        of,
        MISSING[missing] if missing is not None else None,
        on,
    )


SAID = (
    "value",
    "status",
    "qualifier",
    "numerator",
    "denominator",
    "sample_size",
    "margin",
    "margin_level",
    "margin_of",
    "missing",
    "expected_on",
)


def seen(sight: Sight, row: Guarded, found: Sequence[figures.Figure]) -> list[figures.Figure]:
    """An indicator's figures as an actor may see them."""
    if sight.key(row) is None:
        return list(found)
    if sight.is_open(row):
        return list(found)
    withheld = ((each, sight.withholds(row, each.period.last)) for each in found)
    return [each if why is None else each.kept_back(why) for each, why in withheld]


def answered_by(
    session: Session, partnership: Partnership, agency: str, known_at: datetime | None
) -> set[int]:
    """Ids of the indicators that an agency answers for, or did then."""
    rows = session.exec(select_rows(Indicator).where(Indicator.partnership_id == partnership.id)).all()
    found = session.exec(select_rows(Agency.id).where(Agency.code == agency)).first()
    known = edition.as_known(session, rows, known_at)
    return {id_ for id_, each in known.items() if found is not None and each.responsible_agency_id == found}
