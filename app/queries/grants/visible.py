"""Selects funds, allocations and grants that an actor may see: a recipient its own, a funder its own money's."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Access, Actor, Role, Scope
from app.domain.grants.grant import GrantState
from app.models.grants.allocation import Allocation
from app.models.grants.claim import Claim
from app.models.grants.fund import Fund
from app.models.grants.grant import Grant
from app.models.grants.grant_version import GrantFunding, GrantVersion
from app.models.grants.payment import Payment
from app.models.grants.repayment import Repayment
from app.models.grants.variation import Variation
from app.models.plan.partnership import PartnershipAgency

OfGrant = Payment | Claim | Repayment | Variation
NOT_AWARDED = (GrantState.PROPOSED.value, GrantState.WITHDRAWN.value)


def funds(actor: Actor) -> SelectOfScalar[Fund]:
    """Funds of the funders in the partnerships of staff and auditors; a funder's own."""
    return select(Fund).where(_any(_fund_conditions(actor)))


def allocations(actor: Actor) -> SelectOfScalar[Allocation]:
    """All of the partnership for staff, auditors and readers; a funder's own funds'."""
    return select(Allocation).where(_any(_allocation_conditions(actor)))


def grants(actor: Actor) -> SelectOfScalar[Grant]:
    """All of the partnership for staff, auditors and readers; others theirs, once awarded."""
    return select(Grant).where(_any(_grant_conditions(actor)))


def payments(actor: Actor) -> SelectOfScalar[Payment]:
    """Payments of the grants an actor sees; readers see sums alone."""
    return select(Payment).where(
        col(Payment.grant_id).in_(grants(actor).with_only_columns(col(Grant.id))),
        _not_a_reader(actor, Payment),
    )


def claims(actor: Actor) -> SelectOfScalar[Claim]:
    """Claims of the grants an actor sees; readers see none."""
    return select(Claim).where(
        col(Claim.grant_id).in_(grants(actor).with_only_columns(col(Grant.id))), _not_a_reader(actor, Claim)
    )


def variations(actor: Actor) -> SelectOfScalar[Variation]:
    """Variations of the grants an actor sees; readers see none."""
    return select(Variation).where(
        col(Variation.grant_id).in_(grants(actor).with_only_columns(col(Grant.id))),
        _not_a_reader(actor, Variation),
    )


def repayments(actor: Actor) -> SelectOfScalar[Repayment]:
    """Repayments of the grants an actor sees; readers see sums alone."""
    return select(Repayment).where(
        col(Repayment.grant_id).in_(grants(actor).with_only_columns(col(Grant.id))),
        _not_a_reader(actor, Repayment),
    )


def is_overseer(access: Access) -> bool:
    """Whether it sees every grant of the partnership."""
    return access.is_staff or access.role in (Role.AUDITOR, Role.READER)


def _accesses(actor: Actor) -> Iterator[Access]:
    return (access for access in actor.accesses if Scope.READ_FUNDING in access.scopes)


def _any(conditions: Iterator[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(false(), *conditions)


def _fund_conditions(actor: Actor) -> Iterator[ColumnElement[bool]]:
    for access in _accesses(actor):
        if access.is_staff or access.role is Role.AUDITOR:
            funders = select(PartnershipAgency.agency_id).where(
                PartnershipAgency.partnership_id == access.partnership_id
            )
            yield col(Fund.funder_id).in_(funders)
        elif access.agency_id is not None:
            yield col(Fund.funder_id) == access.agency_id


def _allocation_conditions(actor: Actor) -> Iterator[ColumnElement[bool]]:
    for access in _accesses(actor):
        here = col(Allocation.partnership_id) == access.partnership_id
        if is_overseer(access):
            yield here
        elif access.agency_id is not None:
            own = select(Fund.id).where(Fund.funder_id == access.agency_id)
            yield and_(here, col(Allocation.fund_id).in_(own))


def _grant_conditions(actor: Actor) -> Iterator[ColumnElement[bool]]:
    for access in _accesses(actor):
        here = col(Grant.partnership_id) == access.partnership_id
        if is_overseer(access):
            yield here
        elif access.agency_id is not None:
            own = or_(
                col(Grant.recipient_id) == access.agency_id,
                col(Grant.payer_id) == access.agency_id,
                col(Grant.id).in_(_funded_by(access.agency_id)),
            )
            yield and_(here, col(Grant.state).not_in(NOT_AWARDED), own)


def _funded_by(agency_id: int) -> SelectOfScalar[int]:
    """Ids of grants that a funder's money is in."""
    return (
        select(GrantVersion.grant_id)
        .join(GrantFunding, col(GrantFunding.version_id) == col(GrantVersion.id))
        .join(Allocation, col(Allocation.id) == col(GrantFunding.allocation_id))
        .join(Fund, col(Fund.id) == col(Allocation.fund_id))
        .where(Fund.funder_id == agency_id)
    )


def _not_a_reader(actor: Actor, model: type[OfGrant]) -> ColumnElement[bool]:
    within = [access.partnership_id for access in _accesses(actor) if access.role is not Role.READER]
    return col(model.partnership_id).in_(within)
