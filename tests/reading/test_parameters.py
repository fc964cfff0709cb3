from pathlib import Path

import pytest

from tests.reading.parameters import count_parameters, list_long
from tests.reading.source import Function, Module, list_functions


def parse_functions(text: str) -> list[Function]:
    return list_functions(Module(Path("plan.py"), text))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("def f(): ...", 0),
        ("def f(a, b=1): ...", 2),
        ("def f(a, /, b, *, c, d=1): ...", 4),
        ("def f(*args, **kwargs): ...", 2),
        ("async def f(a, *rest, b): ...", 3),
        ("def f(self, a): ...", 2),
        ("class A:\n    def f(self, a): ...", 1),
        ("class A:\n    def f(self, /, a): ...", 1),
        ("class A:\n    @classmethod\n    def f(cls, a): ...", 1),
        ("class A:\n    @staticmethod\n    def f(a, b): ...", 2),
    ],
)
def test_parameters_are_counted(text: str, count: int) -> None:
    assert [count_parameters(function) for function in parse_functions(text)] == [count]


def test_only_those_over_five_are_listed_most_first() -> None:
    functions = parse_functions(
        "def five(a, b, c, d, e): ...\ndef six(a, b, c, d, e, f): ...\ndef seven(a, b, c, d, e, *, f, g): ..."
    )
    assert [(count, function.name) for count, function in list_long(functions)] == [(7, "seven"), (6, "six")]
