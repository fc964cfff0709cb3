from typing import Any

import pytest

from app.ui.kit.client import Problem
from app.ui.kit.forms import Form, make_form


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("12", 12),
        (" 30,912 ", 30912),
        ("43.3%", 43.3),
        ("£1,407.50", 1407.5),
        ("-4.6", -4.6),
        ("", None),
        ("  ", None),
    ],
)
def test_numbers_as_people_write_them(typed: str, sent: Any) -> None:
    form = Form({"value": typed})
    assert form.number("value") == sent
    assert not form.is_wrong


@pytest.mark.parametrize("typed", ["twelve", "1e400", "1,2", "NaN", "--4", "12" * 20])
def test_what_is_no_number_is_said_beside_its_field(typed: str) -> None:
    form = Form({"value": typed})
    assert form.number("value") is None
    assert "Enter a number" in form.messages["value"]


def test_the_api_s_messages_go_beside_their_fields() -> None:
    form = make_form(value="x", words="y")
    errors = [
        {"field": "figures.0.value", "message": "Expected a number."},
        {"field": "target.words", "message": "Not understood."},
        {"field": "elsewhere", "message": "Something else."},
    ]
    status = form.add_problem(Problem(422, "invalid", "", {"errors": errors}), {"target.words": "words"})
    assert status == 422
    assert form.messages == {"value": "Expected a number.", "words": "Not understood."}
    assert form.overall == ["Something else."]


def test_messages_stand_in_the_order_of_the_fields() -> None:
    form = make_form(period="", value="x", note="")
    for name in ("elsewhere", "note", "value", "period"):
        form.add_error(name, f"About {name}")
    assert [name for name, _ in form.in_order] == ["period", "value", "note", "elsewhere"]


def test_a_refusal_without_fields_is_said_on_top() -> None:
    form = make_form(value="x")
    assert form.add_problem(Problem(409, "conflict", "That year is closed.")) == 409
    assert form.overall == ["That year is closed."]
    assert form.is_wrong
