"""Adds two quarters of invented actions on returns to the demonstration.

All of it is illustrative: no agency did or wrote any of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import select

from app.commands.change import Change
from app.commands.returns import agency_return, reporting_period
from app.config import LONDON
from app.db import Database
from app.demo.actor import actor_in
from app.domain.access.authority import Role
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.returns.reporting import Progress
from app.models.plan.partnership import Partnership
from app.models.returns.agency_return import LateIn, NoteIn, RemarkIn
from app.models.returns.reporting_period import PeriodEvent, PeriodPatch
from app.queries.figures.period_progress import get_progress
from app.queries.returns import agency_return as returns

FIRST, SECOND = parse_period("2017-18-Q1"), parse_period("2017-18-Q2")
ALL_IN = ("west-yorkshire-police", "west-yorkshire-fire", "public-health", "volunteer-centres")


def load_return_history(opened: Database) -> None:
    """Closes the first quarter and leaves the second open; does nothing if a quarter has any event."""
    with opened.read() as session:
        if session.exec(select(PeriodEvent.id)).first() is not None:
            return
    history = _History(opened)
    for agency in ALL_IN:
        history.check(agency, FIRST, date(2017, 9, 11))
    history.plan(FIRST, date(2017, 8, 1), cut_off_on=date(2017, 9, 15), board_on=date(2017, 9, 22))
    history.cut_off(FIRST, date(2017, 9, 15))
    history.close(FIRST, date(2017, 9, 25))
    # Its figures were corrected in October and November, after the close.
    history.check("west-yorkshire-police", FIRST, date(2017, 11, 6))
    history.plan(SECOND, date(2017, 11, 20), cut_off_on=date(2018, 1, 12), board_on=date(2018, 1, 19))
    history.query(
        "west-yorkshire-police",
        date(2017, 12, 4),
        "Does this count every strand, or those recorded by the hub alone?",
        "hate-crime",
    )
    history.late(
        "west-yorkshire-fire",
        date(2017, 11, 16),
        "The incident system was replaced in October, and its reports are being rebuilt.",
        promised_on=date(2017, 12, 22),
    )


@dataclass
class _History:
    opened: Database

    def check(self, agency: str, quarter: Period, day: date) -> None:
        with self._on(day, Role.OFFICER) as change:
            agency_return.check_return(change, _get_return(change, agency, quarter), NoteIn().text)

    def query(self, agency: str, day: date, text: str, indicator: str) -> None:
        with self._on(day, Role.OFFICER) as change:
            remark = RemarkIn(text=text, indicators=[indicator])
            agency_return.query_return(change, _get_return(change, agency, SECOND), remark)

    def late(self, agency: str, day: date, reason: str, *, promised_on: date) -> None:
        with self._on(day, Role.CONTRIBUTOR) as change:
            explanation = LateIn(reason=reason, promised_on=promised_on)
            agency_return.explain_lateness(change, _get_return(change, agency, SECOND), explanation)

    def plan(self, quarter: Period, day: date, *, cut_off_on: date, board_on: date) -> None:
        with self._on(day, Role.OFFICER) as change:
            dates = PeriodPatch(cut_off_on=cut_off_on.isoformat(), board_on=board_on.isoformat())
            reporting_period.plan_dates(change, quarter, _get_progress(change, quarter), dates)

    def cut_off(self, quarter: Period, day: date) -> None:
        with self._on(day, Role.APPROVER) as change:
            reporting_period.cut_off(change, quarter, _get_progress(change, quarter), "")

    def close(self, quarter: Period, day: date) -> None:
        with self._on(day, Role.APPROVER) as change:
            reporting_period.close(change, quarter, _get_progress(change, quarter), "")

    @contextmanager
    def _on(self, day: date, role: Role) -> Iterator[Change]:
        with self.opened.write() as session:
            partnership = session.exec(select(Partnership)).one()
            actor = actor_in(session, partnership, role)
            yield Change(session, actor, partnership.id, day, datetime.combine(day, time(11), LONDON))


def _get_return(change: Change, agency: str, quarter: Period) -> returns.Return:
    session, partnership = change.session, change.partnership
    partners = [each for each in returns.partners(session, partnership.id) if each.code == agency]
    (agency_return,) = returns.list_returns(session, partnership, partners, [quarter], change.today)
    return agency_return


def _get_progress(change: Change, quarter: Period) -> Progress:
    return get_progress(change.session, change.partnership.id, quarter)
