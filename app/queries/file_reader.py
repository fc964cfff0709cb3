"""Who may read a stored file: those who may read what refers to it. Lists each kind of thing that refers to files."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.domain.access.authority import Actor
from app.models.record.stored_file import FileReference
from app.queries.groups import recommendation

READERS: Mapping[str, Callable[[Actor], ColumnElement[bool]]] = {
    recommendation.KIND: recommendation.reads_evidence
}
"""By kind of thing: the condition on a reference under which an actor reads its file."""


def readable(actor: Actor) -> list[ColumnElement[bool]]:
    """Conditions on `FileReference`, of which one must hold."""
    return [(col(FileReference.subject_kind) == kind) & reads(actor) for kind, reads in READERS.items()]
