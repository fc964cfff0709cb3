"""What is typed into the forms of an indicator is read by the reader of files, with its messages."""

from typing import Any

import pytest

from app.domain.plan.indicator import Measure
from app.files.indicator_text import read_indicator_text
from app.models.plan.indicator_text import IndicatorTextIn

COUNT, PERCENTAGE, MONEY = Measure.COUNT, Measure.PERCENTAGE, Measure.MONEY


def read(typed: dict[str, Any], measure: Measure = PERCENTAGE) -> Any:
    return read_indicator_text(IndicatorTextIn.model_validate(typed), measure)


@pytest.mark.parametrize(
    ("typed", "measure", "fields"),
    [
        ({}, COUNT, {}),
        ({"tolerance": " "}, COUNT, {}),
        ({"tolerance": "5%"}, COUNT, {"tolerance": 5}),
        ({"tolerance": "2.5"}, PERCENTAGE, {"tolerance": 2.5}),
        ({"publication_lag_days": "42"}, COUNT, {"publication_lag_days": 42}),
        (
            {"baseline": {"value": "15,487", "period": "2016/17"}},
            COUNT,
            {"baseline": {"value": 15487, "period": "2016-17"}},
        ),
        (
            {"baseline": {"value": "41.4%", "period": "Oct 16 to Sep 17"}},
            PERCENTAGE,
            {"baseline": {"value": 41.4, "period": "2016-10/2017-09"}},
        ),
        ({"baseline": {"value": "£1,407.50"}}, MONEY, {"baseline": {"value": 1407.5}}),
        ({"baseline": {"value": "-4.6"}}, MONEY, {"baseline": {"value": -4.6}}),
        ({"baseline": {"year": "2017/18"}}, COUNT, {"baseline": {"year": "2017-18"}}),
        ({"target": {"from_period": "2018/19"}}, COUNT, {"target": {"from_period": "2018-19"}}),
        (
            {"target": {"milestones": "2017-18-Q2: 43\r\n\r\nQ3 2017/18 = 42.5%"}},
            PERCENTAGE,
            {
                "target": {
                    "milestones": [
                        {"period": "2017-18-Q2", "value": 43},
                        {"period": "2017-18-Q3", "value": 42.5},
                    ]
                }
            },
        ),
    ],
)
def test_numbers_and_periods_as_people_write_them(
    typed: dict[str, Any], measure: Measure, fields: dict[str, Any]
) -> None:
    reading = read(typed, measure)
    assert reading["errors"] == []
    assert reading["fields"] == fields


@pytest.mark.parametrize(
    ("typed", "measure", "field", "code", "words"),
    [
        ({"baseline": {"value": "43%"}}, COUNT, "baseline.value", "not_a_percentage", "Write 43 without %."),
        ({"baseline": {"value": "£75"}}, PERCENTAGE, "baseline.value", "currency_sign", "Write it as 75."),
        ({"baseline": {"value": "15 48"}}, COUNT, "baseline.value", "odd_groups", "not grouped in thousands"),
        (
            {"baseline": {"value": "1,2345"}},
            COUNT,
            "baseline.value",
            "odd_groups",
            "not grouped in thousands",
        ),
        ({"baseline": {"value": "43,3"}}, PERCENTAGE, "baseline.value", "decimal_comma", "Write it as 43.3."),
        ({"baseline": {"value": "<5"}}, COUNT, "baseline.value", "qualifier_mark", "Write 5 alone"),
        ({"baseline": {"value": "1407*"}}, COUNT, "baseline.value", "footnote_mark", "Write 1407 alone."),
        ({"baseline": {"value": "1407p"}}, COUNT, "baseline.value", "status_mark", "Write 1407 alone."),
        ({"baseline": {"value": "1-4"}}, COUNT, "baseline.value", "number_range", "Write one number"),
        ({"baseline": {"value": "n/a"}}, COUNT, "baseline.value", "words_for_number", "Leave it empty"),
        ({"baseline": {"value": "a few"}}, COUNT, "baseline.value", "not_a_number", "in digits alone"),
        ({"baseline": {"value": "NaN"}}, COUNT, "baseline.value", "not_a_number", "number"),
        ({"baseline": {"period": "Sept"}}, COUNT, "baseline.period", "bad_period", ""),
        ({"tolerance": "£5"}, PERCENTAGE, "tolerance", "currency_sign", "Write it as 5."),
        (
            {"publication_lag_days": "14 days"},
            COUNT,
            "publication_lag_days",
            "unit_beside_number",
            "Write 14 alone",
        ),
        (
            {"target": {"milestones": "2017-18-Q2: 43\nQ3"}},
            COUNT,
            "target.milestones",
            "not_a_milestone",
            "Line 2: Write each milestone",
        ),
        (
            {"target": {"milestones": "2017-18-Q2: 4 3"}},
            COUNT,
            "target.milestones",
            "odd_groups",
            "Line 1: Expected a whole number",
        ),
        ({"target": {"milestones": "someday: 43"}}, COUNT, "target.milestones", "bad_period", "Line 1: "),
    ],
)
def test_what_is_wrong_is_refused_as_in_a_file(
    typed: dict[str, Any], measure: Measure, field: str, code: str, words: str
) -> None:
    """No message names a field that the form does not have."""
    (error,) = read(typed, measure)["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert words in error["message"]
    for other in ("“note”", "“missing”", "“status”", "“qualifier”", "“reason”"):
        assert other not in error["message"]


def test_the_note_says_what_was_understood() -> None:
    (note,) = read({"baseline": {"period": "Sep-17"}})["notes"]
    assert note == {
        "field": "baseline.period",
        "row": None,
        "code": "period_understood",
        "message": "“Sep-17” is read as September 2017.",
    }
