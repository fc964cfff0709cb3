"""What a careful analyst would ask of figures beside others: warnings, and the errors that stop a row."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.api.server import key_usage
from app.models.figures.published_change import ExceptionalPeriod, PublishedChange
from app.models.figures.rule import Rule
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Area
from tests.build import Service, assert_problem
from tests.town import Town, figures, row

Rows = list[dict[str, Any]]
QUARTERS = [f"{year}-{year - 1999:02}-Q{n}" for year in (2014, 2015, 2016) for n in (1, 2, 3, 4)]
FIRES = (70, 82, 79, 75, 86, 72, 84, 81, 78, 74, 85, 80)
"""Dwelling fires of twelve quarters: limits 59.0 and 98.7."""


async def sent(service: Service, token: str, *rows: dict[str, Any], path: str = "/figures") -> Rows:
    answer = await service.post(path, token, json=figures(*rows))
    assert answer.status_code in (200, 201), answer.text
    told: Rows = answer.json()["rows"]
    return told


async def asked(service: Service, town: Town, *rows: dict[str, Any]) -> list[list[str]]:
    """Codes of the warnings of each row; nothing is kept."""
    told = await sent(service, town.staff, *rows, path="/figures?dry_run=true")
    return [[warning["code"] for warning in each["warnings"]] for each in told]


async def refused(service: Service, town: Town, *rows: dict[str, Any]) -> list[tuple[int, str]]:
    answer = await service.post("/figures", town.staff, json=figures(*rows))
    problem = assert_problem(answer, 422, "rejected")
    return [(error["row"], error["code"]) for error in problem["errors"]]


def fires(values: Sequence[int] = FIRES) -> Rows:
    return [
        row("dwelling-fires", period, value=value) for period, value in zip(QUARTERS, values, strict=True)
    ]


def add(service: Service, town: Town, *made: Any) -> None:
    with service.writing() as session:
        for each in made:
            session.add(each)


def a_rule(town: Town, left: list[str], comparison: str, right: list[str], **how: str) -> Rule:
    return Rule(
        partnership_id=town.partnership.id,
        position=9,
        code="mine",
        title="A rule of ours",
        left=left,
        comparison=comparison,
        right=right,
        when_missing=how.get("when_missing", "skip"),
        severity=how.get("severity", "warning"),
        seq=1,
    )


def districts(town: Town) -> list[Area]:
    return [
        Area(
            partnership_id=town.partnership.id,
            position=number,
            code=code,
            name=code.capitalize(),
            kind="district",
            within="E08000032",
            seq=1,
        )
        for number, code in enumerate(("north", "south"), 8)
    ]


async def test_a_jump_asks_for_a_note_and_never_blocks(one_service: Service, one_town: Town) -> None:
    await sent(one_service, one_town.staff, *fires())
    jump = row("dwelling-fires", "2017-18-Q1", value=140)
    (told,) = await sent(one_service, one_town.staff, jump)
    assert told["outcome"] == "created"
    assert told["warnings"] == [
        {
            "field": "value",
            "code": "outside_usual_range",
            "message": (
                "140 is well above what this series usually does (59 to 99 over the last 12 quarters). "
                "If it is right, say why in “note”."
            ),
        }
    ]
    noted = row("dwelling-fires", "2017-18-Q2", value=139, note="A week of grass fires")
    (told,) = await sent(one_service, one_town.staff, noted)
    assert told["warnings"][0]["message"].endswith("). There is a note with it.")


async def test_only_its_own_series_is_compared(one_service: Service, one_town: Town) -> None:
    await sent(one_service, one_town.staff, *fires())
    later = "2017-18-Q1"
    assert await asked(one_service, one_town, row("dwelling-fires", later, value=85)) == [[]]
    assert await asked(one_service, one_town, row("dwelling-fires", later, area="E05001341", value=7)) == [[]]
    forecast = row("dwelling-fires", "2018-19-Q1", value=140, status="forecast")
    assert await asked(one_service, one_town, forecast) == [[]]
    missing = row("dwelling-fires", later, value=None, missing="not_collected")
    assert await asked(one_service, one_town, missing) == [[]]


async def test_a_history_that_comes_at_once_is_not_held_against_itself(
    one_service: Service, one_town: Town
) -> None:
    assert await asked(one_service, one_town, *fires((*FIRES[:11], 140))) == [[]] * 12
    slip = await asked(one_service, one_town, *fires((*FIRES[:11], 800)))
    assert slip == [*[[]] * 11, ["ten_times"]], "but a slip is told among figures sent together"


async def test_a_figure_put_right_in_the_batch_counts_as_it_will_be(
    one_service: Service, one_town: Town
) -> None:
    await sent(one_service, one_town.staff, *fires((*FIRES[:10], 850, 80)))
    later = row("dwelling-fires", "2017-18-Q1", value=140)
    assert await asked(one_service, one_town, later) == [[]], "the slip hides it"
    right = row("dwelling-fires", "2016-17-Q3", value=85, reason="A nought too many")
    assert await asked(one_service, one_town, right, later) == [[], ["outside_usual_range"]]


async def test_exceptional_periods_of_the_partnership_are_left_out(
    one_service: Service, one_town: Town
) -> None:
    await sent(one_service, one_town.staff, *fires((*FIRES[:10], 200, 5)))
    later = row("dwelling-fires", "2017-18-Q1", value=140)
    assert await asked(one_service, one_town, later) == [[]]
    odd = ExceptionalPeriod(
        partnership_id=one_town.partnership.id, position=1, period="2016-10/2017-03", reason="x", seq=1
    )
    add(one_service, one_town, odd)
    assert await asked(one_service, one_town, later) == [["outside_usual_range"]]


async def test_a_slip_is_told_instead_of_a_jump(one_service: Service, one_town: Town) -> None:
    await sent(one_service, one_town.staff, *fires())
    ten = row("dwelling-fires", "2017-18-Q1", value=800)
    assert await asked(one_service, one_town, ten) == [["ten_times"]]
    fraction = row("repeat-domestic-abuse", "2016-10/2017-09", value=0.433)
    (told,) = await sent(one_service, one_town.staff, fraction)
    (warning,) = told["warnings"]
    assert warning["code"] == "percentage_as_fraction"
    assert "Send 43.3" in warning["message"]


HATE: Rows = [
    row("hate-crime", value=300),
    row("hate-crime", breakdown={"strand": "race"}, value=200),
    row("hate-crime", breakdown={"strand": "religion"}, value=100),
]


@pytest.mark.parametrize(
    ("total", "race", "religion", "errors"),
    [(300, 200, 100, []), (300, 250, 100, [1, 2, 3]), (300, 301, None, [1, 2]), (300, 200, None, [])],
)
async def test_parts_are_not_more_than_their_total(
    one_service: Service, one_town: Town, total: int, race: int, religion: int | None, errors: list[int]
) -> None:
    rows = [
        {**each, "value": value}
        for each, value in zip(HATE, (total, race, religion), strict=True)
        if value is not None
    ]
    answer = await one_service.post("/figures", one_town.staff, json=figures(*rows))
    if not errors:
        assert answer.status_code == 201
        assert [each["warnings"] for each in answer.json()["rows"]] == [[]] * len(rows)
        return
    found = assert_problem(answer, 422, "rejected", "value")["errors"]
    assert [(error["row"], error["code"]) for error in found] == [
        (number, "parts_exceed_total") for number in errors
    ]
    assert {error["message"] for error in found} == {
        f"The parts by strand come to {race + (religion or 0)} for Q2 2017/18, more than the total of {total}. "
        "Correct one or the other."
    }


async def test_parts_are_held_against_what_is_stored(one_service: Service, one_town: Town) -> None:
    await sent(one_service, one_town.staff, HATE[0], HATE[1])
    assert await refused(one_service, one_town, {**HATE[2], "value": 101}) == [(1, "parts_exceed_total")]
    lower = {**HATE[0], "value": 150, "reason": "recount"}
    assert await refused(one_service, one_town, lower) == [(1, "parts_exceed_total")]
    assert await asked(one_service, one_town, {**HATE[2], "value": 90}) == [["parts_differ_from_total"]]
    assert await asked(one_service, one_town, HATE[2]) == [[]]
    about = {**HATE[2], "value": 130, "qualifier": "about"}
    assert await asked(one_service, one_town, about) == [[]], "what is not exact takes part in no sum"
    gone = {**HATE[0], "value": None, "missing": "not_available", "reason": "withdrawn"}
    assert await asked(one_service, one_town, gone, {**HATE[2], "value": 900}) == [[], []]


async def test_a_total_that_differs_is_told_once(one_service: Service, one_town: Town) -> None:
    rows = [{**HATE[0], "value": 310}, *HATE[1:]]
    assert await asked(one_service, one_town, *rows) == [["parts_differ_from_total"], [], []]
    await sent(one_service, one_town.staff, rows[0])
    assert await asked(one_service, one_town, *rows[1:]) == [[], ["parts_differ_from_total"]]


async def test_in_partial_mode_what_is_left_is_judged_without_what_was_refused(
    one_service: Service, one_town: Town
) -> None:
    """The total is refused for want of a reason; the part then stands against the total that stays."""
    await sent(one_service, one_town.staff, HATE[0])
    rows = [{**HATE[0], "value": 900}, {**HATE[1], "value": 500}, row("dwelling-fires", value=80)]
    answer = await one_service.post("/figures?mode=partial", one_town.staff, json=figures(*rows))
    told = answer.json()["rows"]
    codes = [[error["code"] for error in each["errors"]] for each in told]
    assert codes == [["reason_required"], ["parts_exceed_total"], []]
    assert [each["outcome"] for each in told] == ["rejected", "rejected", "created"]
    kept = await one_service.items("/figures", one_town.staff, indicator="hate-crime")
    assert [(each["value"], each["breakdown"]) for each in kept] == [(300, {})]


async def test_a_refusal_that_pulls_another_along(one_service: Service, one_town: Town) -> None:
    """A rule refuses the new total; without it the part is more than the old one."""
    add(
        one_service,
        one_town,
        a_rule(one_town, ["hate-crime"], "at_most", ["dwelling-fires"], severity="error"),
    )
    await sent(one_service, one_town.staff, HATE[0])
    rows = [{**HATE[0], "value": 900, "reason": "recount"}, {**HATE[1], "value": 500}]
    fewer = row("dwelling-fires", value=350)
    answer = await one_service.post("/figures?mode=partial", one_town.staff, json=figures(fewer))
    assert answer.status_code == 201, answer.text
    answer = await one_service.post("/figures?mode=partial&dry_run=true", one_town.staff, json=figures(*rows))
    codes = [[error["code"] for error in each["errors"]] for each in answer.json()["rows"]]
    assert codes == [["rule_broken"], ["parts_exceed_total"]]


async def test_districts_make_the_partnership(one_service: Service, one_town: Town) -> None:
    add(one_service, one_town, *districts(one_town))
    rows = [row(value=100), row(area="north", value=60), row(area="south", value=30)]
    assert await asked(one_service, one_town, *rows) == [["areas_differ_from_total"], [], []]
    assert await asked(one_service, one_town, *rows[:2]) == [[], []], "not every district is there"
    assert await asked(one_service, one_town, *rows[:2], {**rows[2], "value": 40}) == [[]] * 3
    above = {**rows[2], "value": 400}
    assert await asked(one_service, one_town, *rows[:2], above) == [["areas_differ_from_total"], [], []]


async def test_a_year_is_worked_again_from_its_quarters(one_service: Service, one_town: Town) -> None:
    (told,) = await sent(one_service, one_town.staff, row(period="2016-17", value=15480, note="As published"))
    assert [warning["code"] for warning in told["warnings"]] == ["total_does_not_recompute", "unusual_length"]
    assert told["warnings"][0]["message"] == (
        "2016/17 says 15,480, and its 4 quarters come to 15,487. There is a note with it."
    )
    last = row(period="2016-17-Q4", value=3329, reason="recount")
    assert await asked(one_service, one_town, last) == [[]], "now they agree"
    other = row(period="2016-17-Q4", value=3300, reason="recount")
    assert await asked(one_service, one_town, other) == [["total_does_not_recompute"]]
    months = [row(period=f"2016-0{month}", value=1000) for month in (4, 5, 6)]
    assert await asked(one_service, one_town, *months) == [
        ["unusual_length"],
        ["unusual_length"],
        ["total_does_not_recompute", "unusual_length"],
    ]


@pytest.mark.parametrize(("value", "codes"), [(6, []), (7, ["published_change_disagrees"])])
async def test_a_published_change_is_worked_again(
    one_service: Service, one_town: Town, value: int, codes: list[str]
) -> None:
    """The plan says up by half, from 4."""
    young = row("young-victims", "2017-18-Q1", value=value, reason="recount", status="final")
    assert await asked(one_service, one_town, young) == [codes]
    (told,) = await sent(one_service, one_town.staff, young)
    for warning in told["warnings"]:
        assert "Published as up 50%; the levels, 4 and then 7, make it up 75.0%." in warning["message"]


async def test_a_published_change_over_a_break_is_left(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        indicator = session.exec(select(Indicator).where(Indicator.code == "young-victims")).one()
        indicator.breaks = [{"from": "2017-04", "reason": "new classes", "backcast": False}]
        session.add(indicator)
    young = row("young-victims", "2017-18-Q1", value=7, reason="recount", status="final")
    assert await asked(one_service, one_town, young) == [[]]


async def test_a_published_change_of_longer_periods_waits_for_all_of_them(
    one_service: Service, one_town: Town
) -> None:
    with one_service.writing() as session:
        indicator = session.exec(select(Indicator).where(Indicator.code == "asb-incidents")).one()
        change = PublishedChange(
            indicator_id=indicator.id,
            position=1,
            period="2017-04/2017-09",
            compared_with="2016-04/2016-09",
            change=Decimal(10),
            unit="percent",
            words="Up a tenth",
            seq=1,
        )
        session.add(change)
    assert await asked(one_service, one_town, row(value=5340)) == [[]]
    assert await asked(one_service, one_town, row(value=4900)) == [["published_change_disagrees"]]
    assert await asked(one_service, one_town, row(value=4900, area="E05001341")) == [[]]


@pytest.mark.parametrize("severity", ["error", "warning"])
async def test_a_rule_stands_on_every_row_it_is_about(
    one_service: Service, one_town: Town, severity: str
) -> None:
    rule = a_rule(one_town, ["dwelling-fires", "young-victims"], "at_most", ["hate-crime"], severity=severity)
    add(one_service, one_town, rule)
    rows = [
        row("dwelling-fires", value=30),
        row("young-victims", value=5),
        row("hate-crime", value=34),
        row("damage-cost", value=1),
    ]
    told = await sent(one_service, one_town.staff, *rows, path="/figures?dry_run=true&mode=partial")
    kind = "errors" if severity == "error" else "warnings"
    assert [[each["code"] for each in one[kind]] for one in told] == [["rule_broken"]] * 3 + [[]]
    assert told[0][kind][0]["message"].startswith(
        "A rule of ours: Dwelling fires + Victims under 18 must be at most Hate crime; "
        "here it is 35 against 34."
    )
    assert told[0]["outcome"] == ("rejected" if severity == "error" else "created")
    rows[2] = row("hate-crime", value=35)
    assert await asked(one_service, one_town, *rows) == [[]] * 4
    assert await asked(one_service, one_town, *rows[:2]) == [[]] * 2, "the other side is not there yet"
    assert (
        await asked(one_service, one_town, *rows[:2], row("hate-crime", value=34, area="E05001341"))
        == [[]] * 3
    )


async def test_a_rule_may_insist(one_service: Service, one_town: Town) -> None:
    rule = a_rule(
        one_town, ["dwelling-fires"], "below", ["asb-incidents"], when_missing="fail", severity="error"
    )
    add(one_service, one_town, rule)
    assert await refused(one_service, one_town, row("dwelling-fires", value=1)) == [(1, "rule_broken")]
    assert await asked(one_service, one_town, row("dwelling-fires", value=1), row(value=2)) == [[], []]


async def test_what_the_sender_may_not_see_is_not_told_by_a_check(
    one_service: Service, one_town: Town
) -> None:
    """A rule about another agency's figure that is not released: neither its number nor that it is broken."""
    rule = a_rule(one_town, ["hate-crime"], "at_most", ["dwelling-fires"], severity="error")
    add(one_service, one_town, rule)
    await sent(one_service, one_town.staff, row("dwelling-fires", value=80))
    assert await refused(one_service, one_town, row("hate-crime", value=300)) == [(1, "rule_broken")]
    with one_service.writing() as session:
        indicator = session.exec(select(Indicator).where(Indicator.code == "dwelling-fires")).one()
        indicator.release_to = "submitter"
        session.add(indicator)
    (told,) = await sent(one_service, one_town.police, row("hate-crime", value=300))
    assert (told["outcome"], told["warnings"]) == ("created", [])


async def test_the_two_most_telling_are_kept(one_service: Service, one_town: Town) -> None:
    add(one_service, one_town, a_rule(one_town, ["dwelling-fires"], "above", ["asb-incidents"]))
    await sent(one_service, one_town.staff, *fires())
    yearly = [row("dwelling-fires", f"{year}-{year - 1999}", value=330) for year in (2014, 2015, 2016)]
    await sent(one_service, one_town.staff, *(row(period=each["period"], value=5000) for each in yearly))
    found = await asked(one_service, one_town, *yearly)
    assert found == [["rule_broken", "total_does_not_recompute"]] * 3


async def test_json_csv_and_form_meet_the_same_checks(one_service: Service, one_town: Town) -> None:
    await sent(one_service, one_town.staff, *fires())
    jump = row("dwelling-fires", "2017-18-Q1", value=140)
    as_json = await sent(one_service, one_town.staff, jump, path="/figures?dry_run=true")
    answer = await one_service.post(
        "/figures?dry_run=true",
        one_town.staff,
        content=b"indicator,period,value\ndwelling-fires,2017-18-Q1,140\n",
        headers={"Content-Type": "text/csv"},
    )
    (as_csv,) = answer.json()["rows"]
    assert as_csv["warnings"] == as_json[0]["warnings"] != []


SHAPES: list[dict[str, Any]] = [
    {"indicator": "hate-crime"},
    {"indicator": "hate-crime", "breakdown": {"strand": "race"}},
    {"indicator": "hate-crime", "breakdown": {"strand": "religion"}},
    {"indicator": "dwelling-fires"},
    {"indicator": "dwelling-fires", "area": "north"},
    {"indicator": "dwelling-fires", "area": "south"},
    {"indicator": "asb-incidents"},
    {"indicator": "young-victims"},
    {"indicator": "no-such"},
]


def generated(chance: random.Random) -> Rows:
    """A batch with something of everything: totals and parts, districts, slips, revisions, twins, gaps."""
    rows = []
    for _ in range(chance.randint(1, 14)):
        made = dict(chance.choice(SHAPES), period=chance.choice(["2016-17", "2017-18-Q1", *QUARTERS[-5:]]))
        made["value"] = chance.choice([-1, 0, 3, 40, 60, 100, 160, 400, 4000])
        if chance.random() < 0.1:
            made |= {"value": None, "missing": "not_collected"}
        if chance.random() < 0.3:
            made["note"] = "So they say"
        if chance.random() < 0.6:
            made["reason"] = "recount"
        rows.append(made)
    return rows


@pytest.mark.parametrize("seed", range(6))
async def test_a_dry_run_says_what_the_real_run_says(one_service: Service, one_town: Town, seed: int) -> None:
    chance = random.Random(seed)
    add(
        one_service,
        one_town,
        *districts(one_town),
        a_rule(one_town, ["dwelling-fires"], "at_most", ["asb-incidents"], severity="error"),
    )
    await sent(one_service, one_town.staff, *fires())
    seen: set[str] = set()
    for _ in range(14):
        mode, rows = chance.choice(["atomic", "partial"]), figures(*generated(chance))
        dry = await one_service.post(f"/figures?mode={mode}&dry_run=true", one_town.staff, json=rows)
        real = await one_service.post(f"/figures?mode={mode}", one_town.staff, json=rows)
        assert dry.status_code == 200
        assert dry.json()["counts"] == real.json()["counts"]
        for before, after in zip(dry.json()["rows"], real.json()["rows"], strict=True):
            assert {**before, "figure": None} == {**after, "figure": None}
            seen.update(each["code"] for each in (*before["warnings"], *before["errors"]))
    assert len(seen) >= 6, "the batches try too little"


async def test_a_batch_costs_the_same_statements_however_long(one_service: Service, one_town: Town) -> None:
    add(
        one_service,
        one_town,
        *districts(one_town),
        a_rule(one_town, ["dwelling-fires"], "at_most", ["asb-incidents"]),
    )
    await sent(one_service, one_town.staff, *fires())
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    async def cost(*rows: dict[str, Any]) -> int:
        statements.clear()
        await sent(one_service, one_town.staff, *rows, path="/figures?dry_run=true")
        return sum(each.startswith("SELECT") for each in statements)

    event.listen(one_service.database.engine, "before_cursor_execute", note)
    try:
        await key_usage.finish(
            one_service.gateway.app
        )  # once the key's use is noted nobody looks for it again
        await cost(row("dwelling-fires", "2017-18-Q1", value=140))
        few = await cost(row("dwelling-fires", "2017-18-Q1", value=140))
        many = await cost(
            *(row("dwelling-fires", "2017-18-Q1", value=30, area=area) for area in ("north", "south")),
            *(row(period=f"{year}-{year - 1999:02}-Q2", value=200) for year in range(2009, 2016)),
            *HATE,
        )
    finally:
        event.remove(one_service.database.engine, "before_cursor_execute", note)
    assert few == many


async def test_a_note_for_the_earlier_figure_is_no_reason_for_the_new_one(
    one_service: Service, one_town: Town
) -> None:
    """A slip of tenfold is asked about, although the figure it replaces had a note; a new note is an answer."""
    *earlier, last = fires()
    noted = {**last, "note": "One incident at the docks"}
    await sent(one_service, one_town.staff, *earlier, noted)
    slip = {**noted, "value": 800, "reason": "recount"}

    async def message(changed: dict[str, Any]) -> str:
        (told,) = await sent(one_service, one_town.staff, changed, path="/figures?dry_run=true")
        return "".join(warning["message"] for warning in told["warnings"])

    assert "If it is right, say why in" in await message(slip)
    assert "There is a note with it." in await message({**slip, "note": "A fire at the tip"})
    assert "say why in" not in await message({**noted, "status": "final", "reason": "settled"})
