"""Bumps `seq` on rows whose JSON includes fields of another row, so that pollers and caches see the change.

A figure shows its indicator's title, unit and decimals, a target its baseline; a reason may name another indicator
by its title.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.db import seq
from app.models.figures.figure import Figure
from app.models.plan.indicator import Indicator
from app.models.plan.target import Target


def touch_figures(session: Session, indicator_ids: Collection[int]) -> None:
    """Touches all figures of the indicators."""
    if indicator_ids:
        _touch(session, Figure, col(Figure.indicator_id).in_(indicator_ids))


def touch_figures_ending(session: Session, indicator_ids: Any, first: int, last: int) -> None:
    """Touches figures that end between two months: a field shown with them changed, or the audience did."""
    _touch(
        session,
        Figure,
        col(Figure.indicator_id).in_(indicator_ids),
        col(Figure.last_month).between(first, last),
    )


def touch_targets(session: Session, indicator_ids: Collection[int]) -> None:
    """Touches all targets of the indicators."""
    if indicator_ids:
        _touch(session, Target, col(Target.indicator_id).in_(indicator_ids))


def touch_indicators(session: Session, partnership_id: int) -> None:
    """Touches all indicators of a partnership."""
    _touch(session, Indicator, col(Indicator.partnership_id) == partnership_id)


def touch_indicators_paired_with(session: Session, indicator: Indicator) -> None:
    """Touches the indicators that are to be read with this one."""
    _touch(
        session,
        Indicator,
        col(Indicator.partnership_id) == indicator.partnership_id,
        col(Indicator.paired_with) == indicator.code,
    )


def _touch(session: Session, model: Any, *which: Any) -> None:
    session.execute(
        update(model).where(*which).values(seq=seq(session)).execution_options(synchronize_session=False)
    )
