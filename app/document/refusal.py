"""Refusal of a document: every error at once, each with its line and what was expected."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

MOST = 200
"""Errors that are listed; the rest are counted."""
NAMES = 300
"""Most names that an unknown one is compared with."""


class Problem(NamedTuple):
    """An error in a document. `code` is stable, for programs; `message` says what was expected and how to mend it."""

    line: int
    code: str
    message: str


def in_order(problems: Iterable[tuple[int, str, str]], rest: str) -> list[Problem]:
    """Problems without repeats, by line. Beyond MOST, one last problem counts the others; `rest` is their noun."""
    ordered = sorted({Problem(*problem) for problem in problems})
    if len(ordered) <= MOST:
        return ordered
    more = f"There are {len(ordered) - MOST} more {rest}."
    return [*ordered[:MOST], Problem(ordered[MOST].line, "more_" + rest.partition(";")[0], more)]


class DocumentRefused(Exception):
    """Raised for a document with errors; nothing of it is stored. `errors` are in the order of its lines."""

    def __init__(self, errors: Iterable[tuple[int, str, str]]) -> None:
        self.errors = in_order(errors, "errors; mend these first")
        super().__init__("\n".join(f"line {line}: {message}" for line, _, message in self.errors))


def nearest(word: str, choices: Iterable[str]) -> str:
    """ " Did you mean CODE?", or a sentence that lists the choices, to append to another."""
    names = sorted(set(choices))[:NAMES]
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {folded[close[0]]}?"
    if not names:
        return " There are none in this document."
    first_names = ", ".join(names[:12])
    return f" Known here: {first_names}{' and others' if len(names) > 12 else ''}."
