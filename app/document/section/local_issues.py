"""Local issues. They are the partnership's, so they may change under an adopted plan."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, col, select

from app.commands.groups.local_issue import check_local_issue
from app.document.kit.entry import Code, Day, Entry, Line, Prose
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import StoredRows, entry_of, row_entry, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.groups.local_issue import LocalIssueState
from app.models.groups.local_issue import LocalIssue
from app.models.plan.partnership import Partnership


class LocalIssueEntry(Entry):
    """A problem at a place that a group works on, never about a person."""

    code: Code
    title: Line
    raised_by: Line | None = None
    raised_on: Day | None = None
    area: Code | None = None
    group: Code | None = Field(default=None, description="The group that works on it.")
    profile: Prose = Field(default="", description="What was found.")
    done: Prose = Field(default="", description="What was done about it.")
    changed: Prose = Field(default="", description="What has changed since.")
    state: LocalIssueState = LocalIssueState.OPEN
    closed_on: Day | None = None
    note: Prose = ""


def _references(names: Names, issues: Sequence[LocalIssueEntry]) -> Iterator[Problem]:
    for number, issue in enumerate(issues):
        path = ("local_issues", number)
        yield from names.unknown((*path, "area"), "area", issue.area, "areas")
        yield from names.unknown((*path, "group"), "group", issue.group, "groups")
        if (issue.state is LocalIssueState.CLOSED) != (issue.closed_on is not None):
            text = "A closed issue has the day that it was closed on, and an open one has none."
            yield names.problem((*path, "closed_on"), "closed_on", text)


def _upsert(load: Load, issues: Sequence[LocalIssueEntry]) -> None:
    stored = _rows(load.session, load.partnership)
    entries = []
    for number, issue in enumerate(issues):
        path = ("local_issues", number)
        load.check_recorded(issue.closed_on, (*path, "closed_on"))
        entries.append(row_entry(issue, path, raised_by=issue.raised_by or ""))
    owner = {"partnership_id": load.partnership.id}
    rows, _ = upsert_rows(
        load, StoredRows(LocalIssue, "local issue", stored, owner, is_plan_content=False), entries
    )
    for number, issue in enumerate(issues):
        with refusing_at(load, ("local_issues", number)):
            check_local_issue(load.change, rows[issue.code])


def _entries(export: Export) -> Iterator[LocalIssueEntry]:
    for row in _rows(export.session, export.partnership):
        yield entry_of(
            LocalIssueEntry, row, raised_by=row.raised_by or None, state=LocalIssueState(row.state)
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[LocalIssue]:
    query = select(LocalIssue).where(LocalIssue.partnership_id == partnership.id)
    return session.exec(query.order_by(col(LocalIssue.position))).all()


SECTION = Section("local_issues", LocalIssueEntry, _references, _upsert, _entries)
LocalIssueEntries = Annotated[list[LocalIssueEntry], SECTION]
