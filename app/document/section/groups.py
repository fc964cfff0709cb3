"""Groups and their members over time. They belong to no plan, so they may change under an adopted one."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, col, select

from app.commands.groups.group import check_group
from app.commands.groups.member import set_members
from app.commands.groups.touch import touch_readers_of_group
from app.document.kit.codes import codes_by_id
from app.document.kit.entry import Code, Day, Entry, FlowEntry, Line, Prose, WholeNumber
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import RowEntry, StoredRows, entry_of, row_entry, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.groups.group import GroupKind
from app.models.groups.group import Group, GroupMember, GroupMemberIn
from app.models.groups.post import Post
from app.models.plan.partnership import Partnership
from app.queries.groups.group import list_members


class GroupMemberEntry(FlowEntry):
    """A post's membership, from a day to a day, both included."""

    post: Code
    begins_on: Day | None = None
    ends_on: Day | None = None


class GroupDocumentEntry(FlowEntry):
    title: Line
    dated_on: Day | None = None
    address: Line | None = None


class ForwardItemEntry(FlowEntry):
    title: Line
    expected: Line


class GroupEntry(Entry):
    """A group of the partnership, or of another body."""

    code: Code
    name: Line
    kind: GroupKind
    parent: Code | None = Field(default=None, description="The group that it reports to.")
    belongs_to: Line | None = Field(default=None, description="The other body whose group it is.")
    cycle: Line = Field(default="", description="How often it meets, in its own words.")
    cycle_rule: Line | None = Field(default=None, description="The same as a rule: every 6 weeks.")
    remit: Prose = ""
    documents: list[GroupDocumentEntry] = []
    chair: Code | None = None
    vice_chair: Code | None = None
    quorum: WholeNumber | None = None
    begins_on: Day | None = None
    ends_on: Day | None = None
    also_printed: list[Line] = Field(default=[], description="Other names that papers print for it.")
    forward_plan: list[ForwardItemEntry] = Field(
        default=[], description="Business to come that has no meeting."
    )
    note: Prose = ""
    members: list[GroupMemberEntry] = []


def _references(names: Names, groups: Sequence[GroupEntry]) -> Iterator[Problem]:
    for number, group in enumerate(groups):
        at = ("groups", number)
        yield from names.unknown((*at, "parent"), "group", group.parent, "groups")
        yield from names.unknown((*at, "chair"), "post", group.chair, "posts")
        yield from names.unknown((*at, "vice_chair"), "post", group.vice_chair, "posts")
        for place, member in enumerate(group.members):
            yield from names.unknown((*at, "members", place, "post"), "post", member.post, "posts")


def _upsert(load: Load, groups: Sequence[GroupEntry]) -> None:
    stored = _rows(load.session, load.partnership)
    entries = [_row_entry(group, number) for number, group in enumerate(groups)]
    owner = {"partnership_id": load.partnership.id}
    rows, is_changed = upsert_rows(
        load, StoredRows(Group, "group", stored, owner, is_plan_content=False), entries
    )
    load.session.flush()
    load.ids["groups"] = {code: row.id for code, row in rows.items()}
    for number, group in enumerate(groups):
        row = rows[group.code]
        with refusing_at(load, ("groups", number)):
            check_group(load.change, row)
            if set_members(load.change, row, _members(load, row, group)):
                load.did("changed", f"group {group.code}: its members")
    if is_changed and stored:
        touch_readers_of_group(load.change)


def _row_entry(group: GroupEntry, number: int) -> RowEntry:
    documents = [
        {**document.model_dump(), "dated_on": document.dated_on.isoformat() if document.dated_on else None}
        for document in group.documents
    ]
    entry = row_entry(group, ("groups", number), documents=documents)
    columns = {name: cell for name, cell in entry.columns.items() if name != "members"}
    return RowEntry(entry.code, entry.path, columns, entry.named)


def _members(load: Load, row: Group, group: GroupEntry) -> list[GroupMemberIn]:
    """The document's memberships, then the stored ones that it lacks, which are reported and stay."""
    codes = codes_by_id(load.session, Post, load.partnership.id)
    stored = {
        (codes[member.post_id], member.begins_on): member
        for member in list_members(load.session, [row.id])[row.id]
    }
    members = []
    for entry in group.members:
        earlier = stored.pop((entry.post, entry.begins_on), None)
        is_kept = earlier is not None and "ends_on" not in entry.model_fields_set
        ends_on = earlier.ends_on if is_kept and earlier is not None else entry.ends_on
        members.append(GroupMemberIn(post=entry.post, begins_on=entry.begins_on, ends_on=ends_on))
    for (post, begins_on), member in stored.items():
        load.left_alone.append(f"group {group.code}: member {post} is not in the document")
        members.append(GroupMemberIn(post=post, begins_on=begins_on, ends_on=member.ends_on))
    return members


def _entries(export: Export) -> Iterator[GroupEntry]:
    rows = _rows(export.session, export.partnership)
    members = list_members(export.session, [row.id for row in rows])
    codes = codes_by_id(export.session, Post, export.partnership.id)
    for row in rows:
        yield entry_of(
            GroupEntry,
            row,
            kind=GroupKind(row.kind),
            documents=[_document_entry(entry) for entry in row.documents],
            forward_plan=[_forward_entry(entry) for entry in row.forward_plan],
            members=[_member_entry(member, codes) for member in members[row.id]],
        )


def _forward_entry(entry: dict[str, str]) -> ForwardItemEntry:
    return ForwardItemEntry.model_construct(title=entry["title"], expected=entry["expected"])


def _document_entry(entry: dict[str, str | None]) -> GroupDocumentEntry:
    dated_on = entry["dated_on"]
    day = date.fromisoformat(dated_on) if dated_on is not None else None
    return GroupDocumentEntry.model_construct(
        title=entry["title"] or "", dated_on=day, address=entry["address"]
    )


def _member_entry(row: GroupMember, codes: dict[int, str]) -> GroupMemberEntry:
    return GroupMemberEntry.model_construct(
        post=codes[row.post_id], begins_on=row.begins_on, ends_on=row.ends_on
    )


def _rows(session: Session, partnership: Partnership) -> Sequence[Group]:
    query = select(Group).where(Group.partnership_id == partnership.id).order_by(col(Group.position))
    return session.exec(query).all()


SECTION = Section("groups", GroupEntry, _references, _upsert, _entries)
GroupEntries = Annotated[list[GroupEntry], SECTION]
