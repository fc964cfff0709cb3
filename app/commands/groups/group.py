"""Adds and edits groups, and sets their members."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from app.commands.change import Change
from app.commands.groups.code import next_position, require_free
from app.commands.groups.edit import refuse_null, require_day, set_columns
from app.commands.groups.touch import touch_readers_of_group
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.groups.cycle import parse_cycle
from app.domain.groups.group import GroupKind, Span, makes_circle
from app.domain.groups.meeting import MeetingState
from app.models.groups.decision import Decision
from app.models.groups.group import Group, GroupIn, GroupPatch
from app.models.groups.meeting import Meeting
from app.queries.groups.group import group_named, parents
from app.queries.groups.post import post_named

WEB_ADDRESS = re.compile(r"https?://[^\s/]")
TOOK_PLACE, PLANNED = (MeetingState.HELD.value, MeetingState.INQUORATE.value), MeetingState.PLANNED.value
MAY_BE_NULL = {
    "parent",
    "belongs_to",
    "cycle_rule",
    "chair",
    "vice_chair",
    "quorum",
    "begins_on",
    "ends_on",
}


def create_group(change: Change, body: GroupIn) -> Group:
    """Adds a group after the partnership's others."""
    require_free(change, Group, body.code)
    row = Group(
        **_columns(body.model_dump()),
        partnership_id=change.partnership.id,
        position=next_position(change, Group),
    )
    check_group(change, row)
    change.add(row)
    change.record("group added", "group", row.code, name=row.name, group_kind=row.kind)
    return row


def edit_group(change: Change, row: Group, patch: GroupPatch) -> None:
    """Changes the fields that the patch names, and records each with its old value."""
    fields = patch.model_dump()
    columns = {name: fields[name] for name in patch.model_fields_set}
    refuse_null(columns, MAY_BE_NULL)
    edits = set_columns(row, _columns(columns))
    check_group(change, row)
    if edits:
        change.session.add(row)
        change.record("group edited", "group", row.code, before=edits.before, after=edits.after)
    if "name" in edits.after:
        touch_readers_of_group(change)


def check_group(change: Change, row: Group) -> None:
    """Raises RuleBroken for what no group may be. Writes the cycle's rule as it is read."""
    with change.session.no_autoflush:
        _check_place(change, row)
        _check_days(change, row)
        for name in ("chair", "vice_chair"):
            post_named(change.session, row.partnership_id, getattr(row, name), name)
    if row.chair is not None and row.chair == row.vice_chair:
        message = "One post cannot be chair and vice chair. Name another, or leave one out."
        raise RuleBroken("vice_chair", "same_post", message)
    if row.quorum == 0:
        message = "A quorum is 1 or more. Leave it out where the group has set none."
        raise RuleBroken("quorum", "bad_quorum", message)
    _check_documents(row)
    if row.cycle_rule is not None:
        row.cycle_rule = parse_cycle(row.cycle_rule).rule_text


def _check_place(change: Change, row: Group) -> None:
    if row.parent is None:
        return
    if row.parent != row.code:
        group_named(change.session, row.partnership_id, row.parent, "parent")
    if makes_circle(row.code, row.parent, parents(change.session, row.partnership_id)):
        message = f"“{row.parent}” is this group, or stands below it. A group reports to one above it."
        raise RuleBroken("parent", "circle", message)


def _check_documents(row: Group) -> None:
    for number, document in enumerate(row.documents):
        address = document["address"]
        if address is not None and not WEB_ADDRESS.match(address):
            message = "Expected a web address that begins with https:// or http://. Leave it out where there is none."
            raise RuleBroken(f"documents.{number}.address", "bad_address", message)


def _check_days(change: Change, row: Group) -> None:
    for name in ("begins_on", "ends_on"):
        require_day(getattr(row, name), name)
    span = Span(row.begins_on, row.ends_on)
    if span.is_reversed:
        raise RuleBroken(
            "ends_on", "days_reversed", "Its last day is before its first. Put one of them right."
        )
    if row.kind == GroupKind.TASK_GROUP.value and row.ends_on is None:
        message = "A task group has an end: give the last day that it is for. It can be moved later."
        raise RuleBroken("ends_on", "end_needed", message)
    if row.id is None:
        return
    for name, message in _days_outside(change, row, span):
        raise RuleBroken(name, "meeting_outside", message)


def _days_outside(change: Change, row: Group, span: Span) -> Iterator[tuple[str, str]]:
    """Yields the field, and the message, of a day that leaves a meeting or a decision outside."""
    sides = (("begins_on", func.min, Span(span.begins_on)), ("ends_on", func.max, Span(None, span.ends_on)))
    for name, order, side in sides:
        meetings = select(order(col(Meeting.day))).where(Meeting.group_id == row.id)
        meeting = change.session.exec(meetings.where(col(Meeting.state).in_(TOOK_PLACE))).one()
        planned = change.session.exec(meetings.where(Meeting.state == PLANNED)).one()
        decision = change.session.exec(
            select(order(col(Decision.decided_on))).where(Decision.group_id == row.id)
        ).one()
        for day, words in ((meeting, "met"), (decision, "decided something")):
            if day is not None and not side.has(day):
                yield name, f"The group {words} on {day_words(day)}: it existed then. Choose another day."
        if planned is not None and not side.has(planned):
            message = (
                f"A meeting is planned for {day_words(planned)}. Cancel it first, or choose another day."
            )
            yield name, message


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as columns: days inside lists are text there."""
    columns = {name: getattr(field, "value", field) for name, field in fields.items()}
    if columns.get("documents"):
        columns["documents"] = [_document(entry) for entry in columns["documents"]]
    return columns


def _document(entry: dict[str, Any]) -> dict[str, Any]:
    day = entry["dated_on"]
    return {**entry, "dated_on": day.isoformat() if day is not None else None}
