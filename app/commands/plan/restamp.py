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
    _restamp(session, Figure, indicator_ids)


def restamp_month(session: Session, indicator: Indicator, last_month: int) -> None:
    """An indicator and its figures that end in a month: who may see them has changed."""
    rows = update(Figure).where(
        col(Figure.indicator_id) == indicator.id, col(Figure.last_month) == last_month
    )
    session.execute(rows.values(seq=seq(session)))
    indicator.seq = seq(session)
    session.add(indicator)


def restamp_targets(session: Session, indicator_ids: Collection[int]) -> None:
    _restamp(session, Target, indicator_ids)


def restamp_pairs(session: Session, indicator: Indicator) -> None:
    """The indicators that are to be read with this one."""
    pairs = update(Indicator).where(
        col(Indicator.partnership_id) == indicator.partnership_id,
        col(Indicator.paired_with) == indicator.code,
    )
    session.execute(pairs.values(seq=seq(session)))


def _restamp(session: Session, model: Any, indicator_ids: Collection[int]) -> None:
    if indicator_ids:
        rows = update(model).where(col(model.indicator_id).in_(indicator_ids))
        session.execute(rows.values(seq=seq(session)))
