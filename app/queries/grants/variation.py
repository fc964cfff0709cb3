"""Variations, as callers read them, with what each changes and the steps open to them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.errors import NotFound
from app.domain.grants.grant import GrantState
from app.domain.grants.money import Spending
from app.domain.grants.payment_steps import PaymentState
from app.domain.grants.terms import FundingShare, shares_from, terms_from, year_sums
from app.domain.grants.variation import Terms, VariationKind, differences
from app.domain.grants.variation_steps import STEPS, VariationFacts, VariationState
from app.domain.number import row_number
from app.domain.workflow import Refusal, may
from app.models.grants.grant import Grant
from app.models.grants.grant_version import GrantVersion
from app.models.grants.variation import DifferenceOut, Variation, VariationOut, VariationWithStepsOut
from app.queries.grants.fund import pounds_out
from app.queries.grants.money import GrantBook, grant_books, sum_of
from app.queries.grants.proposer import is_own
from app.queries.grants.shortage import beyond_allocation, shortage_of
from app.queries.grants.visible import variations


def get_variation(session: Session, actor: Actor, grant: Grant, number: str) -> Variation:
    """The grant's variation of that number; NotFound where the actor sees none."""
    what = f"Change {number[:20]} of {grant.code}"
    query = variations(actor).where(
        Variation.grant_id == grant.id, Variation.number == row_number(number, what)
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound(what)
    return row


def variation_facts(session: Session, actor: Actor, row: Variation, grant: Grant) -> VariationFacts:
    """Facts for the steps of a variation, as the actor would take them."""
    book = grant_books(session, [grant])[grant.id]
    after = terms_from(row.terms)
    paid, total = _tightest_year(book, after)
    added = added_shares(shares_from(grant.terms), shares_from(row.terms))
    return VariationFacts(
        state=VariationState(row.state),
        grant_state=GrantState(grant.state),
        is_own=is_own(session, actor, row.asked_by_id),
        is_of_older_version=row.of_version != grant.version_number,
        shortage=_shortage(session, grant, added, after.total),
        paid=paid,
        total=total,
    )


def added_shares(before: Sequence[FundingShare], after: Sequence[FundingShare]) -> list[FundingShare]:
    """What each allocation pays more, by year and kind."""
    more: dict[tuple[int | None, str, Spending], int] = defaultdict(int)
    for sign, shares in ((-1, before), (1, after)):
        for each in shares:
            more[each.allocation_id, each.year, each.spending] += sign * each.pence
    return [
        FundingShare(allocation_id, year, spending, pence)
        for (allocation_id, year, spending), pence in more.items()
        if pence > 0
    ]


def _shortage(session: Session, grant: Grant, added: Sequence[FundingShare], total: int) -> Refusal | None:
    """Why the money that a variation adds cannot be committed now."""
    if grant.takes_up_id is not None:
        return beyond_allocation(session, grant, total)
    return shortage_of(session, grant, added) if added else None


def _tightest_year(book: GrantBook, after: Terms) -> tuple[int, int]:
    """Authorised or paid, and approved after the variation, of the year and kind where least would be left."""
    approved = year_sums(after)
    years = {(each.financial_year, Spending(each.spending)) for each in book.payments}
    pairs = [
        (
            sum_of(book.scheduled_in(year, spending, PaymentState.AUTHORISED, PaymentState.PAID)),
            approved.get((year, spending), 0),
        )
        for year, spending in years
    ]
    return max(pairs, key=lambda pair: pair[0] - pair[1], default=(0, after.total))


def list_out(session: Session, rows: Sequence[Variation]) -> dict[int, VariationOut]:
    """The variations by id."""
    query = select(Grant).where(col(Grant.id).in_({row.grant_id for row in rows}))
    codes = {grant.id: grant.code for grant in session.exec(query)}
    contents = _contents(session, list(codes))
    outs: dict[int, VariationOut] = {}
    for row in rows:
        before, after = terms_from(contents[row.grant_id, row.of_version]), terms_from(row.terms)
        kind = VariationKind(row.kind)
        outs[row.id] = VariationOut(
            id=str(row.id),
            grant=codes[row.grant_id],
            number=row.number,
            kind=kind.value,
            kind_label=kind.label,
            state=VariationState(row.state).value,
            differences=[
                DifferenceOut(what=each.what, before=each.before, after=each.after)
                for each in differences(before, after)
            ],
            amount_before=pounds_out(before.total),
            amount_after=pounds_out(after.total),
            reason=row.reason,
            on_behalf=row.on_behalf,
            decision_reason=row.decision_reason,
            asked_on=row.asked_on.isoformat(),
            decided_on=row.decided_on.isoformat() if row.decided_on is not None else None,
            version=row.seq,
        )
    return outs


def with_steps_out(
    session: Session, actor: Actor, row: Variation, grant: Grant, warnings: Sequence[str] = ()
) -> VariationWithStepsOut:
    """One variation with the steps that the actor may take. `warnings` are about texts of a request."""
    facts = variation_facts(session, actor, row, grant)
    return VariationWithStepsOut(
        **list_out(session, [row])[row.id],
        may=cast(list[Any], may(STEPS, facts, actor.access_in(row.partnership_id))),
        warnings=list(warnings),
    )


def _contents(session: Session, grant_ids: Sequence[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """Terms of each version of some grants, by grant and number."""
    rows = session.exec(select(GrantVersion).where(col(GrantVersion.grant_id).in_(grant_ids)))
    return {(row.grant_id, row.number): row.content for row in rows}
