"""Adds, edits, closes and reopens local issues."""

from app.commands.change import Change
from app.commands.groups.code import next_place, refuse_twin
from app.commands.groups.edit import patch_row, require_not_before, require_past
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.groups.local_issue import CLOSE, REOPEN, LocalIssueState
from app.models.groups.local_issue import (
    LocalIssue,
    LocalIssueCloseIn,
    LocalIssueIn,
    LocalIssuePatch,
    LocalIssueReopenIn,
)
from app.queries.groups.local_issue import local_issue_facts
from app.queries.groups.named import require_area, require_group

KIND = "local_issue"
MAY_BE_EMPTY = {"raised_on", "area", "group"}


def add_local_issue(change: Change, body: LocalIssueIn) -> LocalIssue:
    """Adds a local issue; without a code it gets the next number."""
    session, partnership = change.session, change.partnership
    require_area(session, partnership, body.area)
    require_group(session, partnership, body.group)
    position, code = next_place(change, LocalIssue, body.code)
    row = LocalIssue(
        partnership_id=partnership.id, position=position, code=code, **body.model_dump(exclude={"code"})
    )
    check_local_issue(change, row)
    if body.code is None:
        refuse_twin(change, row, ("title", "raised_on", "area"), "title")
    change.add(row)
    change.record("local issue added", KIND, code)
    return row


def edit_local_issue(change: Change, row: LocalIssue, patch: LocalIssuePatch) -> None:
    """Changes the fields that the patch names and that differ, and records each with its old value."""
    require_area(change.session, change.partnership, patch.area)
    require_group(change.session, change.partnership, patch.group)
    if row.state == LocalIssueState.CLOSED and patch.changed == "":
        raise RuleBroken("changed", "required", "It is closed: say what has changed, or reopen it first.")
    edits = patch_row(row, patch, MAY_BE_EMPTY)
    check_local_issue(change, row)
    if edits:
        change.session.add(row)
        change.record("local issue edited", KIND, row.code, before=edits.before, after=edits.after)


def check_local_issue(change: Change, row: LocalIssue) -> None:
    """Raises RuleBroken for one raised on a day to come, or after it was closed."""
    require_past(row.raised_on, change.today, "raised_on")
    if row.raised_on is not None and row.closed_on is not None and row.raised_on > row.closed_on:
        message = f"It was closed on {day_words(row.closed_on)}: choose that day or an earlier one."
        raise RuleBroken("raised_on", "after_closed", message)


def close_local_issue(change: Change, row: LocalIssue, body: LocalIssueCloseIn) -> None:
    """Closes a local issue with what has changed."""
    CLOSE.require(local_issue_facts(row), change.access)
    closed_on = body.closed_on or change.today
    require_past(closed_on, change.today, "closed_on")
    require_not_before(closed_on, row.raised_on, "closed_on", ("before_raised", "It was raised on"))
    row.state, row.closed_on, row.changed = LocalIssueState.CLOSED.value, closed_on, body.changed
    change.session.add(row)
    change.record("local issue closed", KIND, row.code, closed_on=closed_on.isoformat())


def reopen_local_issue(change: Change, row: LocalIssue, body: LocalIssueReopenIn) -> None:
    """Reopens a local issue that was closed."""
    REOPEN.require(local_issue_facts(row), change.access)
    row.state, row.closed_on = LocalIssueState.OPEN.value, None
    change.session.add(row)
    change.record("local issue reopened", KIND, row.code, reason=body.reason)
