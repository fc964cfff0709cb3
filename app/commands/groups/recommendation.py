"""Adds and edits recommendations, answers them, and records how far they are."""

from datetime import date

from sqlalchemy import func
from sqlmodel import select

from app.commands.change import Change
from app.commands.groups.code import next_place, refuse_twin
from app.commands.groups.edit import patch_row, require_day, require_not_before, require_past
from app.commands.record.stored_file import attach_file, remove_file
from app.domain.day import day_words
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
from app.queries.groups.named import require_post
from app.queries.groups.recommendation import KIND, recommendation_facts
from app.queries.plan.partnership import agency_named
from app.queries.record.stored_file import get_reference

BEFORE_MADE = ("before_made", "It was made on")
MAY_BE_EMPTY = {"made_on", "owner", "answer_due_on", "due_on"}


def add_recommendation(change: Change, body: RecommendationIn) -> Recommendation:
    """Adds a recommendation; without a code it gets the next number."""
    session, partnership = change.session, change.partnership
    position, code = next_place(change, Recommendation, body.code)
    agency = agency_named(session, partnership, body.agency)
    require_post(session, partnership, body.owner)
    row = Recommendation(
        partnership_id=partnership.id,
        position=position,
        code=code,
        agency_id=agency.id if agency is not None else None,
        source=body.source.value,
        **body.model_dump(exclude={"code", "agency", "source"}),
    )
    check_recommendation(change, row)
    if body.code is None:
        refuse_twin(change, row, ("source", "source_title", "made_on", "text", "agency_id"), "text")
    change.add(row)
    change.record("recommendation added", KIND, code)
    return row


def edit_recommendation(change: Change, row: Recommendation, patch: RecommendationPatch) -> None:
    """Changes the fields that the patch names and that differ, and records each with its old value and the reason."""
    require_post(change.session, change.partnership, patch.owner)
    edits = patch_row(row, patch, MAY_BE_EMPTY)
    check_recommendation(change, row)
    if "agency" in patch.model_fields_set:
        agency = agency_named(change.session, change.partnership, patch.agency)
        id_ = agency.id if agency is not None else None
        if id_ != row.agency_id:
            edits.before["agency_id"], edits.after["agency_id"] = row.agency_id, id_
            row.agency_id = id_
    if edits:
        change.session.add(row)
        change.record(
            "recommendation edited",
            KIND,
            row.code,
            before=edits.before,
            after=edits.after,
            reason=patch.reason,
        )


def answer_recommendation(change: Change, row: Recommendation, body: AnswerIn) -> None:
    """Records the partnership's answer."""
    ANSWER.require(recommendation_facts(row), change.access)
    event = RecommendationEvent(
        recommendation_id=row.id,
        day=_said_on(change, row, body.day),
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
        day=_said_on(change, row, body.day),
        state=body.state.value,
        text=body.text,
        on_behalf_of=body.on_behalf_of,
    )


def _said_on(change: Change, row: Recommendation, day: date | None) -> date:
    require_past(day, change.today, "day")
    require_not_before(day, row.made_on, "day", BEFORE_MADE)
    return day or change.today


def check_recommendation(change: Change, row: Recommendation) -> None:
    """Raises RuleBroken for days out of order: it was made before its history, and what is owed is owed later."""
    require_past(row.made_on, change.today, "made_on")
    for name in ("answer_due_on", "due_on"):
        require_day(getattr(row, name), name)
        require_not_before(getattr(row, name), row.made_on, name, BEFORE_MADE)
    if row.id is None or row.made_on is None:
        return
    with change.session.no_autoflush:
        days = select(func.min(RecommendationEvent.day)).where(
            RecommendationEvent.recommendation_id == row.id
        )
        earliest = change.session.exec(days).one()
    if earliest is not None and earliest < row.made_on:
        message = (
            f"It was answered or reported on by {day_words(earliest)}: choose that day or an earlier one."
        )
        raise RuleBroken("made_on", "after_history", message)


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
