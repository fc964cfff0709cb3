"""Enters, edits and ratifies decisions."""

from sqlmodel import select

from app.commands.change import Change
from app.commands.groups.code import LONGEST_STEM, next_code, refuse_twin, require_free
from app.commands.groups.edit import refuse_null, require_day, set_columns
from app.commands.groups.touch import touch_readers_of_meeting
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.groups.decision import DecisionRoute, pence
from app.domain.groups.decision_steps import RATIFY
from app.domain.groups.group import Span, ancestors
from app.domain.groups.meeting import MeetingState
from app.models.groups.decision import Decision, DecisionIn, DecisionPatch, DecisionSubjectIn
from app.models.groups.group import Group
from app.models.groups.meeting import Meeting, MeetingItem
from app.queries.groups.decision import SUBJECT_CHANGED, decision_facts, meeting_states
from app.queries.groups.group import group_named, parents
from app.queries.groups.meeting import meeting_named
from app.queries.groups.post import post_named
from app.queries.groups.subject import Subjects

MAY_BE_NULL = {"number", "amount", "subject", "on_behalf_of"}
SAME = (
    "meeting_id",
    "group_id",
    "decided_on",
    "number",
    "text",
    "outcome",
    "amount",
    "subject_kind",
    "subject_ref",
)
"""Columns that tell two decisions apart."""
WRITTEN_AS_GIVEN = ("text", "reasons", "conditions", "evidence", "number", "on_behalf_of", "heard_how")


def create_decision(change: Change, body: DecisionIn, subjects: Subjects) -> Decision:
    """Enters a decision of a meeting, of a chair between meetings, or of another body."""
    row = Decision(
        **{name: getattr(body, name) for name in WRITTEN_AS_GIVEN},
        partnership_id=change.partnership.id,
        code=body.code or "",
        route=_route(body).value,
        outcome=body.outcome.value,
        amount=pence(body.amount),
        decided_on=body.decided_on or change.today,
    )
    _place(change, row, body)
    if body.code is not None:
        require_free(change, Decision, body.code)
    set_subject(change, row, body.subject, subjects)
    check_decision(change, row)
    if body.code is None:
        refuse_twin(change, row, SAME, "text")
    row.code = row.code or _code(change, row)
    change.add(row)
    change.record(
        "decision entered", "decision", row.code, text=row.text, decided_on=row.decided_on.isoformat()
    )
    return row


def edit_decision(change: Change, row: Decision, patch: DecisionPatch, subjects: Subjects) -> None:
    """Changes the fields that the patch names, and records each with its old value."""
    fields = patch.model_dump(exclude_unset=True, exclude={"subject", "amount"})
    named = patch.model_fields_set
    refuse_null(fields, MAY_BE_NULL)
    if "amount" in named:
        fields["amount"] = pence(patch.amount)
    if "subject" in named:
        set_subject(change, row, patch.subject, subjects)
    edits = set_columns(row, fields)
    check_decision(change, row)
    if edits:
        change.session.add(row)
        change.record("decision edited", "decision", row.code, before=edits.before, after=edits.after)


def ratify(change: Change, row: Decision, meeting_code: str) -> None:
    """Records the meeting that ratified a chair's action, or a decision of an inquorate meeting."""
    facts = decision_facts(row, meeting_states(change.session, [row]))
    RATIFY.require(facts, change.access)
    meeting = meeting_named(change.session, row.partnership_id, meeting_code)
    check_ratifying(change, row, meeting)
    row.ratified_at_id = meeting.id
    change.session.add(row)
    change.record("decision ratified", "decision", row.code, meeting=meeting.code)
    touch_readers_of_meeting(change, meeting)


def check_ratifying(change: Change, row: Decision, meeting: Meeting) -> None:
    """Raises RuleBroken for a meeting that cannot ratify the decision."""
    if meeting.state != MeetingState.HELD.value:
        message = f"“{meeting.code}” is {meeting.state}: only a meeting that was held can ratify."
        raise RuleBroken("meeting", "not_held", message)
    if meeting.day < row.decided_on:
        message = f"It was decided on {day_words(row.decided_on)}, after that meeting. Name a later one."
        raise RuleBroken("meeting", "before_decision", message)
    mine = select(Group.id, Group.code).where(Group.partnership_id == row.partnership_id)
    codes = dict(change.session.exec(mine).all())
    own = codes[row.group_id] if row.group_id is not None else ""
    above = ancestors(own, parents(change.session, row.partnership_id))
    if codes[meeting.group_id] not in (own, *above):
        message = "It was decided by another group. Name a meeting of that group, or of one above it."
        raise RuleBroken("meeting", "another_group", message)


def set_subject(change: Change, row: Decision, subject: DecisionSubjectIn | None, subjects: Subjects) -> None:
    """Points the decision at what it decided. What shows its decision counts as changed, before and after."""
    before = (row.subject_kind, row.subject_ref)
    if row.subject_kind is not None and row.subject_ref is not None:
        _touch_subject(change, subjects, row.subject_kind, row.subject_ref)
    if subject is None:
        row.subject_kind = row.subject_ref = None
    else:
        _point_at(change, row, subject, subjects)
    after = (row.subject_kind, row.subject_ref)
    if row.id is not None and after != before:
        change.record(SUBJECT_CHANGED, "decision", row.code, before=before, after=after)


def _point_at(change: Change, row: Decision, subject: DecisionSubjectIn, subjects: Subjects) -> None:
    if subject.kind not in subjects:
        message = f"Expected one of {', '.join(sorted(subjects))}. Leave the subject out for anything else."
        raise RuleBroken("subject.kind", "unknown_kind", message)
    target = subjects[subject.kind](change.session, row.partnership_id, subject.ref)
    if target is None:
        message = (
            f"There is no “{subject.ref}” in {subject.kind} of this partnership. Check how its address ends."
        )
        raise RuleBroken("subject.ref", "unknown_subject", message)
    row.subject_kind, row.subject_ref = subject.kind, target.ref
    change.touch(*target.rows)


def _touch_subject(change: Change, subjects: Subjects, kind: str, ref: str) -> None:
    target = subjects[kind](change.session, change.partnership.id, ref) if kind in subjects else None
    if target is not None:
        change.touch(*target.rows)


def check_decision(change: Change, row: Decision) -> None:
    """Raises RuleBroken for what no decision may be."""
    require_day(row.decided_on, "decided_on")
    with change.session.no_autoflush:
        if row.meeting_id is not None:
            _check_made_at_meeting(change, row)
        elif row.number is not None:
            message = "An item's number needs the meeting that it was on. Name the meeting, or leave it out."
            raise RuleBroken("number", "no_meeting", message)
        if row.decided_on > change.today:
            message = f"{day_words(row.decided_on)} has not come: enter the decision once it is made."
            raise RuleBroken("decided_on", "not_decided_yet", message)
        if row.route == DecisionRoute.CHAIR.value:
            _check_chairs_action(change, row)
        if row.route == DecisionRoute.OUTSIDE.value and not row.evidence:
            message = "It is of no group here: give the letter and its day as evidence, or name the group or meeting."
            raise RuleBroken("evidence", "evidence_needed", message)
        post_named(change.session, row.partnership_id, row.on_behalf_of, "on_behalf_of")


def _check_made_at_meeting(change: Change, row: Decision) -> None:
    meeting = change.session.get_one(Meeting, row.meeting_id)
    if meeting.state == MeetingState.CANCELLED.value:
        message = (
            "That meeting was cancelled, so it decided nothing. Name another meeting, or give the group and the "
            "day for a chair's action."
        )
        raise RuleBroken("meeting", "meeting_cancelled", message)
    if meeting.state == MeetingState.PLANNED.value:
        message = "That meeting is not recorded as held. Record it as held first, then its decisions."
        raise RuleBroken("meeting", "not_held", message)
    items = select(MeetingItem.id).where(
        MeetingItem.meeting_id == meeting.id, MeetingItem.number == row.number
    )
    if row.number is not None and change.session.exec(items).first() is None:
        message = f"That meeting has no item {row.number}. Put it on the agenda, or leave the number out."
        raise RuleBroken("number", "unknown_item", message)


def _check_chairs_action(change: Change, row: Decision) -> None:
    group = change.session.get_one(Group, row.group_id)
    if not Span(group.begins_on, group.ends_on).has(row.decided_on):
        message = f"{group.name} did not exist on {day_words(row.decided_on)}. Put the day right."
        raise RuleBroken("decided_on", "outside_group", message)
    if row.on_behalf_of is None:
        message = f"{group.name} has no chair recorded. Say on behalf of which post it was decided, or set its chair."
        raise RuleBroken("on_behalf_of", "no_chair", message)


def _route(body: DecisionIn) -> DecisionRoute:
    if body.meeting is not None:
        return DecisionRoute.MEETING
    return DecisionRoute.CHAIR if body.group is not None else DecisionRoute.OUTSIDE


def _place(change: Change, row: Decision, body: DecisionIn) -> None:
    """Sets the decision's meeting, group and day. A chair's action is on behalf of the group's chair."""
    if body.meeting is None:
        if body.decided_on is None:
            message = "Where there is no meeting, say on which day it was decided."
            raise RuleBroken("decided_on", "required", message)
        if body.group is not None:
            group = group_named(change.session, row.partnership_id, body.group)
            row.group_id, row.on_behalf_of = group.id, row.on_behalf_of or group.chair
        return
    meeting = meeting_named(change.session, row.partnership_id, body.meeting)
    if body.decided_on not in (None, meeting.day):
        message = f"That meeting was on {day_words(meeting.day)}. Leave the day out, or name another meeting."
        raise RuleBroken("decided_on", "another_day", message)
    if (
        body.group is not None
        and group_named(change.session, row.partnership_id, body.group).id != meeting.group_id
    ):
        raise RuleBroken("group", "another_group", "That meeting is of another group. Leave the group out.")
    row.meeting_id, row.group_id, row.decided_on = meeting.id, meeting.group_id, meeting.day


def _code(change: Change, row: Decision) -> str:
    """The meeting's code, or the group's with the day, and a number: `board-2017-09-22-d1`."""
    if row.meeting_id is not None:
        return next_code(change, Decision, f"{change.session.get_one(Meeting, row.meeting_id).code[:74]}-d")
    owner = change.session.get_one(Group, row.group_id).code if row.group_id is not None else "outside"
    return next_code(change, Decision, f"{owner[:LONGEST_STEM]}-{row.decided_on.isoformat()}-d")
