"""Compares figures of the document with the stored ones, and lists the revisions to append."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.commands.figures.store import (
    FIGURE,
    REVISION,
    VALUE_COLUMNS,
    Identity,
    NewRevision,
    Stored,
    existing,
)
from app.config import LONDON
from app.document.load.document import Work
from app.document.load.history import History, State
from app.models.figures.figure import Values


@dataclass(slots=True)
class Past:
    """Every revision of a stored figure, oldest first."""

    figure_id: int
    values: list[Values]
    reasons: list[str]
    recorded_at: list[datetime]


def past_of(session: Session, identities: Sequence[Identity]) -> dict[Identity, Past]:
    """All revisions of the stored figures with these identities."""
    stored_figures = existing(session, identities)
    by_id = {stored.id: Past(stored.id, [], [], []) for stored in stored_figures.values()}
    for row in _revisions(session, {identity[0] for identity in stored_figures}):
        past = by_id.get(row["figure_id"])
        if past is not None:
            past.values.append({name: row[name] for name in VALUE_COLUMNS})
            past.reasons.append(row["reason"])
            past.recorded_at.append(row["recorded_at"])
    return {identity: by_id[stored.id] for identity, stored in stored_figures.items()}


def _revisions(session: Session, indicators: set[int]) -> list[Any]:
    query = (
        select(REVISION)
        .join(FIGURE, FIGURE.c.id == REVISION.c.figure_id)
        .where(FIGURE.c.indicator_id.in_(indicators))
        .order_by(REVISION.c.figure_id, REVISION.c.number)
    )
    return list(session.connection().execute(query).mappings()) if indicators else []


def to_append(work: Work, history: History, past: Past, values: Sequence[Values]) -> list[NewRevision]:
    """Revisions for the document's states that follow the stored ones."""
    newest = past.values[-1]
    if values[-1] == newest:
        return []
    following = _following(values, newest)
    if following is None:
        if _already_left_behind(history.states[-1], values[-1], past):
            work.refuse(history.path, "revised_since", _revised_since(past))
            return []
        following = [len(values) - 1]
    appended = []
    previous = newest
    for index in following:
        reason = history.states[index].reason or _evident(past, previous, values[index])
        if not reason:
            text = (
                f"This figure is already here as {_figure_words(past, previous)}: "
                "say in reason why it changes, or put back what it was."
            )
            work.refuse(history.path, "reason_required", text)
        appended.append(NewRevision(values[index], reason, _recorded(work, history, index, past)))
        previous = values[index]
    return appended


def _following(values: Sequence[Values], newest: Values) -> list[int] | None:
    """Indexes after the last state that equals the newest stored one; None if none does."""
    for index in range(len(values) - 1, -1, -1):
        if values[index] == newest:
            return list(range(index + 1, len(values)))
    return None


def _already_left_behind(state: State, values: Values, past: Past) -> bool:
    """Whether the document only repeats an earlier revision: an old file loaded again undoes nothing."""
    return any(
        values == before and state.reason in ("", why)
        for before, why in zip(past.values[:-1], past.reasons[:-1], strict=True)
    )


def _revised_since(past: Past) -> str:
    day = past.recorded_at[-1].astimezone(LONDON).date()
    return (
        f"This figure was revised on {day} to {_figure_words(past, past.values[-1])}: put that here, "
        "or give a new reason to change it back."
    )


def _evident(past: Past, previous: Values, new: Values) -> str:
    return Stored(past.figure_id, len(past.values), previous).evident_reason(new) or ""


def _figure_words(past: Past, values: Values) -> str:
    return Stored(past.figure_id, len(past.values), values).words


def _recorded(work: Work, history: History, index: int, past: Past) -> datetime:
    """Time to record a revision with. A day equal to the stored revision's counts as not updated: then now."""
    day, latest = history.states[index].recorded_on, past.recorded_at[-1]
    if day is None or day == latest.astimezone(LONDON).date():
        return work.change.now
    if day < latest.astimezone(LONDON).date():
        text = (
            f"Recorded on {day}, before the figure it revises ({latest.astimezone(LONDON).date()}): "
            "give the change a day of its own, as in 3700 on 2017-08-02."
        )
        work.refuse(history.path, "recorded_out_of_order", text)
    return work.instant(day)
