"""Place and code of a new row in a partnership's list."""

from typing import Any

from sqlmodel import Session, select

from app.domain.errors import RuleBroken


def next_place(session: Session, model: type[Any], partnership_id: int, code: str | None) -> tuple[int, str]:
    """Position after the last row, and the code: the one named, or the model's name with the next free number.

    Raises RuleBroken for a code that is taken.
    """
    rows = session.exec(
        select(model.position, model.code).where(model.partnership_id == partnership_id)
    ).all()
    codes = {taken for _, taken in rows}
    position = max((position for position, _ in rows), default=0) + 1
    if code is not None and code in codes:
        raise RuleBroken(
            "code", "code_taken", f"There is one with the code “{code}” already. Choose another."
        )
    return position, code or _free_code(model.__tablename__.replace("_", "-"), position, codes)


def _free_code(stem: str, number: int, taken: set[str]) -> str:
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
