"""Fields of an indicator as somebody typed them, and what they are read as."""

from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints
from typing_extensions import TypedDict

from app.models.finding import ProblemError
from app.models.wire import In, PeriodWritten

TypedText = Annotated[str, StringConstraints(max_length=10_000)]


class BaselineTextIn(In):
    period: TypedText = ""
    value: TypedText = ""
    year: TypedText = ""


class TargetTextIn(In):
    from_period: TypedText = ""
    milestones: TypedText = ""
    """One a line: a period, a colon and a figure."""


class IndicatorTextIn(In):
    """Numbers and periods as they were typed; an empty text is left out."""

    EXAMPLE: ClassVar[dict[str, Any] | None] = {
        "tolerance": "5%",
        "baseline": {"period": "2016/17", "value": "15,487"},
        "target": {"milestones": "Q2 2017/18: 7,500"},
    }

    publication_lag_days: TypedText = ""
    tolerance: TypedText = ""
    baseline: BaselineTextIn = BaselineTextIn()
    target: TargetTextIn = TargetTextIn()


class BaselineFieldsOut(TypedDict, total=False):
    period: PeriodWritten
    value: int | float
    year: PeriodWritten


class MilestoneFieldsOut(TypedDict):
    period: PeriodWritten
    value: int | float


class TargetFieldsOut(TypedDict, total=False):
    from_period: PeriodWritten
    milestones: list[MilestoneFieldsOut]


class IndicatorFieldsOut(TypedDict, total=False):
    """The fields that were typed, as a patch of the indicator takes them."""

    publication_lag_days: int | float
    tolerance: int | float
    baseline: BaselineFieldsOut
    target: TargetFieldsOut


class IndicatorReadingOut(TypedDict):
    """What was typed, as it is read; a field with an error is left out."""

    fields: IndicatorFieldsOut
    notes: list[ProblemError]
    """Texts that were understood otherwise than they are written: "“Q2 2017/18” is read as Q2 2017/18"."""
    errors: list[ProblemError]
    """By field, such as `baseline.value`: what was expected, and what to write instead."""
