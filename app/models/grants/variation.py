"""A variation: a change of a grant's money or dates, asked for and decided."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import StrictBool
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.models.column import Listed
from app.models.grants.grant_wire import LineIn
from app.models.grants.short_text import ShortText
from app.models.row import TrackedRow
from app.models.wire import Day, DayText, In, Prose, Reason

VariationKindText = Literal[
    "correction", "virement", "reprofile", "uplift", "reduction", "carry_over", "no_cost_extension"
]
VariationStateText = Literal[
    "requested", "approved", "part_approved", "refused", "withdrawn", "superseded", "recorded"
]


class Variation(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("grant_id", "number"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    grant_id: int = Field(foreign_key="grant_award.id")
    number: int
    kind: str = Field(max_length=20)
    """`domain.grants.variation.VariationKind`, worked out from what changes."""
    state: str = Field(max_length=20)
    of_version: int
    """The version that it was asked from; a later one supersedes it."""
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=Listed)
    """The grant's terms as they would be."""
    reason: str = Field(default="", sa_type=Text)
    on_behalf: str = Field(default="", max_length=500)
    decision_reason: str = Field(default="", sa_type=Text)
    asked_on: date
    decided_on: date | None = None
    asked_by_id: int | None = Field(default=None, foreign_key="person.id")


class VariationIn(In):
    """The grant's lines and last day as they would be; what is left out stays."""

    EXAMPLE = {
        "lines": [{"title": "Project workers", "amount": 30000}],
        "reason": "A second worker from January",
    }

    ends: Day | None = None
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=100)] | None = None
    is_correction: StrictBool = False
    """Something was typed in error."""
    reason: Reason
    on_behalf: ShortText = ""
    """How staff were told, where they enter it for the recipient."""


class VariationDecisionIn(In):
    EXAMPLE = {"reason": "Agreed by the Board on 19 January 2018"}

    reason: Prose = ""


class DifferenceOut(TypedDict):
    what: str
    before: str
    after: str


class VariationOut(TypedDict):
    id: str
    grant: str
    number: int
    kind: VariationKindText
    kind_label: str
    state: VariationStateText
    differences: list[DifferenceOut]
    """Compared with the version that it was asked from."""
    amount_before: float
    amount_after: float
    reason: str
    on_behalf: str
    decision_reason: str
    asked_on: DayText
    decided_on: DayText | None
    version: int


class VariationWithStepsOut(VariationOut):
    may: list[Literal["approve", "refuse", "withdraw"]]
    warnings: list[str]
