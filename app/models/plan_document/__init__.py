"""The plan document's typed shape: what the reader makes of the text, and what its JSON Schema says."""

from app.models.plan_document.document import PlanDocument, schema
from app.models.plan_document.figure import DatedValue, EarlierEntry, FigureEntry, FigureGroup
from app.models.plan_document.indicator import (
    ApprovalEntry,
    BaselineEntry,
    IndicatorEntry,
    PublishedChangeEntry,
    ReleaseEntry,
    TargetEntry,
)
from app.models.plan_document.partnership import AgencyEntry, AreaEntry, PartnershipEntry
from app.models.plan_document.plan import MeasureEntry, PlanEntry, PriorityEntry
from app.models.plan_document.rule import RuleEntry

__all__ = [
    "AgencyEntry",
    "ApprovalEntry",
    "AreaEntry",
    "BaselineEntry",
    "DatedValue",
    "EarlierEntry",
    "FigureEntry",
    "FigureGroup",
    "IndicatorEntry",
    "MeasureEntry",
    "PartnershipEntry",
    "PlanDocument",
    "PlanEntry",
    "PriorityEntry",
    "PublishedChangeEntry",
    "ReleaseEntry",
    "RuleEntry",
    "TargetEntry",
    "schema",
]
