"""Putting decided figures away as one submission, whose receipt says what became of each row.

Every way in ends here: JSON, files and forms, and the plan document.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from app.commands.change import Change
from app.commands.figures.check import Checked
from app.commands.figures.store import FigureChange, store
from app.domain.number import plain
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import CountsOut, RowMessage, RowOut, Submission


@dataclass(slots=True)
class Decided:
    """One row of a sending, and what becomes of it: created, revised, unchanged, rejected or not_stored."""

    row: int
    line: int | None
    outcome: str
    checked: Checked
    change: FigureChange | None = None
    """Where something is to be stored."""
    figure_id: int | None = None
    errors: list[RowMessage] = field(default_factory=list)
    sent: SentRow | None = None
    """The row as it came, where it was sent as one."""


def counts_of(decided: Sequence[Decided]) -> CountsOut:
    tally = Counter(row.outcome for row in decided)
    return CountsOut(
        created=tally["created"],
        revised=tally["revised"],
        unchanged=tally["unchanged"],
        rejected=tally["rejected"],
        not_stored=tally["not_stored"],
    )


def keep(
    change: Change, decided: Sequence[Decided], via: str, status: str, agency_id: int | None
) -> Submission:
    """Stores what changes and writes the receipt; flushes. `via` and `agency_id` are as `Submission` has them."""
    submission = change.add(
        Submission(
            partnership_id=change.partnership.id,
            agency_id=agency_id,
            via=via,
            status=status,
            counts=dict(counts_of(decided)),  # type: ignore[arg-type]
            rows=[],
        )
    )
    changing = [(row, row.change) for row in decided if row.change is not None]
    ids = store(change.session, [figure_change for _, figure_change in changing], submission)
    for (row, _), figure_id in zip(changing, ids, strict=True):
        row.figure_id = figure_id
    submission.rows = cast(list[dict[str, Any]], [row_out(row) for row in decided])
    return submission


def row_out(row: Decided) -> RowOut:
    checked = row.checked
    indicator, period = checked.indicator, checked.period
    out = RowOut(
        row=row.row,
        outcome=row.outcome,
        figure=f"/api/v1/figures/{row.figure_id}" if row.figure_id is not None else None,
        indicator_title=indicator.title if indicator is not None else None,
        indicator=indicator.code if indicator is not None else None,
        period=str(period) if period is not None else None,
        period_label=period.short_label if period is not None else None,
        words=_words(checked),
        warnings=checked.warnings,
        errors=row.errors,
    )
    if row.line is not None:
        out["line"] = row.line
    if row.sent is not None:
        _add_reading(out, row.sent)
    return out


def _add_reading(out: RowOut, sent: SentRow) -> None:
    """Adds where a row of a file stands, how its cells were understood, and what is odd about them."""
    out["warnings"] = [*sent.warnings, *sent.located(out["warnings"])]
    out["errors"] = sent.located(out["errors"])
    if sent.notes:
        out["notes"] = sent.notes
    if sent.sheet is not None:
        out["sheet"] = sent.sheet


def _words(checked: Checked) -> str | None:
    if checked.indicator is None or not checked.values:
        return None
    value, missing = checked.values["value"], checked.values["missing"]
    return plain(value) if value is not None else (missing or "").replace("_", " ") or None
