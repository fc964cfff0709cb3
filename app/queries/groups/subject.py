"""What a decision may be about: each noun resolves its own references."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.models.row import TrackedRow


@dataclass(frozen=True, slots=True)
class Subject:
    """What was decided: its reference as it is stored, and the rows that show the decision."""

    ref: str
    rows: tuple[TrackedRow, ...] = ()


Resolve = Callable[[Session, int, str], Subject | None]
"""Finds a partnership's subject by its reference; None where there is none."""
Subjects = Mapping[str, Resolve]
"""By collection, as in addresses: `plans`, `reporting-periods`."""
