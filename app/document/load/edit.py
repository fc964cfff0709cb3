"""Edits that people and keys made here, from the audit record: a document that repeats what was before undoes none."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from app.config import LONDON
from app.document.kit.load import short_text
from app.domain.access.author import Author, author
from app.domain.day import day_words
from app.models.column import plain
from app.models.record.ledger import AuditEvent

ACTIONS = ("indicator edited", "partnership edited")


@dataclass(frozen=True, slots=True)
class Edit:
    """The change of one field: its stored value before and after, as the audit record holds them."""

    before: Any
    after: Any
    at: datetime
    author: Author

    @property
    def words(self) -> str:
        return set_here(self.at, self.author)


class Edits:
    """A partnership's edits, oldest first, by subject and field."""

    def __init__(self, session: Session, partnership_id: int) -> None:
        self._by_field: dict[tuple[str, str], list[Edit]] = defaultdict(list)
        query = select(AuditEvent).where(
            AuditEvent.partnership_id == partnership_id, col(AuditEvent.action).in_(ACTIONS)
        )
        for event in session.exec(query.order_by(col(AuditEvent.id))):
            self._add(event)

    def _add(self, event: AuditEvent) -> None:
        facts = json.loads(event.data)
        by = author(event.actor)
        for field, after in facts["after"].items():
            edit = Edit(facts["before"].get(field), after, event.at, by)
            self._by_field[event.subject, field].append(edit)

    def setting(self, subject: str, field: str, stored: Any) -> Edit | None:
        """The newest edit of a field, if the stored value is the one that it set."""
        edits = self._by_field.get((subject, field))
        return edits[-1] if edits and is_same(edits[-1].after, stored) else None

    def had_before(self, subject: str, field: str, value: Any) -> bool:
        """Whether an edit of a field replaced this value."""
        return any(is_same(edit.before, value) for edit in self._by_field.get((subject, field), ()))


def is_same(recorded: Any, value: Any) -> bool:
    """Whether a value of the audit record is a stored one; nothing equals an empty text or list."""
    as_json = _to_json(value)
    return bool(recorded == as_json or (recorded in (None, "", []) and as_json in (None, "", [])))


def _to_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _to_json(part) for name, part in value.items()}
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def set_here(at: datetime, by: Author) -> str:
    """ "set here on 3 November 2017 by Ann"."""
    return f"set here on {day_words(at.astimezone(LONDON).date())} by {by.words}"


def quoted(cell: Any) -> str:
    """A field's content for a sentence: text in quotes, codes in a row."""
    if isinstance(cell, list) and cell and all(isinstance(code, str) for code in cell):
        return ", ".join(cell)
    if cell is None or cell in ("", []):
        return "nothing"
    return f"“{short_text(cell)}”" if isinstance(cell, str) else short_text(cell)
