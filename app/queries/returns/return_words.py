"""Converts returns to wire shapes: a line of a list, and one with its items and conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlmodel import Session

from app.domain.access.authority import Access, Actor
from app.domain.figures import figure as figures
from app.domain.period import Period
from app.domain.plan.indicator import Frequency, Indicator
from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.return_event import EventKind
from app.domain.returns.return_query import QueryStatus
from app.domain.returns.return_status import ReturnState
from app.domain.returns.return_steps import END_QUERY, STEPS
from app.domain.workflow import may
from app.models.author import author_out
from app.models.link import Link
from app.models.plan.partnership import NamedOut, Partnership
from app.models.returns.agency_return import (
    ReturnEvent,
    ReturnEventOut,
    ReturnItemOut,
    ReturnOut,
    ReturnQueryOut,
    ReturnWithItemsOut,
)
from app.models.wire import instant_text, json_number
from app.queries.figures.figure import domain_figure, hidden_values
from app.queries.figures.owed import NOTHING_SENT
from app.queries.figures.period_progress import get_progress
from app.queries.figures.read.row import period_of
from app.queries.figures.read.series import Rows, read_series
from app.queries.figures.submission_access import visible_links
from app.queries.figures.visibility import FigureVisibility
from app.queries.returns.agency_return import (
    Return,
    last_reviewed_at,
    latest_event,
    newest_event,
)
from app.queries.returns.return_facts import return_facts
from app.queries.returns.return_item import ReturnItem
from app.queries.returns.return_state_words import queried_codes, state_detail, state_words

EVENT_LABELS = {
    EventKind.SIGNED_OFF: "Signed off",
    EventKind.NIL: "Nil return",
    EventKind.LATE: "Late, reason given",
    EventKind.QUERY: "Query",
    EventKind.ANSWER: "Answer",
    EventKind.QUERY_ENDED: "Query ended",
    EventKind.CHECKED: "Checked",
}


def return_out(agency_return: Return, today: date) -> ReturnOut:
    """A return without its items: a line of the list."""
    status = agency_return.status
    counts, state = status.counts, status.state
    signed = latest_event(agency_return, EventKind.SIGNED_OFF)
    check = newest_event(agency_return.events, EventKind.CHECKED) if state is ReturnState.CHECKED else None
    nil = latest_event(agency_return, EventKind.NIL) is not None
    promised = status.promised_on
    return ReturnOut(
        id=agency_return.id,
        agency=NamedOut(code=agency_return.agency.code, name=agency_return.agency.name),
        period=str(agency_return.quarter),
        period_label=agency_return.quarter.label,
        period_start=agency_return.quarter.start.isoformat(),
        period_end=agency_return.quarter.end.isoformat(),
        state=state.value,
        label="Nil return" if nil and state is ReturnState.CHECKED else state.label,
        tone=state.tone,
        words=state_words(agency_return, today),
        detail=state_detail(agency_return, today),
        due_on=status.due_on.isoformat(),
        next_due_on=status.next_due_on.isoformat() if status.next_due_on is not None else None,
        is_overdue=status.is_overdue,
        expected=counts.expected,
        received=counts.received,
        checked=counts.checked,
        on_time=counts.on_time,
        late=counts.late,
        promised_on=promised.isoformat() if promised is not None else None,
        signed_off_at=instant_text(signed.recorded_at) if signed is not None else None,
        signed_off_by=signed.recorded_by if signed is not None else None,
        checked_at=instant_text(check.recorded_at) if check is not None else None,
        checked_by=check.recorded_by if check is not None else None,
        nil=nil,
        queries=len(status.queries),
        query_list=[_query_out(query) for query in status.queries],
        period_name=agency_return.quarter.short_label,
        waits_for=state.waits_for,
    )


def return_with_items_out(
    session: Session, actor: Actor, partnership: Partnership, agency_return: Return, today: date
) -> ReturnWithItemsOut:
    """A return with its items and conversation; each item has the figures of the period and the year before."""
    id_, access = partnership.id, actor.access_in(partnership.id)
    visibility = FigureVisibility(session, actor, id_, today)
    indicators = {each.indicator.id: each.indicator for each in agency_return.owed}
    series = read_series(session, visibility, indicators.values(), (partnership.area_code, ""))
    context = _ItemContext(
        visibility,
        access,
        last_reviewed_at(agency_return),
        queried_codes(agency_return),
        agency_return.status.checked,
        today,
    )
    state = get_progress(session, id_, agency_return.quarter).state
    facts = return_facts(session, id_, agency_return, today)
    receipts = visible_links(session, actor, (each.submission_id for each in agency_return.events))
    return ReturnWithItemsOut(
        **return_out(agency_return, today),
        items=[_item_out(each, series[each.indicator.id], context) for each in agency_return.owed],
        conversation=[_event_out(each, receipts) for each in agency_return.events],
        period_state=state,
        may=cast(list[Any], may(STEPS, facts, access)),
        may_end_query=access is not None and may([END_QUERY], facts, access) != [],
    )


@dataclass(frozen=True, slots=True)
class _ItemContext:
    """Facts that the items of one return share."""

    visibility: FigureVisibility
    access: Access | None
    reviewed_at: datetime | None
    """Time of the last check or query."""
    queried: set[str]
    """Codes of the indicators that open queries are about."""
    checked: Sequence[OwedFigure]
    today: date

    def is_changed(self, figure: OwedFigure) -> bool:
        """Whether a figure changed after the last review."""
        return (
            self.reviewed_at is not None
            and figure.changed_at is not None
            and figure.changed_at > self.reviewed_at
        )


def _item_out(return_item: ReturnItem, series: Rows, context: _ItemContext) -> ReturnItemOut:
    owed, row, defined = return_item.figure, return_item.row, return_item.defined
    measured = defined.judged()
    values: Mapping[str, Any] = row or {}
    withheld = (
        context.visibility.hidden_reason(return_item.indicator, row["last_month"])
        if row is not None
        else None
    )
    if row is not None and withheld is not None:
        values = hidden_values(row["status"], withheld)
    figure = domain_figure(values, period_of(row["first_month"], row["last_month"])) if row else None
    before = Period(owed.period.first - Frequency(defined.frequency).months, owed.period.months)
    year_before = Period(owed.period.first - 12, owed.period.months)
    sends = context.access is not None and return_item.is_sent_by(context.access)
    promised = values.get("expected_on")
    return ReturnItemOut(
        indicator=return_item.indicator.code,
        title=defined.title,
        measure=defined.measure,
        unit=defined.unit,
        nil=0 if return_item.counts_events else None,
        period=str(owed.period),
        period_label=owed.period.short_label,
        due_on=owed.due_on.isoformat(),
        available_on=owed.available_on.isoformat(),
        figure=Link("figures", row["id"]) if row else None,
        figure_period=str(figure.period) if figure else None,
        value=json_number(values.get("value")),
        numerator=json_number(values.get("numerator")),
        denominator=json_number(values.get("denominator")),
        status=values.get("status"),
        qualifier=values.get("qualifier"),
        sample_size=values.get("sample_size"),
        margin=json_number(values.get("margin")),
        margin_level=json_number(values.get("margin_level")),
        margin_of=values.get("margin_of"),
        words=figures.figure_words(figure, measured) if figure else NOTHING_SENT,
        note=values.get("note", ""),
        missing=values.get("missing"),
        expected_on=promised.isoformat() if promised is not None else None,
        received_at=instant_text(owed.received_at) if owed.received_at is not None else None,
        late=owed.is_late(context.today),
        changed=context.is_changed(owed),
        queried=owed.indicator in context.queried,
        checked=owed in context.checked,
        before=_series_words(series, before, measured),
        year_before=_series_words(series, year_before, measured),
        may=["send"] if sends else [],
    )


def _series_words(series: Rows, period: Period, measured: Indicator) -> str:
    """Words of the series' figure for a period; empty if there is none, or it is hidden."""
    figure = next((each.figure for each in series if each.period == period), None)
    if figure is None or figure.withheld is not None:
        return ""
    return figures.figure_words(figure, measured)


def _event_out(event: ReturnEvent, receipts: Mapping[int | None, Link]) -> ReturnEventOut:
    return ReturnEventOut(
        id=str(event.id),
        kind=event.kind,
        label=EVENT_LABELS[EventKind(event.kind)],
        text=event.text,
        promised_on=event.promised_on.isoformat() if event.promised_on is not None else None,
        indicators=event.indicators,
        submission=receipts.get(event.submission_id),
        recorded_at=instant_text(event.recorded_at),
        recorded_by=event.recorded_by,
        author=author_out(event.author),
    )


def _query_out(query: QueryStatus) -> ReturnQueryOut:
    return ReturnQueryOut(
        id=str(query.event_id),
        state=query.state.value,
        indicators=list(query.indicators),
        asked_at=instant_text(query.asked_at),
        answered_at=instant_text(query.answered_at) if query.answered_at is not None else None,
        ended_at=instant_text(query.ended_at) if query.ended_at is not None else None,
    )
