"""Areas, groups and posts that a request names by code, and their names for answers."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.domain.errors import RuleBroken
from app.models.groups.group import Group
from app.models.groups.post import Post
from app.models.plan.partnership import Area, NamedOut, Partnership
from app.queries.groups.directory import Directory


def require_area(session: Session, partnership: Partnership, code: str | None) -> None:
    """Raises RuleBroken on `area` for a code that no area of the partnership has; None names none."""
    query = select(Area.id).where(Area.partnership_id == partnership.id, Area.code == code)
    if code is not None and session.exec(query).first() is None:
        message = f"“{code}” is no area of {partnership.short_name}. Check its code, or name another."
        raise RuleBroken("area", "unknown_area", message)


def require_group(session: Session, partnership: Partnership, code: str | None, field: str = "group") -> None:
    """Raises RuleBroken on `field` for a code that no group of the partnership has; None names none."""
    query = select(Group.id).where(Group.partnership_id == partnership.id, Group.code == code)
    if code is not None and session.exec(query).first() is None:
        message = f"“{code}” is no group of {partnership.short_name}. Check its code, or name another."
        raise RuleBroken(field, "unknown_group", message)


def require_post(session: Session, partnership: Partnership, code: str | None) -> None:
    """Raises RuleBroken on `owner` for a code that no post of the partnership has; None names none."""
    query = select(Post.id).where(Post.partnership_id == partnership.id, Post.code == code)
    if code is not None and session.exec(query).first() is None:
        message = f"“{code}” is no post of {partnership.short_name}. Check its code, or name another."
        raise RuleBroken("owner", "unknown_post", message)


class Names:
    """Names of the areas, groups and posts of some partnerships, read once for an answer."""

    def __init__(self, session: Session, partnership_ids: Collection[int]) -> None:
        areas = session.exec(select(Area).where(col(Area.partnership_id).in_(partnership_ids))).all()
        self.directory = Directory(session, partnership_ids)
        self._areas = {(row.partnership_id, row.code): row.name for row in areas}

    def area(self, partnership_id: int, code: str | None) -> NamedOut | None:
        name = self._areas.get((partnership_id, code)) if code is not None else None
        return NamedOut(code=code, name=name) if code is not None and name is not None else None
