"""An application: what is asked for by year and kind, who asks, and what is decided about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import RuleBroken
from app.domain.grants.application_steps import ApplicationState
from app.domain.grants.money import Spending, pounds_words


@dataclass(frozen=True, slots=True)
class AskedAmount:
    """Asked for by one project line, in pence."""

    line: str
    year: str
    spending: Spending
    pence: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Sums of what is asked for: in the round's year, and in other years. They are never added up."""

    amount: int
    later: int


class Outcome(StrEnum):
    """What a decision says about one application."""

    AWARD = "award"
    RESERVE = "reserve"
    DEFER = "defer"
    DECLINE = "decline"


_STATES = {
    Outcome.RESERVE: ApplicationState.RESERVE,
    Outcome.DEFER: ApplicationState.DEFERRED,
    Outcome.DECLINE: ApplicationState.DECLINED,
}


def asked_sums(amounts: Iterable[AskedAmount], year: str | None) -> Asked:
    """`year` is the round's; a round without one asks for all years."""
    rows = list(amounts)
    own = sum(each.pence for each in rows if year in (None, each.year))
    return Asked(own, sum(each.pence for each in rows) - own)


def year_sums(amounts: Iterable[AskedAmount]) -> dict[tuple[str, Spending], int]:
    """Amounts by financial year and kind, in order."""
    sums: dict[tuple[str, Spending], int] = {}
    for each in sorted(amounts, key=lambda row: (row.year, row.spending)):
        sums[each.year, each.spending] = sums.get((each.year, each.spending), 0) + each.pence
    return sums


def require_asked(asked: Asked, cap: int | None, year: str | None) -> None:
    """RuleBroken for an application for nothing, or above the round's cap."""
    if asked.amount <= 0:
        when = f" in {year}" if year is not None else ""
        raise RuleBroken("lines", "no_amount", f"Ask for more than £0{when}.")
    if cap is not None and asked.amount > cap:
        text = f"{pounds_words(asked.amount)} is asked for; this round gives at most {pounds_words(cap)}."
        raise RuleBroken("lines", "above_cap", text)


def require_shares(applicant: str, shares: Sequence[tuple[str, int]]) -> None:
    """RuleBroken unless a joint bid names its lead and others, each once, and their percentages sum to 100."""
    if not shares:
        return
    codes = [code for code, _ in shares]
    if applicant not in codes or len(codes) < 2:
        text = "Name the lead and at least one other organisation, each with its share; or leave shares out."
        raise RuleBroken("shares", "not_joint", text)
    for number, code in enumerate(codes):
        if code in codes[:number]:
            raise RuleBroken(f"shares.{number}.agency", "twice", f"“{code}” is in the list twice.")
    total = sum(percent for _, percent in shares)
    if total != 100:
        raise RuleBroken(
            "shares", "does_not_add_up", f"The shares sum to {total}%. They have to sum to 100%."
        )


def decided_state(outcome: Outcome, amount: int | None, asked: int, reasons: str) -> ApplicationState:
    """The state that a decision leads to. `amount` is what is awarded, in pence.

    RuleBroken for an award of nothing or of more than was asked for, an amount where nothing is awarded, or a
    decision that needs a reason and has none.
    """
    if outcome is not Outcome.AWARD and amount is not None:
        text = "An amount is of an award. Leave it out, or award it."
        raise RuleBroken("amount", "not_awarded", text)
    if outcome is Outcome.AWARD:
        if not amount:
            raise RuleBroken("amount", "required", "Say how much is awarded: more than £0.")
        if amount > asked:
            text = f"{pounds_words(amount)} is more than the {pounds_words(asked)} that was asked for."
            raise RuleBroken("amount", "above_asked", text)
        if amount == asked:
            return ApplicationState.APPROVED
    if not reasons:
        raise RuleBroken("reasons", "required", "Say why, for the applicant's letter.")
    return _STATES.get(outcome, ApplicationState.PART_APPROVED)
