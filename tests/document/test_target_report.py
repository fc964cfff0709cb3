"""The report of an import says how each target that it adds is understood."""

from collections.abc import Iterator

import pytest

from app.cli.document import report_lines
from app.db import Database
from tests.document.build import SMALL, database, put

LINE = next(number for number, line in enumerate(SMALL.splitlines(), 1) if "target: Fewer than 100" in line)


@pytest.fixture
def opened(database_url: str) -> Iterator[Database]:
    with database(database_url) as each:
        yield each


def small(words: str) -> str:
    return SMALL.replace("target: Fewer than 100", f"target: {{words: '{words}', reason: Agreed}}")


def test_each_new_target_is_reported_as_it_is_understood(opened: Database) -> None:
    outcome = put(opened, SMALL)
    read = {each.indicator: each for each in outcome.targets}
    assert read["crime"].understood_as == "below 100 each year"
    assert read["crime"].not_judged_because == ""
    assert read["crime"].line == LINE
    assert any(
        "“Fewer than 100” is understood as: below 100 each year" in e for e in report_lines(outcome, True)
    )
    assert put(opened, SMALL).targets == [], "a target that is there already is not reported again"


def test_a_target_that_loses_its_verdict_is_warned_of(opened: Database) -> None:
    put(opened, SMALL)
    outcome = put(opened, small("As few as we can"))
    (read,) = outcome.targets
    assert "write it like" in read.not_judged_because
    codes = {problem.code: problem for problem in outcome.warnings}
    assert "target_not_read" in codes
    assert codes["verdict_lost"].line == LINE
    assert "As few as we can" in codes["verdict_lost"].message
    again = put(opened, small("85 or fewer"))
    assert "verdict_lost" not in {problem.code for problem in again.warnings}
    assert [each.understood_as for each in again.targets] == ["at most 85 each year"]
