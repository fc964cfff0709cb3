"""Entries of the plan, and of its priorities with their themes, objectives, actions and measures."""

from typing import Literal

from pydantic import Field

from app.document.kit.entry import (
    Code,
    Day,
    Entry,
    FinancialYear,
    Line,
    PeriodText,
    Prose,
    WholeNumber,
    YesNo,
)


class EmergingIssueEntry(Entry):
    title: Line
    text: Prose = ""


class PlanEntry(Entry):
    code: Code
    version: WholeNumber = Field(description="A refresh of an adopted plan is its next version.")
    title: Line
    status: Literal["draft", "adopted", "superseded"]
    first_year: FinancialYear
    last_year: FinancialYear
    baseline_period: PeriodText | None = Field(
        default=None, description="What the baseline column's heading says."
    )
    adopted_on: Day | None = None
    aligned_with: list[Line] = []
    principles: list[Line] = []
    emerging_issues: list[EmergingIssueEntry] = []
    source: Prose = ""
    note: Prose = ""


class FindingEntry(Entry):
    text: Prose
    source: Prose = ""


class ThemeEntry(Entry):
    code: Code
    title: Line


class ObjectiveEntry(Entry):
    code: Code
    title: Line
    theme: Code | None = None


class ActionEntry(Entry):
    code: Code
    title: Line
    objective: Code | None = None
    theme: Code | None = None
    owner: Line | None = Field(default=None, description="A post, never a person's name.")
    delivery_group: Line | None = None
    due: Line | None = Field(default=None, description="As the plan puts it: a date, a season.")
    intended_change: Prose = ""
    evidence: Prose = ""
    what_changed: Prose = ""


class MeasureEntry(Entry):
    """A line of the plan's own evidence table, in its words. It may hold several indicators, or none."""

    code: Code
    words: Line
    theme: Code | None = None
    measured_by: Literal["indicator", "focus_group", "narrative"] = "indicator"
    baseline_words: Line | None = None
    target_words: Line | None = None
    note: Prose = ""
    indicators: list[Code] = []


class PriorityEntry(Entry):
    code: Code
    title: Line
    cross_cutting: YesNo = Field(default=False, description="Serves all the other priorities.")
    aligned_with: list[Line] = []
    findings: list[FindingEntry] = []
    outcomes: list[Line] = []
    themes: list[ThemeEntry] = []
    objectives: list[ObjectiveEntry] = []
    actions: list[ActionEntry] = []
    measures: list[MeasureEntry] = []
