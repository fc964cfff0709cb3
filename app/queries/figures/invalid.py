"""Finds stored figures that today's validity rules would refuse."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlmodel import Session
from sqlmodel import select as select_rows

from app.domain.figures.validity import findings
from app.domain.period import Period
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.figures.read.stored import all_figures


class InvalidFigure(NamedTuple):
    """A stored figure and the first finding against it.

    `partnership` and `indicator` are codes; `breakdown` may be empty.
    """

    partnership: str
    indicator: str
    period: Period
    area: str
    breakdown: str
    message: str


def invalid_figures(session: Session, looked_at: Callable[[int], object]) -> Iterator[InvalidFigure]:
    """Invalid figures of every partnership; `looked_at` is called with the number of figures in each batch."""
    indicators = {row.id: row for row in session.exec(select_rows(Indicator))}
    owners = {row.id: row.code for row in session.exec(select_rows(Partnership))}
    measured = {id_: row.judged() for id_, row in indicators.items()}
    for rows in all_figures(session):
        for row in rows:
            if finding := next(findings(row, measured[row.indicator_id]), None):
                period = Period(row.first_month, row.last_month - row.first_month + 1)
                indicator = indicators[row.indicator_id]
                owner = owners[indicator.partnership_id]
                words = f"{finding.field}: {finding.message}"
                yield InvalidFigure(owner, indicator.code, period, row.area_code, row.breakdown, words)
        looked_at(len(rows))


def invalid_tolerances(session: Session) -> list[tuple[str, str]]:
    """Codes of the partnerships and indicators whose tolerance is below zero."""
    query = select_rows(Partnership.code, Indicator).where(Partnership.id == Indicator.partnership_id)
    return [
        (owner, row.code)
        for owner, row in session.exec(query)
        if row.tolerance is not None and row.tolerance < 0
    ]
