"""Applications in answers. Amounts in pounds: what is asked for and what is approved never in one field."""

from typing import Literal

from typing_extensions import TypedDict

from app.models.plan.partnership import NamedOut
from app.models.wire import DayText

ApplicationStateText = Literal[
    "draft",
    "submitted",
    "withdrawn",
    "ineligible",
    "in_assessment",
    "changes_requested",
    "deferred",
    "reserve",
    "approved",
    "part_approved",
    "declined",
]
ApplicationStepText = Literal[
    "edit", "submit", "withdraw", "ineligible", "assess", "ask_for_changes", "decide", "make_grant", "tell"
]


class AskedAmountOut(TypedDict):
    financial_year: str
    spending: Literal["capital", "revenue"]
    amount_asked: float


class ProjectLineOut(TypedDict):
    title: str
    priority: str | None
    theme: str | None
    amounts: list[AskedAmountOut]


class ShareOut(TypedDict):
    agency: NamedOut
    percent: int


class MatchOut(TypedDict):
    source: str
    amount: float
    is_secured: bool
    by_when: DayText | None


class SoughtOutcomeOut(TypedDict):
    title: str
    unit: str
    target: float | None


class RoundNamedOut(TypedDict):
    code: str
    title: str
    closes_on: DayText


class ScoreOut(TypedDict):
    """The panel's total. Null is not known: nobody scored it, or a score is missing."""

    total: float | None
    out_of: int
    assessors: int
    """Who took part."""
    is_complete: bool
    took_no_part: int


class ApplicationOut(TypedDict):
    id: str
    code: str
    round: RoundNamedOut
    applicant: NamedOut
    title: str
    amount_asked: float
    """In the round's financial year."""
    amount_asked_later: float
    amount_approved: float | None
    """Null before a decision, and where nothing is awarded."""
    state: ApplicationStateText
    state_label: str
    state_reason: str
    sent_on: DayText | None
    decided_on: DayText | None
    decision: str | None
    grant: str | None
    score: ScoreOut | None
    """Null for applicants and funders, and for whoever declared an interest and took no part."""
    unanswered_interests: list[str]
    """Assessors of an applicant's organisation who declared nothing; for staff alone."""
    may: list[ApplicationStepText]
    next: str
    """What comes next, in words."""
    version: int


class ApplicationsOut(TypedDict):
    applications: list[ApplicationOut]
    warnings: list[str]


class ApplicationWithLinesOut(ApplicationOut):
    lines: list[ProjectLineOut]
    shares: list[ShareOut]
    match_funding: list[MatchOut]
    in_kind: str
    outcomes: list[SoughtOutcomeOut]
    need: str
    need_indicator: str | None
    cohesion: str
    advice: str
    on_behalf: str
    feedback: str
    told_on: DayText | None
    warnings: list[str]
