"""Prints the functions of `app/` that take more than five parameters, most first.

`self` and `cls` are not counted; keyword-only parameters are, and `*args` and `**kwargs` are one each.
"""

from tests.reading.source import Function, list_functions, read_modules

MOST_PARAMETERS = 5


def count_parameters(function: Function) -> int:
    arguments = function.node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return len(named) + len(starred) - function.is_method


def list_long(functions: list[Function]) -> list[tuple[int, Function]]:
    """Functions over the limit with their counts, most parameters first."""
    counted = [(count_parameters(function), function) for function in functions]
    over = [(count, function) for count, function in counted if count > MOST_PARAMETERS]
    return sorted(over, key=lambda pair: -pair[0])


def main() -> None:
    functions = [function for module in read_modules("app") for function in list_functions(module)]
    rows = list_long(functions)
    print(f"{len(rows)} of {len(functions):,} functions take more than {MOST_PARAMETERS} parameters")
    for count, function in rows:
        print(f"{count:4}  {function.place}  {function.name}")


if __name__ == "__main__":
    main()
