"""Sends figures: the one command behind JSON, files and forms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.commands.change import Change
from app.commands.figures.beside import check_beside
from app.commands.figures.context import submission_context
from app.commands.figures.decision import (
    SentDecision,
    compare_with_stored,
    decide_checked,
    decide_unreadable,
    hold_back,
    reject_closed,
    reject_repeated,
)
from app.commands.figures.receipt import counts_of, keep_submission, rows_out
from app.commands.figures.row_check import check_row
from app.commands.figures.series import check_series
from app.commands.figures.store import Identity, Stored, existing
from app.db import figures_only
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import CountsOut, ReceiptOut, RowOut, Submission
from app.queries.figures.period_progress import closes_by_quarter
from app.queries.figures.visibility import FigureVisibility
from app.record.figure import revisions_facts


@dataclass(frozen=True, slots=True)
class Manner:
    """How rows are sent. In atomic mode one bad row leaves every other `not_stored`."""

    via: str
    is_atomic: bool = True
    is_correction: bool = False
    """A figure of a closed quarter changes as a correction alone."""


def submit_figures(change: Change, rows: Sequence[SentRow], manner: Manner) -> ReceiptOut:
    """Decides each row, stores what may be stored, and gives the receipt; flushes, never commits.

    A receipt whose status is `rejected` has stored nothing at all: the caller turns it into a refusal.
    """
    session, access = change.session, change.access
    assert access is not None
    figures_only(session)
    context = submission_context(session, change.partnership, access)
    visibility = FigureVisibility(session, change.actor, change.partnership.id, change.today)
    decisions = [
        decide_checked(row, check_row(row.figure, context, change.today))
        if row.figure is not None
        else decide_unreadable(row, context)
        for row in rows
    ]
    reject_repeated(decisions)
    stored_figures = existing(session, _identities(decisions))
    compare_with_stored(decisions, stored_figures, _hidden(decisions, stored_figures, visibility), change.now)
    closes = closes_by_quarter(session, change.partnership.id)
    reject_closed(decisions, closes, is_correction=manner.is_correction)
    checks = [decision.check for decision in decisions if not decision.errors and decision.check.identity]
    check_beside(session, checks, context, visibility)
    check_series(session, [check for check in checks if not check.errors], context, visibility)
    hold_back(decisions, is_atomic=manner.is_atomic)
    counts = counts_of(decisions)
    if not counts["created"] + counts["revised"] + counts["unchanged"]:
        return _receipt(None, "rejected", counts, rows_out(decisions))
    status = "partly_accepted" if counts["rejected"] else "accepted"
    submission, rows_stored = keep_submission(change, decisions, manner.via, status, access.agency_id)
    _record(change, submission)
    return _receipt(str(submission.id), status, counts, rows_stored)


def _identities(decisions: Iterable[SentDecision]) -> list[Identity]:
    return [decision.identity for decision in decisions if decision.identity is not None]


def _hidden(
    decisions: Iterable[SentDecision], stored_figures: dict[Identity, Stored], visibility: FigureVisibility
) -> set[Identity]:
    """Identities of the stored figures that the sender may not see."""
    indicators = {each.identity: each.check.indicator for each in decisions}
    return {
        identity
        for identity in stored_figures
        if (indicator := indicators[identity]) is not None and visibility.hides(indicator, identity[-1])
    }


def _record(change: Change, submission: Submission) -> None:
    facts = revisions_facts(change.session.connection(), submission.id)
    says = {"counts": submission.counts, "via": submission.via, "status": submission.status}
    change.record("figures submitted", "submission", str(submission.id), **says, **facts)


def _receipt(id_: str | None, status: str, counts: CountsOut, rows: list[RowOut]) -> ReceiptOut:
    return ReceiptOut(id=id_, dry_run=False, status=status, counts=counts, rows=rows)
