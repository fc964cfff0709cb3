"""What is read together with an indicator changes with it, so its ledger number moves too.

A figure is told in its indicator's title, unit and decimals, a target by its baseline; a reason may name
another indicator by its title. Whoever follows changes must hear of these as well.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.db import seq
from app.models.figures.figure import Figure
from app.models.plan.indicator import Indicator
from app.models.plan.target import Target


def restamp_figures(session: Session, indicator_ids: Collection[int]) -> None:
    if indicator_ids:
        _restamp(session, Figure, col(Figure.indicator_id).in_(indicator_ids))


def restamp_figures_ending(session: Session, indicator_ids: Any, first: int, last: int) -> None:
    """Those that end between two months: something told of each, or who may see it, has changed."""
    _restamp(
        session,
        Figure,
        col(Figure.indicator_id).in_(indicator_ids),
        col(Figure.last_month).between(first, last),
    )


def restamp_targets(session: Session, indicator_ids: Collection[int]) -> None:
    if indicator_ids:
        _restamp(session, Target, col(Target.indicator_id).in_(indicator_ids))


def restamp_indicators(session: Session, partnership_id: int) -> None:
    """All of a partnership's."""
    _restamp(session, Indicator, col(Indicator.partnership_id) == partnership_id)


def restamp_pairs(session: Session, indicator: Indicator) -> None:
    """The indicators that are to be read with this one."""
    _restamp(
        session,
        Indicator,
        col(Indicator.partnership_id) == indicator.partnership_id,
        col(Indicator.paired_with) == indicator.code,
    )


def _restamp(session: Session, model: Any, *which: Any) -> None:
    session.execute(
        update(model).where(*which).values(seq=seq(session)).execution_options(synchronize_session=False)
    )
