"""Sending figures: the one command behind JSON, CSV and the form."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from app.commands.change import Change
from app.commands.figures.check import Belongs, Checked, belongs_in, check, message
from app.commands.figures.closed_quarter import Closed
from app.commands.figures.difference import why_it_changes
from app.commands.figures.doubt import check_neighbours
from app.commands.figures.receipt import Decided, counts_of, keep, row_out
from app.commands.figures.store import FigureChange, NewRevision, existing
from app.db import figures_only
from app.domain.errors import RuleBroken
from app.domain.period_text import parse_period
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import CountsOut, ReceiptOut, RowOut, Submission
from app.queries.figures.visibility import FigureVisibility
from app.record.figure import revisions_facts

Identity = tuple[int, str, str, int, int]
HIDDEN = "This figure is already here. Say in “reason” why it changes."
"""Asked of who may not see what stands there."""


@dataclass(slots=True)
class _Row(Decided):
    sent: SentRow = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Manner:
    """How rows are sent. In atomic mode one bad row leaves every other `not_stored`."""

    via: str
    is_atomic: bool = True
    is_correction: bool = False
    """A figure of a closed quarter changes as a correction alone."""


def submit_figures(change: Change, rows: Sequence[SentRow], manner: Manner) -> ReceiptOut:
    """Decides each row, keeps what may be kept, and gives the receipt; flushes, never commits.

    A receipt whose status is `rejected` has stored nothing at all: the caller turns it into a refusal.
    """
    session, partnership, today = change.session, change.partnership, change.today
    figures_only(session)
    access = change.access
    assert access is not None
    belongs = belongs_in(session, partnership, access)
    decided = [_read(sent, belongs, today) for sent in rows]
    _refuse_twins(decided)
    visibility = FigureVisibility(session, change.actor, partnership.id, today)
    _compare(change, decided, visibility)
    _refuse_closed(decided, Closed(session, partnership.id, correction=manner.is_correction))
    good = [row.checked for row in decided if not row.errors and not row.sent.is_left_out]
    check_neighbours(session, good, belongs, visibility)
    if any(row.errors for row in decided):
        _hold_back(decided, manner.is_atomic)
    counts = counts_of(decided)
    stored = counts["created"] + counts["revised"] + counts["unchanged"]
    if not stored:
        return _receipt(None, "rejected", counts, [row_out(row) for row in decided])
    status = "partly_accepted" if counts["rejected"] else "accepted"
    submission = keep(change, decided, manner.via, status, access.agency_id)
    _record(change, submission)
    return _receipt(str(submission.id), status, counts, cast(list[RowOut], submission.rows))


def _read(sent: SentRow, belongs: Belongs, today: date) -> _Row:
    if sent.is_left_out:
        return _Row(sent.row, sent.line, "not_stored", _as_far_as_read(sent, belongs), sent=sent)
    if sent.figure is None:
        about = _as_far_as_read(sent, belongs)
        return _Row(sent.row, sent.line, "rejected", about, errors=sent.errors, sent=sent)
    checked = check(sent.figure, belongs, today)
    outcome = "rejected" if checked.errors else "created"
    return _Row(sent.row, sent.line, outcome, checked, errors=checked.errors, sent=sent)


def _as_far_as_read(sent: SentRow, belongs: Belongs) -> Checked:
    """What a row that could not be read is about, so that people know which it is."""
    checked = Checked(indicator=belongs.indicators.get(sent.indicator or ""))
    with suppress(RuleBroken):
        checked.period = parse_period(sent.period or "")
    return checked


def _refuse_twins(decided: list[_Row]) -> None:
    """The same figure twice in a batch: neither is better than the other, so both are refused."""
    seen: dict[Identity, list[_Row]] = {}
    for row in decided:
        if row.checked.identity is not None:
            seen.setdefault(row.checked.identity, []).append(row)
    for twins in seen.values():
        if len(twins) == 1:
            continue
        numbers = " and ".join(str(twin.row) for twin in twins)
        for twin in twins:
            twin.outcome = "rejected"
            twin.errors.append(
                message("period", "same_figure_twice", f"Rows {numbers} are the same figure. Send it once.")
            )


def _compare(change: Change, decided: list[_Row], visibility: FigureVisibility) -> None:
    """New, changed, or as it stands already.

    To who may not see what stands there it is always a change, with a reason: "unchanged" would tell a guesser.
    """
    good = [row for row in decided if not row.errors and not row.sent.is_left_out]
    found = existing(change.session, [row.checked.identity for row in good if row.checked.identity])
    for row in good:
        checked = row.checked
        assert checked.identity is not None
        assert row.sent.figure is not None
        access = found.get(checked.identity)
        if access is None:
            revision = NewRevision(checked.values, row.sent.figure.reason or "", change.now)
            row.change = FigureChange(checked.identity, None, (revision,))
            continue
        row.figure_id = access.id
        assert checked.indicator is not None
        hidden = visibility.hides(checked.indicator, checked.identity[-1])
        values = row.sent.with_stored_note(access.values, checked.values)
        if not hidden:
            # What is hidden is not read: a warning would tell whether there is a note.
            checked.values = values
        if access.values == values and not hidden:
            row.outcome = "unchanged"
            continue
        evident = None if hidden else access.reason_it_speaks_for_itself(values)
        reason = row.sent.figure.reason or evident
        if reason is None:
            row.outcome = "rejected"
            text = HIDDEN if hidden else why_it_changes(access.values, values, access.words)
            row.errors.append(message("reason", "reason_required", text))
            continue
        row.outcome = "revised"
        row.change = FigureChange(checked.identity, access, (NewRevision(values, reason, change.now),))


def _refuse_closed(decided: list[_Row], closed: Closed) -> None:
    for row in decided:
        if row.change is None:
            continue
        refusal = closed.refusal(row.change.identity[-1], row.change.newest.reason)
        if refusal is not None:
            row.outcome, row.change = "rejected", None
            row.errors.append(refusal)


def _hold_back(decided: list[_Row], atomic: bool) -> None:
    for row in decided:
        if row.errors:
            row.outcome, row.change = "rejected", None
        elif atomic:
            row.outcome, row.change = "not_stored", None


def _record(change: Change, submission: Submission) -> None:
    facts = revisions_facts(change.session.connection(), submission.id)
    says = {"counts": submission.counts, "via": submission.via, "status": submission.status}
    change.record("figures submitted", "submission", str(submission.id), **says, **facts)


def _receipt(id_: str | None, status: str, counts: CountsOut, told: list[RowOut]) -> ReceiptOut:
    return ReceiptOut(id=id_, dry_run=False, status=status, counts=counts, rows=told)
