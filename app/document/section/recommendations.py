"""Recommendations with their history. They are the partnership's, so they may change under an adopted plan."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, col, select

from app.commands.groups.recommendation import append_event, check_recommendation
from app.document.kit.entry import Code, Day, Entry, Line, Prose
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import StoredRows, entry_of, row_entry, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.groups.recommendation import RecommendationAnswer, RecommendationSource, RecommendationState
from app.models.groups.recommendation import Recommendation, RecommendationEvent
from app.models.plan.partnership import Agency, Partnership
from app.queries.groups.recommendation import recommendation_events


class HistoryEntry(Entry):
    """An answer, or a report of how far it is: one of the two."""

    day: Day
    answer: RecommendationAnswer | None = None
    state: RecommendationState | None = None
    text: Prose = ""
    on_behalf_of: Line | None = Field(default=None, description="Whose word it is, where another entered it.")


class RecommendationEntry(Entry):
    """A recommendation made to the partnership."""

    code: Code
    source: RecommendationSource
    source_title: Line
    made_on: Day | None = None
    text: Prose
    agency: Code | None = None
    owner: Code | None = Field(default=None, description="A post.")
    answer_due_on: Day | None = None
    due_on: Day | None = None
    note: Prose = ""
    history: list[HistoryEntry] = Field(default=[], description="Oldest first. None of it is ever changed.")


def _references(names: Names, recommendations: Sequence[RecommendationEntry]) -> Iterator[Problem]:
    for number, each in enumerate(recommendations):
        path = ("recommendations", number)
        yield from names.unknown((*path, "agency"), "agency", each.agency, "agencies")
        yield from names.unknown((*path, "owner"), "post", each.owner, "posts")
        for place, event in enumerate(each.history):
            if (event.answer is None) == (event.state is None):
                text = "Expected either an answer or a state: each entry of the history is one of the two."
                yield names.problem((*path, "history", place), "answer_or_state", text)


def _upsert(load: Load, recommendations: Sequence[RecommendationEntry]) -> None:
    agencies = {row.code: row.id for row in load.session.exec(select(Agency)).all()}
    entries = []
    for number, each in enumerate(recommendations):
        entry = row_entry(each, ("recommendations", number))
        agency = entry.columns.pop("agency")
        entry.columns["agency_id"] = agencies[agency] if agency is not None else None
        entry.columns.pop("history")
        entries.append(entry)
    stored = _rows(load.session, load.partnership)
    owner = {"partnership_id": load.partnership.id}
    rows, _ = upsert_rows(
        load, StoredRows(Recommendation, "recommendation", stored, owner, is_plan_content=False), entries
    )
    load.session.flush()
    events = _events(load.session, list(rows.values()))
    for number, each in enumerate(recommendations):
        _append_history(
            load, rows[each.code], each, (("recommendations", number), events[rows[each.code].id])
        )
        with refusing_at(load, ("recommendations", number)):
            check_recommendation(load.change, rows[each.code])


def _append_history(load: Load, row: Recommendation, entry: RecommendationEntry, place: Any) -> None:
    """Appends the entries that are not stored; those stored that the document lacks stay."""
    path, stored = place
    stored_entries = [_event_entry(event) for event in stored]
    for number, event in enumerate(entry.history):
        load.check_recorded(event.day, (*path, "history", number, "day"))
        if event in stored_entries:
            stored_entries.remove(event)
            continue
        new = RecommendationEvent(
            recommendation_id=row.id,
            day=event.day,
            answer=event.answer,
            state=event.state,
            text=event.text,
            on_behalf_of=event.on_behalf_of or "",
        )
        append_event(load.change, row, new)
        load.did("created", f"recommendation {row.code}: {event.answer or event.state} on {event.day}")
    if stored_entries:
        load.left_alone.append(f"recommendation {row.code} has history that is not in the document")


def _entries(export: Export) -> Iterator[RecommendationEntry]:
    rows = _rows(export.session, export.partnership)
    codes = {row.id: row.code for row in export.session.exec(select(Agency)).all()}
    events = _events(export.session, rows)
    for row in rows:
        yield entry_of(
            RecommendationEntry,
            row,
            source=RecommendationSource(row.source),
            agency=codes[row.agency_id] if row.agency_id is not None else None,
            history=[_event_entry(event) for event in events[row.id]],
        )


def _event_entry(row: RecommendationEvent) -> HistoryEntry:
    return entry_of(
        HistoryEntry,
        row,
        answer=RecommendationAnswer(row.answer) if row.answer is not None else None,
        state=RecommendationState(row.state) if row.state is not None else None,
        on_behalf_of=row.on_behalf_of or None,
    )


def _events(session: Session, rows: Sequence[Recommendation]) -> dict[int, list[RecommendationEvent]]:
    events: dict[int, list[RecommendationEvent]] = defaultdict(list)
    for event in recommendation_events(session, [row.id for row in rows]):
        events[event.recommendation_id].append(event)
    return events


def _rows(session: Session, partnership: Partnership) -> Sequence[Recommendation]:
    query = select(Recommendation).where(Recommendation.partnership_id == partnership.id)
    return session.exec(query.order_by(col(Recommendation.position))).all()


SECTION = Section("recommendations", RecommendationEntry, _references, _upsert, _entries)
RecommendationEntries = Annotated[list[RecommendationEntry], SECTION]
