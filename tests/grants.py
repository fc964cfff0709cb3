"""A row in each table of funding, for tests that need one of everything."""

from datetime import date
from typing import Any

from sqlmodel import Session, select

from app.commands.grants.grant import add_version
from app.domain.access.authority import Role
from app.domain.grants.money import Spending
from app.domain.grants.terms import Funder, to_content
from app.domain.grants.variation import AmountKey, Terms
from app.domain.period_text import parse_period
from app.models.grants.allocation import Allocation
from app.models.grants.application import Application, ApplicationShare
from app.models.grants.appraisal import Appraisal
from app.models.grants.claim import Claim
from app.models.grants.delegation import Delegation
from app.models.grants.fund import Fund
from app.models.grants.funding_round import Round
from app.models.grants.grant import Grant
from app.models.grants.payment import Payment, PaymentGate
from app.models.grants.repayment import Repayment
from app.models.grants.variation import Variation
from app.models.plan.partnership import Agency, Partnership
from tests.build import change_in, make_person

YEAR = "2017-18"
TERMS = Terms(
    date(2017, 4, 1),
    date(2018, 3, 31),
    {AmountKey("Workers", parse_period("2017-18-Q1"), Spending.REVENUE): 2_000_00},
)


def make_grants(session: Session, town: Partnership) -> Grant:
    """A running grant of 2,000 pounds to the police, paid in arrears, and what stands around it."""
    change = change_in(session, town)
    agencies = {agency.code: agency.id for agency in session.exec(select(Agency))}
    fund = change.add(Fund(code="safety", title="Community safety", funder_id=agencies["commissioner"]))
    allocation = change.add(
        Allocation(
            partnership_id=town.id,
            position=1,
            code="safety-2017-18",
            fund_id=fund.id,
            accountable_body_id=agencies["council"],
            financial_year=YEAR,
            amount=10_000_00,
            capital=0,
            revenue=10_000_00,
            status="confirmed",
        )
    )
    change.add(
        Delegation(
            partnership_id=town.id,
            position=1,
            code="local",
            allocation_id=allocation.id,
            group_code="board",
            spending="revenue",
            amount=1_000_00,
        )
    )
    grant = change.add(_grant(town, allocation, agencies))
    change.add(_grant(town, allocation, agencies, PROPOSED))
    add_version(change, grant)
    _add_money(session, grant)
    _add_applications(session, grant, fund)
    return grant


PROPOSED = {"code": "G2", "state": "proposed", "version_number": 0}


def _grant(
    town: Partnership, allocation: Allocation, agencies: dict[str, int], change: dict[str, Any] | None = None
) -> Grant:
    columns = {"code": "G1", "state": "live", "version_number": 1, **(change or {})}
    return Grant(
        partnership_id=town.id,
        **columns,
        payer_id=agencies["council"],
        recipient_id=agencies["police"],
        instrument="grant",
        kind="service",
        purpose="Visits after a burglary",
        paid_in="arrears",
        starts=TERMS.starts,
        ends=TERMS.ends,
        terms=to_content(TERMS, [Funder(allocation.id, YEAR)]),
    )


def _add_money(session: Session, grant: Grant) -> None:
    """A claim that is sent, and a planned payment that waits for a report."""
    town = session.get_one(Partnership, grant.partnership_id)
    change = change_in(session, town)
    change.add(
        Claim(
            partnership_id=town.id,
            grant_id=grant.id,
            number=1,
            period="2017-18-Q2",
            spending="revenue",
            lines=[{"line": "Workers", "incurred": 500_00, "ineligible": 0, "vat": 0}],
            asked=500_00,
            state="submitted",
            sent_on=date(2017, 10, 20),
        )
    )
    change.add(
        Variation(
            partnership_id=town.id,
            grant_id=grant.id,
            number=1,
            kind="uplift",
            state="requested",
            of_version=1,
            terms=grant.terms,
            reason="More burglaries than last year",
            asked_on=date(2017, 12, 1),
        )
    )
    change.add(
        Repayment(
            partnership_id=town.id,
            grant_id=grant.id,
            number=1,
            financial_year=YEAR,
            spending="revenue",
            why="underspend",
            demanded=100_00,
            demanded_on=date(2017, 12, 1),
            state="demanded",
        )
    )
    payment = change.add(
        Payment(
            partnership_id=town.id,
            grant_id=grant.id,
            number=1,
            payer_id=grant.payer_id,
            payee_id=grant.recipient_id,
            financial_year=YEAR,
            spending="revenue",
            pence=500_00,
            planned_on=date(2018, 1, 15),
            paid_in="arrears",
            state="planned",
        )
    )
    change.add(PaymentGate(payment_id=payment.id, position=1, kind="return_accepted", subject="2017-18-Q2"))


def _add_applications(session: Session, grant: Grant, fund: Fund) -> None:
    """An open round with a joint application that is not sent, and another that somebody has scored."""
    town = session.get_one(Partnership, grant.partnership_id)
    change = change_in(session, town)
    round_ = change.add(
        Round(
            partnership_id=town.id,
            code="safety-round",
            title="Safety, 2017/18",
            fund_id=fund.id,
            financial_year=YEAR,
            opens_on=date(2017, 12, 1),
            closes_on=date(2018, 1, 31),
            scheme={
                "least": 0,
                "most": 5,
                "criteria": [{"code": "need", "title": "Evidence of need", "weight": 1}],
            },
        )
    )
    draft = change.add(_application(grant, round_, code="A1", state="draft"))
    for agency_id, percent in ((grant.recipient_id, 60), (grant.payer_id, 40)):
        change.add(ApplicationShare(application_id=draft.id, agency_id=agency_id, percent=percent))
    sent_on = date(2017, 12, 4)
    sent = change.add(_application(grant, round_, code="A2", state="in_assessment", sent_on=sent_on))
    assessor = make_person(session, town, Role.READER, email="assessor@agency.example", name="Assessor")
    change.add(
        Appraisal(
            partnership_id=town.id,
            application_id=sent.id,
            assessor_id=assessor.id,
            agency_id=grant.payer_id,
            scores={"need": 4},
            interest="none",
        )
    )


def _application(grant: Grant, round_: Round, **columns: Any) -> Application:
    amounts = [{"year": YEAR, "spending": "revenue", "pence": 900_00}]
    return Application(
        partnership_id=grant.partnership_id,
        round_id=round_.id,
        applicant_id=grant.recipient_id,
        title="Locks",
        lines=[{"title": "Locks", "priority": None, "theme": None, "amounts": amounts}],
        amount_asked=900_00,
        **columns,
    )
