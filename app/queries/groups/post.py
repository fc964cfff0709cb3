"""Reads posts."""

from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.groups.post import occupancy
from app.models.groups.post import Post, PostOut
from app.queries.groups.directory import Directory, day_text
from app.queries.visible import within


def posts(actor: Actor) -> SelectOfScalar[Post]:
    return select(Post).where(within(col(Post.partnership_id), actor, Scope.READ))


def get_post(session: Session, actor: Actor, partnership_id: int, code: str) -> Post:
    """The partnership's post of a code; NotFound where the actor sees none."""
    row = session.exec(posts(actor).where(Post.partnership_id == partnership_id, Post.code == code)).first()
    if row is None:
        raise NotFound(f"The post “{code[:80]}”")
    return row


def post_named(session: Session, partnership_id: int, code: str | None, field: str) -> Post | None:
    """The partnership's post of a code; None for None. RuleBroken on `field` if there is no such post."""
    if code is None:
        return None
    row = session.exec(select(Post).where(Post.partnership_id == partnership_id, Post.code == code)).first()
    if row is None:
        message = f"“{code}” is no post of this partnership. Add it first, or name another."
        raise RuleBroken(field, "unknown_post", message)
    return row


def post_out(row: Post, directory: Directory, today: date) -> PostOut:
    state = occupancy(row.filled_from, row.filled_until, today)
    return PostOut(
        id=str(row.id),
        code=row.code,
        title=row.title,
        agency=directory.agencies[row.id],
        filled_from=day_text(row.filled_from),
        filled_until=day_text(row.filled_until),
        occupancy=state,
        occupancy_label=state.label,
        deputy=directory.post(row.partnership_id, row.deputy),
        email=row.email,
        note=row.note,
        version=row.seq,
    )
