"""Prints ten functions of `app/` drawn at random: name, signature and first docstring line.

To try how plainly the code reads: say what each does, then look at its body (`--bodies`) and compare. The same seed
draws the same functions of the same code.
"""

import argparse
import ast
from collections.abc import Sequence
from random import Random, SystemRandom

from tests.reading.source import Function, list_functions, read_modules

DRAW_COUNT = 10
SEEDS = 10_000


def draw(functions: Sequence[Function], seed: int, count: int = DRAW_COUNT) -> list[Function]:
    """All of them where there are no more than `count`."""
    return Random(seed).sample(functions, min(count, len(functions)))


def describe(function: Function) -> str:
    """Signature and first docstring line, laid out as in Python; a placeholder where there is no docstring."""
    node = function.node
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    docstring = ast.get_docstring(node)
    line = f'"""{docstring.splitlines()[0]}"""' if docstring else "(no docstring)"
    return f"{kind} {function.name}({ast.unparse(node.args)}){returns}\n    {line}"


def source_of(function: Function) -> str:
    """The whole function as it is written, decorators included."""
    node = function.node
    first_line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = function.module.text.splitlines()
    return "\n".join(lines[first_line - 1 : node.end_lineno])


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints ten functions drawn at random.")
    parser.add_argument("--seed", type=int, help="draws the same ones again")
    parser.add_argument("--bodies", action="store_true", help="print the functions whole")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else SystemRandom().randrange(SEEDS)
    functions = [function for module in read_modules("app") for function in list_functions(module)]
    print(f"Seed {seed}: {DRAW_COUNT} of {len(functions):,} functions")
    for function in draw(functions, seed):
        print(f"\n{function.place}\n{source_of(function) if options.bodies else describe(function)}")


if __name__ == "__main__":
    main()
