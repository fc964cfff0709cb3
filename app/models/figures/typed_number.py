"""Numbers as somebody typed them, and what they are read as."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from app.models.finding import ProblemError
from app.models.wire import In

MOST = 1_000
TypedTexts = Annotated[dict[str, Annotated[str, StringConstraints(max_length=1_000)]], Field(max_length=MOST)]


class TypedNumbersIn(In):
    """Texts by the name of their field; an empty text is left out."""

    EXAMPLE: ClassVar[dict[str, Any] | None] = {"whole": {"quorum": "7"}, "pounds": {"amount": "£2,650"}}

    whole: TypedTexts = {}
    """Whole numbers."""
    pounds: TypedTexts = {}


class TypedNumbersOut(TypedDict):
    numbers: dict[str, int | float]
    """By the name of the field; a blank one and one with an error are left out."""
    errors: list[ProblemError]
    """What was expected of a field, and what to write instead."""
