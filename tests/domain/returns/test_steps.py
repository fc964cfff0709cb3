"""What may be done with a quarter and with a return: a row for each way they may stand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.access.authority import Access, Role
from app.domain.errors import Conflict
from app.domain.period_text import parse_period
from app.domain.returns import quarter_steps, return_steps
from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.quarter_steps import QuarterFacts
from app.domain.returns.return_query import QueryStatus
from app.domain.returns.return_status import Counts, ReturnState, ReturnStatus
from app.domain.returns.return_steps import ReturnFacts, Source
from app.domain.workflow import may
from tests.domain.returns.timing import TIMINGS

TODAY, DAY = date(2017, 12, 20), date(2017, 12, 1)
PLACE = (1, "testshire")
APPROVER = Access.of_role(PLACE, Role.APPROVER)
OFFICER = Access.of_role(PLACE, Role.OFFICER)
ANALYST = Access.of_role(PLACE, Role.CONTRIBUTOR, (7, "police", "responsible_authority"))
SUPPLIER = Access.of_role(PLACE, Role.CONTRIBUTOR, (8, "analysts", "responsible_authority"))
ANOTHER = Access.of_role(PLACE, Role.CONTRIBUTOR, (9, "council", "responsible_authority"))
ENDED, RUNNING = parse_period("2017-18-Q2"), parse_period("2017-18-Q3")

OPEN = QuarterFacts(ENDED, None, None, False, TODAY)
FROZEN = replace(OPEN, was_cut_off_on=DAY)
CLOSED = replace(FROZEN, was_closed_on=DAY)
REOPENED = replace(FROZEN, is_reopened=True)


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        (OPEN, ["plan", "cut_off"]),
        (replace(OPEN, quarter=RUNNING), ["plan"]),
        (FROZEN, ["close"]),
        (replace(FROZEN, quarter=RUNNING), []),
        (CLOSED, ["reopen"]),
        (REOPENED, ["cut_off", "close"]),
    ],
)
def test_a_quarter(facts: QuarterFacts, names: list[str]) -> None:
    assert may(quarter_steps.STEPS, facts, APPROVER) == names
    assert may(quarter_steps.STEPS, facts, OFFICER) == [name for name in names if name == "plan"]
    assert may(quarter_steps.STEPS, facts, None) == []


IN = OwedFigure("burglary", ENDED, 0, received_at=datetime(2017, 10, 20, tzinfo=UTC))
MISSING = replace(IN, received_at=None)


OPEN_QUERY = QueryStatus(1, ("burglary",), datetime(2017, 10, 21, tzinfo=UTC), None, None)


def facts_of(item: OwedFigure, state: ReturnState, **other: object) -> ReturnFacts:
    received = int(item.received_at is not None)
    queries = (OPEN_QUERY,) if state is ReturnState.QUERIED else ()
    status = ReturnStatus(state, TIMINGS[state], DAY, DAY, Counts(1, received, received, 0), None, queries)
    made = ReturnFacts(
        agency_id=7,
        agency_name="Police",
        quarter=ENDED,
        figures=[item],
        sources=[Source(7, ["analysts"])],
        status=status,
        is_signed_off=False,
        is_checked=state is ReturnState.CHECKED,
        is_closed=False,
        people=2,
        unreminded=1,
        today=TODAY,
    )
    return replace(made, **other)  # type: ignore[arg-type]


SUBMITTED, OVERDUE = facts_of(IN, ReturnState.SUBMITTED), facts_of(MISSING, ReturnState.OVERDUE)


@pytest.mark.parametrize(
    ("facts", "agency", "staff"),
    [
        (SUBMITTED, {"send", "sign_off"}, {"send", "query", "check"}),
        (replace(SUBMITTED, is_signed_off=True), {"send"}, {"send", "query", "check"}),
        (facts_of(IN, ReturnState.CHECKED), {"send", "sign_off"}, {"send", "query"}),
        (facts_of(IN, ReturnState.QUERIED), {"send", "sign_off", "answer"}, {"send", "query", "check"}),
        (OVERDUE, {"send", "nil", "late"}, {"send", "nil", "late", "remind"}),
        (replace(OVERDUE, is_closed=True), {"send", "late"}, {"send", "late"}),
        (replace(OVERDUE, people=0), {"send", "nil", "late"}, {"send", "nil", "late"}),
        (replace(OVERDUE, unreminded=0), {"send", "nil", "late"}, {"send", "nil", "late"}),
        (
            facts_of(replace(MISSING, period=RUNNING), ReturnState.NOT_DUE),
            {"send", "late"},
            {"send", "late"},
        ),
    ],
)
def test_a_return(facts: ReturnFacts, agency: set[str], staff: set[str]) -> None:
    """Whoever supplies all of it speaks for it as its agency does; another agency's people do nothing with it."""
    for access, names in ((ANALYST, agency), (SUPPLIER, agency), (OFFICER, staff), (ANOTHER, set())):
        assert set(may(return_steps.STEPS, facts, access)) == names, access


def test_a_refusal_is_the_first_that_stands_against_it() -> None:
    with pytest.raises(Conflict) as caught:
        quarter_steps.CLOSE.require(replace(CLOSED, was_cut_off_on=None), APPROVER)
    assert (caught.value.code, caught.value.message) == (
        "period_closed",
        "Q2 2017/18 was closed on 1 December 2017. Reopen it first.",
    )


@pytest.mark.parametrize("step", [*quarter_steps.STEPS, *return_steps.STEPS], ids=lambda step: step.name)
def test_every_rule_says_when_it_refuses(step: object) -> None:
    when = step.refused_when  # type: ignore[attr-defined]
    assert when
    assert all(each.endswith(".") and "\n" not in each for each in when)
