"""Claims, as callers read them: asked, approved, already claimed, left, and the steps open to them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.errors import NotFound
from app.domain.grants.claim_steps import (
    STEPS,
    ClaimFacts,
    ClaimNumbers,
    ClaimState,
    claim_numbers,
)
from app.domain.grants.grant import GrantState
from app.domain.number import row_number
from app.domain.period_text import parse_period
from app.domain.workflow import may
from app.models.grants.claim import Claim, ClaimLineOut, ClaimOut
from app.models.grants.grant import Grant
from app.queries.grants.fund import pounds_or_none, pounds_out
from app.queries.grants.money import GrantBook, claim_year, grant_books
from app.queries.grants.proposer import is_own
from app.queries.grants.visible import claims

CLAIM_DAYS = 30
"""Days after the claimed period by which a claim is due."""


def get_claim(session: Session, actor: Actor, grant: Grant, number: str) -> Claim:
    """The grant's claim of that number; NotFound where the actor sees none."""
    what = f"Claim {number[:20]} of {grant.code}"
    row = session.exec(
        claims(actor).where(Claim.grant_id == grant.id, Claim.number == row_number(number, what))
    ).first()
    if row is None:
        raise NotFound(what)
    return row


def claim_due_on(period: str) -> date:
    return parse_period(period).end + timedelta(days=CLAIM_DAYS)


def already_claimed(book: GrantBook, year: str, spending: str, other_than: int | None) -> int:
    """Claimed by the grant's other claims of a year and kind: as approved, or as asked while undecided."""
    mine = [
        each
        for each in book.claims
        if each.id != other_than and (claim_year(each), each.spending) == (year, spending)
    ]
    return sum(_claimed(each) for each in mine)


def numbers(row: Claim, book: GrantBook) -> ClaimNumbers:
    """What stands on a claim; `left` is what is left with this claim counted as well."""
    year = claim_year(row)
    others = already_claimed(book, year, row.spending, row.id)
    figures = claim_numbers(row.asked, row.approved or 0, book.approved_in(year, row.spending), others)
    return ClaimNumbers(figures.asked, figures.approved, others, figures.left - _claimed(row))


def claim_facts(session: Session, actor: Actor, row: Claim, grant: Grant) -> ClaimFacts:
    return ClaimFacts(
        state=ClaimState(row.state),
        grant_state=GrantState(grant.state),
        is_own=is_own(session, actor, row.sent_by_id),
    )


def list_out(
    session: Session, actor: Actor, rows: Sequence[Claim], today: date, warnings: Sequence[str] = ()
) -> dict[int, ClaimOut]:
    """The claims by id. `warnings` are about texts of the request that is answered."""
    query = select(Grant).where(col(Grant.id).in_({row.grant_id for row in rows}))
    books = grant_books(session, session.exec(query).all())
    outs: dict[int, ClaimOut] = {}
    for row in rows:
        facts = claim_facts(session, actor, row, books[row.grant_id].grant)
        steps = may(STEPS, facts, actor.access_in(row.partnership_id))
        outs[row.id] = _out(row, books[row.grant_id], steps, today)
        outs[row.id]["warnings"] = list(warnings)
    return outs


def _out(row: Claim, book: GrantBook, steps: Sequence[str], today: date) -> ClaimOut:
    figures = numbers(row, book)
    state = ClaimState(row.state)
    due_on = claim_due_on(row.period)
    return ClaimOut(
        id=str(row.id),
        grant=book.grant.code,
        number=row.number,
        period=row.period,
        spending=cast(Any, row.spending),
        lines=[_line_out(each) for each in row.lines],
        asked=pounds_out(row.asked),
        approved=pounds_or_none(row.approved),
        already_claimed=pounds_out(figures.already_claimed),
        left=pounds_out(figures.left),
        reason=row.reason,
        late_reason=row.late_reason,
        on_behalf=row.on_behalf,
        state=state.value,
        state_label=state.label,
        due_on=due_on.isoformat(),
        is_late=(row.sent_on or today) > due_on,
        sent_on=row.sent_on.isoformat() if row.sent_on is not None else None,
        decided_on=row.decided_on.isoformat() if row.decided_on is not None else None,
        version=row.seq,
        may=cast(Any, list(steps)),
        warnings=[],
    )


def _claimed(row: Claim) -> int:
    if row.state == ClaimState.DRAFT:
        return 0
    return row.asked if row.approved is None else row.approved


def _line_out(line: dict[str, Any]) -> ClaimLineOut:
    return ClaimLineOut(
        line=line["line"],
        incurred=pounds_out(line["incurred"]),
        ineligible=pounds_out(line["ineligible"]),
        vat=pounds_out(line["vat"]),
        asked=pounds_out(line["incurred"] - line["ineligible"] - line["vat"]),
    )
