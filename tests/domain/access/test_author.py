"""Who recorded something, from columns or from text alone."""

import pytest

from app.domain.access.author import Author, AuthorKind, author
from app.domain.access.authority import Actor


@pytest.mark.parametrize(
    ("recorded_by", "kind", "id_", "expected"),
    [
        ("person 12 (Ann)", "person", 12, Author(AuthorKind.PERSON, 12, "Ann")),
        ("person 12 (Ann (cover))", None, None, Author(AuthorKind.PERSON, 12, "Ann (cover)")),
        ("person 12 ()", None, None, Author(AuthorKind.PERSON, 12, "")),
        ("key sp_3fk2", "key", 4, Author(AuthorKind.KEY, 4, "sp_3fk2")),
        ("key sp_3fk2", None, None, Author(AuthorKind.KEY, None, "sp_3fk2")),
        ("command line", "service", None, Author(AuthorKind.SERVICE, None, "command line")),
        ("demonstration", None, None, Author(AuthorKind.SERVICE, None, "demonstration")),
        ("person of no number", None, None, Author(AuthorKind.SERVICE, None, "person of no number")),
    ],
)
def test_columns_count_and_text_stands_in_for_them(
    recorded_by: str, kind: str | None, id_: int | None, expected: Author
) -> None:
    assert author(recorded_by, kind, id_) == expected


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (Actor.of_person(12, "Ann"), Author(AuthorKind.PERSON, 12, "Ann")),
        (Actor.of_key(4, "sp_3fk2", ()), Author(AuthorKind.KEY, 4, "sp_3fk2")),
        (Actor.of_service("worker"), Author(AuthorKind.SERVICE, None, "worker")),
    ],
)
def test_an_actor_records_as_its_author_reads(actor: Actor, expected: Author) -> None:
    assert actor.author == expected
    assert author(actor.name, actor.author.kind.value, actor.author.id) == expected
