"""What an actor may see. Every read starts here, so that nothing of another partnership is ever selected."""

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.models.figure import Figure
from app.models.indicator import Indicator
from app.models.partnership import Partnership
from app.models.plan import Plan


def partnerships(actor: Actor, scope: Scope = Scope.READ) -> SelectOfScalar[Partnership]:
    return select(Partnership).where(col(Partnership.id).in_(actor.within(scope)))


def one_partnership(session: Session, actor: Actor, scope: Scope = Scope.READ) -> Partnership:
    """The only partnership the actor sees; RuleBroken `ambiguous_partnership` where there are several."""
    several = session.exec(partnerships(actor, scope).order_by(col(Partnership.code)).limit(20)).all()
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
    """Adopted and superseded plans; drafts only where the actor writes plans."""
    return select(Plan).where(
        col(Plan.partnership_id).in_(actor.within(Scope.READ)),
        or_(col(Plan.status) != "draft", col(Plan.partnership_id).in_(actor.within(Scope.WRITE_PLAN))),
    )


def indicators(actor: Actor) -> SelectOfScalar[Indicator]:
    return select(Indicator).where(indicator_in_sight(actor))


def indicator_in_sight(actor: Actor) -> ColumnElement[bool]:
    return col(Indicator.partnership_id).in_(actor.within(Scope.READ))


def sees_people(actor: Actor, partnership_id: int) -> bool:
    """Inside the information-sharing agreement: sees figures that count people."""
    standing = actor.standing_in(partnership_id)
    return standing is not None and standing.sees_people


def may_have_every_figure(session: Session, actor: Actor, partnership_id: int) -> bool:
    """Whether nothing would have to be withheld of all the partnership's figures together."""
    if sees_people(actor, partnership_id):
        return True
    of_people = (
        select(Figure.id)
        .join(Indicator, col(Indicator.id) == Figure.indicator_id)
        .where(Indicator.partnership_id == partnership_id, col(Indicator.counts_people))
        .limit(1)
    )
    return session.exec(of_people).first() is None
