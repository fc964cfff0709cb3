from pathlib import Path
from textwrap import dedent

from tests.reading.source import Module, list_functions

TEXT = dedent(
    """
    def outer():
        def inner(): ...
        return lambda: None

    class Shape:
        def area(self): ...
        if True:
            async def move(self): ...
        @staticmethod
        def make(): ...
        @classmethod
        def parse(cls): ...
        class Part:
            def size(self): ...
    """
)


def test_functions_are_named_with_what_is_around_them() -> None:
    functions = list_functions(Module(Path("shape.py"), TEXT))
    assert [(function.name, function.is_method) for function in functions] == [
        ("outer", False),
        ("outer.inner", False),
        ("Shape.area", True),
        ("Shape.move", True),
        ("Shape.make", False),
        ("Shape.parse", True),
        ("Shape.Part.size", True),
    ]
    assert functions[1].place == "shape.py:3"
