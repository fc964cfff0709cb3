"""Posting figures: the contract's own example, and what becomes of a row."""

from difflib import get_close_matches
from typing import Any

import pytest
from sqlmodel import select

from app.api.server.example import FIGURES
from app.files import similar_name
from app.models.plan.indicator import Indicator
from tests.build import Service, assert_problem
from tests.town import Town, figures, row

NOTHING = {"created": 0, "revised": 0, "unchanged": 0, "rejected": 0, "not_stored": 0}


async def stored(service: Service, town: Town) -> list[dict[str, Any]]:
    return await service.items("/figures", town.admin)


async def test_the_contracts_example_as_written(service: Service, town: Town) -> None:
    once = {"Idempotency-Key": "2017-18-Q2"}
    dry = await service.post("/figures?dry_run=true", town.analysts, json=FIGURES, headers=once)
    assert dry.status_code == 200
    first = await service.post("/figures", town.analysts, json=FIGURES, headers=once)
    assert first.status_code == 201, first.text
    receipt = first.json()
    assert receipt["counts"] == dry.json()["counts"] == {**NOTHING, "created": 4}
    assert (receipt["status"], receipt["dry_run"], dry.json()["dry_run"]) == ("accepted", False, True)
    assert dry.json()["id"] is None
    assert [each["figure"] for each in dry.json()["rows"]] == [None] * 4
    assert first.headers["location"] == f"/api/v1/submissions/{receipt['id']}"
    for number, each in enumerate(receipt["rows"], start=1):
        assert (each["row"], each["outcome"], each["errors"]) == (number, "created", [])
        assert "line" not in each, "only rows of a file have lines"
    again = await service.post("/figures", town.analysts, json=FIGURES, headers=once)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    made = [(await service.get(each["figure"], town.analysts)).json() for each in receipt["rows"]]
    assert [each["value"] for each in made] == [43.3, 271, None, 4.7]
    assert [each["area"] for each in made] == ["E08000032"] * 4
    assert made[1]["breakdown"] == {"strand": "race"}
    assert made[1]["note"] == "late reports still being coded"
    assert (made[2]["missing"], made[2]["expected_on"], made[2]["mark"]) == ("awaited", "2017-11-30", "[x]")
    assert (made[3]["numerator"], made[3]["denominator"]) == (94, 2000)
    assert {each["submission"] for each in made} == {first.headers["location"]}
    kept = (await service.get(first.headers["location"], town.analysts)).json()
    words_now = [each.pop("now")["words"] for each in kept["rows"]]
    assert words_now == ["43.3%", "271", "awaited, promised for 30 November 2017", "4.7%"]
    assert kept["rows"] == receipt["rows"]
    assert kept["counts"] == receipt["counts"]


async def test_a_figure_changes_with_a_reason_and_is_remembered(service: Service, town: Town) -> None:
    changed = row("repeat-domestic-abuse", "2016-17", value=41.6, status="final")
    refused = await service.post("/figures", town.analysts, json=figures(changed))
    problem = assert_problem(refused, 422, "rejected", "reason")
    assert problem["errors"][0]["code"] == "reason_required"
    assert "41.4" in problem["errors"][0]["message"]
    answer = await service.post(
        "/figures", town.analysts, json=figures({**changed, "reason": "two late records"})
    )
    assert answer.json()["counts"] == {**NOTHING, "revised": 1}
    address = answer.json()["rows"][0]["figure"]
    now = (await service.get(address, town.analysts)).json()
    assert (now["value"], now["revision"], now["mark"]) == (41.6, 2, "[r]")
    before = await service.get(f"{address}?as_known_at=2017-12-19", town.analysts)
    assert (before.json()["value"], before.json()["revision"]) == (41.4, 1)
    on_the_day = await service.get(f"{address}?as_known_at=2017-12-20", town.analysts)
    assert on_the_day.json()["value"] == 41.6
    earlier = await service.get(f"{address}?as_known_at=2017-07-30", town.analysts)
    assert_problem(earlier, 404, "not_found")
    revisions = await service.items(f"{address}/revisions", town.analysts)
    assert [(each["number"], each["value"], each["reason"]) for each in revisions] == [
        (2, 41.6, "two late records"),
        (1, 41.4, ""),
    ]
    assert revisions[0]["recorded_by"].startswith("key sp_")


NOTED: dict[str, Any] = {"value": 66, "status": "estimated", "note": "before the recount"}
SIXTY_SIX = "This figure is already here as 66."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"note": ""}, "Its note would be taken away."),
        ({"note": "after the recount"}, "Its note would be another."),
        ({"status": "provisional"}, "Its status would change from estimated to provisional."),
        ({"qualifier": "about"}, "Its qualifier would change from exact to about."),
        ({"value": 67}, ""),
        (
            {"value": 67, "status": "final", "note": ""},
            "Its value would change from 66 to 67, its status would change from estimated to final"
            " and its note would be taken away.",
        ),
        (
            {"value": None, "missing": "awaited", "expected_on": "2018-01-10"},
            "Its value would be taken away, its missing reason would become awaited"
            " and its promised date would become 10 January 2018.",
        ),
    ],
)
async def test_who_must_say_why_is_told_what_would_change(
    one_service: Service, one_town: Town, change: dict[str, Any], said: str
) -> None:
    await one_service.post("/figures", one_town.analysts, json=figures(row(**NOTED)))
    refused = await one_service.post("/figures", one_town.analysts, json=figures(row(**{**NOTED, **change})))
    (error,) = assert_problem(refused, 422, "rejected", "reason")["errors"]
    assert error["message"] == " ".join(filter(None, (SIXTY_SIX, said, "Say in “reason” why it changes.")))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (row(note="x" * 10_001), "Expected at most 10,000 characters."),
        (row(period="2017-09/2017-07"), "The run ends before it begins: did you mean 2017-07/2017-09?"),
        (row("repair-index", numerator=1, denominator=2), "An index is not a ratio: send its value alone."),
    ],
)
async def test_what_is_wrong_is_a_sentence(
    one_service: Service, one_town: Town, sent: dict[str, Any], said: str
) -> None:
    answer = await one_service.post("/figures", one_town.analysts, json=figures(sent))
    assert said in [error["message"] for error in answer.json()["errors"]]


async def test_the_same_again_is_unchanged(service: Service, town: Town) -> None:
    sent = figures(row(value=4200), row("asb-incidents", "2017-07/2017-09", area="E05001341", value=7))
    assert (await service.post("/figures", town.analysts, json=sent)).status_code == 201
    again = await service.post("/figures", town.analysts, json=sent)
    assert (again.status_code, again.json()["counts"]) == (201, {**NOTHING, "unchanged": 2})
    other_words = figures(
        row(period="2017-07/2017-09", value=4200.0, area="E08000032"), row(area="E05001341", value=7)
    )
    third = await service.post("/figures", town.analysts, json=other_words)
    assert third.json()["counts"] == {**NOTHING, "unchanged": 2}


async def test_some_changes_need_no_words(service: Service, town: Town) -> None:
    awaited = row(value=None, missing="awaited", expected_on="2018-01-10")
    assert (await service.post("/figures", town.analysts, json=figures(awaited))).status_code == 201
    came = await service.post("/figures", town.analysts, json=figures(row(value=4200)))
    assert came.json()["counts"] == {**NOTHING, "revised": 1}
    confirmed = await service.post("/figures", town.analysts, json=figures(row(value=4200, status="final")))
    assert confirmed.json()["counts"] == {**NOTHING, "revised": 1}
    reasons = await service.items(f"{confirmed.json()['rows'][0]['figure']}/revisions", town.analysts)
    assert [each["reason"] for each in reasons] == ["Confirmed as final.", "The awaited figure came.", ""]
    back = await service.post("/figures", town.analysts, json=figures(row(value=4200, status="provisional")))
    assert_problem(back, 422, "rejected", "reason")


async def test_one_bad_row_stops_an_atomic_batch(service: Service, town: Town) -> None:
    before = await stored(service, town)
    rows = [row(period=f"{year}-{month:02d}") for year in (2013, 2014, 2015) for month in range(4, 13)]
    rows = [each for each in rows if each["period"] != "2013-14"]
    rows[20]["value"] = -1
    answer = await service.post("/figures", town.analysts, json=figures(*rows))
    problem = assert_problem(answer, 422, "rejected", "value")
    assert [error["row"] for error in problem["errors"]] == [21]
    assert problem["counts"] == {**NOTHING, "rejected": 1, "not_stored": len(rows) - 1}
    assert [each["outcome"] for each in problem["rows"]].count("not_stored") == len(rows) - 1
    assert await stored(service, town) == before
    assert len(await service.items("/submissions", town.analysts)) == 0


async def test_partial_keeps_the_good_rows(service: Service, town: Town) -> None:
    rows = figures(
        row(), row("dwelling-fires"), row(period="2017-18-Q1", value=4010, status="final"), row("no-such")
    )
    dry = await service.post("/figures?mode=partial&dry_run=true", town.analysts, json=rows)
    answer = await service.post("/figures?mode=partial", town.analysts, json=rows)
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["status"] == "partly_accepted"
    assert receipt["counts"] == {**NOTHING, "created": 1, "rejected": 2, "unchanged": 1}
    assert dry.json()["counts"] == receipt["counts"]
    codes = [[error["code"] for error in each["errors"]] for each in receipt["rows"]]
    assert codes == [[], ["not_responsible"], [], ["unknown_indicator"]]
    none = await service.post("/figures?mode=partial", town.analysts, json=figures(row("no-such")))
    assert_problem(none, 422, "rejected", "indicator")


async def test_a_dry_run_of_a_bad_batch_is_still_an_answer(service: Service, town: Town) -> None:
    rows = figures(row(), row("no-such"))
    dry = await service.post("/figures?dry_run=true", town.analysts, json=rows)
    assert (dry.status_code, dry.json()["status"]) == (200, "rejected")
    real = await service.post("/figures", town.analysts, json=rows)
    assert real.json()["counts"] == dry.json()["counts"]
    assert real.json()["rows"] == dry.json()["rows"]


async def test_the_same_figure_twice_names_both_rows(service: Service, town: Town) -> None:
    rows = figures(row(value=1), row("hate-crime"), row(period="2017-07/2017-09", area="E08000032", value=1))
    problem = assert_problem(
        await service.post("/figures", town.analysts, json=rows), 422, "rejected", "period"
    )
    assert [error["row"] for error in problem["errors"]] == [1, 3]
    assert {error["code"] for error in problem["errors"]} == {"same_figure_twice"}
    assert all("1 and 3" in error["message"] for error in problem["errors"])


async def test_an_unknown_name_suggests_the_nearest(one_service: Service, one_town: Town) -> None:
    rows = figures(row("asb-incident"), row(area="E05001342"))
    problem = assert_problem(
        await one_service.post("/figures", one_town.analysts, json=rows), 422, "rejected"
    )
    said = {error["field"]: error["message"] for error in problem["errors"]}
    assert "“asb-incidents”" in said["indicator"]
    assert "“E05001341”" in said["area"]


async def test_who_may_send_what(one_service: Service, one_town: Town) -> None:
    fires = figures(row("dwelling-fires"))
    for secret in (one_town.analysts, one_town.police):
        answer = await one_service.post("/figures", secret, json=fires)
        assert assert_problem(answer, 422, "rejected")["errors"][0]["code"] == "not_responsible"
    assert_problem(await one_service.post("/figures", one_town.funder, json=fires), 403, "forbidden")
    answer = await one_service.post("/figures", one_town.stranger, json=fires)
    assert assert_problem(answer, 422, "rejected")["errors"][0]["code"] == "unknown_indicator"
    assert (await one_service.post("/figures", one_town.staff, json=fires)).status_code == 201


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        (row(value=None), "value", "value_required"),
        ({"indicator": "asb-incidents", "period": "2017-18-Q2"}, "value", "value_required"),
        (row(missing="not_collected"), "missing", "value_and_missing"),
        (row(value=None, missing="awaited"), "expected_on", "date_required"),
        (row(value=None, missing="not_collected", expected_on="2018-01-01"), "expected_on", "not_awaited"),
        (row(expected_on="2018-01-01"), "expected_on", "not_awaited"),
        (row(value=None, missing="lost"), "missing", "not_one_of"),
        (row(value=""), "value", "not_a_number"),
        (row(value=3.5), "value", "not_whole"),
        (row(value=-3), "value", "negative"),
        (row(status="guessed"), "status", "not_one_of"),
        (row(area="E99"), "area", "unknown_area"),
        (row(breakdown={"strand": "race"}), "breakdown.strand", "unknown_breakdown"),
        (row("hate-crime", breakdown={"strand": "age"}), "breakdown.strand", "unknown_breakdown"),
        (row("old-count"), "indicator", "retired"),
        (row(period="2017-18-Q3"), "period", "period_not_ended"),
        (row(period="2017-18"), "period", "period_not_ended"),
        (row(period="2017-18", value=None, missing="not_collected"), "missing", "period_not_ended"),
        (
            row(period="2017-18", value=None, missing="confidential", status="forecast"),
            "missing",
            "period_not_ended",
        ),
        (row(numerator=1), "denominator", "part_required"),
        (row("repeat-domestic-abuse", value=None, denominator=10), "numerator", "part_required"),
        (
            row("repeat-domestic-abuse", value=None, numerator=11, denominator=10),
            "numerator",
            "part_exceeds_whole",
        ),
        (
            row("repeat-domestic-abuse", value=None, numerator=0, denominator=0),
            "denominator",
            "zero_denominator",
        ),
        (row("repeat-domestic-abuse", value=50, numerator=1, denominator=10), "value", "parts_disagree"),
        (row("repeat-domestic-abuse", value=101), "value", "over_100_percent"),
        (row(numerator=1, denominator=2), "numerator", "not_a_ratio"),
        (row("damage-cost", value=10.001), "value", "not_pence"),
        (row("asb-satisfaction", value=60, margin=-1), "margin", "negative"),
        (row("asb-satisfaction", value=60, margin=3, margin_level=950), "margin_level", "not_a_level"),
        (row("asb-satisfaction", value=60, margin=3, margin_level=0.95), "margin_level", "not_a_level"),
        (row("asb-satisfaction", value=60, margin=300), "margin", "over_100_percent"),
        (row(sample_size=-1), "sample_size", "greater_than_equal"),
        (row(note="x" * 10_001), "note", "string_too_long"),
        (row(reson="typing slip"), "reson", "unknown_field"),
    ],
)
async def test_what_is_wrong_is_said_by_field(
    still_service: Service, still_town: Town, sent: dict[str, Any], field: str, code: str
) -> None:
    before = await stored(still_service, still_town)
    answer = await still_service.post("/figures", still_town.analysts, json=figures(row("hate-crime"), sent))
    problem = assert_problem(answer, 422, "rejected", field)
    assert (2, field, code) in {(each["row"], each["field"], each["code"]) for each in problem["errors"]}
    assert {each["row"] for each in problem["errors"]} == {2}
    assert problem["rows"][0]["outcome"] == "not_stored"
    assert await stored(still_service, still_town) == before


@pytest.mark.parametrize(
    "early", [{"status": "forecast"}, {"value": None, "missing": "awaited", "expected_on": "2018-05-01"}]
)
async def test_a_forecast_and_a_promise_may_come_before_the_period_ends(
    one_service: Service, one_town: Town, early: dict[str, Any]
) -> None:
    sent = figures(row(period="2017-18-Q4", **early))
    answer = await one_service.post("/figures?dry_run=true", one_town.analysts, json=sent)
    assert answer.json()["status"] == "accepted"


async def test_a_misspelt_code_is_guessed_at_once_for_the_first_few(
    one_service: Service, one_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(name: str, known: list[str], n: int) -> list[str]:
        asked.append(name)
        return get_close_matches(name, known, n)

    monkeypatch.setattr(similar_name, "get_close_matches", noted)
    codes = [f"asb-incidentz-{number}" for number in range(25)] * 2
    answer = await one_service.post("/figures", one_town.analysts, json=figures(*map(row, codes)))
    messages = [error["message"] for error in assert_problem(answer, 422, "rejected")["errors"]]
    assert asked == codes[:20]
    assert all("Did you mean “asb-incidents”?" in message for message in messages[:20] + messages[25:45])
    assert messages[20] == "There is no indicator “asb-incidentz-20” here."


async def test_a_breakdown_longer_than_can_be_kept_is_refused(service: Service, town: Town) -> None:
    dimensions = {f"{letter * 60}": ["x" * 60] for letter in "abcde"}
    with service.writing() as session:
        indicator = session.exec(select(Indicator).where(Indicator.code == "hate-crime")).one()
        indicator.breakdowns = dimensions
        session.add(indicator)
    parts = {name: part for name, (part,) in dimensions.items()}
    three = dict(list(parts.items())[:3])
    fits = await service.post("/figures", town.analysts, json=figures(row("hate-crime", breakdown=three)))
    assert fits.status_code == 201, fits.text
    answer = await service.post("/figures", town.analysts, json=figures(row("hate-crime", breakdown=parts)))
    (error,) = assert_problem(answer, 422, "rejected", "breakdown")["errors"]
    assert error["code"] == "breakdown_too_long"
    assert "the limit is 400" in error["message"]


async def test_a_warning_never_blocks(one_service: Service, one_town: Town) -> None:
    answer = await one_service.post(
        "/figures", one_town.analysts, json=figures(row(period="2017-04/2017-11"))
    )
    assert answer.status_code == 201
    (warning,) = answer.json()["rows"][0]["warnings"]
    assert (warning["field"], warning["code"]) == ("period", "unusual_length")


async def test_no_rows_are_no_submission(one_service: Service, one_town: Town) -> None:
    bodies: list[Any] = [{"figures": []}, {}, {"figures": None}, [], {"figures": [row()], "mode": "partial"}]
    for body in bodies:
        answer = await one_service.post("/figures", one_town.analysts, json=body)
        assert_problem(answer, 422, "figures_required", "figures")


async def test_filters(one_service: Service, one_town: Town) -> None:
    await one_service.post(
        "/figures",
        one_town.analysts,
        json=figures(row(value=1), row(area="E05001341", value=2), row("hate-crime", value=3)),
    )

    async def values(**params: str) -> list[Any]:
        return [each["value"] for each in await one_service.items("/figures", one_town.analysts, **params)]

    assert await values(area="E05001341") == [2]
    assert await values(indicator="hate-crime") == [3]
    assert await values(indicator="asb-incidents", period="2017-18-Q2") == [1, 2]
    assert await values(indicator="asb-incidents", to="2016-17-Q2") == [4120, 4380]
    assert (await values(indicator="asb-incidents", **{"from": "2017-18-Q2"})) == [1, 2]
    assert await values(submission="2") == [1, 2, 3]
    assert await values(indicator="no-such") == []


async def test_a_receipt_is_linked_for_who_may_read_it(one_service: Service, one_town: Town) -> None:
    """Another agency's is 404, so nothing leads there."""
    sent = await one_service.post("/figures", one_town.police, json=figures(row("hate-crime")))
    figure = sent.json()["rows"][0]["figure"]
    receipt = sent.headers["location"]
    seen = {}
    for name in ("police", "staff", "analysts", "funder"):
        revisions = await one_service.items(f"{figure}/revisions", getattr(one_town, name))
        seen[name] = revisions[0]["submission"]
    assert seen == {"police": receipt, "staff": receipt, "analysts": None, "funder": None}


async def test_a_nil_return_s_receipt_is_linked_for_who_may_read_it(
    one_service: Service, one_town: Town
) -> None:
    made = await one_service.post("/returns/2017-18-Q2~police/nil", one_town.police, json={})
    assert made.status_code == 200, made.text
    seen = {}
    for name in ("police", "staff", "analysts"):
        read = await one_service.get("/returns/2017-18-Q2~police", getattr(one_town, name))
        seen[name] = read.json()["conversation"][0]["submission"]
    assert seen["police"] == seen["staff"] == "/api/v1/submissions/2"
    assert seen["analysts"] is None, "a supplier sees the return, and not another agency's receipts"
