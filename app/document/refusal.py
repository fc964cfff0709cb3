"""Saying no to a document: every error at once, each with its line and what was expected there."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

MOST = 200
"""Errors listed before the rest are only counted."""
NAMES = 300
"""Names that a mistaken one is compared with."""


class Problem(NamedTuple):
    """`code` is stable and for programs; `message` says what was expected and how to mend it."""

    line: int
    code: str
    message: str


def in_order(problems: Iterable[tuple[int, str, str]], rest: str) -> list[Problem]:
    """Each once, by line; of more than are listed, how many there are in all, as `rest` calls them."""
    found = sorted({Problem(*problem) for problem in problems})
    if len(found) <= MOST:
        return found
    more = f"There are {len(found) - MOST} more {rest}."
    return [*found[:MOST], Problem(found[MOST].line, "more_" + rest.partition(";")[0], more)]


class DocumentRefused(Exception):
    """Nothing of the document was kept. `errors` is in the order of its lines."""

    def __init__(self, errors: Iterable[tuple[int, str, str]]) -> None:
        self.errors = in_order(errors, "errors; mend these first")
        super().__init__("\n".join(f"line {line}: {message}" for line, _, message in self.errors))


def nearest(word: str, known: Iterable[str]) -> str:
    """ " Did you mean CODE?", or what there is to choose from; a sentence to put after another."""
    names = sorted(set(known))[:NAMES]
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {folded[close[0]]}?"
    if not names:
        return " There are none in this document."
    shown = ", ".join(names[:12])
    return f" Known here: {shown}{' and others' if len(names) > 12 else ''}."
