"""Entry of an indicator, with its baseline, target, release and published changes."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.document.kit.entry import (
    ANY_SCALAR,
    Code,
    Day,
    Days,
    Decimals,
    Entry,
    FinancialYear,
    Line,
    Month,
    Number,
    PeriodText,
    Prose,
    WholeNumber,
    YesNo,
)
from app.domain.access.audience import Audience
from app.domain.plan.indicator import AddsUp, Frequency, Measure, Polarity, Window
from app.domain.plan.target_shape import Applies


class BaselineEntry(Entry):
    """A value with its period; or why there is none; or the year whose figure becomes the baseline."""

    period: PeriodText | None = None
    value: Number | None = None
    caveat: Prose = ""
    none_because: Prose | None = None
    year: FinancialYear | None = None
    reason: Prose = Field(default="", description="Of a later version: why it replaced the one before.")
    recorded_on: Day | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "BaselineEntry":
        kinds = [self.value is not None, self.none_because is not None, self.year is not None]
        if sum(kinds) != 1 or (self.value is None) != (self.period is None):
            raise PydanticCustomError(
                "bad_baseline", "Expected a period and value, or none_because, or year: one of the three"
            )
        return self


class MilestoneEntry(Entry):
    period: PeriodText
    value: Number


class TargetEntry(Entry):
    """Words such as "Lower than 41.4%", "Increase", "Target to be set in 2018"; kept as written."""

    words: Line
    applies: Applies = Applies.EACH_YEAR
    milestones: list[MilestoneEntry] = []
    from_period: PeriodText | None = Field(
        default=None, description="First period it is in force for; absent, the plan's first year."
    )
    reason: Prose = ""
    recorded_on: Day | None = None


class ApprovalEntry(Entry):
    """Allows an audience to see the figures that end with a period, from a day on."""

    period: PeriodText
    to: Audience
    from_on: Day = Field(alias="from")
    reason: Prose = ""
    recorded_on: Day | None = None


class ReleaseEntry(Entry):
    """Audience of an indicator's figures: `to`, unless an approval sets another."""

    to: Audience = Audience.PUBLIC
    approvals: list[ApprovalEntry] = Field(
        default=[],
        description="Oldest first; of those about the same figures the last whose day has come counts.",
    )


class BreakEntry(Entry):
    """A recording change: nothing is compared across it unless earlier figures were recalculated."""

    from_month: Month = Field(alias="from")
    reason: Line
    backcast: YesNo = False


class PublishedChangeEntry(Entry):
    """A change a paper published without its levels, for the partnership's own area or for another."""

    area: Code | None = None
    period: PeriodText
    compared_with: PeriodText
    change: Number
    unit: Literal["percent", "points"] = "percent"
    words: Line
    source: Prose = ""


def _versions(entry: Any) -> Any:
    return [entry] if isinstance(entry, dict) else entry


def _release(entry: Any) -> Any:
    return {"to": entry} if isinstance(entry, str) else entry


def _target_versions(entry: Any) -> Any:
    if isinstance(entry, str):
        entry = {"words": entry}
    return _versions(entry)


class IndicatorEntry(Entry):
    code: Code
    title: Line
    definition: Prose = ""
    measure: Measure
    per: WholeNumber | None = Field(default=None, description='Of a rate: 1000 for "per 1,000 residents".')
    denominator: Line | None = Field(
        default=None, description="Of a rate or percentage: what of, named and dated."
    )
    polarity: Polarity
    frequency: Frequency = Frequency.QUARTER
    window: Window = Window.PERIOD
    publication_lag_days: Days = 0
    unit: Annotated[Line, Field(max_length=80)] | None = None
    decimals: Decimals = 0
    adds_up: AddsUp
    survey: YesNo = False
    counts_people: YesNo = Field(
        default=False,
        description="Counts people, or offences that identify victims: small counts are withheld.",
    )
    release: Annotated[ReleaseEntry, BeforeValidator(_release)] = ReleaseEntry()
    reporting_sensitive: YesNo = Field(
        default=False, description="A rise may be better reporting, so it is never red or green by itself."
    )
    paired_with: Code | None = None
    tolerance: Number | None = Field(default=None, description="How narrowly missed still counts as near.")
    responsible: Code | None = Field(default=None, description="The agency that answers for it.")
    suppliers: list[Code] = Field(
        default=[], description="Agencies that may post it beside the responsible one."
    )
    breakdowns: dict[Code, list[Code]] = {}
    breaks: list[BreakEntry] = []
    note: Prose = ""
    retired_on: Day | None = None
    retired_reason: Prose = ""
    baseline: Annotated[list[BaselineEntry], BeforeValidator(_versions)] = []
    target: Annotated[list[TargetEntry], BeforeValidator(_target_versions)] = []
    published_changes: list[PublishedChangeEntry] = []


def allow_shorthand(definitions: dict[str, Any]) -> None:
    """Allows the short forms: one version without a list, a target as its words, a release as its audience."""
    properties = definitions["IndicatorEntry"]["properties"]
    for name, extra in (("baseline", []), ("target", [{"type": ANY_SCALAR}])):
        items = properties[name]["items"]
        properties[name] = {
            "anyOf": [*extra, items, {"type": "array", "items": items}],
            "title": name.capitalize(),
        }
    properties["release"] = {
        "anyOf": [{"$ref": "#/$defs/Audience"}, {"$ref": "#/$defs/ReleaseEntry"}],
        "title": "Release",
        "description": "Who may see its figures; absent, everybody.",
    }
