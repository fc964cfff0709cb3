"""Indicators by what tells whether something computed of them still holds, and who may see their figures."""

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
    """Without the indicator's `seq`, which every figure moves."""

    id: int
    code: str
    responsible_agency_id: int | None
    suppliers: list[str]
    counts_people: bool
    release_to: str
    sender: Hashable
    """Equal for indicators whose figures are sent by the same."""
    inputs: Hashable
    """What is judged and told with it, beside its own: the title of the indicator it is paired with, and which edit
    that is of; the partnership's exceptional periods."""


def headers_of(session: Session, partnership: Partnership) -> Sequence[IndicatorHeader]:
    """The partnership's, in order of id."""
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
    """NotFound where the partnership has no such indicator, or it is not the viewer's to see."""
    headers = headers_of(session, partnership) if visibility.sees_plans else ()
    header = next((each for each in headers if each.code == code), None)
    if header is None:
        raise NotFound(f"The indicator “{code[:80]}”")
    return header


def seq_of(session: Session, indicator_id: int) -> int:
    """The last change to an indicator, or to a figure of it."""
    return int(session.connection().execute(SEQ, {"id": indicator_id}).scalar_one())
