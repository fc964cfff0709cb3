"""Stores the document's figures: new ones with their history, changed ones as revisions with reasons."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.commands.figures.beside import check_beside
from app.commands.figures.context import SubmissionContext, submission_context
from app.commands.figures.decision import RowDecision, closed_refusal
from app.commands.figures.receipt import keep_submission
from app.commands.figures.row_check import RowCheck
from app.commands.figures.series import check_series
from app.commands.figures.store import FIGURE, VALUE_COLUMNS, FigureChange, Identity, NewRevision, Stored
from app.document.kit.load import Done
from app.document.load.document import Work
from app.document.load.history import History, State, histories
from app.document.load.revision import Past, past_of, to_append
from app.domain.figures.promise import BAD_PROMISE, EXPECTED_PROMISE, is_too_far_ahead
from app.domain.figures.row_doubt import row_doubts
from app.domain.figures.validity import Finding, findings, too_early, value_of
from app.domain.returns.reporting import quarter_of
from app.models.figures.figure import Values
from app.models.figures.submission import RowMessage
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.figures import period_progress
from app.queries.figures.visibility import FigureVisibility
from app.queries.returns.reporting_period import on_words


@dataclass(slots=True)
class _DocumentDecision(RowDecision):
    history: History = field(kw_only=True)
    is_wrong: bool = field(kw_only=True)
    """Whether the figure by itself is wrong; then it is not compared with others."""


def upsert_figures(
    work: Work, partnership: Partnership, indicators: dict[str, Indicator], visibility: FigureVisibility
) -> int | None:
    """Stores the document's figures as one submission; returns its id, or None if nothing was new.

    Problems are added to `work`; the caller then rolls everything back.
    """
    document_figures = [history for history in histories(work.document) if history.indicator in indicators]
    identities = [_identity(history, indicators) for history in document_figures]
    past = past_of(work.session, identities)
    context = submission_context(work.session, partnership, work.access)
    _refuse_hidden(work, document_figures, past, context, visibility)
    rows = [
        _decide(work, number, history, past, context)
        for number, history in enumerate(document_figures, start=1)
    ]
    _refuse_changes_of_reported(work, partnership, rows)
    _check_against_others(work, rows, context, visibility)
    _report_left_alone(work, indicators, identities, past)
    for row in rows:
        work.counts[f"figures_{row.outcome}"] += 1
    if work.problems or not any(row.change for row in rows):
        return None
    submission, _ = keep_submission(work.change, rows, "plan_document", "accepted", agency_id=None)
    work.session.flush()
    _report_done(work, rows)
    return submission.id


def _identity(history: History, indicators: Mapping[str, Indicator]) -> Identity:
    indicator_id = indicators[history.indicator].id
    return (indicator_id, history.area, history.breakdown, history.period.first, history.period.last)


def _refuse_hidden(
    work: Work,
    document_figures: Sequence[History],
    past: dict[Identity, Past],
    context: SubmissionContext,
    visibility: FigureVisibility,
) -> None:
    """Refuses figures whose stored value the sender may not see: a comparison would reveal it."""
    for history in document_figures:
        identity = _identity(history, context.indicators)
        if identity in past and visibility.hides(context.indicators[history.indicator], identity[-1]):
            past.pop(identity)
            work.refuse(
                history.path, "not_released", "There is a figure here that you may not see: leave it out."
            )


def _decide(
    work: Work,
    number: int,
    history: History,
    past_by_identity: Mapping[Identity, Past],
    context: SubmissionContext,
) -> _DocumentDecision:
    problem_count = len(work.problems)
    identity = _identity(history, context.indicators)
    past = past_by_identity.get(identity)
    measured = context.measured[history.indicator]
    values = [_values(state, value_of(state, measured)) for state in history.states]
    indicator, newest = context.indicators[history.indicator], history.states[-1]
    check = RowCheck(indicator, history.period, identity, values[-1])
    appended, outcome = _new_revisions(work, history, past, values)
    new_values = [revision.values for revision in appended]
    for state, state_values in zip(history.states, values, strict=True):
        work.check_recorded(state.recorded_on, history.path)
        is_stored = past is not None and state_values in past.values and state_values not in new_values
        earlier_findings = set(_findings_before(work, history, state)) if is_stored else set()
        for finding in findings(state, measured):
            _report_finding(work, history, finding, is_stored=finding in earlier_findings)
        if state.expected_on is not None and is_too_far_ahead(state.expected_on, work.change.today):
            far = Finding("expected_on", BAD_PROMISE, EXPECTED_PROMISE)
            _report_finding(work, history, far, is_stored=is_stored)
    is_unchanged = past is not None and values[-1] == past.values[-1]
    if early := too_early(history.period, newest, work.change.today):
        _report_finding(work, history, early, is_stored=is_unchanged)
    line = work.document.line(*history.path)
    is_wrong = len(work.problems) > problem_count
    row = _DocumentDecision(number, line, outcome, check, history=history, is_wrong=is_wrong)
    check.is_changing = bool(appended)
    if past is not None:
        row.figure_id = past.figure_id
    if (stored := _stored(past)) is not None:
        check.earlier_note = stored.note_of_another(values[-1])
    if appended:
        check.all_warnings.extend(row_doubts(newest, measured))
        row.change = FigureChange(identity, stored, tuple(appended))
    return row


def _values(state: State, figure_value: object) -> Values:
    return {**{name: getattr(state, name) for name in VALUE_COLUMNS}, "value": figure_value}


def _stored(past: Past | None) -> Stored | None:
    return Stored(past.figure_id, len(past.values), past.values[-1]) if past is not None else None


def _findings_before(work: Work, history: History, state: State) -> Iterator[Finding]:
    """Findings by the stored indicator, so that a changed definition excuses nothing."""
    before = work.measured_before.get(history.indicator)
    return findings(state, before) if before is not None else iter(())


def _report_finding(work: Work, history: History, finding: Finding, *, is_stored: bool) -> None:
    words = f"{finding.field}: {finding.message}"
    work.refuse_unless(is_stored, history.path, finding.code, words)


def _new_revisions(
    work: Work, history: History, past: Past | None, values: Sequence[Values]
) -> tuple[list[NewRevision], str]:
    """Revisions to append, and whether the figure is created, revised or unchanged."""
    if past is None:
        return [
            NewRevision(each, state.reason, work.instant(state.recorded_on))
            for each, state in zip(values, history.states, strict=True)
        ], "created"
    appended = to_append(work, history, past, values)
    return appended, "revised" if appended else "unchanged"


def _refuse_changes_of_reported(
    work: Work, partnership: Partnership, rows: Sequence[_DocumentDecision]
) -> None:
    """Refuses changes in a closed quarter, and changes dated before the quarter's cut-off."""
    closes = period_progress.closes_by_quarter(work.session, partnership.id)
    steps = period_progress.progress_by_quarter(work.session, partnership.id)
    for row in rows:
        if row.change is None:
            continue
        last_month = row.change.identity[-1]
        if refusal := closed_refusal(closes, last_month, row.change.newest.reason, is_correction=False):
            work.refuse(row.history.path, refusal["code"], refusal["message"])
            continue
        quarter = quarter_of(last_month)
        cut_off = steps[quarter.first].cut_off if quarter.first in steps else None
        if cut_off is not None and any(each.recorded_at <= cut_off.at for each in row.change.revisions):
            text = f"{quarter.short_label} was cut off on {on_words(cut_off.at)}: give a later recorded_on."
            work.refuse(row.history.path, "before_cut_off", text)


def _check_against_others(
    work: Work, rows: Sequence[_DocumentDecision], context: SubmissionContext, visibility: FigureVisibility
) -> None:
    """Checks figures against other figures. An error refuses a changed figure; for others it is a warning."""
    good = [row for row in rows if not row.is_wrong]
    check_beside(work.session, [row.check for row in good], context, visibility)
    changing = [row.check for row in good if row.change is not None and not row.check.errors]
    check_series(work.session, changing, context, visibility)
    for row in rows:
        for error in row.check.errors:
            _report_message(work, row, error, is_stored=row.change is None)
        for warning in row.check.warnings:
            _report_message(work, row, warning, is_stored=True)


def _report_message(work: Work, row: _DocumentDecision, message: RowMessage, *, is_stored: bool) -> None:
    work.refuse_unless(is_stored, row.history.path, message["code"], message["message"])


def _report_done(work: Work, rows: Sequence[_DocumentDecision]) -> None:
    created: Counter[str] = Counter()
    for row in rows:
        if row.outcome == "created":
            created[row.history.indicator] += 1
        elif row.outcome == "revised":
            what = f"figure of {row.history.indicator} for {row.history.period} is revised"
            work.done.append(Done("changed", what))
    for code, count in created.items():
        work.done.append(Done("created", f"{count} {'figure' if count == 1 else 'figures'} of {code}"))


def _report_left_alone(
    work: Work, indicators: dict[str, Indicator], identities: Sequence[Identity], past: dict[Identity, Past]
) -> None:
    """Reports the number of stored figures of each indicator that the document lacks."""
    in_document: dict[int, int] = {}
    for identity in identities:
        if identity in past:
            in_document[identity[0]] = in_document.get(identity[0], 0) + 1
    codes = {row.id: code for code, row in indicators.items()}
    counted = select(FIGURE.c.indicator_id, func.count()).where(FIGURE.c.indicator_id.in_(codes))
    for indicator_id, count in work.session.connection().execute(counted.group_by(FIGURE.c.indicator_id)):
        if others := count - in_document.get(indicator_id, 0):
            words = "1 figure" if others == 1 else f"{others} figures"
            work.left_alone.append(f"{words} of {codes[indicator_id]}: not in the document")
