"""Reads recommendations with their history, their evidence and what is owed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.groups.recommendation import (
    RecommendationAnswer,
    RecommendationFacts,
    RecommendationSource,
    RecommendationState,
    answer_words,
    timing,
)
from app.domain.groups.recommendation_steps import STEPS
from app.domain.workflow import may
from app.models.author import author_out
from app.models.groups.recommendation import (
    Recommendation,
    RecommendationEvent,
    RecommendationEventOut,
    RecommendationOut,
    RecommendationWithHistoryOut,
)
from app.models.plan.partnership import Agency, NamedOut
from app.models.record.stored_file import FileReference
from app.models.wire import instant_text
from app.queries.groups.directory import Directory
from app.queries.record.stored_file import attached_files
from app.queries.visible import within

KIND = "recommendation"
"""Of its events, and of what refers to its files."""


class _Read(NamedTuple):
    """What is read beside a recommendation."""

    agency: NamedOut | None
    owner: NamedOut | None
    latest: str


def recommendations(actor: Actor) -> SelectOfScalar[Recommendation]:
    return select(Recommendation).where(within(col(Recommendation.partnership_id), actor, Scope.READ))


def get_recommendation(session: Session, actor: Actor, partnership_id: int, code: str) -> Recommendation:
    """The partnership's recommendation of that code; NotFound where the actor sees none."""
    query = recommendations(actor).where(
        Recommendation.partnership_id == partnership_id, Recommendation.code == code
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The recommendation “{code[:80]}”")
    return row


def reads_evidence(actor: Actor) -> ColumnElement[bool]:
    """Condition on a file reference: evidence is read within the information-sharing agreement."""
    inside = [
        each.partnership_id for each in actor.accesses if each.sees_people and Scope.READ in each.scopes
    ]
    return col(FileReference.partnership_id).in_(inside)


def recommendation_facts(row: Recommendation) -> RecommendationFacts:
    answer = RecommendationAnswer(row.answer) if row.answer is not None else None
    return RecommendationFacts(answer, RecommendationState(row.state))


def recommendations_out(
    session: Session, actor: Actor, rows: Sequence[Recommendation], today: date
) -> list[RecommendationOut]:
    """Recommendations as answered, with the same few queries for one as for many."""
    agencies = _agencies(session, {row.agency_id for row in rows if row.agency_id is not None})
    latest = _latest_texts(session, [row.id for row in rows])
    directory = Directory(session, {row.partnership_id for row in rows})
    return [
        _recommendation_out(
            row,
            actor,
            today,
            _Read(
                agencies.get(row.agency_id),
                directory.post(row.partnership_id, row.owner),
                latest.get(row.id, ""),
            ),
        )
        for row in rows
    ]


def recommendation_with_history(
    session: Session, actor: Actor, row: Recommendation, today: date
) -> RecommendationWithHistoryOut:
    (out,) = recommendations_out(session, actor, [row], today)
    access = actor.access_in(row.partnership_id)
    sees_evidence = access is not None and access.sees_people
    evidence = attached_files(session, KIND, [row.id]) if sees_evidence else {}
    history = [_event_out(event) for event in recommendation_events(session, [row.id])]
    return RecommendationWithHistoryOut(**out, history=history, evidence=evidence.get(row.id, []))


def recommendation_events(session: Session, ids: Collection[int]) -> Sequence[RecommendationEvent]:
    """Events of recommendations in the order in which they were recorded."""
    query = select(RecommendationEvent).where(col(RecommendationEvent.recommendation_id).in_(ids))
    return session.exec(query.order_by(col(RecommendationEvent.id))).all()


def _agencies(session: Session, ids: Collection[int]) -> dict[int | None, NamedOut]:
    if not ids:
        return {}
    rows = session.exec(select(Agency).where(col(Agency.id).in_(ids))).all()
    return {row.id: NamedOut(code=row.code, name=row.name) for row in rows}


def _latest_texts(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Text of the newest event of each recommendation."""
    newest = (
        select(func.max(RecommendationEvent.id))
        .where(col(RecommendationEvent.recommendation_id).in_(ids))
        .group_by(col(RecommendationEvent.recommendation_id))
    )
    rows = session.exec(select(RecommendationEvent).where(col(RecommendationEvent.id).in_(newest))).all()
    return {row.recommendation_id: row.text for row in rows}


def _recommendation_out(row: Recommendation, actor: Actor, today: date, read: _Read) -> RecommendationOut:
    facts = recommendation_facts(row)
    answer_timing = timing(facts.owes_answer, row.answer_due_on, today)
    source = RecommendationSource(row.source)
    return RecommendationOut(
        id=str(row.id),
        code=row.code,
        source=source,
        source_label=source.label,
        source_title=row.source_title,
        made_on=_day(row.made_on),
        text=row.text,
        agency=read.agency,
        owner=read.owner,
        answer=facts.answer,
        answer_due_on=_day(row.answer_due_on),
        answered_on=_day(row.answered_on),
        answer_timing=answer_timing,
        answer_words=answer_words(answer_timing, row.answer_due_on, facts.answer),
        due_on=_day(row.due_on),
        state=facts.state,
        state_label=facts.state.label,
        due_timing=timing(facts.owes_action, row.due_on, today),
        latest=read.latest,
        note=row.note,
        version=row.seq,
        may=cast(list[Any], may(STEPS, facts, actor.access_in(row.partnership_id))),
    )


def _event_out(row: RecommendationEvent) -> RecommendationEventOut:
    answer = RecommendationAnswer(row.answer) if row.answer is not None else None
    state = RecommendationState(row.state) if row.state is not None else None
    return RecommendationEventOut(
        day=row.day.isoformat(),
        answer=answer,
        state=state,
        label=answer.label if answer is not None else state.label if state is not None else "",
        text=row.text,
        on_behalf_of=row.on_behalf_of,
        author=author_out(row.author),
        recorded_at=instant_text(row.recorded_at),
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
