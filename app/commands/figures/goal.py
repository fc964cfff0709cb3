"""Reads baselines and targets: what the first figure of a series is compared with."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session

from app.commands.figures.context import SubmissionContext
from app.commands.figures.row_check import RowCheck
from app.domain.figures.slip import Yardstick, planned
from app.domain.judgement.goal import other_unit
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Indicator
from app.domain.plan.target_shape import Applies, Band, Threshold
from app.domain.plan.target_words import parse
from app.models.column import table
from app.models.plan.baseline import Baseline
from app.models.plan.target import Target

BASELINE, TARGET = table(Baseline), table(Target)


class Goals:
    """Newest baseline and target of each indicator of a submission, read by a statement each."""

    def __init__(self, session: Session, indicator_ids: Collection[int], context: SubmissionContext) -> None:
        connection = session.connection()
        self._own_area = context.own_area
        baselines = (
            select(BASELINE.c.indicator_id, BASELINE.c.period, BASELINE.c.value)
            .where(BASELINE.c.indicator_id.in_(indicator_ids))
            .order_by(BASELINE.c.plan_id, BASELINE.c.number)
        )
        self._baselines = {id_: (period, value) for id_, period, value in connection.execute(baselines)}
        targets = (
            select(TARGET.c.indicator_id, TARGET.c.words, TARGET.c.applies)
            .where(TARGET.c.indicator_id.in_(indicator_ids))
            .order_by(TARGET.c.plan_id, TARGET.c.number)
        )
        self._targets = {id_: (words, applies) for id_, words, applies in connection.execute(targets)}

    def yardstick(self, row: RowCheck, indicator: Indicator) -> Yardstick | None:
        """The baseline, else the target's number; None where they are of a whole that the row is a part of."""
        assert row.identity is not None
        assert row.period is not None
        id_, area, breakdown = row.identity[:3]
        if indicator.accumulates and (area != self._own_area or breakdown):
            return None
        period, value = self._baselines.get(id_, (None, None))
        if period is not None and value is not None:
            return planned(value, parse_period(period), row.period, indicator, "baseline")
        goal = self._target_number(id_, indicator)
        return planned(goal, None, row.period, indicator, "target") if goal is not None else None

    def _target_number(self, id_: int, indicator: Indicator) -> Decimal | None:
        words, applies = self._targets.get(id_, ("", Applies.EACH_YEAR.value))
        target = parse(words) if words and applies != Applies.CUMULATIVE else None
        if not isinstance(target, Threshold | Band) or other_unit(target, indicator):
            return None
        return target.amount.value if isinstance(target, Threshold) else target.high.value
