"""A return sent by form: kept, tried out, corrected, signed off and sent."""

import re
from typing import Any

import pytest

from app.ui.kit.forms import Form
from app.ui.pages.returns.return_row import (
    PRESERVED_FIELDS,
    draft_rows,
    form_values,
    is_changed,
    row_to_read,
    row_to_send,
)
from tests.bradford import ANALYST
from tests.build import PASSWORD, Service
from tests.ui.page import Page, text_of, values_of
from tests.ui.visitor import Visitor

ONE = "/returns/2017-18-Q2~west-yorkshire-police"
FORM = f"{ONE}/form"
REPEATS = "repeat-domestic-abuse:2016-10/2017-09"
CRIME = "total-crime:2017-18-Q2"


def field(page: Page, name: str) -> str:
    """What a field holds."""
    found = next(e for tag in ("input", "textarea") for e in page.all(tag) if e.get("name") == name)
    return found.get("value") or "".join(found.itertext())


def message(page: Page, name: str) -> str:
    return text_of(next(e for e in page.all("p") if e.get("id") == f"{name}-error"))


async def told(visitor: Visitor, service: Service) -> dict[str, Any]:
    found: dict[str, Any] = (await service.get(ONE, visitor.browser.cookies["saferplan"])).json()
    return found


async def missing(visitor: Visitor, service: Service) -> dict[str, str]:
    """A figure for everything that is not in, as typed."""
    items = (await told(visitor, service))["items"]
    owed = [each for each in items if each["received_at"] is None]
    return {f"{each['indicator']}:{each['period']}.value": "42.5" for each in owed}


async def test_it_shows_what_is_there(analyst: Visitor, service: Service) -> None:
    page = await analyst.get(FORM)
    for item in (await told(analyst, service))["items"]:
        shown = field(page, f"{item['indicator']}:{item['period']}.value")
        assert (float(shown) if shown else None) == item["value"]


async def test_a_half_filled_form_is_kept_and_nothing_sent(analyst: Visitor, service: Service) -> None:
    before = await told(analyst, service)
    page = await analyst.get(FORM)
    page = await analyst.submit(page, FORM, {f"{REPEATS}.value": "about 42", "do": "save"})
    assert "Nothing has been sent yet" in page.text
    assert (await told(analyst, service))["received"] == before["received"]
    page = await analyst.get(FORM)
    assert field(page, f"{REPEATS}.value") == "about 42"
    assert "and not sent yet" in page.text


async def test_what_a_colleague_saved_meanwhile_is_shown_beside_what_was_typed(
    analyst: Visitor, service: Service
) -> None:
    mine, theirs = await analyst.get(FORM), await analyst.get(FORM)
    await analyst.submit(theirs, FORM, {f"{REPEATS}.value": "41", "do": "save"})
    page = await analyst.submit(mine, FORM, {f"{REPEATS}.value": "42.5", "do": "save"}, status=412)
    assert "Yours has not been saved" in page.text
    assert any("41, provisional" in row and "42.5, provisional" in row for row in page.rows())
    assert field(page, f"{REPEATS}.value") == "42.5"
    await analyst.submit(page, FORM, {"do": "save"})
    assert field(await analyst.get(FORM), f"{REPEATS}.value") == "42.5"


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({f"{REPEATS}.value": "about 42"}, f"{REPEATS}.value", "Expected a number"),
        ({f"{REPEATS}.value": "433"}, f"{REPEATS}.value", "percentage"),
        ({f"{REPEATS}.missing": "awaited"}, f"{REPEATS}.expected_on", "promised"),
        ({f"{REPEATS}.note": "Half of it"}, f"{REPEATS}.value", "Enter the figure, or say why there is none"),
        ({f"{CRIME}.value": "15700"}, f"{CRIME}.reason", "why it changes"),
        ({f"{CRIME}.value": ""}, f"{CRIME}.value", "Enter the figure, or say why there is none"),
        ({f"{CRIME}.value": "15700.5", f"{CRIME}.reason": "x"}, f"{CRIME}.value", "whole number"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    analyst: Visitor, service: Service, fields: dict[str, str], name: str, said: str
) -> None:
    before = await told(analyst, service)
    page = await analyst.submit(await analyst.get(FORM), FORM, {**fields, "do": "check"}, status=422)
    assert said in message(page, name)
    link = next(a for a in page.all("a") if a.get("href") == f"#{name}")
    assert text_of(link).startswith(("Repeat victimisation", "Total recorded crime"))
    for typed, value in fields.items():
        if not typed.endswith("missing"):
            assert field(page, typed) == value
    assert await told(analyst, service) == before


async def test_a_form_with_nothing_in_it_is_not_sent(analyst: Visitor) -> None:
    page = await analyst.submit(await analyst.get(FORM), FORM, {"do": "check"}, status=422)
    assert "Nothing is entered or changed yet" in page.text


async def test_part_of_it_is_sent_and_the_rest_follows(analyst: Visitor, service: Service) -> None:
    before = await told(analyst, service)
    page = await analyst.submit(await analyst.get(FORM), FORM, {f"{REPEATS}.value": "42.5", "do": "check"})
    assert page.heading == "Check before you send"
    assert "Send these figures" in page.text
    assert any(row.startswith("Repeat victimisation") and " 42.5" in row for row in page.rows())
    assert await told(analyst, service) == before
    page = await analyst.submit(page, FORM, {"do": "change"})
    assert field(page, f"{REPEATS}.value") == "42.5"
    page = await analyst.submit(page, FORM, {"do": "check"})
    page = await analyst.submit(page, FORM, {"do": "send"})
    assert "Your figures have been received" in page.text
    after = await told(analyst, service)
    assert after["received"] == before["received"] + 1
    assert after["signed_off_at"] is None


async def test_all_of_it_is_signed_off_and_sent_and_the_draft_is_gone(
    analyst: Visitor, service: Service
) -> None:
    fields = await missing(analyst, service)
    await analyst.submit(await analyst.get(FORM), FORM, {**fields, "do": "save"})
    page = await analyst.submit(await analyst.get(FORM), FORM, {"do": "check"})
    assert "Sign off and send" in page.text
    done = await analyst.submit(page, FORM, {"do": "send"})
    assert "the return is signed off" in done.text
    again = await analyst.submit(page, FORM, {"do": "send"})
    after = await told(analyst, service)
    assert [each["kind"] for each in after["conversation"]] == ["signed_off"], "a second press does nothing"
    assert again.heading == done.heading
    assert (after["state"], after["received"]) == ("submitted", after["expected"])
    assert "not sent yet" not in (await analyst.get(FORM)).text


async def test_what_looks_unusual_asks_for_a_note_and_is_sent_with_it(
    analyst: Visitor, service: Service
) -> None:
    fields = {f"{CRIME}.value": "157080", f"{CRIME}.reason": "Recounted", "do": "check"}
    page = await analyst.submit(await analyst.get(FORM), FORM, fields)
    assert "looks unusual" in page.text
    page = await analyst.submit(page, FORM, {f"{CRIME}.note": "A year's reports came at once", "do": "send"})
    assert "Your figures have been received" in page.text
    now = next(e for e in (await told(analyst, service))["items"] if e["indicator"] == "total-crime")
    assert (now["value"], now["note"]) == (157080, "A year's reports came at once")


async def test_staff_send_for_an_agency_without_drafts_or_signing(officer: Visitor, service: Service) -> None:
    page = await officer.get(FORM)
    assert "Save and finish later" not in page.text
    fields = await missing(officer, service)
    page = await officer.submit(page, FORM, {**fields, "do": "check"})
    page = await officer.submit(page, FORM, {"do": "send"})
    after = await told(officer, service)
    assert after["received"] == after["expected"]
    assert after["signed_off_at"] is None


async def test_a_figure_keeps_what_the_form_does_not_ask_for(analyst: Visitor, service: Service) -> None:
    token = analyst.browser.cookies["saferplan"]
    row = {"indicator": "asb-satisfaction", "period": "2017-18-Q2", "value": 72.5, "qualifier": "about"}
    row |= {"margin": 2.1, "margin_level": 95, "sample_size": 1200}
    sent = await service.post("/figures", token, json={"figures": [row]})
    assert sent.status_code == 201, sent.text
    key = "asb-satisfaction:2017-18-Q2"
    fields = {
        f"{key}.status": "final",
        f"{key}.note": "Checked twice",
        f"{key}.reason": "Final",
        "do": "check",
    }
    page = await analyst.submit(await analyst.get(FORM), FORM, fields)
    await analyst.submit(page, FORM, {"do": "send"})
    (figure,) = await service.items("/figures", token, indicator="asb-satisfaction", period="2017-18-Q2")
    kept = [figure[name] for name in ("status", "note", "qualifier", "margin", "margin_level", "sample_size")]
    assert kept == ["final", "Checked twice", "about", 2.1, 95, 1200]


async def test_a_form_of_another_return_is_refused(visitor: Visitor) -> None:
    await visitor.sign_in(ANALYST, PASSWORD)
    page = await visitor.get("/returns/2017-18-Q2~nobody/form", status=404)
    assert page.heading == "Page not found"


ITEM: dict[str, Any] = {
    "indicator": "treatment",
    "period": "2017-18-Q2",
    "figure": "/api/v1/figures/1",
    "figure_period": "2016-10/2017-09",
    "value": 4.7,
    "numerator": 94,
    "denominator": 2000,
    "missing": None,
    "expected_on": None,
    "status": "provisional",
    "note": "",
    **dict.fromkeys(PRESERVED_FIELDS),
    "qualifier": "about",
}
EMPTY: dict[str, Any] = {**dict.fromkeys(ITEM), "indicator": "fires", "period": "2017-18-Q2", "note": ""}


def filled_in(item: dict[str, Any], **typed: str) -> Form:
    key = f"{item['indicator']}:{item['period']}"
    return Form({**form_values([item]), **{f"{key}.{name}": value for name, value in typed.items()}})


@pytest.mark.parametrize(
    ("item", "typed", "changed"),
    [
        (ITEM, {}, False),
        (ITEM, {"reason": "none in particular"}, False),
        (ITEM, {"status": "final"}, True),
        (ITEM, {"value": ""}, True),
        (EMPTY, {}, False),
        (EMPTY, {"status": "final"}, False),
        (EMPTY, {"note": "soon"}, True),
        (EMPTY, {"missing": "not_collected"}, True),
    ],
)
def test_only_what_was_changed_is_sent_and_kept(
    item: dict[str, Any], typed: dict[str, str], changed: bool
) -> None:
    form = filled_in(item, **typed)
    assert is_changed(form, item) is changed
    assert len(draft_rows(form, [item])) == int(changed)


def test_parts_that_change_make_the_value_anew() -> None:
    """The value they once made is left out, unless it was typed anew as well."""
    sent = row_to_read(filled_in(ITEM, numerator="100"), ITEM)
    assert (sent["period"], sent["numerator"], sent["denominator"]) == ("2016-10/2017-09", "100", "2000")
    assert "value" not in sent
    assert row_to_read(filled_in(ITEM, numerator="100", value="5"), ITEM)["value"] == "5"
    assert row_to_read(filled_in(ITEM, status="final"), ITEM)["value"] == "4.7"


def test_what_the_form_does_not_ask_for_stays_as_it_was() -> None:
    assert row_to_send({"figure": {"value": 4.7, "status": "final"}}, ITEM)["qualifier"] == "about"
    gone = row_to_send({"figure": {"missing": "awaited"}}, ITEM)
    assert "qualifier" not in gone, "why there is no figure has nothing of a figure's"


@pytest.mark.parametrize(
    ("typed", "fields", "advice"),
    [
        ("about 900", {}, "Write 900 as the figure, and choose “About” as how exact it is."),
        ("n/a", {}, "Leave it empty and choose “Not collected” as why there is none."),
        ("12o", {}, "If 120 is meant, write that."),
        ("lots", {}, "or leave it empty and choose why there is none."),
        ("900e", {}, "choose “Estimated” as how settled it is"),
        ("900", {"missing": "not_collected"}, "Enter the figure or choose why there is none, not both."),
    ],
)
async def test_what_is_wrong_is_told_in_the_form_s_own_words(
    analyst: Visitor, typed: str, fields: dict[str, str], advice: str
) -> None:
    """No column of a file is named, and whatever the advice asks for is in the form."""
    page = await analyst.get(FORM)
    sent = {f"{CRIME}.value": typed, **{f"{CRIME}.{name}": text for name, text in fields.items()}}
    page = await analyst.submit(page, FORM, {**sent, "do": "check"}, status=422)
    messages = " ".join(text_of(each) for each in page.all("p") if each.get("class") == "govuk-error-message")
    assert advice in messages
    assert not re.search(r"“(value|missing|reason|status|qualifier)”|=true|[a-z]_[a-z]", messages), messages
    folds = [each for each in page.all("details") if "Total recorded crime, Q2" in text_of(each)]
    if "how exact" in advice:
        assert [each.get("open") is not None for each in folds] == [True], "what is asked for is in sight"
    names = {each.get("name") for each in page.root.iter("select")}
    assert {f"{CRIME}.{name}" for name in ("missing", "status", "qualifier")} <= names
    entered = re.search(r"(\d+) of (\d+) figures entered", (await analyst.get(FORM)).text)
    assert entered
    assert f"{int(entered[1]) - (1 if typed != '900' else 0)} of {entered[2]} figures entered" in page.text


@pytest.mark.parametrize(
    ("code", "title", "typed", "label"),
    [
        (REPEATS, "Repeat victimisation", "94 of 2,000", "How many"),
        (REPEATS, "Repeat victimisation", "43.3*", "Note for readers"),
        (CRIME, "Total recorded crime, Q2", "about 900", "How exact"),
        (CRIME, "Total recorded crime, Q2", "r900", "Why is it changing?"),
    ],
)
async def test_the_field_that_advice_names_is_in_sight(
    analyst: Visitor, code: str, title: str, typed: str, label: str
) -> None:
    page = await analyst.get(FORM)
    page = await analyst.submit(page, FORM, {f"{code}.value": typed, "do": "check"}, status=422)
    (fold,) = [each for each in page.all("details") if title in text_of(each)]
    assert label in text_of(fold)
    assert fold.get("open") is not None


async def test_how_exact_a_figure_is_is_sent_and_shown_again(analyst: Visitor) -> None:
    fields = {f"{CRIME}.value": "15000", f"{CRIME}.qualifier": "about", f"{CRIME}.reason": "Rounded"}
    page = await analyst.submit(await analyst.get(FORM), FORM, {**fields, "do": "check"})
    await analyst.submit(page, FORM, {"do": "send"})
    again = await analyst.get(FORM)
    assert values_of(again.form(FORM))[f"{CRIME}.qualifier"] == "about"
    page = await analyst.submit(
        again, FORM, {f"{CRIME}.qualifier": "exact", f"{CRIME}.reason": "No", "do": "check"}
    )
    await analyst.submit(page, FORM, {"do": "send"})
    assert values_of((await analyst.get(FORM)).form(FORM))[f"{CRIME}.qualifier"] == "exact"
