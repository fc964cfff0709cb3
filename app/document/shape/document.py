"""The type of the whole document, and its JSON Schema, from which editors complete."""

from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, WithJsonSchema

from app.document.kit.entry import Code, Entry
from app.document.kit.tree import Tree, line_of
from app.document.section.agencies import AgencyEntries
from app.document.section.allocations import AllocationEntries
from app.document.section.applications import ApplicationEntries
from app.document.section.areas import AreaEntries
from app.document.section.decisions import DecisionEntries
from app.document.section.delegations import DelegationEntries
from app.document.section.engagements import EngagementEntries
from app.document.section.exceptional_periods import ExceptionalPeriodEntries
from app.document.section.funds import FundEntries
from app.document.section.grants import GrantEntries
from app.document.section.groups import GroupEntries
from app.document.section.local_issues import LocalIssueEntries
from app.document.section.meeting_actions import MeetingActionEntries
from app.document.section.meetings import MeetingEntries
from app.document.section.posts import PostEntries
from app.document.section.published_attendance import PublishedAttendanceEntries
from app.document.section.recommendations import RecommendationEntries
from app.document.section.rounds import RoundEntries
from app.document.section.rules import RuleEntries
from app.document.shape.figure import FigureGroup
from app.document.shape.indicator import IndicatorEntry, allow_shorthand
from app.document.shape.partnership import PartnershipEntry
from app.document.shape.plan import PlanEntry, PriorityEntry


class PlanDocument(Entry):
    """One partnership and one of its plans, with the figures published about it."""

    saferplan: Annotated[Literal["1"], WithJsonSchema({"enum": ["1", 1]})] = Field(
        description="The version of this format."
    )
    partnership: PartnershipEntry
    areas: AreaEntries = Field(min_length=1)
    agencies: AgencyEntries = []
    posts: PostEntries = []
    groups: GroupEntries = []
    exceptional_periods: ExceptionalPeriodEntries = []
    recommendations: RecommendationEntries = []
    local_issues: LocalIssueEntries = []
    engagements: EngagementEntries = []
    funds: FundEntries = []
    allocations: AllocationEntries = []
    delegations: DelegationEntries = []
    grants: GrantEntries = []
    rounds: RoundEntries = []
    applications: ApplicationEntries = []
    plan: PlanEntry
    priorities: list[PriorityEntry] = []
    indicators: list[IndicatorEntry] = []
    rules: RuleEntries = []
    figures: dict[Code, list[FigureGroup]] = {}
    meetings: MeetingEntries = []
    decisions: DecisionEntries = []
    meeting_actions: MeetingActionEntries = []
    published_attendance: PublishedAttendanceEntries = []

    _tree: Tree | None = PrivateAttr(default=None)

    def remember(self, tree: Tree) -> "PlanDocument":
        """Stores the tree that the document was read from, so that later errors can name a line."""
        self._tree = tree
        return self

    def line(self, *path: str | int) -> int:
        """Line of a value, or of the nearest enclosing one; 1 if the document was not read from text."""
        return line_of(self._tree, path) if self._tree is not None else 1


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the document, for editors: scalars may be numbers and booleans there."""
    model_schema = PlanDocument.model_json_schema(by_alias=True)
    allow_shorthand(model_schema["$defs"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Saferplan plan document",
        **{key: part for key, part in model_schema.items() if key != "title"},
    }
