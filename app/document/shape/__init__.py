"""Types of the plan document. The reader converts text to them; the JSON Schema is made from them."""

from app.document.shape.document import PlanDocument, schema
from app.document.shape.figure import DatedValue, EarlierEntry, FigureEntry, FigureGroup
from app.document.shape.indicator import (
    ApprovalEntry,
    BaselineEntry,
    IndicatorEntry,
    PublishedChangeEntry,
    ReleaseEntry,
    TargetEntry,
)
from app.document.shape.partnership import PartnershipEntry
from app.document.shape.plan import MeasureEntry, PlanEntry, PriorityEntry

__all__ = [
    "ApprovalEntry",
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
    "TargetEntry",
    "schema",
]
