"""Adds and edits engagements."""

from datetime import date

from app.commands.change import Change
from app.commands.groups.code import next_place
from app.commands.groups.edit import patch_row
from app.domain.errors import RuleBroken
from app.models.groups.engagement import Engagement, EngagementIn, EngagementPatch
from app.queries.groups.named import require_area, require_group

KIND = "engagement"
MAY_BE_EMPTY = {"ends_on", "area", "group"}


def add_engagement(change: Change, body: EngagementIn) -> Engagement:
    """Adds an engagement; without a code it gets the next number."""
    session, partnership = change.session, change.partnership
    _require_days(body.begins_on, body.ends_on)
    require_area(session, partnership, body.area)
    require_group(session, partnership, body.group)
    position, code = next_place(change, Engagement, body.code)
    row = change.add(
        Engagement(
            partnership_id=partnership.id, position=position, code=code, **body.model_dump(exclude={"code"})
        )
    )
    change.record("engagement added", KIND, code)
    return row


def edit_engagement(change: Change, row: Engagement, patch: EngagementPatch) -> None:
    """Changes the fields that the patch names and that differ, and records each with its old value."""
    require_area(change.session, change.partnership, patch.area)
    require_group(change.session, change.partnership, patch.group)
    edits = patch_row(row, patch, MAY_BE_EMPTY)
    _require_days(row.begins_on, row.ends_on)
    if edits:
        change.session.add(row)
        change.record("engagement edited", KIND, row.code, before=edits.before, after=edits.after)


def _require_days(begins_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < begins_on:
        raise RuleBroken(
            "ends_on", "before_start", f"It began on {begins_on}. Give its last day, or leave it out."
        )
