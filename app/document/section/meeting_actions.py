"""Actions that arose at meetings, each owned by a post."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from sqlmodel import Session, col, select

from app.commands.groups.meeting_action import check_meeting_action, create_meeting_action
from app.document.kit.codes import codes_by_id
from app.document.kit.entry import Code, Day, Entry, Line, Prose
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import RowEntry, entry_of, row_entry, update_row
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.errors import RuleBroken
from app.domain.groups.meeting_action import MeetingActionState
from app.models.groups.decision import Decision
from app.models.groups.meeting import Meeting
from app.models.groups.meeting_action import MeetingAction, MeetingActionIn
from app.models.plan.partnership import Partnership


class MeetingActionEntry(Entry):
    code: Code
    meeting: Code
    decision: Code | None = None
    text: Prose
    owner: Code | None = None
    due_on: Day | None = None
    state: MeetingActionState = MeetingActionState.NOT_STARTED
    done_on: Day | None = None
    progress: Prose = ""
    what_changed: Prose = ""
    on_behalf_of: Code | None = None
    heard_how: Line = ""


def _references(names: Names, actions: Sequence[MeetingActionEntry]) -> Iterator[Problem]:
    for number, action in enumerate(actions):
        at = ("meeting_actions", number)
        yield from names.unknown((*at, "meeting"), "meeting", action.meeting, "meetings")
        yield from names.unknown((*at, "decision"), "decision", action.decision, "decisions")
        yield from names.unknown((*at, "owner"), "post", action.owner, "posts")
        yield from names.unknown((*at, "on_behalf_of"), "post", action.on_behalf_of, "posts")


def _upsert(load: Load, actions: Sequence[MeetingActionEntry]) -> None:
    rows = {row.code: row for row in _rows(load.session, load.partnership)}
    for code in rows.keys() - {action.code for action in actions}:
        load.left_alone.append(f"meeting action {code} is not in the document")
    for number, action in enumerate(actions):
        with refusing_at(load, ("meeting_actions", number)):
            row = rows.get(action.code)
            if row is None:
                create_meeting_action(load.change, MeetingActionIn(**action.model_dump()))
                load.did("created", f"meeting action {action.code}")
            else:
                _update(load, row, action, number)


def _update(load: Load, row: MeetingAction, action: MeetingActionEntry, number: int) -> None:
    entry = row_entry(action, ("meeting_actions", number))
    columns = {name: cell for name, cell in entry.columns.items() if name not in ("meeting", "decision")}
    what = f"meeting action {action.code}"
    if load.session.get_one(Meeting, row.meeting_id).code != action.meeting:
        message = "It is stored as of another meeting, and stays there. Give this one another code."
        raise RuleBroken("meeting", "another_meeting", message)
    if update_row(
        load, row, RowEntry(entry.code, entry.path, columns, entry.named), what, is_plan_content=False
    ):
        check_meeting_action(load.change, row)


def _entries(export: Export) -> Iterator[MeetingActionEntry]:
    meetings = codes_by_id(export.session, Meeting, export.partnership.id)
    decisions = codes_by_id(export.session, Decision, export.partnership.id)
    for row in _rows(export.session, export.partnership):
        yield entry_of(
            MeetingActionEntry,
            row,
            meeting=meetings[row.meeting_id],
            decision=decisions.get(row.decision_id or 0),
            state=MeetingActionState(row.state),
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[MeetingAction]:
    query = select(MeetingAction).where(MeetingAction.partnership_id == partnership.id)
    return session.exec(query.order_by(col(MeetingAction.id))).all()


SECTION = Section("meeting_actions", MeetingActionEntry, _references, _upsert, _entries)
MeetingActionEntries = Annotated[list[MeetingActionEntry], SECTION]
