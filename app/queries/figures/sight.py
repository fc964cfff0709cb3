"""Which figures an actor may see: those of its agency, and those released to its audience."""

from collections.abc import Hashable, Sequence
from datetime import date
from functools import cached_property
from typing import Protocol

from sqlalchemy import select as select_columns
from sqlmodel import Session

from app.domain.access.audience import Audience
from app.domain.access.authority import Actor, Scope
from app.domain.figures.release import Approval, Withheld, next_release, released_to, withheld
from app.models.column import table
from app.models.figures.release import Release
from app.queries.frame import look_up

RELEASE = table(Release)
Approvals = dict[int, dict[int, list[Approval]]]
"""By indicator and month, oldest first."""


class Guarded(Protocol):
    """What of an indicator decides who may see its figures."""

    @property
    def id(self) -> int: ...
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
        self.partnership_id = partnership_id
        self._standing = actor.standing_in(partnership_id)

    @property
    def sees_plans(self) -> bool:
        """Whether the partnership's plan and indicators are this actor's to see at all."""
        return self._standing is not None and Scope.READ in self._standing.scopes

    def conceals(self, indicator: Guarded, last_month: int) -> bool:
        """Whether the figures of an indicator that end in a month are not this actor's to see."""
        return self.withholds(indicator, last_month) is not None

    def withholds(self, indicator: Guarded, last_month: int) -> Withheld | None:
        """Why they are not this actor's to see."""
        viewer = self._viewer(indicator)
        of_people = indicator.counts_people and not self._sees_people
        return withheld(viewer, self.audience(indicator, last_month), of_people=of_people)

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
            and indicator.id not in self._approvals
        ):
            return None if self._standing is not None else Withheld.NOT_RELEASED
        viewer = self._viewer(indicator)
        hidden = indicator.counts_people and not self._sees_people and viewer is not Audience.SUBMITTER
        return Withheld.OF_PEOPLE if hidden else (viewer, self.today)

    @property
    def _sees_people(self) -> bool:
        return self._standing is not None and self._standing.sees_people

    def _of(self, indicator: Guarded, last_month: int) -> Sequence[Approval]:
        return self._approvals.get(indicator.id, {}).get(last_month, ())

    @cached_property
    def _approvals(self) -> Approvals:
        """The partnership's. Which of them count is asked of the day, for each month."""
        id_ = self.partnership_id
        return look_up(self._session, "approvals", id_, lambda: _read_approvals(self._session, id_))

    def _viewer(self, indicator: Guarded) -> Audience | None:
        standing = self._standing
        if standing is None:
            return None
        if standing.answers_for(indicator.responsible_agency_id, indicator.suppliers):
            return Audience.SUBMITTER
        return standing.audience


def _read_approvals(session: Session, partnership_id: int) -> Approvals:
    query = (
        select_columns(RELEASE.c.indicator_id, RELEASE.c.last_month, RELEASE.c.audience, RELEASE.c.from_on)
        .where(RELEASE.c.partnership_id == partnership_id)
        .order_by(RELEASE.c.id)
    )
    approvals: Approvals = {}
    for indicator_id, last_month, audience, from_on in session.connection().execute(query):
        months = approvals.setdefault(indicator_id, {})
        months.setdefault(last_month, []).append(Approval(Audience(audience), from_on))
    return approvals


class Unhindered(Sight):
    """Sight of the deployment's own command line, which stands in no partnership: every figure is its to see."""

    def withholds(self, indicator: Guarded, last_month: int) -> Withheld | None:
        return None

    def is_open(self, indicator: Guarded) -> bool:
        return True

    def key(self, indicator: Guarded) -> Hashable:
        return None
