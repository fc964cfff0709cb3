import pytest

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import make_form, save


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


@pytest.mark.parametrize(("status", "version"), [(412, "v2"), (422, "v1"), (409, "v1")])
async def test_only_who_is_told_of_a_change_goes_on_from_it(status: int, version: str) -> None:
    """After any other refusal the form stays on its version: what another saves meanwhile is told at the next try."""

    async def refused() -> Json:
        raise Problem(status, "refused", "No.", {})

    form = make_form(text="typed", version="v1")
    assert await save(form, refused()) == (None, status)
    again = form.on_version("v2")
    assert again.values == {"text": "typed", "version": version}
    assert again.once != form.once
    assert len(again.overall) == 1
