"""Collects the changes of one write: rows by table and key, and its events.

Rows are collected as the session flushes them. A statement that changes rows without the session is refused,
unless it only sets columns that no digest covers: so no change is left out by mistake.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import Session

from app.record.columns import CHECKED_OTHERWISE, FIGURE_LISTS, LISTS, newest_columns
from app.record.event import Event

Key = tuple[Any, ...]
"""A row's primary key."""
CHANGING = re.compile(r"\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)\"?", re.IGNORECASE)
SET = re.compile(r"[\s,]\"?(\w+)\"?=")
"""A column in SQLAlchemy's text of an update: no space before the sign, unlike in comparisons."""
SETS = "saferplan_sets"
"""Option of a statement written by hand: the columns that it sets."""
CHANGED_BY_STATEMENT = ("ledger", "stored_file")
"""Tables without digests whose rows no session holds: the ledger's row, and files, which are large."""
OWN = ("ledger", "audit_event", "row_digest")
IDENTITY = frozenset(FIGURE_LISTS[-1].split())
WITH_FIGURES = frozenset(
    {
        *OWN,
        "figure",
        "figure_revision",
        "submission",
        "remembered_answer",
        "upload",
        "return_event",
        "return_draft",
    }
)
"""Tables that sending figures writes to. Of any other it may move `seq` alone, as of the indicators it touches."""


class UnnamedChange(RuntimeError):
    """Raised for a statement that changes rows without their digests: a mistake in the program."""


@dataclass
class Changes:
    rows: dict[str, dict[Key, None]] = field(default_factory=dict)
    """Keys of rows inserted, changed or deleted, by table."""
    submissions: dict[int, None] = field(default_factory=dict)
    """Ids of the submissions that stored figures."""
    events: list[Event] = field(default_factory=list)
    has_written: bool = False
    is_of_figures: bool = True
    """Whether nothing was written but what comes with figures."""
    is_flushing: bool = False

    def copy(self) -> "Changes":
        rows = {table: dict(keys) for table, keys in self.rows.items()}
        return replace(self, rows=rows, submissions=dict(self.submissions), events=list(self.events))

    def go_back_to(self, earlier: "Changes") -> None:
        """Forgets changes collected since the copy `earlier`."""
        self.rows, self.submissions, self.events = earlier.rows, earlier.submissions, earlier.events

    def add(self, row: Any) -> None:
        state = inspect(row)
        table = state.mapper.local_table.name
        if table in LISTS:
            self.rows.setdefault(table, {})[tuple(state.mapper.primary_key_from_instance(row))] = None


def changes_of(session: Session) -> Changes:
    """Changes of a session from `Database.write`."""
    changes = session.info["changes"]
    assert isinstance(changes, Changes)
    return changes


def watch_statements(engine: Engine) -> None:
    """Checks each statement of connections that carry the option `saferplan_changes`."""
    event.listen(engine, "before_cursor_execute", _check_statement)


def _check_statement(
    connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    changes: Changes | None = connection.get_execution_options().get("saferplan_changes")
    changing = CHANGING.match(statement) if changes is not None else None
    if changes is None or changing is None:
        return
    verb, table = changing[1].split()[0].upper(), changing[2].lower()
    changes.has_written = changes.has_written or table not in OWN
    columns = context.execution_options.get(SETS) or (_set_columns(statement) if context.isupdate else None)
    if table not in WITH_FIGURES and columns != {"seq"}:
        changes.is_of_figures = False
    if not changes.is_flushing and not _leaves_digests(verb, table, columns):
        text = f"Change rows of {table} through the session, so that the record covers them: {statement}"
        raise UnnamedChange(text)


def _leaves_digests(verb: str, table: str, columns: set[str] | None) -> bool:
    """Whether no digest covers the rows or columns that a statement changes, or their digest is made elsewhere.

    `columns` are those that an update sets, where they are known.
    """
    if table in LISTS or table == "figure":
        covered = newest_columns(table) if table in LISTS else IDENTITY
        is_insert_of_figures = table == "figure" and verb == "INSERT"
        return is_insert_of_figures or (columns is not None and not columns & covered)
    return table not in CHECKED_OTHERWISE or verb == "INSERT" or table in CHANGED_BY_STATEMENT


def _set_columns(statement: str) -> set[str]:
    before_where = re.split(r"\sWHERE\s", statement, maxsplit=1)[0]
    return set(SET.findall(before_where))


@event.listens_for(Session, "before_flush")
def _begin_flush(session: Session, *_rest: Any) -> None:
    if "changes" in session.info:
        changes_of(session).is_flushing = True


@event.listens_for(Session, "after_flush")
def _collect(session: Session, *_rest: Any) -> None:
    """Collects flushed rows: here they are still marked as new, changed or deleted, and have their keys."""
    if "changes" not in session.info:
        return
    changes = changes_of(session)
    changes.is_flushing = False
    for row in (*session.new, *session.deleted, *filter(_is_covered_change, session.dirty)):
        changes.add(row)


@event.listens_for(Session, "after_soft_rollback")
def _end_flush(session: Session, *_rest: Any) -> None:
    if "changes" in session.info:
        changes_of(session).is_flushing = False


def _is_covered_change(row: Any) -> bool:
    state = inspect(row)
    covered = newest_columns(state.mapper.local_table.name) if state.mapper.local_table.name in LISTS else ()
    return any(state.attrs[name].history.has_changes() for name in covered)
