"""Stores decided figures as one submission with its receipt. JSON, files, forms and the plan document all end here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.commands.change import Change
from app.commands.figures.decision import RowDecision
from app.commands.figures.row_check import RowCheck
from app.commands.figures.store import store
from app.domain.number import plain
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import CountsOut, RowOut, Submission
from app.models.link import Link


def keep_submission(
    change: Change, decisions: Sequence[RowDecision], via: str, status: str, agency_id: int | None
) -> tuple[Submission, list[RowOut]]:
    """Stores what changes and writes the receipt; flushes. `via` and `agency_id` are as `Submission` has them.

    Gives the submission and the rows of its receipt.
    """
    submission = change.add(
        Submission(
            partnership_id=change.partnership.id,
            agency_id=agency_id,
            via=via,
            status=status,
            counts=dict(counts_of(decisions)),  # type: ignore[arg-type]
            rows=[],
        )
    )
    changing = [(decision, decision.change) for decision in decisions if decision.change is not None]
    ids = store(change.session, [figure_change for _, figure_change in changing], submission)
    for (decision, _), figure_id in zip(changing, ids, strict=True):
        decision.figure_id = figure_id
    rows = rows_out(decisions)
    submission.rows = [_stored_row(row) for row in rows]
    return submission, rows


def _stored_row(row: RowOut) -> dict[str, Any]:
    """A receipt's row as it is stored: with the figure's id in place of the link to it."""
    stored: dict[str, Any] = {**row}
    link: Link | None = stored.pop("figure")
    return {**stored, "figure_id": link.id if link is not None else None}


def counts_of(decisions: Iterable[RowDecision]) -> CountsOut:
    tally = Counter(decision.outcome for decision in decisions)
    return CountsOut(
        created=tally["created"],
        revised=tally["revised"],
        unchanged=tally["unchanged"],
        rejected=tally["rejected"],
        not_stored=tally["not_stored"],
    )


def rows_out(decisions: Iterable[RowDecision]) -> list[RowOut]:
    return [_row_out(decision) for decision in decisions]


def _row_out(decision: RowDecision) -> RowOut:
    check = decision.check
    indicator, period = check.indicator, check.period
    out = RowOut(
        row=decision.row,
        outcome=decision.outcome,
        figure=Link.to("figures", decision.figure_id),
        indicator_title=indicator.title if indicator is not None else None,
        indicator=indicator.code if indicator is not None else None,
        period=str(period) if period is not None else None,
        period_label=period.short_label if period is not None else None,
        words=_value_words(check),
        warnings=check.warnings,
        errors=decision.errors,
    )
    if decision.sent is not None:
        _add_reading(out, decision.sent)
    if decision.line is not None:
        out["line"] = decision.line
    return out


def _add_reading(out: RowOut, sent: SentRow) -> None:
    """Adds where a row of a file stands, how its cells were understood, and what is odd about them."""
    out["warnings"] = [*sent.warnings, *sent.located(out["warnings"])]
    out["errors"] = sent.located(out["errors"])
    if sent.notes:
        out["notes"] = sent.notes
    if sent.sheet is not None:
        out["sheet"] = sent.sheet


def _value_words(check: RowCheck) -> str | None:
    if check.indicator is None or not check.values:
        return None
    value, missing = check.values["value"], check.values["missing"]
    return plain(value) if value is not None else (missing or "").replace("_", " ") or None
