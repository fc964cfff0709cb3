"""Plans, cuts off, closes and reopens a quarter."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

from sqlmodel import select

from app.commands.change import Change
from app.commands.plan.touch import touch_figures_ending, touch_indicators
from app.domain.errors import RuleBroken
from app.domain.period import Period
from app.domain.returns.quarter_steps import CLOSE, CUT_OFF, PLAN, REOPEN, QuarterFacts
from app.domain.returns.reporting import Progress, StepKind
from app.domain.workflow import Step
from app.models.plan.indicator import Indicator
from app.models.returns.reporting_period import PeriodEvent, PeriodPatch, Snapshot
from app.queries.returns.close_checklist import visible_returns
from app.queries.returns.reporting_period import quarter_facts
from app.queries.returns.snapshot import frozen_items, late_items, partnership_actor


@dataclass(frozen=True)
class _Details:
    """Columns of a step beside its kind."""

    reason: str = ""
    cut_off_on: date | None = None
    board_on: date | None = None


def plan_dates(change: Change, quarter: Period, progress: Progress, patch: PeriodPatch) -> None:
    """Sets the days of the cut-off and of the Board's meeting. Days that the patch does not name stay."""
    _require(PLAN, change, quarter, progress)
    planned = progress.planned
    named = patch.model_fields_set
    cut_off_on = patch.cut_off_on if "cut_off_on" in named or planned is None else planned.cut_off_on
    board_on = patch.board_on if "board_on" in named or planned is None else planned.board_on
    if cut_off_on is not None and cut_off_on <= quarter.end:
        raise RuleBroken("cut_off_on", "before_end", f"Expected a day after {quarter.label} has ended.")
    if cut_off_on is not None and board_on is not None and board_on < cut_off_on:
        raise RuleBroken("board_on", "before_cut_off", "The Board meets after the cut-off, not before it.")
    _step(change, quarter, StepKind.PLANNED, _Details(cut_off_on=cut_off_on, board_on=board_on))


def cut_off(change: Change, quarter: Period, progress: Progress, note: str) -> None:
    """Stores a snapshot of figures, ratings and reasons, with a list of the figures owed and missing."""
    _require(CUT_OFF, change, quarter, progress)
    event = _step(change, quarter, StepKind.CUT_OFF, _Details(note))
    session, partnership, today = change.session, change.partnership, change.today
    owed = visible_returns(session, partnership_actor(partnership), partnership, quarter, today)
    items = frozen_items(session, partnership, quarter, today, change.now)
    change.add(
        Snapshot(
            event_id=event.id,
            items=cast(list[dict[str, Any]], items),
            late=cast(list[dict[str, Any]], late_items(owed, today)),
        )
    )


def close(change: Change, quarter: Period, progress: Progress, note: str) -> None:
    """Locks the quarter's figures: from now on only a marked correction changes them."""
    _require(CLOSE, change, quarter, progress)
    _step(change, quarter, StepKind.CLOSED, _Details(note))
    _touch_indicators_and_figures(change, quarter)


def reopen(change: Change, quarter: Period, progress: Progress, reason: str) -> None:
    """Unlocks the quarter's figures and records the reason. The snapshot stays as it is."""
    _require(REOPEN, change, quarter, progress)
    _step(change, quarter, StepKind.REOPENED, _Details(reason))
    _touch_indicators_and_figures(change, quarter)


def _touch_indicators_and_figures(change: Change, quarter: Period) -> None:
    """Bumps `seq` of all that shows whether a figure was sent after the close."""
    partnership_id = change.partnership.id
    mine = select(Indicator.id).where(Indicator.partnership_id == partnership_id)
    touch_indicators(change.session, partnership_id)
    touch_figures_ending(change.session, mine, quarter.first, quarter.last)


def _require(step: Step[QuarterFacts], change: Change, quarter: Period, progress: Progress) -> None:
    step.require(quarter_facts(quarter, progress, change.today), change.access)


def _step(change: Change, quarter: Period, kind: StepKind, details: _Details) -> PeriodEvent:
    event = change.add(
        PeriodEvent(
            partnership_id=change.partnership.id,
            first_month=quarter.first,
            kind=kind.value,
            cut_off_on=details.cut_off_on,
            board_on=details.board_on,
            reason=details.reason,
        )
    )
    verb = f"quarter {kind.value.replace('_', ' ')}"
    change.record(verb, "reporting_period", str(quarter), **asdict(details))
    return event
