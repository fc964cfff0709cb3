"""What an actor may see. Every read starts here, so that nothing of another partnership is ever selected."""

from datetime import date

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.release import Approval, Audience, released_to
from app.models.figure import Figure
from app.models.indicator import Indicator
from app.models.partnership import Partnership
from app.models.plan import Plan
from app.models.release import Release


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


class Sight:
    """Which figures an actor may see in one partnership today, value by value.

    Two rules: figures that count people stay inside the information-sharing agreement, and none is shown to
    a wider audience than it was released to. An agency always sees its own.
    """

    def __init__(self, session: Session, actor: Actor, partnership_id: int, today: date) -> None:
        self._standing = actor.standing_in(partnership_id)
        self._today = today
        self._approvals: dict[tuple[int, int], list[Approval]] = {}
        query = select(Release).where(Release.partnership_id == partnership_id).order_by(col(Release.id))
        for row in session.exec(query):
            approval = Approval(Audience(row.audience), row.from_on)
            self._approvals.setdefault((row.indicator_id, row.last_month), []).append(approval)

    def conceals(self, indicator: Indicator, last_month: int) -> bool:
        """Whether the figures of an indicator that end in a month are not this actor's to see."""
        viewer = self._viewer(indicator)
        if viewer is Audience.SUBMITTER:
            return False
        if viewer is None or (indicator.counts_people and not self.sees_people):
            return True
        return not self.audience(indicator, last_month).includes(viewer)

    def audience(self, indicator: Indicator, last_month: int) -> Audience:
        """Who may see them today."""
        approvals = self._approvals.get((indicator.id or 0, last_month), ())
        return released_to(Audience(indicator.release_to), approvals, self._today)

    @property
    def sees_people(self) -> bool:
        return self._standing is not None and self._standing.sees_people

    def key(self, indicator: Indicator) -> Audience | None:
        """What tells two actors' sight of one indicator apart, for what is worked out once for all alike."""
        viewer = self._viewer(indicator)
        hidden = indicator.counts_people and not self.sees_people and viewer is not Audience.SUBMITTER
        return None if hidden else viewer

    def _viewer(self, indicator: Indicator) -> Audience | None:
        standing = self._standing
        if standing is None:
            return None
        if standing.answers_for(indicator.responsible_agency_id, indicator.suppliers):
            return Audience.SUBMITTER
        return standing.audience
