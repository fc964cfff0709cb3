"""The terms of a grant: its amounts by line and quarter, and which allocations pay them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import RuleBroken
from app.domain.grants.money import Spending, pounds_words, split_pence
from app.domain.grants.quarter_profile import quarters_between
from app.domain.grants.variation import AmountKey, Terms
from app.domain.period import year_text
from app.domain.period_text import parse_period


@dataclass(frozen=True, slots=True)
class Funder:
    """An allocation that pays a share of a grant."""

    allocation_id: int | None
    year: str | None
    """Its financial year; None pays any year."""
    share: int = 1
    """Weight beside the other allocations of a year."""
    is_certain: bool = True
    """Whether it is confirmed. A year that only an uncertain one would pay is indicated, and counts nowhere."""


@dataclass(frozen=True, slots=True)
class FundingShare:
    allocation_id: int | None
    year: str
    spending: Spending
    pence: int


def require_terms(terms: Terms) -> None:
    """RuleBroken for dates that cross, an amount of nothing, or one in a quarter outside the dates."""
    quarters = quarters_between(terms.starts, terms.ends)
    if terms.total <= 0:
        raise RuleBroken("amount", "no_amount", "An award is of more than £0.")
    for key, pence in terms.amounts.items():
        if pence and key.quarter not in quarters:
            text = f"{pounds_words(pence)} stands in {key.quarter.short_label}, outside the grant's dates."
            raise RuleBroken("lines", "outside_dates", text)


def year_sums(terms: Terms) -> dict[tuple[str, Spending], int]:
    """Amounts by financial year and kind, in order."""
    sums: dict[tuple[str, Spending], int] = {}
    for key in sorted(terms.amounts, key=lambda each: (each.quarter, each.spending)):
        year = (year_text(key.quarter.financial_year()), key.spending)
        sums[year] = sums.get(year, 0) + terms.amounts[key]
    return {year: pence for year, pence in sums.items() if pence}


def funding_shares(terms: Terms, funders: Sequence[Funder]) -> tuple[FundingShare, ...]:
    """Splits each year's amount among the allocations of that year; years that none pays for certain are left out."""
    return tuple(_shares(terms, funders))


def indicated_years(terms: Terms, shares: Sequence[FundingShare]) -> list[str]:
    """Years of which no amount is paid for certain: likely, in no sum, and nothing of them is paid."""
    certain = {share.year for share in shares}
    return sorted({year for year, _ in year_sums(terms)} - certain)


def to_content(terms: Terms, funders: Sequence[Funder]) -> dict[str, Any]:
    """Terms and funding as JSON. Amounts in pence, quarters as canonical periods."""
    return {
        "allocation_ids": [each.allocation_id for each in funders],
        "shares": [each.share for each in funders],
        "starts": terms.starts.isoformat(),
        "ends": terms.ends.isoformat(),
        "amounts": [
            {"line": key.line, "quarter": str(key.quarter), "spending": key.spending.value, "pence": pence}
            for key, pence in terms.amounts.items()
        ],
        "funding": [
            {
                "allocation_id": each.allocation_id,
                "year": each.year,
                "spending": each.spending.value,
                "pence": each.pence,
            }
            for each in funding_shares(terms, funders)
        ],
    }


def terms_from(content: Mapping[str, Any]) -> Terms:
    amounts = {
        AmountKey(each["line"], parse_period(each["quarter"]), Spending(each["spending"])): int(each["pence"])
        for each in content["amounts"]
    }
    return Terms(date.fromisoformat(content["starts"]), date.fromisoformat(content["ends"]), amounts)


def shares_from(content: Mapping[str, Any]) -> tuple[FundingShare, ...]:
    return tuple(
        FundingShare(each["allocation_id"], each["year"], Spending(each["spending"]), int(each["pence"]))
        for each in content["funding"]
    )


def _shares(terms: Terms, funders: Sequence[Funder]) -> Iterator[FundingShare]:
    for (year, spending), pence in year_sums(terms).items():
        paying = [each for each in funders if each.is_certain and each.year in (None, year)]
        if not paying:
            continue
        for funder, part in zip(paying, split_pence(pence, [each.share for each in paying]), strict=True):
            yield FundingShare(funder.allocation_id, year, spending, part)
