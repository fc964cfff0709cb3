"""Rules between indicators. They are the partnership's, so they may change under an adopted plan."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, col, select

from app.document.kit.entry import Code, Entry, FlowCodes, Line
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.row import StoredRows, entry_of, row_entry, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.figures.rule import Comparison, Severity, WhenMissing
from app.models.figures.rule import Rule
from app.models.plan.partnership import Partnership


class RuleEntry(Entry):
    """A comparison that must hold between two sums of figures, of one period and area."""

    code: Code
    title: Line
    left: FlowCodes = Field(min_length=1)
    comparison: Comparison
    right: FlowCodes = Field(min_length=1)
    when_missing: WhenMissing = Field(
        default=WhenMissing.SKIP, description="What becomes of it while a figure it needs is not there."
    )
    severity: Severity = Field(
        default=Severity.WARNING,
        description="An error stops the rows that break it; a warning asks for a note.",
    )


def _references(names: Names, rules: Sequence[RuleEntry]) -> Iterator[Problem]:
    for number, rule in enumerate(rules):
        for side, codes in (("left", rule.left), ("right", rule.right)):
            for position, code in enumerate(codes):
                yield from names.unknown(("rules", number, side, position), "indicator", code, "indicators")


def _upsert(load: Load, rules: Sequence[RuleEntry]) -> None:
    stored = _rows(load.session, load.partnership)
    entries = [row_entry(rule, ("rules", number)) for number, rule in enumerate(rules)]
    owner = {"partnership_id": load.partnership.id}
    upsert_rows(load, StoredRows(Rule, "rule", stored, owner, is_plan_content=False), entries)


def _entries(export: Export) -> Iterator[RuleEntry]:
    for row in _rows(export.session, export.partnership):
        yield entry_of(
            RuleEntry,
            row,
            comparison=Comparison(row.comparison),
            when_missing=WhenMissing(row.when_missing),
            severity=Severity(row.severity),
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[Rule]:
    query = select(Rule).where(Rule.partnership_id == partnership.id).order_by(col(Rule.position))
    return session.exec(query).all()


SECTION = Section("rules", RuleEntry, _references, _upsert, _entries)
RuleEntries = Annotated[list[RuleEntry], SECTION]
