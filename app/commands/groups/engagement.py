"""Adds and edits engagements."""

from app.commands.change import Change
from app.commands.groups.code import next_place, refuse_twin
from app.commands.groups.edit import patch_row, require_day, require_not_before
from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.models.groups.engagement import Engagement, EngagementIn, EngagementPatch
from app.queries.groups.named import require_area, require_group

KIND = "engagement"
MAY_BE_EMPTY = {"ends_on", "area", "group"}


def add_engagement(change: Change, body: EngagementIn) -> Engagement:
    """Adds an engagement; without a code it gets the next number."""
    session, partnership = change.session, change.partnership
    require_area(session, partnership, body.area)
    require_group(session, partnership, body.group)
    position, code = next_place(change, Engagement, body.code)
    row = Engagement(
        partnership_id=partnership.id, position=position, code=code, **body.model_dump(exclude={"code"})
    )
    check_engagement(change, row)
    if body.code is None:
        refuse_twin(change, row, ("title", "begins_on", "place", "area"), "title")
    change.add(row)
    change.record("engagement added", KIND, code)
    return row


def edit_engagement(change: Change, row: Engagement, patch: EngagementPatch) -> None:
    """Changes the fields that the patch names and that differ, and records each with its old value."""
    require_area(change.session, change.partnership, patch.area)
    require_group(change.session, change.partnership, patch.group)
    edits = patch_row(row, patch, MAY_BE_EMPTY)
    check_engagement(change, row)
    if edits:
        change.session.add(row)
        change.record("engagement edited", KIND, row.code, before=edits.before, after=edits.after)


def check_engagement(change: Change, row: Engagement) -> None:
    """Raises RuleBroken for days out of order. It may be to come, but then nothing was heard at it yet."""
    for name in ("begins_on", "ends_on"):
        require_day(getattr(row, name), name)
    require_not_before(row.ends_on, row.begins_on, "ends_on", ("before_start", "It began on"))
    if row.begins_on > change.today:
        for name in ("heard", "done"):
            if getattr(row, name):
                message = (
                    f"It is on {day_words(row.begins_on)}, which has not come: leave this blank until then."
                )
                raise RuleBroken(name, "not_yet", message)
