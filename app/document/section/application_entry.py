"""What an application says in the plan document: its lines, other money and outcomes, and their columns."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from app.document.kit.entry import (
    Code,
    Day,
    Entry,
    FinancialYear,
    FlowEntry,
    Line,
    Number,
    WholeNumber,
    YesNo,
)
from app.document.kit.money import Pounds
from app.domain.grants.application import AskedAmount
from app.domain.grants.money import Spending, pence_of, pounds_of
from app.models.column import plain


class AskedAmountEntry(FlowEntry):
    financial_year: FinancialYear
    spending: Spending = Spending.REVENUE
    amount: Pounds


class ProjectLineEntry(Entry):
    """A part of what is asked for, by year and kind."""

    title: Line
    priority: Code | None = None
    theme: Code | None = None
    amounts: list[AskedAmountEntry] = Field(min_length=1)


class ShareEntry(FlowEntry):
    agency: Code
    percent: WholeNumber


class MatchEntry(FlowEntry):
    """Other money that would pay beside it."""

    source: Line
    amount: Pounds
    is_secured: YesNo = False
    by_when: Day | None = None


class SoughtOutcomeEntry(FlowEntry):
    title: Line
    unit: Line | None = None
    target: Number | None = None


def entry_amounts(lines: Sequence[ProjectLineEntry]) -> list[AskedAmount]:
    return [
        AskedAmount(line.title, each.financial_year, each.spending, pence_of(each.amount, "amount"))
        for line in lines
        for each in line.amounts
    ]


def line_columns(lines: Sequence[ProjectLineEntry]) -> list[dict[str, Any]]:
    return [
        {
            "title": line.title,
            "priority": line.priority,
            "theme": line.theme,
            "amounts": [
                {
                    "year": each.financial_year,
                    "spending": each.spending.value,
                    "pence": pence_of(each.amount, "amount"),
                }
                for each in line.amounts
            ],
        }
        for line in lines
    ]


def match_columns(matches: Sequence[MatchEntry]) -> list[dict[str, Any]]:
    return [
        {
            "source": each.source,
            "pence": pence_of(each.amount, "amount"),
            "is_secured": each.is_secured,
            "by_when": each.by_when.isoformat() if each.by_when is not None else None,
        }
        for each in matches
    ]


def outcome_columns(outcomes: Sequence[SoughtOutcomeEntry]) -> list[dict[str, Any]]:
    return [
        {
            "title": each.title,
            "unit": each.unit or "",
            "target": plain(each.target) if each.target is not None else None,
        }
        for each in outcomes
    ]


def line_entry(line: Mapping[str, Any]) -> ProjectLineEntry:
    amounts = [
        AskedAmountEntry.model_construct(
            financial_year=each["year"], spending=Spending(each["spending"]), amount=pounds_of(each["pence"])
        )
        for each in line["amounts"]
    ]
    return ProjectLineEntry.model_construct(
        title=line["title"], priority=line["priority"], theme=line["theme"], amounts=amounts
    )


def match_entry(match: Mapping[str, Any]) -> MatchEntry:
    by_when = match["by_when"]
    return MatchEntry.model_construct(
        source=match["source"],
        amount=pounds_of(match["pence"]),
        is_secured=match["is_secured"],
        by_when=date.fromisoformat(by_when) if by_when is not None else None,
    )


def outcome_entry(outcome: Mapping[str, Any]) -> SoughtOutcomeEntry:
    target = outcome["target"]
    return SoughtOutcomeEntry.model_construct(
        title=outcome["title"],
        unit=outcome["unit"] or None,
        target=Decimal(target) if target is not None else None,
    )
