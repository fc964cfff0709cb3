"""The kind of a variation follows from what changes; the change is shown as a difference."""

from collections.abc import Mapping
from datetime import date

import pytest

from app.domain.errors import RuleBroken
from app.domain.grants.money import Spending
from app.domain.grants.variation import (
    AmountKey,
    Difference,
    Terms,
    VariationKind,
    VirementLimit,
    differences,
    is_recorded_only,
    variation_kind,
)
from app.domain.period_text import parse_period

LIMIT = VirementLimit(10, 2_000_00)
ENDS = date(2018, 3, 31)


def terms(amounts: Mapping[str, int], ends: date = ENDS) -> Terms:
    """`amounts` in pounds by "line quarter" or "line quarter capital"."""
    keyed = {}
    for text, pounds in amounts.items():
        line, period, *kind = text.split()
        keyed[AmountKey(line, parse_period(period), Spending(*kind or ["revenue"]))] = pounds * 100
    return Terms(date(2017, 4, 1), ends, keyed)


BEFORE = {"Staff 2017-18-Q1": 8_000, "Staff 2017-18-Q2": 8_000, "Travel 2017-18-Q1": 4_000}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"Staff 2017-18-Q3": 1_000}, VariationKind.UPLIFT),
        ({"Travel 2017-18-Q1": 3_999}, VariationKind.REDUCTION),
        ({"Staff 2017-18-Q2": 6_000, "Staff 2018-19-Q1": 2_000}, VariationKind.CARRY_OVER),
        ({"Staff 2017-18-Q1": 9_000, "Travel 2017-18-Q1": 3_000}, VariationKind.VIREMENT),
        ({"Staff 2017-18-Q1": 7_000, "Staff 2017-18-Q2": 9_000}, VariationKind.REPROFILE),
        ({"Staff 2017-18-Q1": 7_000, "Staff 2017-18-Q1 capital": 1_000}, VariationKind.VIREMENT),
    ],
)
def test_the_kind_is_worked_out(changes: dict[str, int], kind: VariationKind) -> None:
    assert variation_kind(terms(BEFORE), terms({**BEFORE, **changes})) is kind


def test_more_time_and_corrections() -> None:
    later = terms(BEFORE, date(2018, 6, 30))
    assert variation_kind(terms(BEFORE), later) is VariationKind.NO_COST_EXTENSION
    assert variation_kind(terms(BEFORE), later, is_correction=True) is VariationKind.CORRECTION


@pytest.mark.parametrize(
    ("ends", "field", "code"),
    [(ENDS, "changes", "nothing_changes"), (date(2018, 1, 31), "ends", "not_longer")],
)
def test_what_is_no_change(ends: date, field: str, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        variation_kind(terms(BEFORE), terms(BEFORE, ends))
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize(
    ("moved", "limit", "is_recorded"),
    [
        (2_000, LIMIT, True),
        (2_001, LIMIT, False),
        (2_000, VirementLimit(9, 2_000_00), False),
        (400, None, False),
    ],
    ids=["within both", "above the amount", "above the percent", "the fund says nothing"],
)
def test_a_small_virement_is_recorded(moved: int, limit: VirementLimit | None, is_recorded: bool) -> None:
    after = {**BEFORE, "Staff 2017-18-Q1": 8_000 + moved, "Travel 2017-18-Q1": 4_000 - moved}
    assert is_recorded_only(terms(BEFORE), terms(after), limit) is is_recorded


def test_other_kinds_are_asked_for_however_small() -> None:
    assert not is_recorded_only(terms(BEFORE), terms({**BEFORE, "Staff 2017-18-Q1": 8_001}), LIMIT)
    capital = {**BEFORE, "Staff 2017-18-Q1": 7_999, "Staff 2017-18-Q1 capital": 1}
    assert not is_recorded_only(terms(BEFORE), terms(capital), LIMIT)


def test_the_preview_names_what_differs_alone() -> None:
    after = terms({**BEFORE, "Staff 2017-18-Q1": 7_500, "Van 2017-18-Q1 capital": 900}, date(2018, 4, 30))
    assert differences(terms(BEFORE), after) == (
        Difference("Amount", "£20,000", "£20,400"),
        Difference("Ends", "31 March 2018", "30 April 2018"),
        Difference("Staff, Q1 2017/18", "£8,000", "£7,500"),
        Difference("Van, Q1 2017/18, capital", "£0", "£900"),
    )
    assert differences(terms(BEFORE), terms(BEFORE)) == ()
