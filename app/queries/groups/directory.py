"""Names of posts, groups and meetings, as answers show them beside a code."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.domain.day import day_words
from app.models.groups.decision import MeetingRefOut
from app.models.groups.group import Group
from app.models.groups.meeting import Meeting
from app.models.groups.post import Post
from app.models.plan.partnership import Agency, NamedOut


class Directory:
    """Names of some partnerships, read once for an answer. Codes are unique within a partnership."""

    def __init__(self, session: Session, partnership_ids: Collection[int]) -> None:
        posts = session.exec(
            select(Post, Agency)
            .join(Agency, col(Agency.id) == col(Post.agency_id))
            .where(col(Post.partnership_id).in_(partnership_ids))
        ).all()
        groups = session.exec(select(Group).where(col(Group.partnership_id).in_(partnership_ids))).all()
        self._session = session
        self._partnership_ids = partnership_ids
        self.posts = {post.id: NamedOut(code=post.code, name=post.title) for post, _ in posts}
        self.agencies = {post.id: NamedOut(code=agency.code, name=agency.name) for post, agency in posts}
        self.groups = {row.id: NamedOut(code=row.code, name=row.name) for row in groups}
        self._posts = {(post.partnership_id, post.code): self.posts[post.id] for post, _ in posts}
        self._groups = {(row.partnership_id, row.code): self.groups[row.id] for row in groups}
        self._meetings: dict[int, MeetingRefOut] | None = None

    def post(self, partnership_id: int, code: str | None) -> NamedOut | None:
        return self._posts.get((partnership_id, code)) if code is not None else None

    def group(self, partnership_id: int, code: str | None) -> NamedOut | None:
        return self._groups.get((partnership_id, code)) if code is not None else None

    @property
    def meetings(self) -> dict[int, MeetingRefOut]:
        """Meetings by id, read when first needed."""
        if self._meetings is None:
            mine = select(Meeting).where(col(Meeting.partnership_id).in_(self._partnership_ids))
            self._meetings = {row.id: self.meeting_ref(row) for row in self._session.exec(mine)}
        return self._meetings

    def meeting_ref(self, row: Meeting) -> MeetingRefOut:
        words = f"{self.groups[row.group_id]['name']}, {day_words(row.day)}"
        return MeetingRefOut(code=row.code, day=row.day.isoformat(), words=words)


def day_text(day: object) -> str | None:
    """ISO text of a date; None for None."""
    return str(day) if day is not None else None
