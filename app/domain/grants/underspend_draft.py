"""Drafts of what to do about an underspend: each only where the facts allow it, with what it would leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from app.domain.grants.fund_sums import AllocationMoney, FundSums
from app.domain.grants.money import pounds_words


class DraftKind(StrEnum):
    AWARD_RESERVE = "award_reserve"
    REPROFILE = "reprofile"
    GROUP_AWARDS = "group_awards"


class CarryOver(StrEnum):
    """What a fund says about money left at the year's end."""

    NONE = "none"
    REQUEST = "request"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class ReserveApplication:
    """An application that is first in line if money is released."""

    code: str
    pence: int


@dataclass(frozen=True, slots=True)
class RequestedReprofile:
    """A requested variation by which a grant would spend in the year what it is not expected to spend now."""

    grant: str
    pence: int


@dataclass(frozen=True, slots=True)
class UnderspendDraft:
    kind: DraftKind
    subject: str
    """Code of the application, the grant or the group."""
    pence: int
    words: str
    leaves: int
    """Underspend after this draft and those before it."""


def underspend_drafts(
    allocation: AllocationMoney,
    sums: FundSums,
    reserves: Sequence[ReserveApplication],
    reprofiles: Sequence[RequestedReprofile],
) -> tuple[UnderspendDraft, ...]:
    """What the facts allow, in order: reserves while money is left for them, re-profiles, what groups hold."""
    drafts = [
        *_reserve_drafts(sums.not_committed, reserves),
        *_reprofile_drafts(sums, reprofiles),
        *(
            (DraftKind.GROUP_AWARDS, each.group, each.left, f"The group awards {pounds_words(each.left)}")
            for each in allocation.delegations
            if each.left > 0
        ),
    ]
    left = accumulate((draft[2] for draft in drafts), int.__sub__, initial=sums.underspend)
    next(left)
    return tuple(UnderspendDraft(*draft, leaves) for draft, leaves in zip(drafts, left, strict=True))


def rest_words(leaves: int, limit: int | None, carry_over: CarryOver) -> str:
    """What remains to be done with what the drafts leave; empty where that is within the limit."""
    over = leaves if limit is None else leaves - limit
    if over <= 0:
        return ""
    amount = f"{pounds_words(leaves)} is left"
    if limit is not None:
        amount += f", {pounds_words(over)} over the limit"
    match carry_over:
        case CarryOver.REQUEST:
            return f"{amount}: ask to carry it over, or give it back"
        case CarryOver.AUTOMATIC:
            return f"{amount}: it is carried over to next year"
        case _:
            return f"{amount}: give it back"


Draft = tuple[DraftKind, str, int, str]


def _reserve_drafts(available: int, reserves: Sequence[ReserveApplication]) -> list[Draft]:
    drafts: list[Draft] = []
    for reserve in reserves:
        if 0 < reserve.pence <= available:
            available -= reserve.pence
            words = f"Award {pounds_words(reserve.pence)} to {reserve.code}, which is in reserve"
            drafts.append((DraftKind.AWARD_RESERVE, reserve.code, reserve.pence, words))
    return drafts


def _reprofile_drafts(sums: FundSums, reprofiles: Sequence[RequestedReprofile]) -> list[Draft]:
    """A re-profile takes up no more than the grant is expected to leave."""
    under = {each.code: each.pence for each in sums.by_grant if each.pence > 0}
    drafts: list[Draft] = []
    for each in reprofiles:
        pence = min(each.pence, under.get(each.grant, 0))
        if pence > 0:
            under[each.grant] -= pence
            words = (
                f"Agree the change of {each.grant}, which then spends {pounds_words(pence)} more this year"
            )
            drafts.append((DraftKind.REPROFILE, each.grant, pence, words))
    return drafts
