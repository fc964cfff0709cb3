"""Adds and edits recommendations, answers them, and records how far they are."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from app.commands.change import Change
from app.commands.record.stored_file import attach_file, remove_file
from app.domain.errors import RuleBroken
from app.domain.groups.recommendation import RecommendationState
from app.domain.groups.recommendation_steps import ANSWER, REOPEN, REPORT
from app.models.groups.recommendation import (
    AnswerIn,
    ProgressIn,
    Recommendation,
    RecommendationEvent,
    RecommendationIn,
    RecommendationPatch,
)
from app.models.record.stored_file import FileIn, FileReference
from app.queries.groups.recommendation import KIND, recommendation_facts
from app.queries.plan.partnership import agency_named
from app.queries.record.stored_file import get_reference

MAY_BE_EMPTY = {"made_on", "agency", "owner", "answer_due_on", "due_on"}


def add_recommendation(change: Change, body: RecommendationIn) -> Recommendation:
    """Adds a recommendation; without a code it gets the next number."""
    session, partnership = change.session, change.partnership
    mine = Recommendation.partnership_id == partnership.id
    position = (session.exec(select(func.max(Recommendation.position)).where(mine)).one() or 0) + 1
    code = body.code or _free_code(session, partnership.id, position)
    if session.exec(select(Recommendation.id).where(mine, Recommendation.code == code)).first() is not None:
        raise RuleBroken(
            "code", "code_taken", f"There is a recommendation “{code}” already. Choose another code."
        )
    agency = agency_named(session, partnership, body.agency)
    row = change.add(
        Recommendation(
            partnership_id=partnership.id,
            position=position,
            code=code,
            source=body.source.value,
            agency_id=agency.id if agency is not None else None,
            **body.model_dump(
                include={"source_title", "made_on", "text", "owner", "answer_due_on", "due_on", "note"}
            ),
        )
    )
    change.record("recommendation added", KIND, code)
    return row


def _free_code(session: Session, partnership_id: int, number: int) -> str:
    """First code `recommendation-N` that is free, from a number on."""
    query = select(Recommendation.code).where(
        Recommendation.partnership_id == partnership_id,
        col(Recommendation.code).startswith("recommendation-"),
    )
    taken = set(session.exec(query).all())
    while f"recommendation-{number}" in taken:
        number += 1
    return f"recommendation-{number}"


def edit_recommendation(change: Change, row: Recommendation, patch: RecommendationPatch) -> None:
    """Changes the fields that the patch names and that differ, and records each with its old value and the reason."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in patch.model_fields_set - {"reason"}:
        new = getattr(patch, field)
        if new is None and field not in MAY_BE_EMPTY:
            raise RuleBroken(field, "required", "Leave it out to keep it as it is.")
        if field == "agency":
            agency = agency_named(change.session, change.partnership, new)
            field, new = "agency_id", agency.id if agency is not None else None
        if field == "owner":
            new = new or ""
        if new != getattr(row, field):
            before[field], after[field] = _plain(getattr(row, field)), _plain(new)
            setattr(row, field, new)
    if after:
        change.session.add(row)
        change.record(
            "recommendation edited", KIND, row.code, before=before, after=after, reason=patch.reason
        )


def _plain(field: Any) -> Any:
    return field.isoformat() if isinstance(field, date) else field


def answer_recommendation(change: Change, row: Recommendation, body: AnswerIn) -> None:
    """Records the partnership's answer."""
    ANSWER.require(recommendation_facts(row), change.access)
    event = RecommendationEvent(
        recommendation_id=row.id,
        day=_said_on(change, body.day),
        answer=body.answer.value,
        text=body.text,
        on_behalf_of=body.on_behalf_of,
    )
    append_event(change, row, event)
    change.record("recommendation answered", KIND, row.code, answer=row.answer)


def report_progress(change: Change, row: Recommendation, body: ProgressIn) -> None:
    """Records how far a recommendation is."""
    REPORT.require(recommendation_facts(row), change.access)
    append_event(change, row, _progress_event(change, row, body))
    change.record("recommendation reported on", KIND, row.code, state=row.state)


def reopen_recommendation(change: Change, row: Recommendation, body: ProgressIn) -> None:
    """Opens a recommendation that was done or stopped; the text is the reason."""
    REOPEN.require(recommendation_facts(row), change.access)
    if body.state.is_closed:
        open_states = ", ".join(state for state in RecommendationState if not state.is_closed)
        raise RuleBroken("state", "not_open", f"Expected a state of one that is open: {open_states}.")
    append_event(change, row, _progress_event(change, row, body))
    change.record("recommendation reopened", KIND, row.code, state=row.state)


def _progress_event(change: Change, row: Recommendation, body: ProgressIn) -> RecommendationEvent:
    return RecommendationEvent(
        recommendation_id=row.id,
        day=_said_on(change, body.day),
        state=body.state.value,
        text=body.text,
        on_behalf_of=body.on_behalf_of,
    )


def _said_on(change: Change, day: date | None) -> date:
    if day is not None and day > change.today:
        raise RuleBroken("day", "in_future", f"{day} has not come yet. Give the day that it was said.")
    return day or change.today


def append_event(change: Change, row: Recommendation, event: RecommendationEvent) -> None:
    """Appends an event without asking whether it may be; the recommendation takes over its answer or state."""
    change.add(event)
    if event.answer is not None:
        row.answer, row.answered_on = event.answer, event.day
    if event.state is not None:
        row.state = event.state
    change.touch(row)


def attach_evidence(change: Change, row: Recommendation, file: FileIn) -> FileReference:
    """Adds a file as evidence. The record holds its hash, and none of its words."""
    reference = attach_file(change, (KIND, row.id), file)
    change.touch(row)
    change.record("evidence added", KIND, row.code, file=reference.id, sha256=reference.sha256)
    return reference


def remove_evidence(change: Change, row: Recommendation, sha256: str) -> None:
    """Removes a file that is evidence."""
    reference = get_reference(change.session, (KIND, row.id), sha256)
    remove_file(change, reference)
    change.touch(row)
    change.record("evidence removed", KIND, row.code, file=reference.id, sha256=sha256)
