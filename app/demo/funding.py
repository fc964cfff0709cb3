"""Adds invented payments, claims and changes of grants to the demonstration.

All of it is illustrative: nobody paid, claimed or asked for any of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from sqlmodel import Session, select

from app.commands.change import Change
from app.commands.grants import claim as claims
from app.commands.grants import payment as payments
from app.commands.grants import repayment as repayments
from app.commands.grants.variation import ask_for_variation
from app.config import LONDON
from app.db import Database
from app.demo.actor import actor_in
from app.demo.payments import (
    AHEAD,
    CHANGES,
    CLAIMS,
    PAID,
    REPAYMENT,
    AskedBack,
    AskedChange,
    Instalment,
    SentClaim,
)
from app.demo.scores import load_scores
from app.domain.access.authority import Role
from app.domain.grants.repayment_steps import RepaymentReason
from app.models.grants.claim import ClaimDecisionIn, ClaimIn, ClaimLineIn
from app.models.grants.grant import Grant
from app.models.grants.grant_wire import LineIn, QuarterAmountIn
from app.models.grants.payment import GateIn, Payment, PaymentIn
from app.models.grants.repayment import ReceiptIn, RepaymentIn
from app.models.grants.variation import VariationIn
from app.models.plan.partnership import Partnership

YEAR = "2017-18"
PLANNED_ON = date(2017, 12, 11)
"""When the payments to come were planned."""


def load_funding_history(opened: Database) -> None:
    """Pays, claims and asks as the demonstration tells it; does nothing if there is any payment, or no grant."""
    with opened.read() as session:
        if session.exec(select(Payment.id)).first() is not None:
            return
        if session.exec(select(Grant.id)).first() is None:
            return
    load_scores(opened)
    history = _History(opened)
    for instalment in sorted(PAID, key=lambda each: each.day):
        history.pay(instalment)
    for claim in CLAIMS:
        history.claim(claim)
    for change in CHANGES:
        history.ask(change)
    history.ask_back(REPAYMENT)
    for instalment in AHEAD:
        history.plan(instalment)


@dataclass
class _History:
    opened: Database

    def pay(self, instalment: Instalment) -> None:
        """Plans, authorises and records a payment, by two people."""
        with self._on(instalment.day) as people:
            grant = people.grant(instalment.grant)
            row = payments.plan_payment(people.officer, grant, _payment_in(instalment))
            payments.authorise(people.approver, grant, row)
            payments.record_paid(people.officer, grant, row, instalment.day, "")

    def plan(self, instalment: Instalment) -> None:
        with self._on(PLANNED_ON) as people:
            payments.plan_payment(people.officer, people.grant(instalment.grant), _payment_in(instalment))

    def claim(self, claim: SentClaim) -> None:
        """Sends a claim for its recipient, decides it and pays what was approved."""
        with self._on(claim.sent_on) as people:
            grant = people.grant(claim.grant)
            row, _ = claims.draft_claim(people.officer, grant, _claim_in(claim))
            claims.submit(people.officer, grant, row)
        with self._on(claim.decided_on) as people:
            grant = people.grant(claim.grant)
            row = people.session.merge(row)
            decision = ClaimDecisionIn(approved=claim.approved, reason=claim.reason)
            claims.decide(people.approver, grant, row, decision)
        with self._on(claim.paid_on) as people:
            grant = people.grant(claim.grant)
            query = select(Payment).where(Payment.grant_id == grant.id, Payment.claim_id == row.id)
            payment = people.session.exec(query).one()
            payments.authorise(people.administrator, grant, payment)
            payments.record_paid(people.officer, grant, payment, claim.paid_on, "")

    def ask(self, change: AskedChange) -> None:
        with self._on(change.day) as people:
            ask_for_variation(people.officer, people.grant(change.grant), _variation_in(change))

    def ask_back(self, asked: AskedBack) -> None:
        """Asks for money back and records the part of it that came."""
        body = RepaymentIn(
            amount=Decimal(asked.pounds),
            financial_year=YEAR,
            why=RepaymentReason.UNDERSPEND,
            note=asked.note,
        )
        with self._on(asked.day) as people:
            row = repayments.demand_repayment(people.officer, people.grant(asked.grant), body)
        receipt = ReceiptIn(amount=Decimal(asked.received), received_on=asked.received_on.isoformat())
        with self._on(asked.received_on) as people:
            row = people.session.merge(row)
            repayments.receive(people.officer, people.grant(asked.grant), row, receipt)

    @contextmanager
    def _on(self, day: date) -> Iterator["_People"]:
        with self.opened.write() as session:
            yield _People(session, session.exec(select(Partnership)).one(), day)


@dataclass
class _People:
    """Changes on one day, each by somebody of another role."""

    session: Session
    partnership: Partnership
    day: date

    @property
    def officer(self) -> Change:
        return self._as(Role.OFFICER)

    @property
    def approver(self) -> Change:
        return self._as(Role.APPROVER)

    @property
    def administrator(self) -> Change:
        return self._as(Role.ADMINISTRATOR)

    def grant(self, reference: str) -> Grant:
        return self.session.exec(select(Grant).where(Grant.code == reference)).one()

    def _as(self, role: Role) -> Change:
        actor = actor_in(self.session, self.partnership, role)
        now = datetime.combine(self.day, time(11), LONDON)
        return Change(self.session, actor, self.partnership.id, self.day, now)


def _payment_in(instalment: Instalment) -> PaymentIn:
    return PaymentIn(
        planned_on=instalment.day.isoformat(),
        amount=Decimal(instalment.pounds),
        financial_year=YEAR,
        purpose=instalment.purpose,
        gates=[GateIn(kind=kind, subject=subject, limit=limit) for kind, subject, limit in instalment.gates],
    )


def _claim_in(claim: SentClaim) -> ClaimIn:
    return ClaimIn(
        period=claim.period,
        lines=[ClaimLineIn(line=title, incurred=Decimal(pounds)) for title, pounds in claim.lines],
        late_reason=claim.late_reason,
        on_behalf="By e-mail from its manager",
    )


def _variation_in(change: AskedChange) -> VariationIn:
    lines = [
        LineIn(
            title=title,
            profile=[
                QuarterAmountIn(quarter=f"{YEAR}-Q{number}", amount=Decimal(pounds))
                for number, pounds in enumerate(profile, start=1)
                if pounds
            ],
        )
        for title, profile in change.lines
    ]
    return VariationIn(lines=lines, reason=change.reason, on_behalf="By e-mail from its manager")
