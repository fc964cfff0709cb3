"""Prints how many of the names we bind are hard to read, by word.

A name counts when all of it is a listed word, capitals and outer underscores aside: `found`, `_found` and `Found`
count. `found_rows` and `is_known` do not, as the rest of such a name says what it is; they are printed beside.
Each binding counts, so a name bound in five places counts five times. Names are bound by functions, classes,
parameters, assignments to variables and attributes, loops, comprehensions, `with`, `except`, `match` and imports
`as`. Names that Python fixes are left out: `self`, `cls`, `_`, `__init__` and its like.
"""

import argparse
import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import sub

from tests.reading.source import Module, read_modules


def _set_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


ORIGIN = _set_of("""
    asked came come found given gone held kept known made meant said sent shown taken told wanted whole
""")
"""They tell how we came by a thing, not what it is."""
REPLACED = _set_of("""
    answers belongs checked conceals deed doubt edition gist guess keepable memory neutral noting restamp room
    settled sight standing stub withholds working
""")
"""We agreed on a plainer name for each."""
REPLACED_FUNCTIONS = _set_of("listed one words")
"""As the name of a function they leave out the noun; as a variable they may be plain."""
REPLACED_PREFIX = "bring_"
SHAPELESS = _set_of("data info item obj result stuff thing tmp value")
"""They say nothing of what a thing is."""
EACH = "each"
FIXED_NAMES = frozenset({"self", "cls", "_"})

MOST_UNCLEAR = 0.5
MOST_SHAPELESS = 0.8
"""Percent of the names bound in `app/`. To be lowered as names are mended, never raised."""


@dataclass(frozen=True, slots=True)
class Binding:
    name: str
    line: int
    is_function: bool = False

    @property
    def word(self) -> str:
        """The name as the lists have it."""
        word = self.name.strip("_").lower()
        return REPLACED_PREFIX if self.is_function and word.startswith(REPLACED_PREFIX) else word

    @property
    def is_unclear(self) -> bool:
        if self.is_function and self.word in (*REPLACED_FUNCTIONS, REPLACED_PREFIX):
            return True
        return self.word in ORIGIN | REPLACED

    @property
    def has_unclear_part(self) -> bool:
        """Whether an unclear word is part of a longer name."""
        parts = sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name).lower().split("_")
        return not self.is_unclear and not (ORIGIN | REPLACED).isdisjoint(parts)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of bound names by word."""

    total: int
    unclear: Counter[str]
    shapeless: Counter[str]
    each: int
    longer: Counter[str]
    """Longer names that have an unclear word in them."""

    def percent(self, count: int) -> float:
        return 100 * count / self.total

    @property
    def unclear_percent(self) -> float:
        return self.percent(self.unclear.total())

    @property
    def shapeless_percent(self) -> float:
        return self.percent(self.shapeless.total())


def list_bindings(tree: ast.AST) -> list[Binding]:
    """In no particular order, without the names that Python fixes."""
    bindings = (binding for node in ast.walk(tree) for binding in _bound_by(node))
    return [binding for binding in bindings if not _is_fixed(binding.name)]


def _is_fixed(name: str) -> bool:
    return name in FIXED_NAMES or (name.startswith("__") and name.endswith("__"))


def _bound_by(node: ast.AST) -> Iterator[Binding]:
    match node:
        case ast.FunctionDef(name=name, lineno=line) | ast.AsyncFunctionDef(name=name, lineno=line):
            yield Binding(name, line, is_function=True)
        case ast.Name(id=name, ctx=ast.Store(), lineno=line):
            yield Binding(name, line)
        case ast.Attribute(attr=name, ctx=ast.Store(), lineno=line):
            yield Binding(name, line)
        case ast.arg(arg=name, lineno=line):
            yield Binding(name, line)
        case ast.alias(asname=str(name), lineno=line):
            yield Binding(name, line)
        case (
            ast.ClassDef(name=str(name), lineno=line)
            | ast.ExceptHandler(name=str(name), lineno=line)
            | ast.MatchAs(name=str(name), lineno=line)
            | ast.MatchStar(name=str(name), lineno=line)
            | ast.MatchMapping(rest=str(name), lineno=line)
        ):
            yield Binding(name, line)


def count_words(bindings: Iterable[Binding]) -> Tally:
    bindings = list(bindings)
    return Tally(
        total=len(bindings),
        unclear=Counter(binding.word for binding in bindings if binding.is_unclear),
        shapeless=Counter(binding.word for binding in bindings if binding.word in SHAPELESS),
        each=sum(binding.word == EACH for binding in bindings),
        longer=Counter(binding.name for binding in bindings if binding.has_unclear_part),
    )


def count_folder(folder: str) -> Tally:
    return count_words(binding for module in read_modules(folder) for binding in list_bindings(module.tree))


def list_places(modules: Iterable[Module]) -> Iterator[str]:
    """`file:line name` of each unclear or shapeless name."""
    for module in modules:
        for binding in sorted(list_bindings(module.tree), key=lambda binding: binding.line):
            if binding.is_unclear or binding.word in SHAPELESS:
                yield f"{module.path}:{binding.line} {binding.name}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints how many of the names we bind are hard to read.")
    parser.add_argument("--places", action="store_true", help="print file, line and name of each in app/ too")
    options = parser.parse_args()
    if options.places:
        print(*list_places(read_modules("app")), sep="\n")
    _print_tally("app", count_folder("app"), f" (at most {MOST_UNCLEAR}%)", f" (at most {MOST_SHAPELESS}%)")
    _print_tally("tests", count_folder("tests"))


def _print_tally(folder: str, tally: Tally, unclear_limit: str = "", shapeless_limit: str = "") -> None:
    print(f"{folder}/ binds {tally.total:,} names")
    print(f"  unclear    {tally.unclear_percent:.2f}%{unclear_limit}: {_in_words(tally.unclear)}")
    print(f"  shapeless  {tally.shapeless_percent:.2f}%{shapeless_limit}: {_in_words(tally.shapeless)}")
    print(f"  not counted: each {tally.each} ({tally.percent(tally.each):.2f}%)")
    longer = tally.longer.total()
    print(
        f"  not counted: {longer} longer names with an unclear word in them ({tally.percent(longer):.2f}%),"
    )
    print(f"               first {_in_words(tally.longer, most=6)}")


def _in_words(counter: Counter[str], most: int | None = None) -> str:
    return ", ".join(f"{word} {count}" for word, count in counter.most_common(most))


if __name__ == "__main__":
    main()
