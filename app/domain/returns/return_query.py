"""Queries about a return: each is open, answered, or ended by its own figures or by staff."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.return_event import Event, EventKind


class QueryState(StrEnum):
    OPEN = "open"
    """It waits for the agency."""
    ANSWERED = "answered"
    """It waits for staff to read the answer."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class QueryStatus:
    """A query and its progress. An answered query is not ended: staff say when they have what they asked for."""

    event_id: int
    indicators: tuple[str, ...]
    """Codes of the indicators it is about: those it names, else all of the return."""
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None

    @property
    def state(self) -> QueryState:
        if self.ended_at is not None:
            return QueryState.ENDED
        return QueryState.ANSWERED if self.answered_at is not None else QueryState.OPEN

    @property
    def is_open(self) -> bool:
        return self.state is QueryState.OPEN


def query_statuses(figures: Sequence[OwedFigure], events: Sequence[Event]) -> tuple[QueryStatus, ...]:
    """Queries of a return with their progress. `events` are in order.

    A query ends when its own figures have changed: a figure of each indicator it names, or any figure where it names
    none. It ends, too, when staff end it or check the return.
    """
    return tuple(
        _query_status(event, figures, events[number + 1 :])
        for number, event in enumerate(events)
        if event.kind is EventKind.QUERY
    )


def _query_status(query: Event, figures: Sequence[OwedFigure], later: Sequence[Event]) -> QueryStatus:
    codes = query.indicators or tuple(dict.fromkeys(figure.indicator for figure in figures))
    answers = (event.at for event in later if event.kind is EventKind.ANSWER and _is_about(event, codes))
    ends = [event.at for event in later if _ends(event, codes)]
    changed_at = _changed_at(query, figures)
    if changed_at is not None:
        ends.append(changed_at)
    return QueryStatus(query.id, codes, query.at, next(answers, None), min(ends, default=None))


def _ends(event: Event, codes: Collection[str]) -> bool:
    if event.kind is EventKind.QUERY_ENDED:
        return not event.indicators or set(codes) <= set(event.indicators)
    return event.kind is EventKind.CHECKED


def _is_about(event: Event, codes: Collection[str]) -> bool:
    return not event.indicators or not set(codes).isdisjoint(event.indicators)


def _changed_at(query: Event, figures: Sequence[OwedFigure]) -> datetime | None:
    """Time at which the query's own figures had changed; None while one of its indicators has not."""
    if not query.indicators:
        return _first_change(query, figures)
    changes = [
        _first_change(query, [figure for figure in figures if figure.indicator == code])
        for code in query.indicators
    ]
    times = [at for at in changes if at is not None]
    return max(times) if len(times) == len(changes) else None


def _first_change(query: Event, figures: Sequence[OwedFigure]) -> datetime | None:
    changes = (figure.changed_at for figure in figures if figure.changed_at is not None)
    return min((at for at in changes if at > query.at), default=None)
