"""A quarter's steps, and who may see what from when."""

from datetime import UTC, date, datetime

import pytest

from app.domain.access.audience import Audience
from app.domain.figures.release import Approval, released_to
from app.domain.returns.reporting import Step, StepKind, progress, quarter_of


def steps(*kinds: StepKind) -> list[Step]:
    return [
        Step(kind, datetime(2018, 1, day, tzinfo=UTC), f"person {day}") for day, kind in enumerate(kinds, 1)
    ]


PLANNED, CUT_OFF, CLOSED, REOPENED = StepKind


@pytest.mark.parametrize(
    ("kinds", "state", "closed_by"),
    [
        ([], "open", None),
        ([PLANNED], "open", None),
        ([PLANNED, CUT_OFF], "cut_off", None),
        ([CUT_OFF, CLOSED], "closed", "person 2"),
        ([CUT_OFF, CLOSED, REOPENED], "cut_off", None),
        ([CUT_OFF, CLOSED, REOPENED, CLOSED], "closed", "person 4"),
        ([CUT_OFF, CLOSED, REOPENED, CUT_OFF, CLOSED], "closed", "person 5"),
    ],
)
def test_how_far_a_quarter_has_come(kinds: list[StepKind], state: str, closed_by: str | None) -> None:
    found = progress(steps(*kinds))
    assert found.state == state
    assert (found.closed.by if found.closed else None) == closed_by


@pytest.mark.parametrize(
    ("month", "quarter"),
    [
        ("2017-04", "2017-18-Q1"),
        ("2017-06", "2017-18-Q1"),
        ("2018-03", "2017-18-Q4"),
        ("2018-01", "2017-18-Q4"),
    ],
)
def test_a_month_is_reported_in_its_quarter(month: str, quarter: str) -> None:
    year, number = month.split("-")
    assert str(quarter_of(int(year) * 12 + int(number) - 1)) == quarter


JANUARY, MARCH = date(2018, 1, 25), date(2018, 3, 1)
TO_BOARD, TO_PUBLIC = Approval(Audience.BOARD, JANUARY), Approval(Audience.PUBLIC, MARCH)


@pytest.mark.parametrize(
    ("approvals", "today", "audience"),
    [
        ([], MARCH, Audience.PARTNERSHIP),
        ([TO_BOARD], date(2018, 1, 24), Audience.PARTNERSHIP),
        ([TO_BOARD], JANUARY, Audience.BOARD),
        ([TO_BOARD, TO_PUBLIC], date(2018, 2, 28), Audience.BOARD),
        ([TO_BOARD, TO_PUBLIC], MARCH, Audience.PUBLIC),
        ([TO_PUBLIC, Approval(Audience.SUBMITTER, MARCH)], MARCH, Audience.SUBMITTER),
    ],
)
def test_the_last_approval_whose_day_has_come_counts(
    approvals: list[Approval], today: date, audience: Audience
) -> None:
    assert released_to(Audience.PARTNERSHIP, approvals, today) is audience


@pytest.mark.parametrize("released", Audience)
def test_an_audience_includes_those_narrower(released: Audience) -> None:
    order = list(Audience)
    seen = [viewer for viewer in Audience if released.includes(viewer)]
    assert seen == order[: order.index(released) + 1]
