"""Quarters as the partnership reports on them: how far each has come, and what is left to do."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, select

from app.config import LONDON
from app.domain.day import day_words
from app.domain.errors import NotFound, RuleBroken
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.returns.quarter_steps import QuarterFacts
from app.domain.returns.reporting import Progress
from app.models.plan.partnership import Partnership
from app.models.returns.reporting_period import PeriodEvent, PeriodOut
from app.models.wire import instant_text
from app.queries.figures.day_reached import day_reached
from app.queries.returns import reported_quarter

LABELS = {"open": "Open", "cut_off": "Cut off", "closed": "Closed"}


def named(session: Session, partnership: Partnership, text: str, today: date) -> Period:
    """The quarter of that canonical text; NotFound for any that the partnership's plan does not report on."""
    try:
        quarter = parse_period(text)
    except RuleBroken as error:
        raise NotFound("The quarter") from error
    if quarter not in reported_quarter.quarters(session, partnership.id, today):
        raise NotFound("The quarter")
    return quarter


def version(session: Session, partnership_id: int, quarter: Period) -> int:
    """How many steps it has taken: what If-Match is about."""
    query = select(PeriodEvent.id).where(
        PeriodEvent.partnership_id == partnership_id, PeriodEvent.first_month == quarter.first
    )
    return len(session.exec(query).all())


def period_out(quarter: Period, found: Progress) -> PeriodOut:
    planned, cut_off, closed, reopened = found.planned, found.cut_off, found.closed, found.reopened
    cut_off_on = planned.cut_off_on if planned is not None else None
    board_on = planned.board_on if planned is not None else None
    return PeriodOut(
        id=str(quarter),
        period=str(quarter),
        period_label=quarter.label,
        period_start=quarter.start.isoformat(),
        period_end=quarter.end.isoformat(),
        state=found.state,
        label=LABELS[found.state],
        words=_words(found, cut_off_on, board_on),
        cut_off_on=cut_off_on.isoformat() if cut_off_on is not None else None,
        board_on=board_on.isoformat() if board_on is not None else None,
        cut_off_at=instant_text(cut_off.at) if cut_off is not None else None,
        cut_off_by=cut_off.by if cut_off is not None else None,
        closed_at=instant_text(closed.at) if closed is not None else None,
        closed_by=closed.by if closed is not None else None,
        reopened_at=instant_text(reopened.at) if reopened is not None else None,
        reopened_by=reopened.by if reopened is not None else None,
        reopened_because=reopened.reason if reopened is not None else None,
        period_name=quarter.short_label,
    )


def _words(found: Progress, cut_off_on: date | None, board_on: date | None) -> str:
    if found.closed is not None:
        return f"Closed on {on_words(found.closed.at)}: its figures are locked."
    if found.reopened is not None:
        return f"Reopened on {on_words(found.reopened.at)}: {found.reopened.reason}"
    if found.cut_off is not None:
        board = f" for the Board on {day_words(board_on)}" if board_on is not None else ""
        return f"Cut off on {on_words(found.cut_off.at)}{board}. What comes now is late, until it is closed."
    if cut_off_on is None:
        return "No cut-off is set."
    board = f" for the Board on {day_words(board_on)}" if board_on is not None else ""
    return f"Cut off is planned for {day_words(cut_off_on)}{board}."


def on_words(instant: datetime) -> str:
    """The day of an instant in London."""
    return day_words(_day(instant))


def _day(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()


def quarter_facts(quarter: Period, found: Progress, today: date) -> QuarterFacts:
    """What decides which steps may be taken with a quarter."""
    return QuarterFacts(
        quarter=quarter,
        was_cut_off_on=_day(found.cut_off.at) if found.cut_off is not None else None,
        was_closed_on=_day(found.closed.at) if found.closed is not None else None,
        is_reopened=found.reopened is not None,
        today=today,
    )


def changed_since(
    session: Session, partnership_id: int, quarters: Iterable[Period], since: int
) -> list[Period]:
    """Of some quarters, those that took a step after a ledger number, or began after the day it was reached on."""
    query = select(PeriodEvent.first_month).where(
        PeriodEvent.partnership_id == partnership_id, PeriodEvent.seq > since
    )
    stepped, day = set(session.exec(query)), day_reached(session, since)
    return [each for each in quarters if each.first in stepped or each.start > day]
