"""Returns as callers read them: a line of a list, and one whole with its items and conversation."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlmodel import Session

from app.domain.access.authority import Actor
from app.domain.day import day_words
from app.domain.figures import figure as figures
from app.domain.period import Period
from app.domain.plan.indicator import Frequency
from app.domain.returns.return_status import EventKind, ReturnState
from app.domain.returns.return_steps import STEPS, ReturnFacts
from app.domain.workflow import may
from app.models.author import author_out
from app.models.plan.partnership import NamedOut, Partnership
from app.models.returns.agency_return import (
    ReturnEvent,
    ReturnEventOut,
    ReturnItemOut,
    ReturnOut,
    ReturnWithItemsOut,
)
from app.models.wire import instant_text, json_number
from app.queries.figures.figure import domain_figure, hidden_values
from app.queries.figures.owed import NOTHING_SENT
from app.queries.figures.read.row import period_of
from app.queries.figures.read.series import Rows, read_series
from app.queries.figures.visibility import FigureVisibility
from app.queries.returns import agency_return
from app.queries.returns.agency_return import Return
from app.queries.returns.return_item import ReturnItem

EVENT_LABELS = {
    EventKind.SIGNED_OFF: "Signed off",
    EventKind.NIL: "Nil return",
    EventKind.LATE: "Late, reason given",
    EventKind.QUERY: "Query",
    EventKind.ANSWER: "Answer",
    EventKind.CHECKED: "Checked",
}


def line(found: Return, today: date) -> ReturnOut:
    """A return without its items."""
    counts, state = found.status.counts, found.status.state
    signed = agency_return.latest_event(found, EventKind.SIGNED_OFF)
    checked = (
        agency_return.newest_event(found.events, EventKind.CHECKED) if state is ReturnState.CHECKED else None
    )
    nil = agency_return.latest_event(found, EventKind.NIL) is not None
    promised = found.status.promised_on
    return ReturnOut(
        id=found.id,
        agency=NamedOut(code=found.agency.code, name=found.agency.name),
        period=str(found.quarter),
        period_label=found.quarter.label,
        period_start=found.quarter.start.isoformat(),
        period_end=found.quarter.end.isoformat(),
        state=state.value,
        label="Nil return" if nil and state is ReturnState.CHECKED else state.label,
        tone=state.tone,
        words=_words(found, today),
        due_on=found.status.due_on.isoformat(),
        expected=counts.expected,
        received=counts.received,
        on_time=counts.on_time,
        late=counts.late,
        promised_on=promised.isoformat() if promised is not None else None,
        signed_off_at=instant_text(signed.recorded_at) if signed is not None else None,
        signed_off_by=signed.recorded_by if signed is not None else None,
        checked_at=instant_text(checked.recorded_at) if checked is not None else None,
        checked_by=checked.recorded_by if checked is not None else None,
        nil=nil,
        queries=sum(event.kind == EventKind.QUERY for event in found.events),
        period_name=found.quarter.short_label,
        waits_for=state.waits_for,
    )


def whole(
    session: Session,
    actor: Actor,
    partnership: Partnership,
    found: Return,
    facts: ReturnFacts,
    period_state: str,
    today: date,
) -> ReturnWithItemsOut:
    """With every figure owed beside the period before and the year before, as far as the actor may see them."""
    visibility = FigureVisibility(session, actor, partnership.id, today)
    indicators = {each.indicator.id: each.indicator for each in found.owed}
    earlier = read_series(session, visibility, indicators.values(), (partnership.area_code, ""))
    since = agency_return.last_reviewed_at(found)
    queried = _queried(found)
    access = actor.access_in(partnership.id)
    items = [
        _item(
            each,
            earlier[each.indicator.id],
            visibility,
            since,
            queried,
            today,
            sends=access is not None and each.is_sent_by(access),
        )
        for each in found.owed
    ]
    return ReturnWithItemsOut(
        **line(found, today),
        items=items,
        conversation=[_event(each) for each in found.events],
        period_state=period_state,
        may=cast(list[Any], may(STEPS, facts, access)),
    )


def _item(
    owed: ReturnItem,
    earlier: Rows,
    visibility: FigureVisibility,
    since: datetime | None,
    queried: set[str],
    today: date,
    *,
    sends: bool,
) -> ReturnItemOut:
    item, row, defined = owed.figure, owed.row, owed.defined
    measured = defined.judged()
    values: Mapping[str, Any] = row or {}
    withheld = visibility.hidden_reason(owed.indicator, row["last_month"]) if row is not None else None
    if row is not None and withheld is not None:
        values = hidden_values(row["status"], withheld)
    figure = domain_figure(values, period_of(row["first_month"], row["last_month"])) if row else None

    def said(period: Period) -> str:
        there = next((each.figure for each in earlier if each.period == period), None)
        if there is None or there.withheld is not None:
            return ""
        return figures.words(there, measured)

    step = Frequency(defined.frequency).months
    promised = values.get("expected_on")
    return ReturnItemOut(
        indicator=owed.indicator.code,
        title=defined.title,
        measure=defined.measure,
        unit=defined.unit,
        nil=0 if owed.counts_events else None,
        period=str(item.period),
        period_label=item.period.short_label,
        due_on=item.due_on.isoformat(),
        available_on=item.available_on.isoformat(),
        figure=f"/api/v1/figures/{row['id']}" if row else None,
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
        words=figures.words(figure, measured) if figure else NOTHING_SENT,
        note=values.get("note", ""),
        missing=values.get("missing"),
        expected_on=promised.isoformat() if promised is not None else None,
        received_at=instant_text(item.received_at) if item.received_at is not None else None,
        late=item.is_late(today),
        changed=since is not None and item.changed_at is not None and item.changed_at > since,
        queried=item.indicator in queried,
        before=said(Period(item.period.first - step, item.period.months)),
        year_before=said(Period(item.period.first - 12, item.period.months)),
        may=["send"] if sends else [],
    )


def _event(event: ReturnEvent) -> ReturnEventOut:
    return ReturnEventOut(
        id=str(event.id),
        kind=event.kind,
        label=EVENT_LABELS[EventKind(event.kind)],
        text=event.text,
        promised_on=event.promised_on.isoformat() if event.promised_on is not None else None,
        indicators=event.indicators,
        submission=f"/api/v1/submissions/{event.submission_id}" if event.submission_id is not None else None,
        recorded_at=instant_text(event.recorded_at),
        recorded_by=event.recorded_by,
        author=author_out(event.author),
    )


def _queried(found: Return) -> set[str]:
    """Codes of what the open query is about; all of them where it names none."""
    query = agency_return.newest_event(found.events, EventKind.QUERY)
    if found.status.state is not ReturnState.QUERIED or query is None:
        return set()
    return set(query.indicators) or {each.figure.indicator for each in found.owed}


def _words(found: Return, today: date) -> str:
    counts, due = found.status.counts, found.status.due_on
    some = f"{counts.received} of {counts.expected} in"
    match found.status.state:
        case ReturnState.NOT_DUE:
            missing = (each.figure for each in found.owed if each.figure.received_at is None)
            first = day_words(min(each.available_on for each in missing))
            return (
                f"the rest exists from {first}; {some}" if counts.received else f"figures exist from {first}"
            )
        case ReturnState.DUE:
            return f"by {day_words(due)}; {some}"
        case ReturnState.OVERDUE:
            return f"{days_words((today - due).days)}; {some}"
        case ReturnState.LATE_REASON_GIVEN:
            promised = found.status.promised_on
            return f"promised for {day_words(promised)}; {some}" if promised is not None else some
        case ReturnState.QUERIED:
            return _queried_words(found)
    came = max((each.figure.received_at for each in found.owed if each.figure.received_at), default=None)
    late = f"{counts.late} late" if counts.late else ""
    if found.status.state is ReturnState.CHECKED or came is None:
        return late
    return f"sent {day_words(came.date())}" + (f"; {late}" if late else "")


def _queried_words(found: Return) -> str:
    about = _queried(found)
    titles = [each.defined.title for each in found.owed if each.figure.indicator in about]
    if len(titles) == len(found.owed) > 1:
        return f"all {len(titles)} figures"
    return f"{len(titles)} of {len(found.owed)}: {'; '.join(dict.fromkeys(titles))}"


def days_words(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
