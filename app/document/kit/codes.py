"""Reads codes by id, for sections that print a code where a row holds an id."""

from typing import Any

from sqlmodel import Session, select


def codes_by_id(session: Session, model: Any, partnership_id: int) -> dict[int, str]:
    """Codes of a partnership's rows of a model."""
    query = select(model.id, model.code).where(model.partnership_id == partnership_id)
    return dict(session.exec(query).all())
