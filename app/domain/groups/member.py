"""Members of a group over time: posts, each with the days that it is one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.groups.group import Span


@dataclass(frozen=True, slots=True)
class Member:
    """A post's membership. A post that left and came back has two."""

    post: str
    """Its code."""
    span: Span = field(default_factory=Span)


def members_on(members: Iterable[Member], day: date) -> list[str]:
    """Codes of the posts that are members on a day, in their order."""
    return [member.post for member in members if member.span.has(day)]


def overlapping(members: Sequence[Member]) -> Iterator[int]:
    """Numbers, from 0, of the memberships of a post that overlap an earlier one of the same post."""
    for number, member in enumerate(members):
        earlier = (other for other in members[:number] if other.post == member.post)
        if any(member.span.overlaps(other.span) for other in earlier):
            yield number
