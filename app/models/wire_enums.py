"""Types of texts from a fixed list in answers: they document the list, and check nothing."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import WithJsonSchema

from app.domain.access.audience import Audience
from app.domain.access.author import AuthorKind
from app.domain.figures.figure import FigureStatus, Missing, Qualifier
from app.domain.figures.published_change import Agreement
from app.domain.figures.release import HiddenReason
from app.domain.figures.rule import Comparison, Severity, WhenMissing
from app.domain.judgement.trend import Direction
from app.domain.judgement.verdict import RatingStatus
from app.domain.plan.indicator import AddsUp, Frequency, Measure, Polarity, Window
from app.domain.plan.target_shape import Applies
from app.domain.returns.return_query import QueryState
from app.domain.returns.return_status import ReturnState


def _one_of(words: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [str(word) for word in words]})


FigureStatusText = Annotated[str, _one_of(FigureStatus)]
QualifierText = Annotated[str, _one_of(Qualifier)]
AudienceText = Annotated[str, _one_of(Audience)]
AuthorKindText = Annotated[str, _one_of(AuthorKind)]
HiddenReasonText = Annotated[str, _one_of(HiddenReason)]
ReleaseStateText = Annotated[str, _one_of(("in_force", "to_come", "replaced"))]
MissingText = Annotated[str, _one_of(Missing)]
MeasureText = Annotated[str, _one_of(Measure)]
PolarityText = Annotated[str, _one_of(Polarity)]
FrequencyText = Annotated[str, _one_of(Frequency)]
WindowText = Annotated[str, _one_of(Window)]
AddsUpText = Annotated[str, _one_of(AddsUp)]
AppliesText = Annotated[str, _one_of(Applies)]
RatingStatusText = Annotated[str, _one_of(RatingStatus)]
DirectionText = Annotated[str, _one_of(Direction)]
AgreementText = Annotated[str, _one_of(Agreement)]
ComparisonText = Annotated[str, _one_of(Comparison)]
WhenMissingText = Annotated[str, _one_of(WhenMissing)]
SeverityText = Annotated[str, _one_of(Severity)]
ToneText = Annotated[str, _one_of(("good", "near", "bad", "none"))]
BaselineKindText = Annotated[str, _one_of(("figure", "none", "baseline_year"))]
OutcomeText = Annotated[str, _one_of(("created", "revised", "unchanged", "rejected", "not_stored"))]
ReceiptStatusText = Annotated[str, _one_of(("accepted", "partly_accepted", "rejected"))]
ViaText = Annotated[str, _one_of(("json", "csv", "xlsx", "form", "nil_return", "plan_document"))]
UploadStateText = Annotated[str, _one_of(("waiting", "ready", "refused", "sent"))]
PlanStatusText = Annotated[str, _one_of(("draft", "adopted", "superseded"))]
QueryStateText = Annotated[str, _one_of(QueryState)]
ReturnStateText = Annotated[str, _one_of(ReturnState)]
PeriodStateText = Annotated[str, _one_of(("open", "cut_off", "closed"))]
MessageStateText = Annotated[str, _one_of(("waiting", "sent", "failed", "dropped"))]
