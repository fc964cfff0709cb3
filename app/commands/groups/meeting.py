"""Adds and edits meetings, and takes their steps."""

from sqlmodel import col, select

from app.commands.change import Change
from app.commands.groups.agenda import set_items
from app.commands.groups.code import LONGEST_STEM, free_code, require_free
from app.commands.groups.edit import refuse_null, require_day, set_columns
from app.commands.groups.touch import touch_readers_of_meeting
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.groups.group import Span
from app.domain.groups.meeting import MeetingKind, MeetingState
from app.domain.groups.meeting_steps import CANCEL, HOLD, INQUORATE, TAKE_BACK, MeetingFacts
from app.domain.groups.member import members_on
from app.domain.workflow import Step
from app.models.groups.group import Group
from app.models.groups.meeting import Meeting, MeetingIn, MeetingPatch
from app.queries.groups.attendance import read_membership, statuses_of
from app.queries.groups.decision import decisions_of, ratified_at
from app.queries.groups.group import group_named
from app.queries.groups.meeting import meeting_facts

TOOK_PLACE = (MeetingState.HELD.value, MeetingState.INQUORATE.value)


def create_meeting(change: Change, body: MeetingIn) -> Meeting:
    """Adds a planned meeting with its agenda; a step says later whether it was held."""
    group = group_named(change.session, change.partnership.id, body.group)
    require_day(body.day, "day")
    if body.code is not None:
        require_free(change, Meeting, body.code)
    row = Meeting(
        partnership_id=change.partnership.id,
        group_id=group.id,
        code=body.code or meeting_code(change, group, body.day.isoformat()),
        day=body.day,
        kind=body.kind.value,
        state=MeetingState.PLANNED.value,
        note=body.note,
    )
    check_meeting(change, row)
    change.add(row)
    change.record(
        "meeting added", "meeting", row.code, group=group.code, day=row.day.isoformat(), of=row.kind
    )
    if body.items:
        set_items(change, row, body.items)
    return row


def meeting_code(change: Change, group: Group, day: str) -> str:
    """The group's code with the day: `board-2018-01-19`."""
    return free_code(change, Meeting, f"{group.code[:LONGEST_STEM]}-{day}")


def edit_meeting(change: Change, row: Meeting, patch: MeetingPatch) -> None:
    """Changes the fields that the patch names. Decisions made at the meeting move with its day."""
    columns = patch.model_dump(exclude_unset=True)
    refuse_null(columns, ())
    edits = set_columns(row, columns)
    check_meeting(change, row)
    fix_quorum(change, row)
    if not edits:
        return
    if "quorum" in edits.after:
        _check_quorum(change, row)
    change.session.add(row)
    change.record("meeting edited", "meeting", row.code, before=edits.before, after=edits.after)
    if "day" in edits.after:
        for decision in decisions_of(change.session, row.id):
            decision.decided_on = row.day
        touch_readers_of_meeting(change, row)


def _check_quorum(change: Change, row: Meeting) -> None:
    """More than there were members is a slip, which no meeting could meet."""
    with change.session.no_autoflush:
        members = members_on(read_membership(change.session, row.group_id).members, row.day)
    if members and row.quorum is not None and row.quorum > len(members):
        were = "post was a member" if len(members) == 1 else "posts were members"
        message = f"{len(members)} {were} on {day_words(row.day)}: a quorum is at most that."
        raise RuleBroken("quorum", "bad_quorum", message)


def check_meeting(change: Change, row: Meeting) -> None:
    """Raises RuleBroken for what no meeting may be."""
    require_day(row.day, "day")
    with change.session.no_autoflush:
        group = change.session.get_one(Group, row.group_id)
        _check_group_existed(group, row)
        _check_only_one(change, group, row)
        if row.state in TOOK_PLACE and row.day > change.today:
            message = f"{day_words(row.day)} has not come: the meeting is planned until then."
            raise RuleBroken("day", "not_held_yet", message)
        if row.id is not None:
            _check_state(change, row)
            _check_attendance(change, row)
            _check_ratified(change, row)


def _check_group_existed(group: Group, row: Meeting) -> None:
    if Span(group.begins_on, group.ends_on).has(row.day):
        return
    if group.begins_on is not None and row.day < group.begins_on:
        message = (
            f"{group.name} begins on {day_words(group.begins_on)}, after this meeting. Choose a later day, or "
            "change the day that the group begins."
        )
        raise RuleBroken("day", "before_group", message)
    assert group.ends_on is not None, "the day is after its last"
    message = (
        f"{group.name} ended on {day_words(group.ends_on)}, before this meeting. Choose an earlier day, or "
        "change the day that the group ends."
    )
    raise RuleBroken("day", "after_group", message)


def _check_only_one(change: Change, group: Group, row: Meeting) -> None:
    """Two meetings of one kind and day are one entered twice, unless one of them was cancelled."""
    twins = select(Meeting).where(
        Meeting.group_id == row.group_id,
        Meeting.day == row.day,
        Meeting.kind == row.kind,
        Meeting.state != MeetingState.CANCELLED.value,
        col(Meeting.code) != row.code,
    )
    twin = change.session.exec(twins).first()
    if twin is not None and row.state != MeetingState.CANCELLED.value:
        message = (
            f"{group.name} has a meeting of that kind and day: “{twin.code}”. "
            "Change that one, or the kind or the day."
        )
        raise RuleBroken("day", "meeting_twice", message)


def _check_state(change: Change, row: Meeting) -> None:
    """What decided or ratified something took place."""
    decisions = [*decisions_of(change.session, row.id), *ratified_at(change.session, row.id)]
    if decisions and row.state not in TOOK_PLACE:
        message = f"“{decisions[0].code}” was decided or ratified at it, so it is not {row.state}."
        raise RuleBroken("state", "has_decisions", message)


def _check_attendance(change: Change, row: Meeting) -> None:
    recorded = statuses_of(change.session, [row])[row.id]
    if recorded and row.kind == MeetingKind.CIRCULATED.value:
        message = "Attendance is recorded, and business circulated by e-mail has none. Take it back first."
        raise RuleBroken("kind", "attendance_recorded", message)
    members = members_on(read_membership(change.session, row.group_id).members, row.day)
    for code in recorded:
        if code not in members:
            message = (
                f"“{code}” has attendance recorded here and was no member on {day_words(row.day)}. "
                "Take that back first, or choose another day."
            )
            raise RuleBroken("day", "not_a_member", message)


def _check_ratified(change: Change, row: Meeting) -> None:
    later = [each for each in ratified_at(change.session, row.id) if each.decided_on > row.day]
    if later:
        message = f"It ratified “{later[0].code}” of {day_words(later[0].decided_on)}, so it met on that day or later."
        raise RuleBroken("day", "before_decision", message)
    for decision in decisions_of(change.session, row.id):
        if decision.ratified_at_id is None:
            continue
        ratifying = change.session.get_one(Meeting, decision.ratified_at_id)
        if ratifying.day < row.day:
            message = (
                f"“{decision.code}” of this meeting was ratified on {day_words(ratifying.day)}, before it."
            )
            raise RuleBroken("day", "after_ratifying", message)


def fix_quorum(change: Change, row: Meeting) -> None:
    """Stores the group's quorum with a meeting that took place, so that a later change of it is of later meetings."""
    is_by_email = row.kind == MeetingKind.CIRCULATED.value
    if row.state in TOOK_PLACE and row.quorum is None and not is_by_email:
        row.quorum = change.session.get_one(Group, row.group_id).quorum or 0


def hold(change: Change, row: Meeting, reason: str) -> None:
    """Records that the meeting was held."""
    _take(change, HOLD, row, (MeetingState.HELD, reason))


def cancel(change: Change, row: Meeting, reason: str) -> None:
    """Records that the meeting was cancelled. Apologies that came before stay recorded."""
    _take(change, CANCEL, row, (MeetingState.CANCELLED, reason))


def mark_inquorate(change: Change, row: Meeting, reason: str) -> None:
    """Records that too few came. What was decided at it has to be ratified."""
    _take(change, INQUORATE, row, (MeetingState.INQUORATE, reason))


def take_back(change: Change, row: Meeting, reason: str) -> None:
    """Makes the meeting a planned one again, where a step was taken by a slip."""
    _take(change, TAKE_BACK, row, (MeetingState.PLANNED, reason))
    check_meeting(change, row)


def _take(change: Change, step: Step[MeetingFacts], row: Meeting, after: tuple[MeetingState, str]) -> None:
    step.require(meeting_facts(change.session, row, change.today), change.access)
    state, reason = after
    before = row.state
    row.state, row.state_reason = state.value, reason
    if state is MeetingState.PLANNED:
        row.quorum = None
    else:
        fix_quorum(change, row)
    change.session.add(row)
    change.record(f"meeting {VERBS[state]}", "meeting", row.code, before=before, reason=reason)
    touch_readers_of_meeting(change, row)


VERBS = {
    MeetingState.HELD: "held",
    MeetingState.CANCELLED: "cancelled",
    MeetingState.INQUORATE: "was inquorate",
    MeetingState.PLANNED: "step taken back",
}
