"""Selects rows that an actor may see. Every read starts here, so that no other partnership's row is selected."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan
from app.queries.frame import look_up


def within(partnership_id: Mapped[Any], actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """Condition: a row is of a partnership where the actor has a scope.

    Most actors have it in one, and `=` costs half of `IN`, whose list is rendered for every statement.
    """
    mine = actor.within(scope)
    if len(mine) > 1:
        return partnership_id.in_(mine)
    return partnership_id == next(iter(mine)) if mine else false()


def within_in_list_order(partnership_id: Mapped[Any], actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """As `within`, for a long list read in order: several partnerships are compared row by row, without an index."""
    mine = actor.within(scope)
    return within(partnership_id, actor, scope) if len(mine) < 2 else (partnership_id + 0).in_(mine)


def partnerships(actor: Actor, scope: Scope = Scope.READ) -> SelectOfScalar[Partnership]:
    return select(Partnership).where(within(col(Partnership.id), actor, scope))


def get_only_partnership(session: Session, actor: Actor, scope: Scope = Scope.READ) -> Partnership:
    """The only partnership the actor sees; RuleBroken `ambiguous_partnership` if there are several."""

    def read() -> Sequence[Partnership]:
        return session.exec(partnerships(actor, scope).order_by(col(Partnership.code)).limit(20)).all()

    several = look_up(session, "partnerships", actor.within(scope), read)
    if not several:
        raise NotFound("A partnership")
    if len(several) > 1:
        names = ", ".join(partnership.code for partnership in several)
        raise RuleBroken(
            "partnership",
            "ambiguous_partnership",
            f"You see several. Add ?partnership= with one of: {names}.",
        )
    return several[0]


def plans(actor: Actor) -> SelectOfScalar[Plan]:
    """Selects adopted and superseded plans; drafts only where the actor writes plans."""
    return select(Plan).where(
        within(col(Plan.partnership_id), actor, Scope.READ),
        or_(col(Plan.status) != "draft", within(col(Plan.partnership_id), actor, Scope.WRITE_PLAN)),
    )


def indicators(actor: Actor) -> SelectOfScalar[Indicator]:
    return select(Indicator).where(is_visible_indicator(actor))


def is_visible_indicator(actor: Actor) -> ColumnElement[bool]:
    return within(col(Indicator.partnership_id), actor, Scope.READ)
