"""The document's figures: new ones with all they have been, changed ones as a revision with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import col

from app.commands.figures.check import may_come_early
from app.commands.figures.store import FIGURE, REVISION, VALUE_COLUMNS, Identity
from app.document.load.figure_rule import value_of
from app.document.load.history import History, State, histories
from app.document.load.revision import Past, past_of, to_append
from app.document.load.work import Done, Work
from app.domain.plan.indicator import Indicator as Judged
from app.domain.returns.reporting import quarter_of
from app.models.column import plain
from app.models.figures.figure import Values
from app.models.figures.submission import Submission
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.queries.figures import quarter_step
from app.queries.returns.reporting_period import on_words
from app.record.changes import changes_of


@dataclass(slots=True)
class _Decided:
    history: History
    identity: Identity
    outcome: str
    """created, revised or unchanged."""
    past: Past | None
    states: list[tuple[Values, datetime, str]]
    """What to append: values, when recorded, why."""


def bring_figures(work: Work, partnership: Partnership, indicators: dict[str, Indicator]) -> int | None:
    """Puts the document's figures away as one submission; its id, or None where nothing was new.

    Refusals are noted on `work`, whose caller then keeps nothing.
    """
    found = [h for h in histories(work.document) if h.indicator in indicators]
    judged = {code: row.judged() for code, row in indicators.items()}
    identities = [_identity(history, indicators) for history in found]
    past = past_of(work.session, identities)
    _refuse_what_is_hidden(work, found, identities, past, indicators)
    decided = [
        _decide(work, history, identity, past.get(identity), judged[history.indicator])
        for history, identity in zip(found, identities, strict=True)
    ]
    _keep_what_was_reported(work, partnership, decided)
    _report(work, indicators, identities, past)
    for row in decided:
        work.counts[f"figures_{row.outcome}"] += 1
    changing = [row for row in decided if row.states]
    if not changing or work.problems:
        return None
    submission = _submission(work, partnership, decided)
    assert submission.id is not None
    ids = _store(work, changing, submission.id)
    submission.rows = _receipt_rows(work, decided, ids, indicators)
    work.session.flush()
    _say(work, changing)
    return submission.id


def _identity(history: History, indicators: dict[str, Indicator]) -> Identity:
    indicator_id = indicators[history.indicator].id
    assert indicator_id is not None
    return (indicator_id, history.area, history.breakdown, history.period.first, history.period.last)


def _refuse_what_is_hidden(
    work: Work,
    found: Sequence[History],
    identities: Sequence[Identity],
    past: dict[Identity, Past],
    indicators: dict[str, Indicator],
) -> None:
    """Whether the document says what is stored would tell its sender what that is."""
    if work.guard is None:
        return
    for history, identity in zip(found, identities, strict=True):
        if identity in past and work.guard.sight.conceals(indicators[history.indicator], identity[-1]):
            past.pop(identity)
            work.refuse(
                history.path, "not_released", "There is a figure here that you may not see: leave it out."
            )


def _decide(
    work: Work, history: History, identity: Identity, past: Past | None, indicator: Judged
) -> _Decided:
    for state in history.states:
        work.check_recorded(state.recorded_on, history.path)
    _check_ended(work, history)
    values = [_values(state, indicator) for state in history.states]
    if past is None:
        states = [
            (each, work.instant(state.recorded_on), state.reason)
            for each, state in zip(values, history.states, strict=True)
        ]
        return _Decided(history, identity, "created", None, states)
    appended = to_append(work, history, past, values)
    return _Decided(history, identity, "revised" if appended else "unchanged", past, appended)


def _keep_what_was_reported(work: Work, partnership: Partnership, decided: Sequence[_Decided]) -> None:
    """A closed quarter is not changed by a document, nor what was known at a cut-off by an earlier day."""
    steps = quarter_step.steps(work.session, partnership.id or 0)
    for row in decided:
        quarter = quarter_of(row.identity[-1])
        found = steps.get(quarter.first)
        if found is None or not row.states:
            continue
        if found.closed is not None:
            text = f"{quarter.short_label} is closed. Reopen it first, or correct the figure by sending it."
            work.refuse(row.history.path, "period_closed", text)
        elif found.cut_off is not None and any(at <= found.cut_off.at for _, at, _ in row.states):
            text = f"{quarter.short_label} was cut off on {on_words(found.cut_off.at)}: give a later recorded_on."
            work.refuse(row.history.path, "before_cut_off", text)


def _check_ended(work: Work, history: History) -> None:
    state = history.states[-1]
    if history.period.has_ended(work.today) or may_come_early(state.status, state.missing):
        return
    text = f"{history.period.label} has not ended yet: it is {work.today}."
    work.refuse(history.path, "period_not_ended", text)


def _values(state: State, indicator: Judged) -> Values:
    values = {name: getattr(state, name) for name in VALUE_COLUMNS}
    values["value"] = value_of(state, indicator)
    return values


def _submission(work: Work, partnership: Partnership, decided: Sequence[_Decided]) -> Submission:
    tally = {
        name: sum(row.outcome == name for row in decided) for name in ("created", "revised", "unchanged")
    }
    assert partnership.id is not None
    submission = Submission(
        partnership_id=partnership.id,
        via="plan_document",
        status="accepted",
        counts={**tally, "rejected": 0, "not_stored": 0},
        recorded_at=work.now,
        recorded_by=work.actor_name,
        seq=work.seq,
    )
    work.session.add(submission)
    work.session.flush()
    return submission


def _store(work: Work, changing: Sequence[_Decided], submission_id: int) -> dict[Identity, int]:
    """Many rows at once: a plan's history runs to thousands of figures."""
    connection = work.session.connection()
    changes_of(work.session).submissions[submission_id] = None
    next_id = (connection.execute(select(func.max(FIGURE.c.id))).scalar() or 0) + 1
    stamp = {"submission_id": submission_id, "seq": work.seq}
    created: list[dict[str, Any]] = []
    revised: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    ids: dict[Identity, int] = {}
    for row in changing:
        if row.past is None:
            figure_id, number, next_id = next_id, 0, next_id + 1
        else:
            figure_id, number = row.past.figure_id, len(row.past.values)
        ids[row.identity] = figure_id
        values, recorded_at, _ = row.states[-1]
        newest = {**values, **stamp, "recorded_at": recorded_at, "revision": number + len(row.states)}
        if row.past is None:
            created.append({**newest, **_identified(row.identity), "id": figure_id})
        else:
            revised.append({**newest, "figure": figure_id})
        for step, (said, at, why) in enumerate(row.states, start=number + 1):
            revisions.append(
                {
                    **said,
                    **stamp,
                    "figure_id": figure_id,
                    "number": step,
                    "reason": why,
                    "recorded_at": at,
                    "recorded_by": work.actor_name,
                }
            )
    if created:
        connection.execute(insert(FIGURE), created)
    if revised:
        names = [name for name in revised[0] if name != "figure"]
        columns: dict[str, Any] = {name: bindparam(name) for name in names}
        connection.execute(update(FIGURE).where(FIGURE.c.id == bindparam("figure")).values(columns), revised)
    connection.execute(insert(REVISION), revisions)
    touched = {row.identity[0] for row in changing}
    work.session.execute(update(Indicator).where(col(Indicator.id).in_(touched)).values(seq=work.seq))
    return ids


def _identified(identity: Identity) -> dict[str, Any]:
    names = ("indicator_id", "area_code", "breakdown", "first_month", "last_month")
    return dict(zip(names, identity, strict=True))


def _receipt_rows(
    work: Work, decided: Sequence[_Decided], ids: dict[Identity, int], indicators: dict[str, Indicator]
) -> list[dict[str, Any]]:
    rows = []
    for number, row in enumerate(decided, start=1):
        figure_id = row.past.figure_id if row.past is not None else ids[row.identity]
        rows.append(
            {
                "row": number,
                "line": work.document.line(*row.history.path),
                "outcome": row.outcome,
                "figure": f"/api/v1/figures/{figure_id}",
                "indicator": row.history.indicator,
                "indicator_title": indicators[row.history.indicator].title,
                "period": str(row.history.period),
                "period_label": row.history.period.short_label,
                "words": _words(row.history.states[-1], indicators[row.history.indicator]),
                "warnings": [],
                "errors": [],
            }
        )
    return rows


def _words(state: State, indicator: Indicator) -> str | None:
    value = value_of(state, indicator.judged())
    return plain(value) if value is not None else (state.missing or "").replace("_", " ") or None


def _say(work: Work, changing: Sequence[_Decided]) -> None:
    created: dict[str, int] = {}
    for row in changing:
        if row.past is None:
            created[row.history.indicator] = created.get(row.history.indicator, 0) + 1
        else:
            what = f"figure of {row.history.indicator} for {row.history.period} is revised"
            work.done.append(Done("changed", what))
    for code, count in created.items():
        work.done.append(Done("created", f"{count} {'figure' if count == 1 else 'figures'} of {code}"))


def _report(
    work: Work, indicators: dict[str, Indicator], identities: Sequence[Identity], past: dict[Identity, Past]
) -> None:
    """How many figures of each indicator the document does not speak of."""
    spoken_of: dict[int, int] = {}
    for identity in identities:
        if identity in past:
            spoken_of[identity[0]] = spoken_of.get(identity[0], 0) + 1
    codes = {row.id: code for code, row in indicators.items()}
    counted = select(FIGURE.c.indicator_id, func.count()).where(FIGURE.c.indicator_id.in_(codes))
    for indicator_id, count in work.session.connection().execute(counted.group_by(FIGURE.c.indicator_id)):
        if others := count - spoken_of.get(indicator_id, 0):
            words = "1 figure" if others == 1 else f"{others} figures"
            work.left_alone.append(f"{words} of {codes[indicator_id]}: not in the document")
