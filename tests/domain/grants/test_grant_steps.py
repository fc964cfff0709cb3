"""Steps of grants, payments, claims, repayments, applications and variations: when each is refused, and by what."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.access.authority import Access, Role, Scope
from app.domain.errors import RuleBroken
from app.domain.grants import (
    application_steps,
    claim_steps,
    grant_steps,
    payment_steps,
    repayment_steps,
    variation_steps,
)
from app.domain.grants.application_steps import ApplicationFacts, ApplicationState
from app.domain.grants.claim_steps import (
    ClaimFacts,
    ClaimState,
    claim_numbers,
    require_claim,
    require_decision,
)
from app.domain.grants.gate import Gate, GateFacts, GateKind, gate_status
from app.domain.grants.grant import GrantState
from app.domain.grants.grant_steps import GrantFacts
from app.domain.grants.payment_steps import PaymentFacts, PaymentState
from app.domain.grants.repayment_steps import RepaymentFacts, RepaymentState, require_receipt
from app.domain.grants.variation_steps import VariationFacts, VariationState
from app.domain.period_text import parse_period
from app.domain.workflow import Step, may

APPROVER = Access.of_role((1, "town"), Role.APPROVER)
KEY = Access.of_key((1, "town"), tuple(Scope), (1, "council", "responsible_authority"))
TODAY = date(2017, 12, 20)
GRANT = GrantFacts(GrantState.PROPOSED, TODAY, ends=date(2018, 3, 31))
HELD = gate_status(Gate(GateKind.RETURN_ACCEPTED, "2017-18-Q2"), GateFacts())
WAIVED = gate_status(Gate(GateKind.RETURN_ACCEPTED, "2017-18-Q2", waived_because="Wages"), GateFacts())
PAYMENT = PaymentFacts(PaymentState.PLANNED, GrantState.LIVE, pence=500_00, room=500_00)
VARIATION = VariationFacts(VariationState.REQUESTED, GrantState.LIVE, paid=100_00, total=100_00)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        (GrantState.PROPOSED, ["edit", "withdraw", "award"]),
        (GrantState.OFFERED, ["accept", "decline"]),
        (GrantState.ACCEPTED, ["start", "terminate"]),
        (GrantState.LIVE, ["suspend", "terminate"]),
        (GrantState.SUSPENDED, ["resume", "terminate"]),
        (GrantState.TERMINATED, ["begin_close"]),
        (GrantState.CLOSING, ["close"]),
        *(
            (state, [])
            for state in (GrantState.CLOSED, GrantState.LAPSED, GrantState.DECLINED, GrantState.WITHDRAWN)
        ),
    ],
)
def test_steps_open_in_each_state(state: GrantState, steps: list[str]) -> None:
    assert may(grant_steps.STEPS, replace(GRANT, state=state), APPROVER) == steps


def test_every_state_is_reached_by_a_step() -> None:
    assert set(grant_steps.LEADS_TO) == {step.name for step in grant_steps.STEPS} - {"edit"}
    assert set(grant_steps.LEADS_TO.values()) == set(GrantState) - {GrantState.PROPOSED}


@pytest.mark.parametrize(
    ("step", "facts", "access", "code"),
    [
        (grant_steps.AWARD, GRANT, KEY, "a_person_decides"),
        (grant_steps.AWARD, replace(GRANT, is_own=True), APPROVER, "own_proposal"),
        (grant_steps.AWARD, replace(GRANT, shortage=("not_enough_left", "…")), APPROVER, "not_enough_left"),
        (grant_steps.AWARD, replace(GRANT, state=GrantState.LIVE), APPROVER, "wrong_state"),
        (grant_steps.LAPSE, replace(GRANT, state=GrantState.OFFERED), APPROVER, "no_acceptance_day"),
        (
            grant_steps.LAPSE,
            replace(GRANT, state=GrantState.OFFERED, acceptance_due_on=TODAY),
            APPROVER,
            "still_open",
        ),
        (
            grant_steps.LAPSE,
            replace(GRANT, state=GrantState.OFFERED, acceptance_due_on=date(2017, 12, 19)),
            APPROVER,
            None,
        ),
        (grant_steps.BEGIN_CLOSE, replace(GRANT, state=GrantState.LIVE), APPROVER, "not_ended"),
        (
            grant_steps.BEGIN_CLOSE,
            replace(GRANT, state=GrantState.LIVE, ends=date(2017, 12, 19)),
            APPROVER,
            None,
        ),
        (
            grant_steps.CLOSE,
            replace(GRANT, state=GrantState.CLOSING, open_payments=1),
            APPROVER,
            "payments_open",
        ),
        (grant_steps.CLOSE, replace(GRANT, state=GrantState.CLOSING, open_claims=2), APPROVER, "claims_open"),
        (grant_steps.CLOSE, replace(GRANT, state=GrantState.CLOSING, unspent=1), APPROVER, "unspent_money"),
        (payment_steps.AUTHORISE, PAYMENT, APPROVER, None),
        (payment_steps.AUTHORISE, PAYMENT, KEY, "a_person_decides"),
        (payment_steps.AUTHORISE, replace(PAYMENT, is_own=True), APPROVER, "own_draft"),
        (payment_steps.AUTHORISE, replace(PAYMENT, has_waived=True), APPROVER, "own_waiver"),
        (payment_steps.AUTHORISE, replace(PAYMENT, gates=(HELD,)), APPROVER, "gate_not_met"),
        (payment_steps.AUTHORISE, replace(PAYMENT, gates=(WAIVED,)), APPROVER, None),
        (payment_steps.AUTHORISE, replace(PAYMENT, room=499_99), APPROVER, "beyond_award"),
        *(
            (payment_steps.AUTHORISE, replace(PAYMENT, grant_state=state), APPROVER, "grant_not_payable")
            for state in (GrantState.OFFERED, GrantState.SUSPENDED, GrantState.LAPSED, GrantState.CLOSED)
        ),
        (payment_steps.WAIVE, PAYMENT, APPROVER, "nothing_to_waive"),
        (payment_steps.WAIVE, replace(PAYMENT, gates=(HELD,)), APPROVER, None),
        (payment_steps.RECORD_PAID, PAYMENT, APPROVER, "wrong_state"),
        (
            claim_steps.DECIDE,
            ClaimFacts(ClaimState.SUBMITTED, GrantState.LIVE, is_own=True),
            APPROVER,
            "own_proposal",
        ),
        (claim_steps.DECIDE, ClaimFacts(ClaimState.DRAFT, GrantState.LIVE), APPROVER, "wrong_state"),
        (
            claim_steps.SUBMIT,
            ClaimFacts(ClaimState.DRAFT, GrantState.SUSPENDED),
            APPROVER,
            "grant_not_payable",
        ),
        (
            repayment_steps.WAIVE,
            RepaymentFacts(RepaymentState.DEMANDED, is_own=True),
            APPROVER,
            "own_proposal",
        ),
        (repayment_steps.RECEIVE, RepaymentFacts(RepaymentState.RECEIVED), APPROVER, "wrong_state"),
        (variation_steps.APPROVE, VARIATION, APPROVER, None),
        (variation_steps.APPROVE, replace(VARIATION, is_own=True), APPROVER, "own_proposal"),
        (variation_steps.APPROVE, replace(VARIATION, is_of_older_version=True), APPROVER, "superseded"),
        (variation_steps.APPROVE, replace(VARIATION, total=99_99), APPROVER, "below_paid"),
        (
            variation_steps.APPROVE,
            replace(VARIATION, shortage=("not_enough_left", "…")),
            APPROVER,
            "not_enough_left",
        ),
        (
            variation_steps.APPROVE,
            replace(VARIATION, grant_state=GrantState.CLOSED),
            APPROVER,
            "grant_not_variable",
        ),
        (application_steps.SUBMIT, ApplicationFacts(ApplicationState.DRAFT, False), APPROVER, "round_closed"),
        (
            application_steps.DECIDE,
            ApplicationFacts(ApplicationState.RESERVE, unanswered_interests=("Chair",)),
            APPROVER,
            "interest_unanswered",
        ),
        (application_steps.DECIDE, ApplicationFacts(ApplicationState.RESERVE), APPROVER, None),
    ],
)
def test_a_refusal(step: Step[Any], facts: Any, access: Access, code: str | None) -> None:
    refusal = step.refusal(facts, access)
    assert (refusal and refusal[0]) == code


def test_a_refusal_says_the_state_and_what_holds() -> None:
    refusal = grant_steps.ACCEPT.refusal(GRANT, APPROVER)
    assert refusal == ("wrong_state", "The grant is proposed; this is for one that is offered.")
    assert replace(PAYMENT, gates=(HELD,)).words == "waiting: Send the report for 2017-18-Q2."
    assert replace(PAYMENT, gates=(WAIVED,)).words == "planned"


@pytest.mark.parametrize(
    ("approved", "reason", "state"),
    [
        (500, "", ClaimState.APPROVED),
        (200, "VAT", ClaimState.PART_APPROVED),
        (0, "Late", ClaimState.REJECTED),
    ],
)
def test_a_claim_s_decision(approved: int, reason: str, state: ClaimState) -> None:
    assert require_decision(approved, 500, reason) is state


@pytest.mark.parametrize(
    ("approved", "reason", "field", "code"),
    [(501, "", "approved", "more_than_asked"), (499, "", "reason", "required")],
)
def test_a_decision_that_is_refused(approved: int, reason: str, field: str, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        require_decision(approved, 500, reason)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize(
    ("pence", "starts", "field", "code"),
    [
        (0, date(2017, 4, 1), "lines", "nothing_claimed"),
        (100_01, date(2017, 4, 1), "lines", "more_than_is_left"),
        (1, date(2017, 10, 1), "period", "before_award"),
    ],
)
def test_a_claim_that_is_refused(pence: int, starts: date, field: str, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        require_claim(pence, 100_00, parse_period("2017-18-Q2"), starts)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_a_claim_of_ravensedge() -> None:
    """Asked, approved, already claimed, left: of 24,000 with a first claim of 3,912.40."""
    numbers = claim_numbers(5_486_75, 5_186_75, 24_000_00, 3_912_40 + 5_186_75)
    assert (numbers.asked, numbers.approved, numbers.left) == (5_486_75, 5_186_75, 14_900_85)


@pytest.mark.parametrize(("pence", "state"), [(500_00, "part_received"), (810_00, "received")])
def test_a_repayment_is_received(pence: int, state: str) -> None:
    assert require_receipt(pence, 810_00, 0) == state


@pytest.mark.parametrize(("pence", "received"), [(0, 0), (810_01, 0), (311_00, 500_00)])
def test_no_more_is_received_than_was_asked_for(pence: int, received: int) -> None:
    with pytest.raises(RuleBroken, match="still asked for"):
        require_receipt(pence, 810_00, received)
