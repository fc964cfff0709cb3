"""Sending figures: the one command behind JSON, CSV and the form."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlmodel import Session, select

from app.commands import audit
from app.commands.figures.check import Belongs, Checked, check, message
from app.commands.figures.closed_quarter import Closed
from app.commands.figures.difference import why_it_changes
from app.commands.figures.doubt import check_neighbours
from app.commands.figures.store import Change, existing, store
from app.db import seq
from app.domain.access.authority import Actor, Standing
from app.domain.errors import RuleBroken
from app.domain.number import plain
from app.domain.period_text import parse_period
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import CountsOut, ReceiptOut, RowMessage, RowOut, Submission
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Area, Partnership
from app.queries.figures.sight import Sight
from app.record.figure import revisions_facts

Identity = tuple[int, str, str, int, int]
HIDDEN = "This figure is already here. Say in “reason” why it changes."
"""Asked of who may not see what stands there."""


@dataclass(slots=True)
class _Decided:
    sent: SentRow
    outcome: str
    checked: Checked | None = None
    change: Change | None = None
    figure_id: int | None = None
    errors: list[RowMessage] = field(default_factory=list)


def submit_figures(
    session: Session,
    rows: Sequence[SentRow],
    *,
    partnership: Partnership,
    actor: Actor,
    today: date,
    now: datetime,
    atomic: bool,
    via: str,
    correction: bool = False,
) -> ReceiptOut:
    """Decides each row, keeps what may be kept, and gives the receipt; flushes, never commits.

    In atomic mode one bad row leaves every other `not_stored`. A receipt whose status is `rejected` has
    stored nothing at all: the caller turns it into a refusal. A figure of a closed quarter changes as a
    `correction` alone.
    """
    standing = actor.standing_in(partnership.id or 0)
    assert standing is not None
    belongs = _belongs(session, rows, partnership, standing)
    decided = [_read(sent, belongs, today) for sent in rows]
    _refuse_twins(decided)
    sight = Sight(session, actor, partnership.id or 0, today)
    _compare(session, decided, sight)
    _refuse_closed(decided, Closed(session, partnership.id or 0, correction=correction))
    good = [row.checked for row in decided if row.checked is not None and not row.errors]
    check_neighbours(session, good, belongs, sight)
    if any(row.errors for row in decided):
        _hold_back(decided, atomic)
    counts = _counts(decided)
    stored = counts["created"] + counts["revised"] + counts["unchanged"]
    if not stored:
        return _receipt(None, "rejected", counts, [_row_out(row) for row in decided])
    status = "partly_accepted" if counts["rejected"] else "accepted"
    submission, told = _keep(session, decided, counts, status, partnership, standing, actor, now, via)
    return _receipt(str(submission.id), status, counts, told)


def _belongs(
    session: Session, rows: Sequence[SentRow], partnership: Partnership, standing: Standing
) -> Belongs:
    """Everything the rows may name, read once."""
    indicators = session.exec(select(Indicator).where(Indicator.partnership_id == partnership.id)).all()
    areas = session.exec(
        select(Area.code, Area.kind, Area.within).where(Area.partnership_id == partnership.id)
    ).all()
    own_area = partnership.area_code
    return Belongs(
        indicators={indicator.code: indicator for indicator in indicators},
        areas=frozenset(code for code, _, _ in areas),
        own_area=own_area,
        standing=standing,
        partnership_id=partnership.id or 0,
        districts=tuple(code for code, kind, within in areas if (kind, within) == ("district", own_area)),
    )


def _read(sent: SentRow, belongs: Belongs, today: date) -> _Decided:
    if sent.figure is None:
        return _Decided(sent, "rejected", _as_far_as_read(sent, belongs), errors=sent.errors)
    checked = check(sent.figure, belongs, today)
    outcome = "rejected" if checked.errors else "created"
    return _Decided(sent, outcome, checked, errors=checked.errors)


def _as_far_as_read(sent: SentRow, belongs: Belongs) -> Checked:
    """What a row that could not be read is about, so that people know which it is."""
    checked = Checked(indicator=belongs.indicators.get(sent.indicator or ""))
    with suppress(RuleBroken):
        checked.period = parse_period(sent.period or "")
    return checked


def _refuse_twins(decided: list[_Decided]) -> None:
    """The same figure twice in a batch: neither is better than the other, so both are refused."""
    seen: dict[Identity, list[_Decided]] = {}
    for row in decided:
        if row.checked is not None and row.checked.identity is not None:
            seen.setdefault(row.checked.identity, []).append(row)
    for twins in seen.values():
        if len(twins) == 1:
            continue
        numbers = " and ".join(str(twin.sent.row) for twin in twins)
        for twin in twins:
            twin.outcome = "rejected"
            twin.errors.append(
                message("period", "same_figure_twice", f"Rows {numbers} are the same figure. Send it once.")
            )


def _compare(session: Session, decided: list[_Decided], sight: Sight) -> None:
    """New, changed, or as it stands already.

    To who may not see what stands there it is always a change, with a reason: "unchanged" would tell a guesser.
    """
    good = [row for row in decided if row.checked is not None and not row.errors]
    found = existing(session, [row.checked.identity for row in good if row.checked and row.checked.identity])
    for row in good:
        checked = row.checked
        assert checked is not None
        assert checked.identity is not None
        assert row.sent.figure is not None
        standing = found.get(checked.identity)
        if standing is None:
            row.change = Change(checked.identity, checked.values, None, row.sent.figure.reason or "")
            continue
        row.figure_id = standing.id
        assert checked.indicator is not None
        hidden = sight.conceals(checked.indicator, checked.identity[-1])
        values = row.sent.beside(standing.values, checked.values)
        if not hidden:
            # What is hidden is not read: a warning would tell whether there is a note.
            checked.values = values
        if standing.values == values and not hidden:
            row.outcome = "unchanged"
            continue
        evident = None if hidden else standing.reason_it_speaks_for_itself(values)
        reason = row.sent.figure.reason or evident
        if reason is None:
            row.outcome = "rejected"
            text = HIDDEN if hidden else why_it_changes(standing.values, values, standing.words)
            row.errors.append(message("reason", "reason_required", text))
            continue
        row.outcome = "revised"
        row.change = Change(checked.identity, values, standing, reason)


def _refuse_closed(decided: list[_Decided], closed: Closed) -> None:
    for row in decided:
        if row.change is None:
            continue
        refusal = closed.refusal(row.change.identity[-1], row.change.reason)
        if refusal is not None:
            row.outcome, row.change = "rejected", None
            row.errors.append(refusal)


def _hold_back(decided: list[_Decided], atomic: bool) -> None:
    for row in decided:
        if row.errors:
            row.outcome, row.change = "rejected", None
        elif atomic:
            row.outcome, row.change = "not_stored", None


def _counts(decided: list[_Decided]) -> CountsOut:
    tally = Counter(row.outcome for row in decided)
    return CountsOut(
        created=tally["created"],
        revised=tally["revised"],
        unchanged=tally["unchanged"],
        rejected=tally["rejected"],
        not_stored=tally["not_stored"],
    )


def _keep(
    session: Session,
    decided: list[_Decided],
    counts: CountsOut,
    status: str,
    partnership: Partnership,
    standing: Standing,
    actor: Actor,
    now: datetime,
    via: str,
) -> tuple[Submission, list[RowOut]]:
    assert partnership.id is not None
    submission = Submission(
        partnership_id=partnership.id,
        agency_id=standing.agency_id,
        via=via,
        status=status,
        counts=dict(counts),  # type: ignore[arg-type]
        recorded_at=now,
        recorded_by=actor.name,
        seq=seq(session),
    )
    session.add(submission)
    session.flush()
    assert submission.id is not None
    changing = [row for row in decided if row.change is not None]
    changes = [row.change for row in changing if row.change is not None]
    ids = store(session, changes, submission_id=submission.id, recorded_at=now, recorded_by=actor.name)
    for row, figure_id in zip(changing, ids, strict=True):
        row.figure_id = figure_id
    told = [_row_out(row) for row in decided]
    submission.rows = cast(list[dict[str, Any]], told)
    facts = revisions_facts(session.connection(), submission.id)
    audit.record(
        session,
        actor,
        "figures submitted",
        ("submission", str(submission.id)),
        {"counts": counts, "via": via, "status": status, **facts},
        at=now,
        partnership_id=partnership.id,
    )
    return submission, told


def _receipt(id_: str | None, status: str, counts: CountsOut, told: list[RowOut]) -> ReceiptOut:
    return ReceiptOut(id=id_, dry_run=False, status=status, counts=counts, rows=told)


def _words(checked: Checked) -> str | None:
    if checked.indicator is None or not checked.values:
        return None
    value, missing = checked.values["value"], checked.values["missing"]
    return plain(value) if value is not None else (missing or "").replace("_", " ") or None


def _row_out(row: _Decided) -> RowOut:
    checked = row.checked
    out = RowOut(
        row=row.sent.row,
        outcome=row.outcome,
        figure=f"/api/v1/figures/{row.figure_id}" if row.figure_id is not None else None,
        indicator_title=checked.indicator.title if checked is not None and checked.indicator else None,
        indicator=checked.indicator.code if checked is not None and checked.indicator else None,
        period=str(checked.period) if checked is not None and checked.period else None,
        period_label=checked.period.short_label if checked is not None and checked.period else None,
        words=_words(checked) if checked is not None else None,
        warnings=checked.warnings if checked is not None else [],
        errors=row.errors,
    )
    if row.sent.line is not None:
        out["line"] = row.sent.line
    return out
