"""Reads headers of indicators: columns that decide cache keys, and who may see the figures."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from app.domain.errors import NotFound
from app.models.column import table
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.figures.visibility import FigureVisibility
from app.queries.frame import look_up
from app.queries.judgement.indicator_facts import exceptional_periods

INDICATOR = table(Indicator)
COLUMNS = ("id", "code", "responsible_agency_id", "suppliers", "counts_people", "release_to")
SEQ = select(INDICATOR.c.seq).where(INDICATOR.c.id == bindparam("id"))
PAIR = INDICATOR.alias("pair")


@dataclass(frozen=True, slots=True)
class IndicatorHeader:
    """Columns of an indicator without its `seq`, which every figure bumps."""

    id: int
    code: str
    responsible_agency_id: int | None
    suppliers: list[str]
    counts_people: bool
    release_to: str
    sender: Hashable
    """Equal for indicators with the same senders of figures."""
    inputs: Hashable
    """Inputs of its judgement from other rows: title and version of the paired indicator, and the partnership's
    exceptional periods."""


def headers_of(session: Session, partnership: Partnership) -> Sequence[IndicatorHeader]:
    """Headers of the partnership's indicators, in order of id."""
    return look_up(session, "headers", partnership.id, lambda: _read_headers(session, partnership))


def _read_headers(session: Session, partnership: Partnership) -> list[IndicatorHeader]:
    exceptional = exceptional_periods(session, partnership)
    is_pair = (PAIR.c.partnership_id == INDICATOR.c.partnership_id) & (PAIR.c.code == INDICATOR.c.paired_with)
    query = (
        select(*(INDICATOR.c[name] for name in COLUMNS), PAIR.c.title, PAIR.c.version)
        .outerjoin(PAIR, is_pair)
        .where(INDICATOR.c.partnership_id == partnership.id)
        .order_by(INDICATOR.c.id)
    )
    return [
        IndicatorHeader(*own, (own[2], *own[3]), (title, number, exceptional))  # type: ignore[call-arg]
        for *own, title, number in session.connection().execute(query)
    ]


def header_named(
    session: Session, visibility: FigureVisibility, partnership: Partnership, code: str
) -> IndicatorHeader:
    """Header of an indicator by its code; NotFound if there is none, or the viewer may not see it."""
    headers = headers_of(session, partnership) if visibility.sees_plans else ()
    header = next((each for each in headers if each.code == code), None)
    if header is None:
        raise NotFound(f"The indicator “{code[:80]}”")
    return header


def seq_of(session: Session, indicator_id: int) -> int:
    """Ledger number of the newest change to an indicator or its figures."""
    return int(session.connection().execute(SEQ, {"id": indicator_id}).scalar_one())
