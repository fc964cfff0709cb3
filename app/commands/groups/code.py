"""Codes of new rows: the sender's, or one made from what the row belongs to."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from app.commands.change import Change
from app.domain.errors import RuleBroken

LONGEST_STEM = 64
"""So that a stem, a day and a number make a code of 80 characters at most."""


def require_free(change: Change, model: Any, code: str) -> None:
    """RuleBroken on `code` if the partnership has a row of that code."""
    if _is_taken(change, model, code):
        message = f"“{code}” is taken here. Choose another, or change the one that has it."
        raise RuleBroken("code", "code_taken", message)


def refuse_twin(change: Change, row: Any, names: Sequence[str], field: str) -> None:
    """RuleBroken on `field` if the partnership has a row that is equal in the columns named: the same entered twice.

    Asked only of what is entered without a code, since a code says that it is another one.
    """
    model = type(row)
    equal = [getattr(model, name) == getattr(row, name) for name in names]
    with change.session.no_autoflush:
        query = select(model).where(model.partnership_id == change.partnership_id, *equal)
        twin = change.session.exec(query).first()
    if twin is not None:
        message = f"The same is entered already: “{twin.code}”. Change that one, or say how this one differs."
        raise RuleBroken(field, "entered_twice", message)


def free_code(change: Change, model: Any, code: str) -> str:
    """The code, or with a number after it the first that is free."""
    if not _is_taken(change, model, code):
        return code
    numbered = (f"{code}-{number}" for number in count(2))
    return next(each for each in numbered if not _is_taken(change, model, each))


def next_code(change: Change, model: Any, stem: str) -> str:
    """The first free code that is the stem with a number: `board-2017-09-22-d1`."""
    codes = (f"{stem}{number}" for number in count(1))
    return next(code for code in codes if not _is_taken(change, model, code))


def next_place(change: Change, model: Any, code: str | None) -> tuple[int, str]:
    """Position after the partnership's last row, and the code: the one named, or the noun with the next free number.

    RuleBroken on `code` if the one named is taken.
    """
    if code is not None:
        require_free(change, model, code)
    stem = model.__tablename__.replace("_", "-")
    return next_position(change, model), code or next_code(change, model, f"{stem}-")


def next_position(change: Change, model: Any) -> int:
    """The place after the partnership's last row."""
    query = select(func.max(col(model.position))).where(model.partnership_id == change.partnership_id)
    return (change.session.exec(query).one() or 0) + 1


def _is_taken(change: Change, model: Any, code: str) -> bool:
    query = select(model.id).where(model.partnership_id == change.partnership_id, col(model.code) == code)
    return change.session.exec(query).first() is not None
