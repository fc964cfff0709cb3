"""A section of the plan document: the functions that read, load and print it."""

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
    """Partnership and plan to print as a document."""

    session: Session
    partnership: Partnership
    plan: Plan


@dataclass(frozen=True, slots=True)
class Section(Generic[E]):
    """One list of the document. Annotating its field of PlanDocument with it registers it."""

    key: str
    """The field of PlanDocument."""
    entry: type[E]
    """Type of an entry: gives its JSON Schema and the order of its fields in print."""
    references: Callable[[Names, Sequence[E]], Iterator[Problem]]
    """Checks the codes that entries refer to. Repeated codes are checked for all sections together."""
    upsert: Callable[[Load, Sequence[E]], None]
    """Creates and changes rows, and adds those that the document lacks to `left_alone`. Deletes none."""
    entries: Callable[[Export], Iterable[E]]
    """Converts the rows back to entries."""


def no_references(_names: Names, _entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yields no problems: for sections whose entries refer to nothing."""
    return iter(())
