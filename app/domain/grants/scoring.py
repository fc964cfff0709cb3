"""How a panel scores applications: criteria with weights, scores in a range, and totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import RuleBroken


class Interest(StrEnum):
    """What an assessor declares about an application."""

    NONE = "none"
    TOOK_NO_PART = "took_no_part"
    STAYED = "stayed"

    @property
    def label(self) -> str:
        return _INTERESTS[self]


_INTERESTS = {
    Interest.NONE: "none",
    Interest.TOOK_NO_PART: "declared, took no part",
    Interest.STAYED: "declared and stayed",
}


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    title: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Scheme:
    """Criteria, and the least and the most that an assessor gives for each."""

    criteria: tuple[Criterion, ...]
    least: int = 0
    most: int = 5

    @property
    def out_of(self) -> int:
        """The highest total."""
        return sum(each.weight * self.most for each in self.criteria)


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One assessor's scores of one application, by the code of the criterion."""

    interest: Interest = Interest.NONE
    scores: Mapping[str, int] | None = None

    @property
    def takes_part(self) -> bool:
        return self.interest is not Interest.TOOK_NO_PART


def require_scheme(scheme: Scheme) -> None:
    """RuleBroken for a range of nothing, a weight of 0, or a criterion that is there twice."""
    if scheme.most <= scheme.least:
        raise RuleBroken("scheme.most", "range_reversed", "The most is above the least: such as 0 to 5.")
    codes: set[str] = set()
    for number, criterion in enumerate(scheme.criteria):
        if criterion.code in codes:
            text = f"“{criterion.code}” is in the list twice."
            raise RuleBroken(f"scheme.criteria.{number}.code", "twice", text)
        if criterion.weight < 1:
            raise RuleBroken(f"scheme.criteria.{number}.weight", "no_weight", "A weight is 1 or more.")
        codes.add(criterion.code)


def require_scores(scheme: Scheme, scores: Mapping[str, int]) -> None:
    """RuleBroken for a criterion that the scheme lacks, or a score outside its range. Some may be missing."""
    codes = [each.code for each in scheme.criteria]
    for code, score in scores.items():
        if code not in codes:
            text = f"“{code}” is no criterion of this round. Expected {', '.join(codes)}."
            raise RuleBroken(f"scores.{code}", "unknown_criterion", text)
        if not scheme.least <= score <= scheme.most:
            text = f"A score is from {scheme.least} to {scheme.most}, in whole points."
            raise RuleBroken(f"scores.{code}", "out_of_range", text)


def appraisal_total(scheme: Scheme, appraisal: Appraisal) -> int | None:
    """Sum of scores by their weights; None where a score is missing or the assessor took no part."""
    scores = appraisal.scores or {}
    if not appraisal.takes_part or not scheme.criteria:
        return None
    if any(each.code not in scores for each in scheme.criteria):
        return None
    return sum(each.weight * scores[each.code] for each in scheme.criteria)


def panel_total(scheme: Scheme, appraisals: Sequence[Appraisal]) -> Decimal | None:
    """Mean total of those who took part, to one decimal; None where there is none, or one of them is not finished."""
    totals = [appraisal_total(scheme, each) for each in appraisals if each.takes_part]
    complete = [total for total in totals if total is not None]
    if not complete or len(complete) < len(totals):
        return None
    return (Decimal(sum(complete)) / len(complete)).quantize(Decimal("0.1"))


def require_interest(interest: Interest, because: str, *, is_of_applicant: bool) -> None:
    """RuleBroken where an assessor of the applicant's organisation declares nothing, or stays without a reason."""
    if interest is Interest.NONE and is_of_applicant:
        text = (
            "Your organisation is an applicant here. Declare it: say that you took no part, or that you stayed "
            "and why."
        )
        raise RuleBroken("interest", "interest_unanswered", text)
    if interest is Interest.STAYED and not because:
        raise RuleBroken("because", "required", "Say why you stayed although you have an interest.")
