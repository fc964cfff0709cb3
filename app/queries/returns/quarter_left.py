"""What stands between a quarter and its close: returns not checked, items that came late, corrections."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session
from sqlmodel import select as select_rows

from app.domain.access.authority import Actor
from app.domain.figures import figure as figures
from app.domain.figures.release import HiddenReason
from app.domain.period import Period
from app.domain.returns.reporting import Progress, quarter_of
from app.domain.returns.return_status import URGENCY, ReturnState
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.returns.reporting_period import ArrivalOut, ChecklistOut
from app.models.wire import instant_text
from app.queries.figures.figure import domain_figure, hidden_values
from app.queries.figures.period_progress import closes_by_quarter
from app.queries.figures.read.arrival import revisions_after
from app.queries.figures.read.revision_author import revision_author
from app.queries.figures.read.row import period_of
from app.queries.figures.visibility import FigureVisibility
from app.queries.returns import agency_return, return_words
from app.queries.returns.agency_return import Return
from app.queries.returns.reporting_period import period_out
from app.queries.returns.returns_summary import totals
from app.queries.returns.snapshot import late_items


def checklist(
    session: Session, actor: Actor, partnership: Partnership, quarter: Period, found: Progress, today: date
) -> ChecklistOut:
    every = of_all(session, actor, partnership, quarter, today)
    left = [each for each in every if each.status.state is not ReturnState.CHECKED]
    left.sort(key=lambda each: URGENCY.index(each.status.state))
    together = totals(quarter, every)
    arrivals = Arrivals(session, actor, partnership, today)
    since = found.as_known_at
    return ChecklistOut(
        **period_out(quarter, found),
        expected=together["expected"],
        received=together["received"],
        checked=together["checked"],
        outstanding=[return_words.return_out(each, today) for each in left],
        late_items=late_items(every, today),
        arrivals=arrivals.since(since, quarter) if since is not None else [],
        corrections=arrivals.after_close(),
    )


def of_all(
    session: Session, actor: Actor, partnership: Partnership, quarter: Period, today: date
) -> list[Return]:
    id_ = partnership.id
    found = agency_return.list_returns(
        session, partnership, agency_return.partners(session, id_), [quarter], today
    )
    return [each for each in found if agency_return.is_visible(actor, id_, each)]


class Arrivals:
    """Revisions that came after a moment, with what stood there before, as far as the actor may see them."""

    def __init__(self, session: Session, actor: Actor, partnership: Partnership, today: date) -> None:
        self._session = session
        self._partnership = partnership
        self._visibility = FigureVisibility(session, actor, partnership.id, today)

    def since(self, moment: datetime, quarter: Period) -> list[ArrivalOut]:
        """Of one quarter's figures."""
        return self._told(self._revisions(moment, (quarter.first, quarter.last)))

    def after_close(self) -> list[ArrivalOut]:
        """Of closed quarters' figures: changed after their close, and since the newest close of all."""
        closed = closes_by_quarter(self._session, self._partnership.id)
        if not closed:
            return []
        newest = max(step.at for step in closed.values())
        return self._told(
            row for row in self._revisions(newest) if quarter_of(row["last_month"]).first in closed
        )

    def _revisions(self, moment: datetime, months: tuple[int, int] | None = None) -> list[dict[str, Any]]:
        return revisions_after(self._session, self._partnership.id, moment, months)

    def _told(self, rows: Iterable[Mapping[str, Any]]) -> list[ArrivalOut]:
        mine = select_rows(Indicator).where(Indicator.partnership_id == self._partnership.id)
        named = {each.id: each for each in self._session.exec(mine)}
        return [self._out(row, named[row["indicator_id"]], _before(row)) for row in rows]

    def _out(
        self, row: Mapping[str, Any], indicator: Indicator, before: Mapping[str, Any] | None
    ) -> ArrivalOut:
        hidden = self._visibility.hidden_reason(indicator, row["last_month"])
        return ArrivalOut(
            figure=f"/api/v1/figures/{row['figure_id']}",
            indicator=indicator.code,
            title=indicator.title,
            period_label=period_of(row["first_month"], row["last_month"]).short_label,
            words=_words(row, row, indicator, hidden=hidden),
            before=_words(before, row, indicator, hidden=hidden) if before is not None else "",
            reason="" if hidden else row["reason"],
            recorded_at=instant_text(row["recorded_at"]),
            recorded_by=row["recorded_by"],
            author=revision_author(row),
        )


def _before(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if row["was_number"] is None:
        return None
    return {name.removeprefix("was_"): value for name, value in row.items() if name.startswith("was_")}


def _words(
    values: Mapping[str, Any], of: Mapping[str, Any], indicator: Indicator, *, hidden: HiddenReason | None
) -> str:
    shown = hidden_values(values["status"], hidden) if hidden else values
    return figures.words(
        domain_figure(shown, period_of(of["first_month"], of["last_month"])), indicator.judged()
    )
