"""Lists open work before a quarter is closed: unchecked returns, late arrivals, corrections."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session
from sqlmodel import select as select_rows

from app.domain.access.authority import Actor
from app.domain.figures import figure as figures
from app.domain.figures.release import HiddenReason
from app.domain.period import Period
from app.domain.returns.reporting import quarter_of
from app.domain.returns.return_status import URGENCY, ReturnState
from app.models.link import Link
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.returns.reporting_period import ArrivalOut, ChecklistOut
from app.models.wire import instant_text
from app.queries.figures.figure import domain_figure, hidden_values
from app.queries.figures.period_progress import closes_by_quarter, get_progress
from app.queries.figures.read.arrival import revisions_after
from app.queries.figures.read.row import period_of, revision_author
from app.queries.figures.visibility import FigureVisibility
from app.queries.returns import return_words
from app.queries.returns.agency_return import Return, is_visible, list_returns, partners
from app.queries.returns.reporting_period import decisions_by_quarter, period_out
from app.queries.returns.returns_summary import totals
from app.queries.returns.snapshot import late_items


def close_checklist(
    session: Session, actor: Actor, partnership: Partnership, quarter: Period, today: date
) -> ChecklistOut:
    """Returns not checked, figures not received, late arrivals and corrections of a quarter."""
    progress = get_progress(session, partnership.id, quarter)
    returns = visible_returns(session, actor, partnership, quarter, today)
    unchecked = [each for each in returns if each.status.state is not ReturnState.CHECKED]
    unchecked.sort(key=lambda each: URGENCY.index(each.status.state))
    sums = totals(quarter, returns)
    arrivals = Arrivals(session, actor, partnership, today)
    frozen_at = progress.as_known_at
    return ChecklistOut(
        **period_out(quarter, progress, decisions_by_quarter(session, partnership.id).get(str(quarter))),
        expected=sums["expected"],
        received=sums["received"],
        checked=sums["checked"],
        outstanding=[return_words.return_out(each, today) for each in unchecked],
        late_items=late_items(returns, today),
        arrivals=arrivals.since(frozen_at, quarter) if frozen_at is not None else [],
        corrections=arrivals.after_close(),
    )


def visible_returns(
    session: Session, actor: Actor, partnership: Partnership, quarter: Period, today: date
) -> list[Return]:
    """Returns of a quarter that the actor may see."""
    id_ = partnership.id
    returns = list_returns(session, partnership, partners(session, id_), [quarter], today)
    return [each for each in returns if is_visible(actor, id_, each)]


class Arrivals:
    """Lists revisions after a moment, each with the value before it, as far as the actor may see them."""

    def __init__(self, session: Session, actor: Actor, partnership: Partnership, today: date) -> None:
        self._session = session
        self._partnership = partnership
        self._visibility = FigureVisibility(session, actor, partnership.id, today)

    def since(self, moment: datetime, quarter: Period) -> list[ArrivalOut]:
        """Revisions of one quarter's figures after a moment."""
        return self._arrivals_out(self._revisions(moment, (quarter.first, quarter.last)))

    def after_close(self) -> list[ArrivalOut]:
        """Corrections of closed quarters since the newest close of any quarter."""
        closed = closes_by_quarter(self._session, self._partnership.id)
        if not closed:
            return []
        newest = max(step.at for step in closed.values())
        return self._arrivals_out(
            row for row in self._revisions(newest) if quarter_of(row["last_month"]).first in closed
        )

    def _revisions(self, moment: datetime, months: tuple[int, int] | None = None) -> list[dict[str, Any]]:
        return revisions_after(self._session, self._partnership.id, moment, months)

    def _arrivals_out(self, rows: Iterable[Mapping[str, Any]]) -> list[ArrivalOut]:
        mine = select_rows(Indicator).where(Indicator.partnership_id == self._partnership.id)
        indicators = {each.id: each for each in self._session.exec(mine)}
        return [self._arrival_out(row, indicators[row["indicator_id"]], _before(row)) for row in rows]

    def _arrival_out(
        self, row: Mapping[str, Any], indicator: Indicator, before: Mapping[str, Any] | None
    ) -> ArrivalOut:
        hidden = self._visibility.hidden_reason(indicator, row["last_month"])
        return ArrivalOut(
            figure=Link("figures", row["figure_id"]),
            indicator=indicator.code,
            title=indicator.title,
            period_label=period_of(row["first_month"], row["last_month"]).short_label,
            words=_figure_words(row, row, indicator, hidden=hidden),
            before=_figure_words(before, row, indicator, hidden=hidden) if before is not None else "",
            reason="" if hidden else row["reason"],
            recorded_at=instant_text(row["recorded_at"]),
            recorded_by=row["recorded_by"],
            author=revision_author(row),
        )


def _before(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The revision before, by column name; None for a first one."""
    if row["was_number"] is None:
        return None
    return {name.removeprefix("was_"): row[name] for name in row if name.startswith("was_")}


def _figure_words(
    values: Mapping[str, Any], of: Mapping[str, Any], indicator: Indicator, *, hidden: HiddenReason | None
) -> str:
    visible = hidden_values(values["status"], hidden) if hidden else values
    return figures.figure_words(
        domain_figure(visible, period_of(of["first_month"], of["last_month"])), indicator.judged()
    )
