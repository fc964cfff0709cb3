"""Applications as they are sent: requests. Amounts in pounds."""

from typing import Annotated

from pydantic import StrictBool
from sqlmodel import Field

from app.domain.grants.application import Outcome
from app.domain.grants.money import Spending
from app.domain.grants.payment_steps import PaidIn
from app.models.grants.grant_wire import GrantAllocationIn, LineIn
from app.models.grants.short_text import ShortText
from app.models.wire import Code, Day, In, Line, Number, PeriodText, Prose, Reason, WholeNumber


class AskedAmountIn(In):
    financial_year: PeriodText
    spending: Spending = Spending.REVENUE
    amount: Number


class ProjectLineIn(In):
    title: Line
    priority: Code | None = None
    theme: Code | None = None
    amounts: Annotated[list[AskedAmountIn], Field(min_length=1, max_length=20)]


class ShareIn(In):
    agency: Code
    percent: WholeNumber = Field(ge=1, le=100)


class MatchIn(In):
    """Other money that would pay beside it."""

    source: Line
    amount: Number
    is_secured: StrictBool = False
    by_when: Day | None = None


class SoughtOutcomeIn(In):
    title: Line
    unit: ShortText = ""
    target: Number | None = None


Lines = Annotated[list[ProjectLineIn], Field(min_length=1, max_length=50)]
Shares = Annotated[list[ShareIn], Field(max_length=20)]
Matches = Annotated[list[MatchIn], Field(max_length=20)]
SoughtOutcomes = Annotated[list[SoughtOutcomeIn], Field(max_length=50)]


class ApplicationIn(In):
    EXAMPLE = {
        "round": "safety-2018-19",
        "code": "A14",
        "applicant": "marrow-lane",
        "title": "Young people who live with domestic abuse",
        "lines": [{"title": "A worker", "amounts": [{"financial_year": "2018-19", "amount": 28500}]}],
    }

    round: Code
    code: Code | None = None
    """Its reference; the next number where it is left out."""
    applicant: Code
    title: Line
    lines: Lines
    shares: Shares = []
    """Of a joint application: the lead and the others, in percent."""
    match_funding: Matches = []
    in_kind: Prose = ""
    outcomes: SoughtOutcomes = []
    need: Prose = ""
    need_indicator: Code | None = None
    cohesion: Prose = ""
    advice: Prose = ""
    """By staff alone."""
    on_behalf: ShortText = ""
    """How staff were told, where they enter it for the applicant."""


class ApplicationPatch(In):
    """What is absent stays."""

    EXAMPLE = {"need": "Forty families waited in March"}

    title: Line | None = None
    lines: Lines | None = None
    shares: Shares | None = None
    match_funding: Matches | None = None
    in_kind: Prose | None = None
    outcomes: SoughtOutcomes | None = None
    need: Prose | None = None
    need_indicator: Code | None = None
    cohesion: Prose | None = None
    advice: Prose | None = None


class ApplicationNoteIn(In):
    EXAMPLE = {"note": "By e-mail on 9 February"}

    note: Prose = ""


class ApplicationReasonIn(In):
    EXAMPLE = {"reason": "The costs of travel are not clear"}

    reason: Reason


class OneDecisionIn(In):
    """What is decided about one application. An award is of what was asked for, or of less with a reason."""

    outcome: Outcome
    amount: Number | None = None
    reasons: Prose = ""
    feedback: Prose = ""
    """For the applicant's letter."""


class NamedDecisionIn(OneDecisionIn):
    application: Code


class DecidedHowIn(In):
    """A decision that is entered already, by its code; else a meeting; else a funder's letter and its day."""

    decision: Code | None = None
    meeting: Code | None = None
    number: WholeNumber | None = None
    """Of the item at the meeting."""
    letter: ShortText = ""
    """Which letter says so, where the funder decides."""
    decided_on: Day | None = None
    """The letter's day."""


class ApplicationDecisionIn(OneDecisionIn, DecidedHowIn):
    EXAMPLE = {"outcome": "award", "amount": 28500, "meeting": "board-2018-03-23"}


class RoundDecisionIn(DecidedHowIn):
    EXAMPLE = {
        "meeting": "board-2018-03-23",
        "applications": [
            {"application": "A14", "outcome": "award", "amount": 28500},
            {"application": "A15", "outcome": "reserve", "reasons": "First in line"},
        ],
    }

    applications: Annotated[list[NamedDecisionIn], Field(min_length=1, max_length=200)]


class ApplicationGrantIn(In):
    """The grant of an approved application. Its lines are the application's, cut to what was approved."""

    EXAMPLE = {
        "reference": "SSF-18-01",
        "starts": "2018-04-01",
        "ends": "2019-03-31",
        "allocations": [{"code": "community-safety-2018-19"}],
    }

    reference: Code
    starts: Day
    ends: Day
    allocations: Annotated[list[GrantAllocationIn], Field(max_length=20)] = []
    delegation: Code | None = None
    payer: Code | None = None
    managed_by: Code | None = None
    paid_in: PaidIn = PaidIn.ADVANCE
    acceptance_due_on: Day | None = None
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=100)] | None = None


class LetterIn(In):
    EXAMPLE = {"told_on": "2018-04-03", "feedback": "Show how many people it would reach"}

    told_on: Day
    feedback: Prose | None = None
    """As sent; what the decision said where it is left out."""
