"""Adds and edits posts."""

from app.commands.change import Change
from app.commands.groups.code import next_position, require_free
from app.commands.groups.edit import refuse_null, require_day, set_columns
from app.commands.groups.touch import touch_readers_of_post
from app.domain.errors import RuleBroken
from app.domain.groups.group import Span
from app.domain.groups.post import names_person
from app.models.groups.post import Post, PostIn, PostPatch
from app.queries.groups.post import post_named
from app.queries.plan.partnership import agency_named

MAY_BE_NULL = {"filled_from", "filled_until", "deputy", "email"}


def create_post(change: Change, body: PostIn) -> Post:
    """Adds a post after the partnership's others. RuleBroken for an agency that is not in the partnership."""
    agency = agency_named(change.session, change.partnership, body.agency)
    assert agency is not None, "the body names one"
    require_free(change, Post, body.code)
    columns = body.model_dump(exclude={"agency"})
    row = Post(
        **columns,
        partnership_id=change.partnership.id,
        agency_id=agency.id,
        position=next_position(change, Post),
    )
    check_post(change, row)
    change.add(row)
    change.record("post added", "post", row.code, title=row.title, agency=agency.code)
    return row


def edit_post(change: Change, row: Post, patch: PostPatch) -> None:
    """Changes the fields that the patch names, and records each with its old value."""
    columns = patch.model_dump(exclude_unset=True)
    refuse_null(columns, MAY_BE_NULL)
    edits = set_columns(row, columns)
    check_post(change, row)
    if edits:
        change.session.add(row)
        change.record("post edited", "post", row.code, before=edits.before, after=edits.after)
    if "title" in edits.after:
        touch_readers_of_post(change)


def check_post(change: Change, row: Post) -> None:
    """Raises RuleBroken for what no post may be."""
    if names_person(row.title):
        message = "Give the post, not the person who holds it: names of people are not held here."
        raise RuleBroken("title", "names_person", message)
    for name in ("filled_from", "filled_until"):
        require_day(getattr(row, name), name)
    if Span(row.filled_from, row.filled_until).is_reversed:
        message = "The last day that it was filled is before the first. Put one of them right."
        raise RuleBroken("filled_until", "days_reversed", message)
    if row.deputy == row.code:
        raise RuleBroken("deputy", "own_deputy", "A post cannot stand in for itself: name another, or none.")
    with change.session.no_autoflush:
        post_named(change.session, row.partnership_id, row.deputy, "deputy")
