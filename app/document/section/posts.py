"""Posts of the partnership's agencies. They belong to no plan, so they may change under an adopted one."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from sqlmodel import Session, col, select

from app.commands.groups.post import check_post
from app.commands.groups.touch import touch_readers_of_post
from app.document.kit.entry import Code, Day, FlowEntry, Line
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import RowEntry, StoredRows, entry_of, row_entry, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.models.access.person import Email
from app.models.groups.post import Post
from app.models.plan.partnership import Agency, Partnership


class PostEntry(FlowEntry):
    """An office in an agency, never the person who holds it."""

    code: Code
    title: Line
    agency: Code
    filled_from: Day | None = None
    filled_until: Day | None = None
    deputy: Code | None = None
    email: Email | None = None
    note: Line = ""


def _references(names: Names, posts: Sequence[PostEntry]) -> Iterator[Problem]:
    for number, post in enumerate(posts):
        yield from names.unknown(("posts", number, "agency"), "agency", post.agency, "agencies")
        yield from names.unknown(("posts", number, "deputy"), "post", post.deputy, "posts")


def _upsert(load: Load, posts: Sequence[PostEntry]) -> None:
    stored = _rows(load.session, load.partnership)
    entries = [_row_entry(load, post, number) for number, post in enumerate(posts)]
    owner = {"partnership_id": load.partnership.id}
    rows, is_changed = upsert_rows(
        load, StoredRows(Post, "post", stored, owner, is_plan_content=False), entries
    )
    load.session.flush()
    for number, post in enumerate(posts):
        with refusing_at(load, ("posts", number)):
            check_post(load.change, rows[post.code])
    if is_changed and stored:
        touch_readers_of_post(load.change)


def _row_entry(load: Load, post: PostEntry, number: int) -> RowEntry:
    entry = row_entry(post, ("posts", number), agency_id=load.ids["agencies"].get(post.agency))
    columns = {name: cell for name, cell in entry.columns.items() if name != "agency"}
    return RowEntry(entry.code, entry.path, columns, entry.named | {"agency_id"})


def _entries(export: Export) -> Iterator[PostEntry]:
    agencies = dict(export.session.exec(select(Agency.id, Agency.code)).all())
    for row in _rows(export.session, export.partnership):
        yield entry_of(PostEntry, row, agency=agencies[row.agency_id])


def _rows(session: Session, partnership: Partnership) -> Sequence[Post]:
    query = select(Post).where(Post.partnership_id == partnership.id).order_by(col(Post.position))
    return session.exec(query).all()


SECTION = Section("posts", PostEntry, _references, _upsert, _entries)
PostEntries = Annotated[list[PostEntry], SECTION]
