"""Sets a meeting's items of business."""

from collections.abc import Sequence
from typing import Any

from app.commands.change import Change
from app.domain.errors import RuleBroken
from app.domain.groups.meeting import AgendaItemHandling, MeetingState
from app.models.groups.meeting import AgendaItemIn, Meeting, MeetingItem
from app.queries.groups.decision import decisions_of
from app.queries.groups.meeting import list_items

CAME_UP = (AgendaItemHandling.CONSIDERED, AgendaItemHandling.NOTED)


def set_items(change: Change, meeting: Meeting, items: Sequence[AgendaItemIn]) -> bool:
    """Replaces the agenda by these items; returns whether anything changed.

    RuleBroken where a number comes twice, a decision's item would go, or an item was considered before the meeting.
    """
    rows = _numbered(items)
    for number, (_, entry) in enumerate(rows):
        _check_handling(meeting, entry, f"items.{number}.handling")
    _check_decided(change, meeting, {number for number, _ in rows})
    stored = {row.number: row for row in list_items(change.session, [meeting.id])[meeting.id]}
    is_changed = False
    for number, entry in rows:
        columns: dict[str, Any] = {
            "title": entry.title,
            "handling": _handling(meeting, entry, stored.get(number)).value,
            "text": entry.text,
        }
        row = stored.pop(number, None)
        if row is None:
            change.add(MeetingItem(meeting_id=meeting.id, number=number, **columns))
        elif all(getattr(row, name) == cell for name, cell in columns.items()):
            continue
        else:
            for name, cell in columns.items():
                setattr(row, name, cell)
        is_changed = True
    for row in stored.values():
        change.session.delete(row)
        is_changed = True
    if is_changed:
        change.touch(meeting)
        facts = [
            {"number": number, **entry.model_dump(mode="json", exclude={"number"})} for number, entry in rows
        ]
        change.record("agenda set", "meeting", meeting.code, items=facts)
    return is_changed


def _numbered(items: Sequence[AgendaItemIn]) -> list[tuple[int, AgendaItemIn]]:
    """Items with their numbers: each its own, or the one after the item before it."""
    rows: list[tuple[int, AgendaItemIn]] = []
    for place, entry in enumerate(items):
        number = entry.number if entry.number is not None else (rows[-1][0] + 1 if rows else 1)
        if number == 0 or number in {earlier for earlier, _ in rows}:
            message = f"Items are numbered from 1, each number once: {number} cannot be used here."
            raise RuleBroken(f"items.{place}.number", "bad_number", message)
        rows.append((number, entry))
    return rows


def _handling(meeting: Meeting, entry: AgendaItemIn, stored: MeetingItem | None) -> AgendaItemHandling:
    if entry.handling is not None:
        return entry.handling
    if stored is not None:
        return AgendaItemHandling(stored.handling)
    took_place = meeting.state in (MeetingState.HELD.value, MeetingState.INQUORATE.value)
    return AgendaItemHandling.CONSIDERED if took_place else AgendaItemHandling.TO_COME


def _check_handling(meeting: Meeting, entry: AgendaItemIn, where: str) -> None:
    if entry.handling in CAME_UP and meeting.state in (
        MeetingState.PLANNED.value,
        MeetingState.CANCELLED.value,
    ):
        message = f"The meeting is {meeting.state}: nothing was considered or noted at it yet."
        raise RuleBroken(where, "not_held", message)


def _check_decided(change: Change, meeting: Meeting, numbers: set[int]) -> None:
    for decision in decisions_of(change.session, meeting.id):
        if decision.number is not None and decision.number not in numbers:
            message = f"“{decision.code}” was decided on item {decision.number}: keep it on the agenda."
            raise RuleBroken("items", "item_decided", message)
