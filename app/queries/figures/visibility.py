"""Decides which figures an actor may see: its agency's own, and those released to its audience."""

from collections.abc import Hashable, Sequence
from datetime import date
from functools import cached_property
from typing import Protocol

from sqlalchemy import select as select_columns
from sqlmodel import Session

from app.domain.access.audience import Audience
from app.domain.access.authority import Actor, Scope
from app.domain.figures.release import Approval, HiddenReason, hidden_reason, next_release, released_to
from app.models.column import table
from app.models.figures.release import Release
from app.queries.frame import look_up

RELEASE = table(Release)
Approvals = dict[int, dict[int, list[Approval]]]
"""By indicator and month, oldest first."""


class GuardedIndicator(Protocol):
    """Properties of an indicator that decide who may see its figures."""

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


class FigureVisibility:
    """Says which figures of one partnership an actor may see today.

    Two rules: figures that count people stay inside the information-sharing agreement, and a figure is shown to
    no wider audience than it was released to. An agency always sees its own.
    """

    def __init__(self, session: Session, actor: Actor, partnership_id: int, today: date) -> None:
        self.today = today
        """The real day, whatever day is asked about: what was known then is not thereby released."""
        self._session = session
        self.partnership_id = partnership_id
        self._access = actor.access_in(partnership_id)

    @property
    def sees_plans(self) -> bool:
        """Whether the actor may read the partnership's plan and indicators."""
        return self._access is not None and Scope.READ in self._access.scopes

    def hides(self, indicator: GuardedIndicator, last_month: int) -> bool:
        """Whether the figures of an indicator that end in a month are hidden from the actor."""
        return self.hidden_reason(indicator, last_month) is not None

    def hidden_reason(self, indicator: GuardedIndicator, last_month: int) -> HiddenReason | None:
        """Why those figures are hidden; None if they are visible."""
        viewer = self._viewer(indicator)
        of_people = indicator.counts_people and not self._sees_people
        return hidden_reason(viewer, self.audience(indicator, last_month), of_people=of_people)

    def is_open(self, indicator: GuardedIndicator) -> bool:
        """Whether the actor sees every figure of an indicator, so that no month needs to be checked."""
        return self._viewer(indicator) is Audience.SUBMITTER or self.key(indicator) is None

    def audience(self, indicator: GuardedIndicator, last_month: int) -> Audience:
        """The audience that may see them today."""
        return released_to(
            Audience(indicator.release_to), self._approvals_for(indicator, last_month), self.today
        )

    def next_release(self, indicator: GuardedIndicator, last_month: int) -> Approval | None:
        """Next approval to take effect."""
        return next_release(self._approvals_for(indicator, last_month), self.today)

    def key(self, indicator: GuardedIndicator) -> Hashable:
        """Cache key: equal for two viewers who see the same figures of the indicator.

        It holds the day where figures have a release, as those take effect with the clock.
        """
        if (
            indicator.release_to == Audience.PUBLIC
            and not indicator.counts_people
            and indicator.id not in self._approvals
        ):
            return None if self._access is not None else HiddenReason.NOT_RELEASED
        viewer = self._viewer(indicator)
        hidden = indicator.counts_people and not self._sees_people and viewer is not Audience.SUBMITTER
        return HiddenReason.OF_PEOPLE if hidden else (viewer, self.today)

    @property
    def _sees_people(self) -> bool:
        return self._access is not None and self._access.sees_people

    def _approvals_for(self, indicator: GuardedIndicator, last_month: int) -> Sequence[Approval]:
        return self._approvals.get(indicator.id, {}).get(last_month, ())

    @cached_property
    def _approvals(self) -> Approvals:
        """Every release of the partnership; the one in force is chosen by day and month."""
        id_ = self.partnership_id
        return look_up(self._session, "approvals", id_, lambda: _read_approvals(self._session, id_))

    def _viewer(self, indicator: GuardedIndicator) -> Audience | None:
        access = self._access
        if access is None:
            return None
        if access.answers_for(indicator.responsible_agency_id, indicator.suppliers):
            return Audience.SUBMITTER
        return access.audience


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


class FullVisibility(FigureVisibility):
    """Shows every figure: for the deployment's command line, which is in no partnership."""

    def hidden_reason(self, indicator: GuardedIndicator, last_month: int) -> HiddenReason | None:
        return None

    def is_open(self, indicator: GuardedIndicator) -> bool:
        return True

    def key(self, indicator: GuardedIndicator) -> Hashable:
        return None
