"""A section of the plan document: all that reading, loading and printing it need."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlmodel import Session

from app.document.kit.entry import Entry
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.refusal import Problem
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Export:
    """The partnership and the plan that a document is printed of."""

    session: Session
    partnership: Partnership
    plan: Plan


@dataclass(frozen=True, slots=True)
class Section(Generic[E]):
    """One list of the document. Its field of PlanDocument is annotated with it, which registers it."""

    key: str
    """The field of PlanDocument."""
    entry: type[E]
    """The shape of an entry: its JSON Schema, and the order in which its fields are printed."""
    references: Callable[[Names, Sequence[E]], Iterator[Problem]]
    """Checks what the entries refer to, by the document alone. That no code is used twice is checked for all."""
    upsert: Callable[[Load, Sequence[E]], None]
    """Creates and changes rows, and reports on `left_alone` those that the document lacks. Never removes."""
    entries: Callable[[Export], Iterable[E]]
    """Gives back, from the rows, the entries that were read."""


def no_references(_names: Names, _entries: Sequence[Entry]) -> Iterator[Problem]:
    """Of entries that refer to nothing."""
    return iter(())
