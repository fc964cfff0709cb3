"""What is asked for and what is decided: sums by year, shares, and the state that a decision leads to."""

from collections.abc import Callable
from datetime import date

import pytest

from app.domain.access.authority import Access, Role
from app.domain.errors import RuleBroken
from app.domain.grants import application_steps
from app.domain.grants.application import (
    Asked,
    AskedAmount,
    Outcome,
    asked_sums,
    decided_state,
    require_asked,
    require_shares,
    year_sums,
)
from app.domain.grants.application_steps import (
    ApplicationFacts,
    ApplicationState,
    next_words,
    waiting_words,
)
from app.domain.grants.funding_round import (
    EDIT,
    Decider,
    RoundFacts,
    RoundState,
    require_round_days,
    round_state,
)
from app.domain.grants.funding_round import STEPS as ROUND_STEPS
from app.domain.grants.money import Spending
from app.domain.workflow import may

R, C = Spending.REVENUE, Spending.CAPITAL
AMOUNTS = [
    AskedAmount("Worker", "2017-18", R, 12_000_00),
    AskedAmount("Worker", "2018-19", R, 11_000_00),
    AskedAmount("Locks", "2017-18", C, 500_00),
]
S, O = ApplicationState, Outcome  # noqa: E741
APPROVER = Access.of_role((1, "town"), Role.APPROVER)


@pytest.mark.parametrize(
    ("year", "asked"),
    [
        ("2017-18", Asked(12_500_00, 11_000_00)),
        ("2018-19", Asked(11_000_00, 12_500_00)),
        (None, Asked(23_500_00, 0)),
    ],
)
def test_what_is_asked_of_a_round(year: str | None, asked: Asked) -> None:
    assert asked_sums(AMOUNTS, year) == asked


def test_capital_and_revenue_stay_apart() -> None:
    assert year_sums(AMOUNTS) == {
        ("2017-18", C): 500_00,
        ("2017-18", R): 12_000_00,
        ("2018-19", R): 11_000_00,
    }


@pytest.mark.parametrize(
    ("asked", "cap", "code"),
    [
        (Asked(5_000_00, 0), 5_000_00, None),
        (Asked(5_000_01, 0), 5_000_00, "above_cap"),
        (Asked(0, 9_00), None, "no_amount"),
        (Asked(9_000_00, 0), None, None),
    ],
)
def test_an_amount_is_within_the_cap(asked: Asked, cap: int | None, code: str | None) -> None:
    assert _code(lambda: require_asked(asked, cap, "2017-18")) == code


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([], None),
        ([("lead", 60), ("other", 40)], None),
        ([("lead", 60), ("other", 39)], "does_not_add_up"),
        ([("lead", 100)], "not_joint"),
        ([("other", 60), ("third", 40)], "not_joint"),
        ([("lead", 60), ("lead", 40)], "twice"),
    ],
)
def test_shares_of_a_joint_application(shares: list[tuple[str, int]], code: str | None) -> None:
    assert _code(lambda: require_shares("lead", shares)) == code


@pytest.mark.parametrize(
    ("outcome", "amount", "reasons", "state"),
    [
        (O.AWARD, 900_00, "", S.APPROVED),
        (O.AWARD, 800_00, "Two of three posts", S.PART_APPROVED),
        (O.AWARD, 800_00, "", "required"),
        (O.AWARD, 901_00, "More", "above_asked"),
        (O.AWARD, 0, "None", "required"),
        (O.AWARD, None, "Some", "required"),
        (O.RESERVE, None, "First in line", S.RESERVE),
        (O.DEFER, None, "", "required"),
        (O.DEFER, None, "To the next meeting", S.DEFERRED),
        (O.DECLINE, 900_00, "Capital", "not_awarded"),
        (O.DECLINE, None, "Capital", S.DECLINED),
    ],
)
def test_the_state_that_a_decision_leads_to(
    outcome: Outcome, amount: int | None, reasons: str, state: str
) -> None:
    def decide() -> None:
        assert decided_state(outcome, amount, 900_00, reasons) is state

    assert _code(decide) == (None if isinstance(state, ApplicationState) else state)


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        (ApplicationFacts(S.DRAFT), ["edit", "submit", "withdraw"]),
        (ApplicationFacts(S.DRAFT, is_round_open=False), ["edit", "withdraw"]),
        (ApplicationFacts(S.DRAFT, is_sender=False), []),
        (ApplicationFacts(S.SUBMITTED), ["withdraw", "ineligible", "assess", "ask_for_changes"]),
        (ApplicationFacts(S.CHANGES_REQUESTED), ["edit", "submit", "withdraw"]),
        (ApplicationFacts(S.IN_ASSESSMENT), ["withdraw", "ask_for_changes", "decide"]),
        (ApplicationFacts(S.IN_ASSESSMENT, is_own=True), ["withdraw", "ask_for_changes"]),
        (ApplicationFacts(S.IN_ASSESSMENT, is_of_applicant=True), ["withdraw", "ask_for_changes"]),
        (ApplicationFacts(S.IN_ASSESSMENT, took_no_part=True), ["withdraw", "ask_for_changes"]),
        (ApplicationFacts(S.APPROVED, is_of_applicant=True), ["tell"]),
        (ApplicationFacts(S.RESERVE), ["withdraw", "decide", "tell"]),
        (ApplicationFacts(S.DEFERRED), ["withdraw", "decide"]),
        (ApplicationFacts(S.PART_APPROVED), ["make_grant", "tell"]),
        (ApplicationFacts(S.APPROVED, has_grant=True, is_told=True), []),
        (ApplicationFacts(S.DECLINED), ["tell"]),
        (ApplicationFacts(S.WITHDRAWN), []),
    ],
)
def test_steps_open_to_an_approver(facts: ApplicationFacts, steps: list[str]) -> None:
    assert may(application_steps.STEPS, facts, APPROVER) == steps


@pytest.mark.parametrize(
    ("state", "is_scored", "has_grant", "is_told", "words"),
    [
        (S.DRAFT, False, False, False, "The applicant sends it"),
        (S.IN_ASSESSMENT, False, False, False, "Score it"),
        (S.IN_ASSESSMENT, True, False, False, "Decide it"),
        (S.APPROVED, True, False, False, "Make its grant"),
        (S.APPROVED, True, True, False, "Send the letter"),
        (S.DECLINED, True, False, True, "Nothing more"),
        (S.RESERVE, True, False, True, "Award it if money is released"),
        (S.WITHDRAWN, False, False, False, "Nothing more"),
    ],
)
def test_what_comes_next(
    state: ApplicationState, is_scored: bool, has_grant: bool, is_told: bool, words: str
) -> None:
    assert next_words(state, is_scored=is_scored, has_grant=has_grant, is_told=is_told) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (S.DRAFT, "Send it"),
        (S.SUBMITTED, "It is being considered"),
        (S.IN_ASSESSMENT, "It is being considered"),
        (S.CHANGES_REQUESTED, "Change it and send it again"),
        (S.RESERVE, "It is awarded if money is released"),
        (S.APPROVED, "Nothing more"),
    ],
)
def test_what_an_applicant_is_told_comes_next(state: ApplicationState, words: str) -> None:
    assert waiting_words(state) == words


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2017, 1, 8), RoundState.PLANNED),
        (date(2017, 1, 9), RoundState.OPEN),
        (date(2017, 2, 10), RoundState.OPEN),
        (date(2017, 2, 11), RoundState.CLOSED),
    ],
)
def test_when_a_round_is_open(today: date, state: RoundState) -> None:
    assert round_state(date(2017, 1, 9), date(2017, 2, 10), today) is state


@pytest.mark.parametrize(
    ("closes_on", "decides_on", "code"),
    [
        (date(2017, 1, 9), None, None),
        (date(2017, 1, 8), None, "days_reversed"),
        (date(2017, 2, 10), date(2017, 2, 9), "days_reversed"),
        (date(2017, 2, 10), date(2017, 3, 24), None),
    ],
)
def test_days_that_cross(closes_on: date, decides_on: date | None, code: str | None) -> None:
    assert _code(lambda: require_round_days(date(2017, 1, 9), closes_on, decides_on)) == code


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        (RoundFacts(to_decide=1), ["edit", "appraise", "decide"]),
        (RoundFacts(), ["edit", "appraise"]),
        (RoundFacts(has_agency=False), ["edit"]),
        (RoundFacts(has_scheme=False), ["edit"]),
        (RoundFacts(decider=Decider.FUNDER), ["appraise"]),
    ],
)
def test_steps_of_a_round(facts: RoundFacts, steps: list[str]) -> None:
    assert may(ROUND_STEPS, facts, APPROVER) == steps


def test_an_administrator_edits_a_funders_round() -> None:
    administrator = Access.of_role((1, "town"), Role.ADMINISTRATOR)
    assert EDIT.refusal(RoundFacts(decider=Decider.FUNDER), administrator) is None


def _code(check: Callable[[], None]) -> str | None:
    try:
        check()
    except RuleBroken as error:
        return error.code
    return None
