"""What an actor may see. Every read starts here, so that nothing of another partnership is ever selected."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.release import Approval, Audience, Withheld, next_release, released_to
from app.models.column import table
from app.models.indicator import Indicator
from app.models.partnership import Partnership
from app.models.plan import Plan
from app.models.release import Release
from app.queries.figure_month import months_with_figures

RELEASE = table(Release)


def within(partnership_id: Mapped[Any], actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """Whether a row is of a partnership where the actor has a scope.

    Most have it in one: to compare is half the work of looking in a list, which is written out at every question.
    """
    mine = actor.within(scope)
    if len(mine) > 1:
        return partnership_id.in_(mine)
    return partnership_id == next(iter(mine)) if mine else false()


def along_the_list(partnership_id: Mapped[Any], actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """As `within`, for a long list that is read in order: the rows of several partnerships are told as they come."""
    mine = actor.within(scope)
    return within(partnership_id, actor, scope) if len(mine) < 2 else (partnership_id + 0).in_(mine)


def partnerships(actor: Actor, scope: Scope = Scope.READ) -> SelectOfScalar[Partnership]:
    return select(Partnership).where(within(col(Partnership.id), actor, scope))


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
        within(col(Plan.partnership_id), actor, Scope.READ),
        or_(col(Plan.status) != "draft", within(col(Plan.partnership_id), actor, Scope.WRITE_PLAN)),
    )


def indicators(actor: Actor) -> SelectOfScalar[Indicator]:
    return select(Indicator).where(indicator_in_sight(actor))


def indicator_in_sight(actor: Actor) -> ColumnElement[bool]:
    return within(col(Indicator.partnership_id), actor, Scope.READ)


class Guarded(Protocol):
    """What of an indicator decides who may see its figures."""

    @property
    def id(self) -> int | None: ...
    @property
    def responsible_agency_id(self) -> int | None: ...
    @property
    def suppliers(self) -> list[str]: ...
    @property
    def counts_people(self) -> bool: ...
    @property
    def release_to(self) -> str: ...


class Sight:
    """Which figures an actor may see in one partnership today, value by value.

    Two rules: figures that count people stay inside the information-sharing agreement, and none is shown to
    a wider audience than it was released to. An agency always sees its own.
    """

    def __init__(self, session: Session, actor: Actor, partnership_id: int, today: date) -> None:
        self.today = today
        """The real day, whatever day is asked about: what was known then is not thereby released."""
        self._session = session
        self._partnership_id = partnership_id
        self._standing = actor.standing_in(partnership_id)

    def conceals(self, indicator: Guarded, last_month: int) -> bool:
        """Whether the figures of an indicator that end in a month are not this actor's to see."""
        return self.withholds(indicator, last_month) is not None

    def withholds(self, indicator: Guarded, last_month: int) -> Withheld | None:
        """Why they are not this actor's to see."""
        viewer = self._viewer(indicator)
        if viewer is Audience.SUBMITTER:
            return None
        if viewer is None or (indicator.counts_people and not self._sees_people):
            return Withheld.OF_PEOPLE
        released = self.audience(indicator, last_month).includes(viewer)
        return None if released else Withheld.NOT_RELEASED

    def is_open(self, indicator: Guarded) -> bool:
        """Whether this actor sees every figure of an indicator, so that nobody need ask month by month."""
        return self._viewer(indicator) is Audience.SUBMITTER or self.key(indicator) is None

    def audience(self, indicator: Guarded, last_month: int) -> Audience:
        """Who may see them today."""
        return released_to(Audience(indicator.release_to), self._of(indicator, last_month), self.today)

    def coming(self, indicator: Guarded, last_month: int) -> Approval | None:
        """The approval that changes next who may see them."""
        return next_release(self._of(indicator, last_month), self.today)

    def key(self, indicator: Guarded) -> Hashable:
        """What tells two sights of one indicator apart, for what is worked out once for all who see the same.

        The day belongs to it where there is something to release: that passes with the clock.
        """
        if (
            indicator.release_to == Audience.PUBLIC
            and not indicator.counts_people
            and indicator.id not in self._approved
        ):
            return None if self._standing is not None else Withheld.NOT_RELEASED
        viewer = self._viewer(indicator)
        hidden = indicator.counts_people and not self._sees_people and viewer is not Audience.SUBMITTER
        return Withheld.OF_PEOPLE if hidden else (viewer, self.today)

    def withholds_any(self) -> Withheld | None:
        """Why something would be withheld of all the partnership's figures together."""
        query = select(Indicator).where(Indicator.partnership_id == self._partnership_id)
        return next(iter(self.withholding(self._session.exec(query).all()).values()), None)

    def withholds_some(self, indicator: Indicator, *, until: int | None = None) -> Withheld | None:
        """Why some figure of an indicator that is there is withheld; `until` looks no later than a month."""
        return self.withholding([indicator], until=until).get(indicator.id)

    def withholding(
        self, indicators: Iterable[Indicator], *, until: int | None = None
    ) -> dict[int | None, Withheld]:
        """Why some figure is withheld, by indicator, of those of which one is."""
        guarded = {each.id or 0: each for each in indicators if not self.is_open(each)}
        months = months_with_figures(self._session, guarded) if guarded else {}
        reasons: dict[int | None, Withheld] = {}
        for id_, indicator in guarded.items():
            until_then = (each for each in months.get(id_, ()) if until is None or each <= until)
            found = (self.withholds(indicator, month) for month in until_then)
            if reason := next(filter(None, found), None):
                reasons[id_] = reason
        return reasons

    @property
    def _sees_people(self) -> bool:
        return self._standing is not None and self._standing.sees_people

    def _of(self, indicator: Guarded, last_month: int) -> Sequence[Approval]:
        return self._approvals.get(indicator.id or 0, {}).get(last_month, ())

    @cached_property
    def _approved(self) -> frozenset[int]:
        """Indicators with any approval: all there is to know where nothing has to be worked out anew."""
        mine = RELEASE.c.partnership_id == self._partnership_id
        query = select_columns(RELEASE.c.indicator_id).where(mine).distinct()
        return frozenset(self._session.connection().execute(query).scalars())

    @cached_property
    def _approvals(self) -> dict[int, dict[int, list[Approval]]]:
        """By indicator and month, oldest first: the partnership's in one read."""
        query = (
            select_columns(
                RELEASE.c.indicator_id, RELEASE.c.last_month, RELEASE.c.audience, RELEASE.c.from_on
            )
            .where(RELEASE.c.partnership_id == self._partnership_id)
            .order_by(RELEASE.c.id)
        )
        found: dict[int, dict[int, list[Approval]]] = {}
        for indicator_id, last_month, audience, from_on in self._session.connection().execute(query):
            months = found.setdefault(indicator_id, {})
            months.setdefault(last_month, []).append(Approval(Audience(audience), from_on))
        return found

    def _viewer(self, indicator: Guarded) -> Audience | None:
        standing = self._standing
        if standing is None:
            return None
        if standing.answers_for(indicator.responsible_agency_id, indicator.suppliers):
            return Audience.SUBMITTER
        return standing.audience
