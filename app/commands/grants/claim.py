"""Writes, sends, takes back and decides claims."""

from datetime import timedelta
from typing import Any

from sqlmodel import func, select

from app.commands.change import Change
from app.commands.grants.bank_details import MaskedTexts
from app.commands.grants.grant import touch_funding
from app.commands.grants.payment import next_number
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.claim_steps import (
    DECIDE,
    SUBMIT,
    TAKE_BACK,
    ClaimFacts,
    ClaimState,
    require_claim,
    require_decision,
)
from app.domain.grants.money import pence_of
from app.domain.grants.payment_steps import PaidIn, PaymentState
from app.domain.period_text import parse_period
from app.domain.workflow import Step
from app.models.grants.claim import Claim, ClaimDecisionIn, ClaimIn, ClaimLineIn
from app.models.grants.grant import Grant
from app.models.grants.payment import Payment
from app.queries.grants.claim import already_claimed, claim_due_on, claim_facts
from app.queries.grants.grant import grant_book
from app.queries.grants.money import claim_year
from app.queries.grants.proposer import person_behind

PAYMENT_DAYS = 30
"""Days after the approval of a claim by which its payment is planned."""


def draft_claim(change: Change, grant: Grant, body: ClaimIn) -> tuple[Claim, list[str]]:
    """Writes a claim that is not sent yet. Also returns warnings about its texts."""
    if grant.paid_in != PaidIn.ARREARS:
        raise Conflict("not_in_arrears", f"{grant.code} is paid in {grant.paid_in}, and not by claims.")
    texts = MaskedTexts()
    lines = [_line(each, n, texts) for n, each in enumerate(body.lines)]
    period = parse_period(body.period)
    if len({month.financial_year() for month in period.split()}) > 1:
        raise RuleBroken("period", "two_years", "A claim is of one financial year. Send one for each.")
    numbers = select(func.count()).select_from(Claim).where(Claim.grant_id == grant.id)
    row = Claim(
        partnership_id=grant.partnership_id,
        grant_id=grant.id,
        number=change.session.exec(numbers).one() + 1,
        period=str(period),
        spending=body.spending.value,
        lines=lines,
        asked=sum(each["incurred"] - each["ineligible"] - each["vat"] for each in lines),
        late_reason=texts.mask(body.late_reason),
        on_behalf=texts.mask(body.on_behalf),
        state=ClaimState.DRAFT.value,
        sent_by_id=person_behind(change.session, change.actor),
    )
    _require_left(change, grant, row)
    change.add(row)
    _finish(change, grant, row, "claim drafted", asked=row.asked)
    return row, texts.warnings


def submit(change: Change, grant: Grant, row: Claim) -> None:
    """Sends a claim. A late one needs a reason, and is no locked door."""
    _require(change, SUBMIT, grant, row)
    _require_left(change, grant, row)
    period = parse_period(row.period)
    if not period.has_ended(change.today):
        raise RuleBroken(
            "period", "not_ended", f"{period.label} has not ended: claim what was spent, afterwards."
        )
    if change.today > claim_due_on(row.period) and not row.late_reason:
        raise RuleBroken("late_reason", "required", "The claim is late. Say why.")
    row.state = ClaimState.SUBMITTED.value
    row.sent_on = change.today
    row.sent_by_id = person_behind(change.session, change.actor)
    _finish(change, grant, row, "claim sent", asked=row.asked)


def take_back(change: Change, grant: Grant, row: Claim) -> None:
    """Makes a sent claim a draft again, while it is not decided."""
    _require(change, TAKE_BACK, grant, row)
    row.state = ClaimState.DRAFT.value
    row.sent_on = None
    _finish(change, grant, row, "claim taken back")


def decide(change: Change, grant: Grant, row: Claim, body: ClaimDecisionIn) -> list[str]:
    """Approves a claim, all or in part, and plans its payment; or rejects it. Returns warnings."""
    _require(change, DECIDE, grant, row)
    texts = MaskedTexts()
    approved = pence_of(body.approved, "approved")
    row.state = require_decision(approved, row.asked, body.reason).value
    row.approved = approved
    row.reason = texts.mask(body.reason)
    row.decided_on = change.today
    if approved:
        _plan_payment(change, grant, row, approved)
    _finish(change, grant, row, f"claim {row.state.replace('_', ' ')}", asked=row.asked, approved=approved)
    return texts.warnings


def _plan_payment(change: Change, grant: Grant, row: Claim, approved: int) -> None:
    """A payment of what is approved; whoever approved the claim does not authorise it."""
    change.add(
        Payment(
            partnership_id=grant.partnership_id,
            grant_id=grant.id,
            number=next_number(change, grant),
            payer_id=grant.payer_id,
            payee_id=grant.recipient_id,
            financial_year=claim_year(row),
            spending=row.spending,
            pence=approved,
            planned_on=change.today + timedelta(days=PAYMENT_DAYS),
            paid_in=PaidIn.ARREARS.value,
            purpose=f"Claim {row.number}, {parse_period(row.period).short_label}",
            state=PaymentState.PLANNED.value,
            claim_id=row.id,
            planned_by_id=person_behind(change.session, change.actor),
        )
    )


def _require(change: Change, step: Step[ClaimFacts], grant: Grant, row: Claim) -> None:
    step.require(claim_facts(change.session, change.actor, row, grant), change.access)


def _require_left(change: Change, grant: Grant, row: Claim) -> None:
    """RuleBroken for a claim of nothing, of more than is left, or of a time before the award."""
    book = grant_book(change.session, grant)
    year = claim_year(row)
    left = book.approved_in(year, row.spending) - already_claimed(book, year, row.spending, row.id)
    require_claim(row.asked, left, parse_period(row.period), grant.starts)


def _line(body: ClaimLineIn, number: int, texts: MaskedTexts) -> dict[str, Any]:
    """A line in pence. RuleBroken where more is not eligible than was incurred."""
    field = f"lines.{number}"
    incurred, ineligible, vat = (
        pence_of(getattr(body, name), f"{field}.{name}") for name in ("incurred", "ineligible", "vat")
    )
    if ineligible + vat > incurred:
        raise RuleBroken(f"{field}.ineligible", "more_than_incurred", "More is taken off than was spent.")
    return {"line": texts.mask(body.line), "incurred": incurred, "ineligible": ineligible, "vat": vat}


def _finish(change: Change, grant: Grant, row: Claim, verb: str, **facts: Any) -> None:
    """Bumps what shows the claim, and records the step."""
    change.session.flush()
    change.touch(grant)
    touch_funding(change, grant)
    change.record(verb, "claim", f"{grant.code} {row.number}", **facts)
