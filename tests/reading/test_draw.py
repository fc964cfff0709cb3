from pathlib import Path

import pytest

from tests.reading.draw import DRAW_COUNT, describe, draw, source_of
from tests.reading.source import Module, list_functions


def test_one_seed_draws_the_same_functions_again() -> None:
    functions = list_functions(Module(Path("plan.py"), "\n".join(f"def f{i}(): ..." for i in range(99))))
    first = draw(functions, 7)
    assert len({function.name for function in first}) == DRAW_COUNT
    assert draw(functions, 7) == first
    assert draw(functions, 8) != first
    assert len(draw(functions[:3], 7)) == 3


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("def f(a: int, *, b=1) -> str: ...", "def f(a: int, *, b=1) -> str\n    (no docstring)"),
        ("async def f():\n    '''Sends mail.\n\n    More.'''", 'async def f()\n    """Sends mail."""'),
        ("class A:\n    def f(self): ...", "def A.f(self)\n    (no docstring)"),
    ],
)
def test_signature_and_first_line(text: str, description: str) -> None:
    assert [describe(function) for function in list_functions(Module(Path("plan.py"), text))] == [description]


def test_a_body_is_the_function_as_written() -> None:
    text = "x = 1\n@cached\n@other(\n    1)\ndef f():\n    # why\n    return x\ny = 2\n"
    (function,) = list_functions(Module(Path("plan.py"), text))
    assert source_of(function) == "@cached\n@other(\n    1)\ndef f():\n    # why\n    return x"
