"""Steps of a grant, from its proposal to its close, and the rules that refuse them."""

from dataclasses import dataclass
from datetime import date

from app.domain.access.authority import Access, Scope
from app.domain.day import day_words
from app.domain.grants.decision import by_a_key, only_from, own_proposal
from app.domain.grants.grant import GrantState
from app.domain.grants.money import pounds_words
from app.domain.workflow import Refusal, Step


@dataclass(frozen=True, slots=True)
class GrantFacts:
    state: GrantState
    today: date
    ends: date
    acceptance_due_on: date | None = None
    is_own: bool = False
    """Whether the actor proposed it."""
    shortage: Refusal | None = None
    """Why its amount cannot be committed now, where there is not enough left."""
    open_payments: int = 0
    """Planned or authorised."""
    open_claims: int = 0
    unspent: int = 0
    """Paid, not spent, and neither carried, netted, waived nor demanded, over its years."""

    @property
    def is_past_end(self) -> bool:
        return self.today > self.ends

    @property
    def is_acceptance_overdue(self) -> bool:
        return (
            self.state is GrantState.OFFERED
            and self.acceptance_due_on is not None
            and self.today > self.acceptance_due_on
        )


def _not_enough_left(facts: GrantFacts, _access: Access) -> Refusal | None:
    """Less is left than the grant needs."""
    return facts.shortage


def _not_overdue(facts: GrantFacts, _access: Access) -> Refusal | None:
    """The day by which it has to be accepted has not passed."""
    if facts.is_acceptance_overdue:
        return None
    if facts.acceptance_due_on is None:
        return "no_acceptance_day", "The offer names no day by which it has to be accepted."
    return "still_open", f"The offer is open until {day_words(facts.acceptance_due_on)}."


def _still_running(facts: GrantFacts, _access: Access) -> Refusal | None:
    """It is running, and its last day has not passed."""
    if facts.state is GrantState.TERMINATED or facts.is_past_end:
        return None
    return "not_ended", f"It runs until {day_words(facts.ends)}. End it early first, or wait."


def _payments_open(facts: GrantFacts, _access: Access) -> Refusal | None:
    """A payment is planned or authorised."""
    if not facts.open_payments:
        return None
    return "payments_open", f"{facts.open_payments} of its payments are neither paid nor stopped."


def _claims_open(facts: GrantFacts, _access: Access) -> Refusal | None:
    """A claim is not decided, or not paid."""
    if not facts.open_claims:
        return None
    return "claims_open", f"{facts.open_claims} of its claims are neither decided nor paid."


def _unspent(facts: GrantFacts, _access: Access) -> Refusal | None:
    """Money it did not spend is not accounted for."""
    if not facts.unspent:
        return None
    words = (
        f"{pounds_words(facts.unspent)} was paid and not spent. Carry it over, net it, waive it or demand it."
    )
    return "unspent_money", words


S = GrantState
DECIDES, WRITES = Scope.AWARD_FUNDING, Scope.WRITE_FUNDING
EDIT: Step[GrantFacts] = Step("edit", WRITES, (only_from("grant", [S.PROPOSED]),))
WITHDRAW: Step[GrantFacts] = Step("withdraw", WRITES, (only_from("grant", [S.PROPOSED]),))
AWARD: Step[GrantFacts] = Step(
    "award", DECIDES, (only_from("grant", [S.PROPOSED]), by_a_key, own_proposal, _not_enough_left)
)
ACCEPT: Step[GrantFacts] = Step("accept", Scope.WRITE_CLAIMS, (only_from("grant", [S.OFFERED]),))
DECLINE: Step[GrantFacts] = Step("decline", Scope.WRITE_CLAIMS, (only_from("grant", [S.OFFERED]),))
LAPSE: Step[GrantFacts] = Step("lapse", WRITES, (only_from("grant", [S.OFFERED]), _not_overdue))
START: Step[GrantFacts] = Step("start", WRITES, (only_from("grant", [S.ACCEPTED]),))
SUSPEND: Step[GrantFacts] = Step("suspend", DECIDES, (only_from("grant", [S.LIVE]), by_a_key))
RESUME: Step[GrantFacts] = Step("resume", DECIDES, (only_from("grant", [S.SUSPENDED]), by_a_key))
TERMINATE: Step[GrantFacts] = Step(
    "terminate", DECIDES, (only_from("grant", [S.ACCEPTED, S.LIVE, S.SUSPENDED]), by_a_key)
)
BEGIN_CLOSE: Step[GrantFacts] = Step(
    "begin_close", WRITES, (only_from("grant", [S.LIVE, S.SUSPENDED, S.TERMINATED]), _still_running)
)
CLOSE: Step[GrantFacts] = Step(
    "close", DECIDES, (only_from("grant", [S.CLOSING]), by_a_key, _payments_open, _claims_open, _unspent)
)
STEPS = (
    EDIT,
    WITHDRAW,
    AWARD,
    ACCEPT,
    DECLINE,
    LAPSE,
    START,
    SUSPEND,
    RESUME,
    TERMINATE,
    BEGIN_CLOSE,
    CLOSE,
)
LEADS_TO = {
    "withdraw": S.WITHDRAWN,
    "award": S.OFFERED,
    "accept": S.ACCEPTED,
    "decline": S.DECLINED,
    "lapse": S.LAPSED,
    "start": S.LIVE,
    "suspend": S.SUSPENDED,
    "resume": S.LIVE,
    "terminate": S.TERMINATED,
    "begin_close": S.CLOSING,
    "close": S.CLOSED,
}
"""The state that each step's command stores."""
