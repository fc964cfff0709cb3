"""The person behind an actor: two persons are compared by id, a key counting as the person who made it."""

from sqlmodel import Session

from app.domain.access.author import author
from app.domain.access.authority import Actor
from app.models.access.key import ApiKey


def person_behind(session: Session, actor: Actor) -> int | None:
    """Id of the person; None for the deployment's own command line, and keys that it made."""
    if actor.person_id is not None or actor.key_id is None:
        return actor.person_id
    return author(session.get_one(ApiKey, actor.key_id).created_by).id


def is_own(session: Session, actor: Actor, person_id: int | None) -> bool:
    """Whether the actor is that person."""
    return person_id is not None and person_behind(session, actor) == person_id
