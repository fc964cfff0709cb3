"""What a file's receipt says beyond its figures: what was read and not read, and how cells were understood."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.files.build import HEADINGS, XLSX, fill, made, workbook
from tests.town import Town, figures, row

CSV = {"Content-Type": "text/csv"}


def police_and_fire(book: Any) -> None:
    sheet = fill(book, [HEADINGS, ("Anti-social behaviour", "Q2 2017/18", 4200)], "Police")
    sheet.write_row(2, 0, ("asb-incidents", "2016-17-Q2", 9))
    sheet.set_row(2, options={"hidden": True})
    fill(book, [("Notes",)], "Notes")
    fill(book, [HEADINGS, ("asb-satisfaction", "2017-18-Q2", "66.6666666666667")], "Survey")


READ = [
    {
        "sheet": "Police",
        "rows": 1,
        "left_out": 1,
        "messages": ["Row 3 is hidden or filtered out: not read."],
    },
    {
        "sheet": "Notes",
        "rows": 0,
        "left_out": 0,
        "messages": [
            "Not read: it has no row with the headings “indicator” and “period” among its first 20.",
        ],
    },
    {"sheet": "Survey", "rows": 1, "left_out": 0, "messages": []},
]


@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_a_receipt_names_what_was_read_and_what_was_not(
    one_service: Service, one_town: Town, dry_run: str
) -> None:
    answer = await one_service.post(
        f"/figures?dry_run={dry_run}", one_town.analysts, content=made(police_and_fire), headers=XLSX
    )
    receipt = answer.json()
    assert receipt["read"] == READ
    assert (receipt["status"], receipt["counts"]["created"], receipt["counts"]["not_stored"]) == (
        "accepted",
        2,
        1,
    )
    titled, hidden, rounded = receipt["rows"]
    assert [(each["sheet"], each["line"], each["outcome"]) for each in receipt["rows"]] == [
        ("Police", 2, "created"),
        ("Police", 3, "not_stored"),
        ("Survey", 2, "created"),
    ]
    assert [note["message"] for note in titled["notes"]] == [
        "Cell A2 on “Police”: “Anti-social behaviour” is read as the code asb-incidents.",
        "Cell B2 on “Police”: “Q2 2017/18” is read as Q2 2017/18 (July to September 2017).",
    ]
    assert [(each["code"], each["field"]) for each in hidden["warnings"]] == [("hidden_row", None)]
    assert [(each["code"], each["field"]) for each in rounded["notes"]] == [("rounded", "value")]
    stored = await one_service.items("/figures", one_town.analysts, period="2017-18-Q2")
    assert sorted(each["value"] for each in stored) == ([4200, 66.666667][::-1] if dry_run == "false" else [])


async def test_an_upload_s_preview_and_its_receipt_say_it_too(one_service: Service, one_town: Town) -> None:
    uploaded = await one_service.post(
        "/uploads?name=q2.xlsx", one_town.analysts, content=made(police_and_fire), headers=XLSX
    )
    upload = uploaded.json()
    assert (upload["state"], upload["read"]) == ("ready", READ)
    assert [each["sentence"] for each in upload["rows"]][1] == (
        "Row 3 of “Police”, Anti-social behaviour, Q2 2016/17: this row is hidden or filtered out, and was not read."
        " Show it and send the file again if it is meant."
    )
    assert upload["rows"][2]["notes"][0]["code"] == "rounded"
    sent = await one_service.post(f"/uploads/{upload['id']}/submit", one_town.analysts)
    assert sent.status_code == 201, sent.text
    receipt = (await one_service.get(sent.headers["location"], one_town.analysts)).json()
    assert receipt["read"] == READ
    assert receipt["rows"][0]["notes"][0]["code"] == "name_for_code"


async def test_an_error_of_a_rule_has_the_cell_s_address_as_well(
    one_service: Service, one_town: Town
) -> None:
    body = workbook(
        ("asb-incidents", "2017-18-Q2", -5), ("asb-incidents", "2017-18-Q3", 5), ("no-such", "2017-18-Q1", 5)
    )
    answer = await one_service.post("/figures", one_town.analysts, content=body, headers=XLSX)
    negative, early, unknown = assert_problem(answer, 422, "rejected")["rows"]
    assert negative["errors"][0]["message"] == "Cell C2: expected zero or more."
    assert early["errors"][0]["message"].startswith(
        "Cell B3: Q3 2017/18 (October to December 2017) has not ended"
    )
    assert unknown["errors"][0]["message"].startswith("Cell A4: there is no indicator “no-such” here.")


async def test_json_stays_strict_and_suggests(one_service: Service, one_town: Town) -> None:
    answer = await one_service.post(
        "/figures", one_town.analysts, json=figures(row(period="Sep-17"), row(period="04/05"))
    )
    first, second = assert_problem(answer, 422, "rejected", "period")["rows"]
    assert "Did you mean 2017-09?" in first["errors"][0]["message"]
    assert "write 2005-04" in second["errors"][0]["message"]
    address = await one_service.get("/figures?period=Sep-17", one_town.analysts)
    assert "Did you mean 2017-09?" in address.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("day", "is_taken"),
    [
        ("2019-12-20", True),
        ("2019-12-21", False),
        ("9999-12-31", False),
        ("2017-10-01", True),
        ("2017-09-30", False),
        ("2017-01-31", False),
    ],
)
async def test_a_figure_is_promised_after_its_period_and_within_two_years(
    one_service: Service, one_town: Town, day: str, is_taken: bool
) -> None:
    awaited = row(value=None, missing="awaited", expected_on=day)
    answer = await one_service.post("/figures?dry_run=true", one_town.analysts, json=figures(awaited))
    (told,) = answer.json()["rows"]
    codes = [error["code"] for error in told["errors"]]
    assert codes == ([] if is_taken else ["bad_promise"])
    text = f"indicator,period,missing,expected_on\nasb-incidents,2017-18-Q2,awaited,{day}\n"
    by_file = await one_service.post("/figures", one_town.analysts, content=text.encode(), headers=CSV)
    assert (by_file.status_code == 201) == is_taken
