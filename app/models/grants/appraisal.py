"""An assessor's scores of an application, and the interest that was declared."""

from typing import Annotated, Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.grants.scoring import Interest
from app.models.column import Listed
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, In, Prose, WholeNumber


class Appraisal(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("application_id", "assessor_id"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    application_id: int = Field(foreign_key="application.id")
    assessor_id: int = Field(foreign_key="person.id", index=True)
    agency_id: int = Field(foreign_key="agency.id")
    """The assessor's when it was recorded."""
    scores: dict[str, int] = Field(default_factory=dict, sa_type=Listed)
    """By the code of the criterion; one that is missing is not in it."""
    comment: str = Field(default="", sa_type=Text)
    interest: str = Field(max_length=20)
    """`domain.grants.scoring.Interest`."""
    because: str = Field(default="", sa_type=Text)
    """What the interest is, and why the assessor stayed."""


class GivenScoreIn(In):
    criterion: Code
    score: WholeNumber


class AppraisalIn(In):
    """The caller's own scores. One criterion may be left for later: then there is no total."""

    application: Code
    scores: Annotated[list[GivenScoreIn], Field(max_length=20)] = []
    comment: Prose = ""
    interest: Interest = Interest.NONE
    because: Prose = ""


class AppraisalsIn(In):
    EXAMPLE = {
        "appraisals": [
            {"application": "A14", "scores": [{"criterion": "need", "score": 4}]},
            {"application": "A15", "interest": "took_no_part", "because": "A trustee of it"},
        ]
    }

    appraisals: Annotated[list[AppraisalIn], Field(min_length=1, max_length=200)]


class GivenScoreOut(TypedDict):
    criterion: str
    score: int


class AppraisalOut(TypedDict):
    id: str
    application: str
    assessor: str
    """Name of the person."""
    agency: NamedOut
    is_own: bool
    scores: list[GivenScoreOut]
    total: int | None
    """Null where a score is missing."""
    out_of: int
    comment: str
    interest: Literal["none", "took_no_part", "stayed"]
    interest_label: str
    because: str
    is_unanswered: bool
    """Whether the assessor is of an applicant's organisation and declared nothing."""
    version: int


class AppraisalsOut(TypedDict):
    appraisals: list[AppraisalOut]
    warnings: list[str]
