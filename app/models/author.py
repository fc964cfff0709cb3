"""Author of a record, in answers that have `recorded_by`."""

from typing_extensions import TypedDict

from app.domain.access.author import Author
from app.models.wire_enums import AuthorKindText


class AuthorOut(TypedDict):
    """A person, a key, or the deployment itself."""

    kind: AuthorKindText
    id: str | None
    """Of the person or the key, where it is known."""
    name: str
    """A person's name at that time, a key's public prefix, or the service's own name."""


def author_out(author: Author) -> AuthorOut:
    return AuthorOut(
        kind=author.kind.value, id=str(author.id) if author.id is not None else None, name=author.name
    )
