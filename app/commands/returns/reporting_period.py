"""A quarter planned, cut off, closed and reopened."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.commands import audit
from app.db import seq
from app.domain.access.authority import Actor
from app.domain.errors import RuleBroken
from app.domain.period import Period
from app.domain.returns.quarter_steps import CLOSE, CUT_OFF, PLAN, REOPEN, QuarterFacts
from app.domain.returns.reporting import Progress, StepKind
from app.domain.workflow import Step
from app.models.figures.figure import Figure
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.returns.reporting_period import PeriodEvent, PeriodPatch, Snapshot
from app.queries.returns.quarter_left import of_all
from app.queries.returns.reporting_period import quarter_facts
from app.queries.returns.snapshot import as_the_partnership, frozen_items, late_items


def plan_dates(
    session: Session,
    partnership: Partnership,
    quarter: Period,
    found: Progress,
    patch: PeriodPatch,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """When it is to be cut off and when the Board meets; what the patch does not name stays."""
    _require(PLAN, partnership, quarter, found, actor, today)
    planned = found.planned
    named = patch.model_fields_set
    cut_off_on = patch.cut_off_on if "cut_off_on" in named or planned is None else planned.cut_off_on
    board_on = patch.board_on if "board_on" in named or planned is None else planned.board_on
    if cut_off_on is not None and cut_off_on <= quarter.end:
        raise RuleBroken("cut_off_on", "before_end", f"Expected a day after {quarter.label} has ended.")
    if cut_off_on is not None and board_on is not None and board_on < cut_off_on:
        raise RuleBroken("board_on", "before_cut_off", "The Board meets after the cut-off, not before it.")
    _step(
        session, partnership, quarter, StepKind.PLANNED, actor, now, cut_off_on=cut_off_on, board_on=board_on
    )


def cut_off(
    session: Session,
    partnership: Partnership,
    quarter: Period,
    found: Progress,
    note: str,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """Freezes the figures, ratings and reasons as they stand, and lists what is owed and not there."""
    _require(CUT_OFF, partnership, quarter, found, actor, today)
    event = _step(session, partnership, quarter, StepKind.CUT_OFF, actor, now, reason=note)
    owed = of_all(session, as_the_partnership(partnership), partnership, quarter, today)
    snapshot = Snapshot(
        event_id=event.id,
        items=cast(list[dict[str, Any]], frozen_items(session, partnership, quarter, today, now)),
        late=cast(list[dict[str, Any]], late_items(owed, today)),
        seq=seq(session),
    )
    session.add(snapshot)
    session.flush()


def close(
    session: Session,
    partnership: Partnership,
    quarter: Period,
    found: Progress,
    note: str,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """Locks its figures: from now on they change by a correction only, which says that it is one."""
    _require(CLOSE, partnership, quarter, found, actor, today)
    _step(session, partnership, quarter, StepKind.CLOSED, actor, now, reason=note)
    _restamp(session, partnership, quarter)


def reopen(
    session: Session,
    partnership: Partnership,
    quarter: Period,
    found: Progress,
    reason: str,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """Unlocks it, with the reason on record. What was frozen stays as it is."""
    _require(REOPEN, partnership, quarter, found, actor, today)
    _step(session, partnership, quarter, StepKind.REOPENED, actor, now, reason=reason)
    _restamp(session, partnership, quarter)


def _restamp(session: Session, partnership: Partnership, quarter: Period) -> None:
    """A figure tells whether it came after the close, so closing and reopening change what is told of it."""
    mine = select(Indicator.id).where(Indicator.partnership_id == partnership.id)
    session.execute(
        update(Indicator).where(col(Indicator.partnership_id) == partnership.id).values(seq=seq(session))
    )
    session.execute(
        update(Figure)
        .where(
            col(Figure.indicator_id).in_(mine),
            col(Figure.last_month) >= quarter.first,
            col(Figure.last_month) <= quarter.last,
        )
        .values(seq=seq(session))
        .execution_options(synchronize_session=False)
    )


def _require(
    step: Step[QuarterFacts],
    partnership: Partnership,
    quarter: Period,
    found: Progress,
    actor: Actor,
    today: date,
) -> None:
    step.require(quarter_facts(quarter, found, today), actor.standing_in(partnership.id))


def _step(
    session: Session,
    partnership: Partnership,
    quarter: Period,
    kind: StepKind,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    cut_off_on: date | None = None,
    board_on: date | None = None,
) -> PeriodEvent:
    event = PeriodEvent(
        partnership_id=partnership.id,
        first_month=quarter.first,
        kind=kind.value,
        cut_off_on=cut_off_on,
        board_on=board_on,
        reason=reason,
        recorded_at=now,
        recorded_by=actor.name,
        seq=seq(session),
    )
    session.add(event)
    session.flush()
    audit.record(
        session,
        actor,
        f"quarter {kind.value.replace('_', ' ')}",
        ("reporting_period", str(quarter)),
        {"reason": reason, "cut_off_on": cut_off_on, "board_on": board_on},
        at=now,
        partnership_id=partnership.id,
    )
    return event
