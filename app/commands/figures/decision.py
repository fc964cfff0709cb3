"""Decides each row of a submission: created, revised, unchanged, rejected or not stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from app.commands.figures.context import SubmissionContext
from app.commands.figures.difference import ask_reason
from app.commands.figures.row_check import RowCheck, breakdown_text, message
from app.commands.figures.store import FigureChange, Identity, NewRevision, Stored
from app.domain.access.author import author
from app.domain.errors import RuleBroken
from app.domain.period_text import parse_period
from app.domain.returns.reporting import Step, quarter_of
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import RowMessage
from app.queries.returns.reporting_period import on_words

HIDDEN = "This figure is already here. Say in “reason” why it changes."
"""Asks for a reason from a sender who may not see the stored value."""


@dataclass(slots=True)
class RowDecision:
    """One row of a submission, and its outcome: created, revised, unchanged, rejected or not_stored."""

    row: int
    line: int | None
    outcome: str
    check: RowCheck
    change: FigureChange | None = None
    """What to store, if anything."""
    figure_id: int | None = None
    errors: list[RowMessage] = field(default_factory=list)
    sent: SentRow | None = None
    """The row as it came, where it was sent as one."""
    unread_identity: Identity | None = None
    """The figure that a row is about which could not be read, as far as its cells say."""

    @property
    def identity(self) -> Identity | None:
        return self.check.identity or self.unread_identity

    def reject(self, *errors: RowMessage) -> None:
        self.outcome, self.change = "rejected", None
        self.errors.extend(errors)


@dataclass(slots=True)
class SentDecision(RowDecision):
    """Decision on a row that was sent as JSON, file or form."""

    sent: SentRow = field(kw_only=True)


def decide_checked(sent: SentRow, check: RowCheck) -> SentDecision:
    """Starts from the check of a row; what is stored already has not been compared."""
    outcome = "rejected" if check.errors else "created"
    return SentDecision(sent.row, sent.line, outcome, check, errors=check.errors, sent=sent)


def decide_unreadable(sent: SentRow, context: SubmissionContext) -> SentDecision:
    """Rejects a row that could not be parsed; names its indicator and period as far as they could be.

    A row that is hidden in its file was left out, and is not stored.
    """
    check = RowCheck(indicator=context.indicators.get(sent.indicator or ""))
    with suppress(RuleBroken):
        check.period = parse_period(sent.period or "")
    outcome = "not_stored" if sent.is_left_out else "rejected"
    decision = SentDecision(sent.row, sent.line, outcome, check, errors=sent.errors, sent=sent)
    if check.indicator is not None and check.period is not None:
        place = (sent.area or context.own_area, breakdown_text(sent.breakdown))
        months = (check.period.first, check.period.last)
        decision.unread_identity = (check.indicator.id, *place, *months)
    return decision


def reject_repeated(decisions: Iterable[RowDecision]) -> None:
    """Rejects every row of a figure that is sent twice: neither is better than the other."""
    by_identity: dict[Identity, list[RowDecision]] = {}
    for decision in decisions:
        if decision.check.identity is not None:
            by_identity.setdefault(decision.check.identity, []).append(decision)
    for repeated in by_identity.values():
        if len(repeated) == 1:
            continue
        text = f"{_places(repeated)} are the same figure. Send it once."
        for decision in repeated:
            decision.reject(message("period", "same_figure_twice", text))


def _places(decisions: Sequence[RowDecision]) -> str:
    """Rows by their file's own count: "Rows 3 and 4", "Lines 9 and 10", "Rows 9 of “Police” and 4 of “Fire”"."""
    is_csv = any(each.line is not None and each.sent and each.sent.address is None for each in decisions)
    sheets = {each.sent.sheet for each in decisions if each.sent is not None}
    places = [str(each.line if each.line is not None else each.row) for each in decisions]
    if len(sheets) > 1:
        places = [
            f"{place} of “{each.sent.sheet}”"
            for place, each in zip(places, decisions, strict=True)
            if each.sent
        ]
    return f"{'Lines' if is_csv else 'Rows'} {' and '.join(places)}"


def compare_with_stored(
    decisions: Iterable[SentDecision],
    stored_figures: Mapping[Identity, Stored],
    hidden: Collection[Identity],
    now: datetime,
) -> None:
    """Decides good rows: new, revised with a reason, or unchanged. `hidden` are stored figures the sender may not see.

    A row that is rejected names the stored figure too, so that people see what is there.
    If the sender may not see the stored value, always require a reason: answering "unchanged" would leak it.
    """
    for decision in decisions:
        stored = stored_figures.get(decision.identity) if decision.identity is not None else None
        if stored is not None and not (decision.errors and decision.identity in hidden):
            decision.figure_id = stored.id
        identity = decision.check.identity
        if decision.errors or identity is None:
            continue
        if stored is None:
            revision = NewRevision(decision.check.values, _reason(decision), now)
            decision.change = FigureChange(identity, None, (revision,))
        else:
            _compare(decision, stored, now, is_hidden=identity in hidden)


def _compare(decision: SentDecision, stored: Stored, now: datetime, *, is_hidden: bool) -> None:
    check = decision.check
    values = decision.sent.with_stored_note(stored.values, check.values)
    if not is_hidden:
        # A hidden note is not read: a warning would tell whether there is one.
        check.values, check.earlier_note = values, stored.note_of_another(values)
    if stored.values == values and not is_hidden:
        decision.outcome = "unchanged"
        return
    reason = _reason(decision)
    if not reason and not is_hidden:
        reason = stored.evident_reason(values) or ""
    if not reason:
        text = HIDDEN if is_hidden else ask_reason(stored.values, values, stored.words)
        decision.reject(message("reason", "reason_required", text))
        return
    decision.outcome = "revised"
    assert check.identity is not None
    decision.change = FigureChange(check.identity, stored, (NewRevision(values, reason, now),))


def _reason(decision: SentDecision) -> str:
    figure = decision.sent.figure
    return (figure.reason or "") if figure is not None else ""


def closed_refusal(
    closes: Mapping[int, Step], last_month: int, reason: str, *, is_correction: bool
) -> RowMessage | None:
    """Why a figure that ends in this month may not change; None where it may.

    `closes` holds the close of each closed quarter by its first month.
    """
    quarter = quarter_of(last_month)
    close = closes.get(quarter.first)
    if close is None or (is_correction and reason):
        return None
    if is_correction:
        text = f"{quarter.short_label} is closed. Say in “reason” why it is corrected."
        return message("reason", "reason_required", text)
    return message(
        "period",
        "period_closed",
        f"{quarter.short_label} was closed on {on_words(close.at)} by {author(close.by).words}. To correct it all "
        "the same, say why in “reason” and send it as a correction (correction=true): it is then marked as "
        "revised after close.",
    )


def reject_closed(
    decisions: Iterable[RowDecision], closes: Mapping[int, Step], *, is_correction: bool
) -> None:
    """Rejects changes to figures of closed quarters; `closes` and `is_correction` as in `closed_refusal`.

    A change without a reason is told of the close too: with a reason alone it would be refused again.
    """
    for decision in decisions:
        if decision.change is not None:
            last_month, reason = decision.change.identity[-1], decision.change.newest.reason
        elif decision.check.identity is not None and _lacks_reason(decision) and not is_correction:
            last_month, reason = decision.check.identity[-1], ""
        else:
            continue
        refusal = closed_refusal(closes, last_month, reason, is_correction=is_correction)
        if refusal is not None:
            decision.reject(refusal)


def _lacks_reason(decision: RowDecision) -> bool:
    """Whether a row would change a figure, and is rejected for want of a reason alone."""
    return [error["code"] for error in decision.errors] == ["reason_required"]


def hold_back(decisions: Sequence[RowDecision], *, is_atomic: bool) -> None:
    """Rejects rows with errors; in atomic mode one such row leaves every other not stored."""
    if not any(decision.errors for decision in decisions):
        return
    for decision in decisions:
        if decision.errors:
            decision.reject()
        elif is_atomic:
            decision.outcome, decision.change = "not_stored", None
