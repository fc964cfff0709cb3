"""The spine is worked out from calls; a post of figures is followed from its handler to its last flush."""

import pytest

from tests.reading.calls import Calls, list_callers, tree_lines
from tests.reading.spine import follow_post


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


async def test_a_post_is_followed(sqlite_url: str) -> None:
    calls = await follow_post(sqlite_url)
    callers = list_callers(calls)
    assert callers[0] == "app.api.figures.figure"
    assert "app.commands.figures.figure" in callers
    assert calls[-1][0] == "app.commands.change", "the last flush is of the audit event"
    assert "app.api.server.authentication" not in callers, "who asks is looked up before the handler"
