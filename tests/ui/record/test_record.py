from typing import Any

import pytest
from starlette.routing import Route

from app.ui.pages.record.record_words import Fact, entry_words, facts_of, subject_of
from tests.ui.page import text_of
from tests.ui.visitor import Visitor

AGENCIES = {"fire": "Fire and Rescue"}


def entry(**data: Any) -> dict[str, Any]:
    return {"subject_kind": "indicator", "subject": "dwelling-fires", "data": data}


def test_a_change_says_what_it_was_and_what_it_is() -> None:
    found = facts_of(
        entry(
            before={
                "responsible_agency": "fire",
                "target": {"words": "Fewer than 85", "applies": "each_year"},
            },
            after={"responsible_agency": None, "target": {"words": "Fewer than 80", "applies": "each_year"}},
            reason="agreed",
        ),
        AGENCIES,
    )
    assert found == [
        Fact("Responsible agency", "nothing", "Fire and Rescue"),
        Fact("Target words", "Fewer than 80", "Fewer than 85"),
        Fact("Reason", "agreed"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "fact"),
    [
        ("in_assessment", "part_approved", Fact("State", "part approved", "in assessment")),
        (400000, 350050, Fact("Amount", "£3,500.50", "£4,000.00")),
        ([None, None], ["rounds", "streets"], Fact("About", "rounds; streets", "nothing")),
        (["rounds", "streets"], [None, None], Fact("About", "nothing", "rounds; streets")),
    ],
)
def test_a_step_says_what_it_changed(before: Any, after: Any, fact: Fact) -> None:
    """What steps of grants and applications, and decisions, record."""
    assert facts_of(entry(before=before, after=after, reason="agreed"), {}) == [
        fact,
        Fact("Reason", "agreed"),
    ]


def test_money_is_in_pounds() -> None:
    noted = entry(before={"cap": None}, after={"cap": 900000}, asked=400000, approved=None, amount=True)
    assert facts_of(noted, {}) == [
        Fact("Cap", "£9,000.00", "nothing"),
        Fact("Asked", "£4,000.00"),
        Fact("Approved", "nothing"),
        Fact("Amount", "yes"),
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2027-11-22T00:00:00+00:00", "22 November 2027 at 12:00am"),
        ("2017-11-30", "30 November 2017"),
        ("2017-18", "2017-18"),
        ("15000101", "15000101"),
        ("2017-13-45", "2017-13-45"),
        (["figures:write", "plan:read"], "Send its agency's figures; Read the plan and its indicators"),
        ({"created": 2, "rejected": 0}, "created 2"),
        (True, "yes"),
        ([], "nothing"),
        (0, "0"),
        ("<b>", "<b>"),
    ],
)
def test_values_in_words(value: Any, said: str) -> None:
    assert entry_words(value, AGENCIES) == said


def test_a_subject_has_its_page_and_a_person_a_name() -> None:
    pages = {"indicator": "/indicators/", "person": "/people/"}
    subject = subject_of(entry(), {}, pages)
    assert (subject.kind, subject.address) == ("indicator", "/indicators/dwelling-fires")
    person = {"subject_kind": "person", "subject": "7", "data": {}}
    assert subject_of(person, {"7": "Internal auditor"}, pages).name == "Internal auditor"
    assert subject_of(person, {}, pages).address is None


async def test_an_edit_is_read_in_the_record(officer: Visitor) -> None:
    form = "/indicators/dwelling-fires/definition"
    fields = {"note": "<b>Chimneys too</b>", "reason": "asked by the Board"}
    await officer.submit(await officer.get(form), form, fields)
    page = await officer.get("/record?subject_kind=indicator&subject=dwelling-fires")
    row = page.rows()[1]
    assert "Note: from nothing to <b>Chimneys too</b>" in row
    assert "Reason: asked by the Board" in row
    assert "{" not in row
    assert "/indicators/dwelling-fires" in page.links()


async def test_the_record_goes_on_a_part_at_a_time(
    administrator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.pages.record.audit.SHEET_SIZE", 3)
    page, seen = await administrator.get("/record"), []
    for _ in range(3):
        seen += [int(row.split("entry ")[1].split()[0]) for row in page.rows()[1:]]
        older = [a.get("href") for a in page.all("a") if text_of(a) == "Older"]
        if not older:
            break
        page = await administrator.get(str(older[0]))
    assert len(seen) > 3
    assert seen == sorted(seen, reverse=True)


async def test_the_page_of_each_kind_of_subject_is_a_route_of_that_name(visitor: Visitor) -> None:
    named = {route.name for route in visitor.ui.routes if isinstance(route, Route)}
    assert {"indicator", "submission", "person", "return", "reporting_period"} <= named
