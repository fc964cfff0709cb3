"""Author of a record: a person, a key, or the deployment itself."""

import re
from dataclasses import dataclass
from enum import StrEnum

PERSON = re.compile(r"person (\d+) \((.*)\)")
KEY = re.compile(r"key (\S+)")


class AuthorKind(StrEnum):
    PERSON = "person"
    KEY = "key"
    SERVICE = "service"
    """The deployment itself: its command line, its worker."""


@dataclass(frozen=True, slots=True)
class Author:
    kind: AuthorKind
    id: int | None
    """Id of the person or the key; None for a key of which only the name was recorded."""
    name: str
    """A person's name at that time, a key's public prefix, or the service's own name."""

    @property
    def words(self) -> str:
        """Name for a sentence that begins with "by": "Ann", "key sp_3fk2"."""
        return f"key {self.name}" if self.kind is AuthorKind.KEY else self.name


def author(recorded_by: str, kind: str | None = None, id_: int | None = None) -> Author:
    """Builds an author from recorded columns. Rows older than `kind` and `id_` hold them in the text alone."""
    if person := PERSON.fullmatch(recorded_by):
        return Author(AuthorKind.PERSON, id_ if id_ is not None else int(person[1]), person[2])
    if key := KEY.fullmatch(recorded_by):
        return Author(AuthorKind.KEY, id_, key[1])
    return Author(AuthorKind(kind) if kind is not None else AuthorKind.SERVICE, id_, recorded_by)
