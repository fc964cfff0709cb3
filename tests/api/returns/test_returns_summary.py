"""Returns summed up: what a page of them, or a partner's, says first."""

from datetime import UTC, date, datetime

import pytest

from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.returns.return_query import QueryStatus
from app.domain.returns.return_status import URGENCY, Counts, ReturnState, ReturnStatus
from app.models.plan.partnership import Agency
from app.queries.returns.agency_return import Return
from app.queries.returns.returns_summary import summary
from tests.build import Service
from tests.domain.returns.timing import TIMINGS
from tests.town import Town, figures, row

TODAY = date(2017, 12, 20)
POLICE = Agency(id=1, code="police", name="Police", kind="police", seq=1)
FIRE = Agency(id=2, code="fire", name="Fire", kind="fire", seq=1)


def _status(state: ReturnState) -> ReturnStatus:
    timing, at = TIMINGS[state], datetime(2017, 12, 1, tzinfo=UTC)
    queries = (QueryStatus(1, ("crime",), at, None, None),) if state is ReturnState.QUERIED else ()
    checked = 4 if state is ReturnState.CHECKED else 0
    return ReturnStatus(state, timing, TODAY, TODAY, Counts(4, 3, 3, 0, checked), None, queries)


def one(period: str, state: ReturnState = ReturnState.OVERDUE, agency: Agency = POLICE) -> Return:
    quarter: Period = parse_period(period)
    return Return(agency, quarter, (), (), _status(state))


def test_every_state_has_its_place() -> None:
    assert sorted(URGENCY) == sorted(ReturnState)
    found = [one("2017-18-Q2", state) for state in ReturnState if state is not ReturnState.NOT_DUE]
    said = [(each["state"], each["waits_for"]) for each in summary([*found, found[0]], TODAY)["states"]]
    assert said == [
        ("overdue", "agency"),
        ("queried", "agency"),
        ("submitted", "partnership"),
        ("late_reason_given", "agency"),
        ("due", "agency"),
        ("checked", None),
    ]


def test_a_quarter_counts_the_figures_of_all_its_returns() -> None:
    told = summary([one("2017-18-Q1", ReturnState.CHECKED), one("2017-18-Q1", agency=FIRE)], TODAY)
    (quarter,) = told["quarters"]
    assert (quarter["returns"], quarter["expected"], quarter["received"], quarter["checked"]) == (2, 8, 6, 4)
    assert (quarter["period_name"], quarter["period_start"]) == ("Q1 2017/18", "2017-04-01")


@pytest.mark.parametrize(
    ("found", "newest"),
    [
        ([one("2017-18-Q2"), one("2017-18-Q3", ReturnState.NOT_DUE)], "2017-18-Q2"),
        ([one("2017-18-Q3", ReturnState.NOT_DUE)], "2017-18-Q3"),
        ([], None),
    ],
)
def test_the_newest_quarter_is_one_that_can_have_figures(found: list[Return], newest: str | None) -> None:
    assert summary(found, TODAY)["newest"] == newest


def test_what_asks_for_somebody_comes_most_urgent_first() -> None:
    found = [
        one("2017-18-Q1", ReturnState.QUERIED),
        one("2017-18-Q1", ReturnState.LATE_REASON_GIVEN, FIRE),
        one("2017-18-Q2"),
        one("2017-18-Q2", ReturnState.SUBMITTED, FIRE),
    ]
    attention = summary(found, TODAY)["attention"]
    assert [each["id"] for each in attention] == ["2017-18-Q2~police", "2017-18-Q1~police"]


async def test_its_totals_are_those_of_the_list(service: Service, town: Town) -> None:
    await service.post("/figures", town.staff, json=figures(row("dwelling-fires", value=31)))
    every = await service.items("/returns", town.staff)
    told = (await service.get("/returns/summary", town.staff)).json()
    assert sum(each["returns"] for each in told["states"]) == len(every)
    for state in told["states"]:
        listed = await service.items("/returns", town.staff, state=state["state"])
        assert len(listed) == state["returns"] > 0
        assert {each["waits_for"] for each in listed} == {state["waits_for"]}
    for quarter in told["quarters"]:
        listed = await service.items("/returns", town.staff, period=quarter["period"])
        for name in ("expected", "received"):
            assert quarter[name] == sum(each[name] for each in listed)
    assert [each for each in every if each["state"] == "overdue"] == told["attention"]


async def test_the_next_to_check_is_the_first_that_waits(service: Service, town: Town) -> None:
    assert (await service.get("/returns/summary", town.staff)).json()["to_check"] is None
    await service.post("/figures", town.staff, json=figures(row("dwelling-fires", value=31)))
    (waiting,) = await service.items("/returns", town.staff, state="submitted")
    assert (await service.get("/returns/summary", town.staff)).json()["to_check"] == waiting["id"]


@pytest.mark.parametrize(
    ("params", "quarters"),
    [
        ({"from": "2017-18-Q2"}, {"2017-18-Q2", "2017-18-Q3"}),
        ({"to": "2017-18-Q2"}, {"2017-18-Q1", "2017-18-Q2"}),
        ({"from": "2017-18-Q2", "to": "2017-18-Q2"}, {"2017-18-Q2"}),
        ({"to": "2016-17"}, set()),
    ],
)
async def test_a_list_may_be_of_some_quarters(
    one_service: Service, one_town: Town, params: dict[str, str], quarters: set[str]
) -> None:
    found = await one_service.items("/returns", one_town.staff, **params)
    assert {each["period"] for each in found} == quarters


async def test_it_is_of_what_the_reader_sees(service: Service, town: Town) -> None:
    for params in ({}, {"agency": "police"}, {"period": "2017-18-Q2"}, {"indicator": "dwelling-fires"}):
        seen = []
        for token in (town.staff, town.police):
            every = await service.items("/returns", token, **params)
            told = (await service.get("/returns/summary", token, params=params)).json()
            seen.append(sum(each["returns"] for each in told["states"]))
            assert seen[-1] == len(every)
        assert seen[0] > 0
