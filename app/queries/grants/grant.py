"""Grants, as callers read them, with their numbers and the steps open to them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.errors import NotFound
from app.domain.grants.claim_steps import ClaimState
from app.domain.grants.grant import GrantState
from app.domain.grants.grant_steps import STEPS, GrantFacts
from app.domain.grants.grant_sums import add_up
from app.domain.grants.payment_steps import PaymentState
from app.domain.grants.terms import indicated_years, shares_from, terms_from, year_sums
from app.domain.workflow import Refusal, may
from app.models.grants.allocation import Allocation
from app.models.grants.delegation import Delegation
from app.models.grants.grant import Grant
from app.models.grants.grant_wire import (
    GrantNumbersOut,
    GrantOut,
    GrantWithStepsOut,
    LineAmountOut,
    YearSumsOut,
)
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.fund import pounds_or_none, pounds_out
from app.queries.grants.money import GrantBook, grant_books
from app.queries.grants.next_payment import next_payments_out
from app.queries.grants.proposer import is_own
from app.queries.grants.shortage import shortage
from app.queries.grants.visible import grants


def get_grant(session: Session, actor: Actor, partnership_id: int, reference: str) -> Grant:
    """The partnership's grant of that reference; NotFound where the actor sees none."""
    query = grants(actor).where(Grant.partnership_id == partnership_id, Grant.code == reference)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The grant “{reference[:80]}”")
    return row


def grant_book(session: Session, row: Grant) -> GrantBook:
    return grant_books(session, [row])[row.id]


def grant_facts(session: Session, actor: Actor, row: Grant, today: date) -> GrantFacts:
    """Facts for the steps of a grant, as the actor would take them."""
    book = grant_book(session, row)
    unspent = sum(
        each.net_paid - each.spent_accepted
        for each in (book.money(share) for share in book.awarded)
        if each.spent_accepted is not None
    )
    lacks: Refusal | None = None
    if row.state == GrantState.PROPOSED:
        lacks = shortage(session, row, shares_from(row.terms))
    return GrantFacts(
        state=GrantState(row.state),
        today=today,
        ends=row.ends,
        acceptance_due_on=row.acceptance_due_on,
        is_own=is_own(session, actor, row.proposed_by_id),
        shortage=lacks,
        open_payments=sum(
            payment.state in (PaymentState.PLANNED, PaymentState.AUTHORISED) for payment in book.payments
        ),
        open_claims=sum(ClaimState(claim.state).is_open for claim in book.claims),
        unspent=unspent,
    )


def list_out(session: Session, rows: Sequence[Grant]) -> dict[int, GrantOut]:
    """The grants by id."""
    agencies = agencies_by_id(session, {id_ for row in rows for id_ in (row.recipient_id, row.payer_id)})
    codes = _Codes(session, rows)
    outs: dict[int, GrantOut] = {}
    for row in rows:
        outs[row.id] = GrantOut(
            id=str(row.id),
            reference=row.code,
            instrument=cast(Any, row.instrument),
            kind=cast(Any, row.kind),
            recipient=agencies[row.recipient_id],
            payer=agencies[row.payer_id],
            parent=codes.grants.get(row.parent_id),
            takes_up=codes.allocations.get(row.takes_up_id),
            delegation=codes.delegations.get(row.delegation_id),
            allocations=[codes.allocations[id_] for id_ in row.terms["allocation_ids"]],
            purpose=row.purpose,
            reasons=row.reasons,
            priority=row.priority,
            theme=row.theme,
            managed_by=row.managed_by,
            paid_in=cast(Any, row.paid_in),
            starts=row.starts.isoformat(),
            ends=row.ends.isoformat(),
            acceptance_due_on=row.acceptance_due_on.isoformat()
            if row.acceptance_due_on is not None
            else None,
            ledger_code=row.ledger_code,
            state=cast(Any, row.state),
            state_label=GrantState(row.state).label,
            state_reason=row.state_reason,
            amount=pounds_out(certain_amount(row)),
            version_number=row.version_number,
            version=row.seq,
        )
    return outs


def with_steps_out(
    session: Session, actor: Actor, row: Grant, today: date, warnings: Sequence[str] = ()
) -> GrantWithStepsOut:
    """One grant with its numbers, its next payment and the steps that the actor may take."""
    facts = grant_facts(session, actor, row, today)
    book = grant_book(session, row)
    return GrantWithStepsOut(
        **list_out(session, [row])[row.id],
        is_past_end=facts.is_past_end,
        is_acceptance_overdue=facts.is_acceptance_overdue,
        years=_years_out(row),
        amounts=_amounts_out(row),
        numbers=_numbers_out(book),
        next_payment=next_payments_out(session, [book])[row.id],
        may=cast(list[Any], may(STEPS, facts, actor.access_in(row.partnership_id))),
        warnings=list(warnings),
    )


def certain_amount(row: Grant) -> int:
    """Amount of a grant, without years that are only indicated. A grant to an accountable body has no shares."""
    if row.takes_up_id is not None:
        return terms_from(row.terms).total
    return sum(share.pence for share in shares_from(row.terms))


class _Codes:
    """Codes of what grants refer to, by id."""

    def __init__(self, session: Session, rows: Sequence[Grant]) -> None:
        paying = {id_ for row in rows for id_ in row.terms["allocation_ids"]}
        takes_up = {row.takes_up_id for row in rows}
        parents = {row.parent_id for row in rows}
        delegations = {row.delegation_id for row in rows}
        self.allocations: dict[int | None, str] = dict(
            session.exec(
                select(Allocation.id, Allocation.code).where(col(Allocation.id).in_(paying | takes_up))
            ).all()
        )
        self.allocations[None] = "not said"
        self.grants: dict[int | None, str] = dict(
            session.exec(select(Grant.id, Grant.code).where(col(Grant.id).in_(parents))).all()
        )
        self.delegations: dict[int | None, str] = dict(
            session.exec(
                select(Delegation.id, Delegation.code).where(col(Delegation.id).in_(delegations))
            ).all()
        )


def _years_out(row: Grant) -> list[YearSumsOut]:
    terms = terms_from(row.terms)
    indicated = [] if row.takes_up_id is not None else indicated_years(terms, shares_from(row.terms))
    return [
        YearSumsOut(
            financial_year=year,
            spending=spending.value,
            approved=pounds_out(pence),
            is_indicated=year in indicated,
        )
        for (year, spending), pence in year_sums(terms).items()
    ]


def _amounts_out(row: Grant) -> list[LineAmountOut]:
    return [
        LineAmountOut(
            line=key.line,
            quarter=str(key.quarter),
            quarter_label=key.quarter.short_label,
            spending=key.spending.value,
            amount=pounds_out(pence),
        )
        for key, pence in terms_from(row.terms).amounts.items()
    ]


def _numbers_out(book: GrantBook) -> GrantNumbersOut:
    moneys = [book.money(share) for share in {**book.awarded, **book.approved}]
    totals = add_up(moneys)
    is_spending_known = bool(moneys) and not totals.without_spending
    return GrantNumbersOut(
        awarded=pounds_out(totals.awarded),
        approved=pounds_out(totals.approved),
        not_scheduled=pounds_out(totals.not_scheduled),
        paid=pounds_out(totals.net_paid),
        spent=pounds_out(totals.spent) if is_spending_known else None,
        forecast=None if totals.without_forecast or not moneys else pounds_out(totals.outturn),
        underspend=pounds_out(totals.underspend),
        still_with_them=pounds_or_none(totals.net_paid - totals.spent if is_spending_known else None),
    )
