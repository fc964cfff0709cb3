"""The spine is worked out from calls; a post of figures is followed from its handler to its last flush."""

import pytest

from tests.reading.calls import Calls, list_callers, tree_lines
from tests.reading.spine import follow_post, list_step_calls

MOST_STEPS = 10
"""In the spine of a figure's post."""


@pytest.mark.parametrize(
    ("calls", "callers", "lines"),
    [
        ([], [], []),
        ([("a", "b")], ["a"], ["* a", "    b"]),
        ([("a", "b"), ("b", "c"), ("a", "c")], ["a", "b"], ["* a", "*   b", "      c"]),
        ([("a", "b"), ("a", "c"), ("b", "d"), ("a", "b")], ["a", "b"], ["* a", "*   b", "      d", "    c"]),
        ([("a", "b"), ("b", "a")], ["a", "b"], ["* a", "*   b"]),
    ],
)
def test_modules_that_call_others_are_the_spine(calls: Calls, callers: list[str], lines: list[str]) -> None:
    assert list_callers(calls) == callers
    assert tree_lines(calls) == lines


def test_calls_of_the_pure_core_are_no_steps() -> None:
    calls = [
        ("app.api.figures.figure", "app.commands.figures.figure"),
        ("app.commands.figures.figure", "app.domain.period"),
        ("app.domain.period", "app.domain.number"),
    ]
    assert list_step_calls(calls) == calls[:1]


async def test_a_post_is_followed(sqlite_url: str) -> None:
    calls = await follow_post(sqlite_url)
    callers = list_callers(calls)
    assert callers[0] == "app.api.figures.figure"
    assert "app.commands.figures.figure" in callers
    assert ("app.commands.change", "app.record.event") in calls, (
        "the audit event is written before the last flush"
    )
    assert len(list_callers(list_step_calls(calls))) <= MOST_STEPS
    assert "app.api.server.authentication" not in callers, "who asks is looked up before the handler"
