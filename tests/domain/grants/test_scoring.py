"""Totals of a panel: weighted, and none where a score is missing."""

from decimal import Decimal

import pytest

from app.domain.errors import RuleBroken
from app.domain.grants.scoring import (
    Appraisal,
    Criterion,
    Interest,
    Scheme,
    appraisal_total,
    panel_total,
    require_interest,
    require_scheme,
    require_scores,
)

SCHEME = Scheme((Criterion("need", "Need", 2), Criterion("fit", "Fit")), 0, 5)
FULL = Appraisal(scores={"need": 4, "fit": 3})
LOW = Appraisal(scores={"need": 0, "fit": 0})
HALF = Appraisal(scores={"need": 4})
ABSENT = Appraisal(Interest.TOOK_NO_PART)


@pytest.mark.parametrize(
    ("appraisal", "total"),
    [(FULL, 11), (LOW, 0), (HALF, None), (ABSENT, None), (Appraisal(), None)],
)
def test_an_assessors_total(appraisal: Appraisal, total: int | None) -> None:
    assert appraisal_total(SCHEME, appraisal) == total


@pytest.mark.parametrize(
    ("appraisals", "total"),
    [
        ([FULL], "11.0"),
        ([FULL, LOW], "5.5"),
        ([FULL, LOW, Appraisal(scores={"need": 1, "fit": 3})], "5.3"),
        ([FULL, ABSENT], "11.0"),
        ([FULL, HALF], None),
        ([ABSENT], None),
        ([], None),
    ],
)
def test_a_panels_total(appraisals: list[Appraisal], total: str | None) -> None:
    assert panel_total(SCHEME, appraisals) == (Decimal(total) if total is not None else None)


def test_without_criteria_there_is_no_total() -> None:
    assert appraisal_total(Scheme(()), Appraisal(scores={})) is None
    assert SCHEME.out_of == 15


@pytest.mark.parametrize(
    ("scores", "field", "code"),
    [
        ({"need": 6}, "scores.need", "out_of_range"),
        ({"luck": 1}, "scores.luck", "unknown_criterion"),
    ],
)
def test_scores_that_cannot_be(scores: dict[str, int], field: str, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        require_scores(SCHEME, scores)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        (Scheme(SCHEME.criteria, 5, 5), "range_reversed"),
        (Scheme((Criterion("need", "Need", 0),)), "no_weight"),
        (Scheme((Criterion("need", "Need"), Criterion("need", "Again"))), "twice"),
    ],
)
def test_schemes_that_cannot_be(scheme: Scheme, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        require_scheme(scheme)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("interest", "because", "is_of_applicant", "code"),
    [
        (Interest.NONE, "", False, None),
        (Interest.NONE, "", True, "interest_unanswered"),
        (Interest.TOOK_NO_PART, "", True, None),
        (Interest.STAYED, "", False, "required"),
        (Interest.STAYED, "No one else knows the estate", True, None),
    ],
)
def test_an_interest(interest: Interest, because: str, is_of_applicant: bool, code: str | None) -> None:
    if code is None:
        require_interest(interest, because, is_of_applicant=is_of_applicant)
        return
    with pytest.raises(RuleBroken) as caught:
        require_interest(interest, because, is_of_applicant=is_of_applicant)
    assert caught.value.code == code
