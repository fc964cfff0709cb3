"""Decisions of meetings, of chairs between meetings, and of other bodies."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from sqlmodel import Session, col, select

from app.commands.groups.decision import check_decision, check_ratifying, create_decision, set_subject
from app.document.kit.codes import codes_by_id
from app.document.kit.entry import Code, Day, Entry, FlowEntry, Line, Number, Prose, WholeNumber
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import RowEntry, entry_of, row_entry, update_row
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.errors import RuleBroken
from app.domain.groups.decision import DecisionOutcome, pence, pounds
from app.models.groups.decision import Decision, DecisionIn, DecisionSubjectIn
from app.models.groups.group import Group
from app.models.groups.meeting import Meeting
from app.models.plan.partnership import Partnership
from app.queries.groups.decision import decision_facts, meeting_states
from app.queries.groups.meeting import meeting_named
from app.queries.subjects import SUBJECTS

NOT_COLUMNS = ("meeting", "group", "subject", "ratified_at", "decided_on")
"""Set otherwise, or never changed."""


class DecisionSubjectEntry(FlowEntry):
    """What was decided, as its address in the API ends: reporting-periods and 2017-18-Q2."""

    kind: Line
    ref: Line


class DecisionEntry(Entry):
    """A decision of a meeting; with a group and a day, of its chair; with neither, of another body."""

    code: Code
    meeting: Code | None = None
    group: Code | None = None
    decided_on: Day | None = None
    number: WholeNumber | None = None
    text: Prose
    outcome: DecisionOutcome = DecisionOutcome.AGREED
    reasons: Prose = ""
    conditions: Prose = ""
    amount: Number | None = None
    evidence: Prose = ""
    subject: DecisionSubjectEntry | None = None
    ratified_at: Code | None = None
    on_behalf_of: Code | None = None
    heard_how: Line = ""


def _references(names: Names, decisions: Sequence[DecisionEntry]) -> Iterator[Problem]:
    for number, decision in enumerate(decisions):
        at = ("decisions", number)
        yield from names.unknown((*at, "meeting"), "meeting", decision.meeting, "meetings")
        yield from names.unknown((*at, "ratified_at"), "meeting", decision.ratified_at, "meetings")
        yield from names.unknown((*at, "group"), "group", decision.group, "groups")
        yield from names.unknown((*at, "on_behalf_of"), "post", decision.on_behalf_of, "posts")


def _upsert(load: Load, decisions: Sequence[DecisionEntry]) -> None:
    rows = {row.code: row for row in _rows(load.session, load.partnership)}
    for code in rows.keys() - {decision.code for decision in decisions}:
        load.left_alone.append(f"decision {code} is not in the document")
    for number, decision in enumerate(decisions):
        path = ("decisions", number)
        with refusing_at(load, path):
            row = rows.get(decision.code)
            if row is None:
                row = create_decision(load.change, _decision_in(decision), SUBJECTS)
                load.did("created", f"decision {decision.code}")
            else:
                _update(load, row, decision, number)
            _ratify(load, row, decision)


def _decision_in(decision: DecisionEntry) -> DecisionIn:
    fields = decision.model_dump(exclude={"ratified_at", "subject"})
    subject = decision.subject
    return DecisionIn(
        **fields, subject=DecisionSubjectIn(kind=subject.kind, ref=subject.ref) if subject else None
    )


def _update(load: Load, row: Decision, decision: DecisionEntry, number: int) -> None:
    entry = row_entry(decision, ("decisions", number), amount=pence(decision.amount))
    columns = {name: cell for name, cell in entry.columns.items() if name not in NOT_COLUMNS}
    what = f"decision {decision.code}"
    is_changed = update_row(
        load, row, RowEntry(entry.code, entry.path, columns, entry.named), what, is_plan_content=False
    )
    subject = decision.subject
    if subject is not None and not _is_about(load, row, subject):
        set_subject(load.change, row, DecisionSubjectIn(kind=subject.kind, ref=subject.ref), SUBJECTS)
        load.did("changed", f"{what}: what it decided is {subject.kind} {subject.ref}")
        is_changed = True
    _require_same_place(load, row, decision)
    if is_changed:
        check_decision(load.change, row)


def _is_about(load: Load, row: Decision, subject: DecisionSubjectEntry) -> bool:
    """Whether the stored decision is about the subject, however its reference is written."""
    if row.subject_kind != subject.kind or subject.kind not in SUBJECTS:
        return False
    target = SUBJECTS[subject.kind](load.session, load.partnership.id, subject.ref)
    return target is not None and target.ref == row.subject_ref


def _require_same_place(load: Load, row: Decision, decision: DecisionEntry) -> None:
    """Who decided, and when, does not change: another meeting or day is another decision."""
    stored = load.session.get(Meeting, row.meeting_id) if row.meeting_id is not None else None
    if decision.meeting != (stored.code if stored is not None else None):
        message = (
            "It is stored as made elsewhere. A decision stays with its meeting: give this one another code."
        )
        raise RuleBroken("meeting", "another_meeting", message)
    if decision.decided_on not in (None, row.decided_on):
        message = f"It is stored as made on {row.decided_on}. Give a decision of another day another code."
        raise RuleBroken("decided_on", "another_day", message)


def _ratify(load: Load, row: Decision, decision: DecisionEntry) -> None:
    if decision.ratified_at is None:
        return
    if not decision_facts(row, meeting_states(load.session, [row])).needs_ratifying:
        message = "Only a chair's action, or a decision of an inquorate meeting, is ratified. Leave this out."
        raise RuleBroken("ratified_at", "needs_no_ratifying", message)
    meeting = meeting_named(load.session, load.partnership.id, decision.ratified_at, "ratified_at")
    if row.ratified_at_id == meeting.id:
        return
    check_ratifying(load.change, row, meeting)
    row.ratified_at_id = meeting.id
    load.session.add(row)
    load.did("changed", f"decision {decision.code}: ratified at {meeting.code}")


def _entries(export: Export) -> Iterator[DecisionEntry]:
    meetings = codes_by_id(export.session, Meeting, export.partnership.id)
    groups = codes_by_id(export.session, Group, export.partnership.id)
    for row in _rows(export.session, export.partnership):
        at_meeting = row.meeting_id is not None
        yield entry_of(
            DecisionEntry,
            row,
            meeting=meetings.get(row.meeting_id or 0),
            group=None if at_meeting else groups.get(row.group_id or 0),
            decided_on=None if at_meeting else row.decided_on,
            outcome=DecisionOutcome(row.outcome),
            amount=pounds(row.amount),
            subject=_subject_entry(row),
            ratified_at=meetings.get(row.ratified_at_id or 0),
        )


def _subject_entry(row: Decision) -> DecisionSubjectEntry | None:
    if row.subject_kind is None or row.subject_ref is None:
        return None
    return DecisionSubjectEntry.model_construct(kind=row.subject_kind, ref=row.subject_ref)


def _rows(session: Session, partnership: Partnership) -> Sequence[Decision]:
    query = select(Decision).where(Decision.partnership_id == partnership.id)
    return session.exec(query.order_by(col(Decision.decided_on), col(Decision.id))).all()


SECTION = Section("decisions", DecisionEntry, _references, _upsert, _entries)
DecisionEntries = Annotated[list[DecisionEntry], SECTION]
