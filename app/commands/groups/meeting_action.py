"""Enters and edits actions that arose at meetings."""

from typing import Any

from app.commands.change import Change
from app.commands.groups.code import next_code, refuse_twin, require_free
from app.commands.groups.edit import refuse_null, require_day, set_columns
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.groups.meeting import MeetingState
from app.domain.groups.meeting_action import MeetingActionState
from app.models.groups.decision import Decision
from app.models.groups.meeting import Meeting
from app.models.groups.meeting_action import MeetingAction, MeetingActionIn, MeetingActionPatch
from app.queries.groups.decision import decision_named
from app.queries.groups.meeting import meeting_named
from app.queries.groups.post import post_named

MAY_BE_NULL = {"owner", "due_on", "done_on", "on_behalf_of", "reason"}
NEEDS_REASON = ("owner", "due_on")


def create_meeting_action(change: Change, body: MeetingActionIn) -> MeetingAction:
    """Enters an action that arose at a meeting which took place."""
    meeting = meeting_named(change.session, change.partnership.id, body.meeting)
    if body.code is not None:
        require_free(change, MeetingAction, body.code)
    columns = _with_done_day(change, body.model_dump(exclude={"meeting", "code", "decision"}), None)
    row = MeetingAction(
        **columns,
        partnership_id=change.partnership.id,
        code=body.code or next_code(change, MeetingAction, f"{meeting.code[:74]}-a"),
        group_id=meeting.group_id,
        meeting_id=meeting.id,
    )
    row.state = body.state.value
    if body.decision is not None:
        row.decision_id = decision_named(change.session, row.partnership_id, body.decision).id
    check_meeting_action(change, row)
    if body.code is None:
        refuse_twin(change, row, ("meeting_id", "decision_id", "text", "owner", "due_on"), "text")
    change.add(row)
    change.record("meeting action entered", "meeting_action", row.code, text=row.text, owner=row.owner)
    return row


def edit_meeting_action(change: Change, row: MeetingAction, patch: MeetingActionPatch) -> None:
    """Changes the fields that the patch names. Another owner or day needs a reason, which the record holds."""
    columns = patch.model_dump(exclude_unset=True)
    refuse_null(columns, MAY_BE_NULL)
    reason = columns.pop("reason", None)
    for name in NEEDS_REASON:
        old = getattr(row, name)
        if name in columns and old is not None and columns[name] != old and not reason:
            message = "Say in “reason” why it changes: who looks back will ask."
            raise RuleBroken(name, "reason_required", message)
    edits = set_columns(row, _with_done_day(change, columns, row))
    check_meeting_action(change, row)
    if edits:
        change.session.add(row)
        facts = {"before": edits.before, "after": edits.after, "reason": reason or ""}
        change.record("meeting action edited", "meeting_action", row.code, **facts)


def check_meeting_action(change: Change, row: MeetingAction) -> None:
    """Raises RuleBroken for what no action may be."""
    with change.session.no_autoflush:
        meeting = change.session.get_one(Meeting, row.meeting_id)
        if meeting.state not in (MeetingState.HELD.value, MeetingState.INQUORATE.value):
            message = f"That meeting is {meeting.state}: actions arise from one that took place."
            raise RuleBroken("meeting", "not_held", message)
        _check_decision(change, row)
        for name in ("owner", "on_behalf_of"):
            post_named(change.session, row.partnership_id, getattr(row, name), name)
    for name in ("due_on", "done_on"):
        day = getattr(row, name)
        require_day(day, name)
        if day is not None and day < meeting.day:
            message = f"The meeting was on {day_words(meeting.day)}: choose that day or a later one."
            raise RuleBroken(name, "before_meeting", message)
    if row.done_on is not None and row.done_on > change.today:
        raise RuleBroken("done_on", "in_future", f"{day_words(row.done_on)} has not come.")
    if row.done_on is not None and row.state != MeetingActionState.DONE.value:
        message = (
            "Only an action that is done has a day on which it was. Set its state to done, or leave it out."
        )
        raise RuleBroken("done_on", "not_done", message)


def _check_decision(change: Change, row: MeetingAction) -> None:
    if row.decision_id is None:
        return
    if change.session.get_one(Decision, row.decision_id).meeting_id != row.meeting_id:
        message = "That decision was not made at this meeting. Name one that was, or leave it out."
        raise RuleBroken("decision", "another_meeting", message)


def _with_done_day(change: Change, columns: dict[str, Any], row: MeetingAction | None) -> dict[str, Any]:
    """Done without a day is done today; what is done no longer has no day."""
    if "state" not in columns or columns.get("done_on") is not None:
        return columns
    is_done = columns["state"] is MeetingActionState.DONE
    was_done = row is not None and row.state == MeetingActionState.DONE.value
    if is_done and not was_done:
        return {**columns, "done_on": change.today}
    return columns if is_done else {**columns, "done_on": None}
