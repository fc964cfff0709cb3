"""Parses what an application says into what is stored: lines, other money, outcomes, shares."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from app.commands.change import Change
from app.commands.grants.allocation import financial_year
from app.commands.grants.bank_details import MaskedTexts
from app.domain.errors import RuleBroken
from app.domain.grants.application import require_shares
from app.domain.grants.money import pence_of
from app.models.grants.application_wire import MatchIn, ProjectLineIn, ShareIn, SoughtOutcomeIn
from app.models.plan.indicator import Indicator
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority
from app.models.plan.theme import Theme
from app.queries.grants.agencies import require_agency


def lines_content(change: Change, lines: Sequence[ProjectLineIn], texts: MaskedTexts) -> list[dict[str, Any]]:
    """Project lines as they are stored. RuleBroken for an unknown priority or an amount that cannot be."""
    return [_line(change, line, f"lines.{number}", texts) for number, line in enumerate(lines)]


def match_content(matches: Sequence[MatchIn], texts: MaskedTexts) -> list[dict[str, Any]]:
    return [
        {
            "source": texts.mask(each.source),
            "pence": pence_of(each.amount, f"match_funding.{number}.amount"),
            "is_secured": each.is_secured,
            "by_when": each.by_when.isoformat() if each.by_when is not None else None,
        }
        for number, each in enumerate(matches)
    ]


def outcomes_content(outcomes: Sequence[SoughtOutcomeIn], texts: MaskedTexts) -> list[dict[str, Any]]:
    return [
        {
            "title": texts.mask(each.title),
            "unit": each.unit,
            "target": str(each.target) if each.target is not None else None,
        }
        for each in outcomes
    ]


def parse_shares(change: Change, applicant: str, shares: Sequence[ShareIn]) -> list[tuple[int, int]]:
    """Ids of a joint application's organisations with their percent."""
    require_shares(applicant, [(each.agency, each.percent) for each in shares])
    return [
        (
            require_agency(change.session, change.partnership, each.agency, f"shares.{number}.agency").id,
            each.percent,
        )
        for number, each in enumerate(shares)
    ]


def require_indicator(change: Change, code: str | None) -> None:
    """RuleBroken for a code that no indicator of the partnership has; None names none."""
    query = select(Indicator.id).where(
        Indicator.partnership_id == change.partnership.id, Indicator.code == code
    )
    if code is not None and change.session.exec(query).first() is None:
        text = f"“{code}” is no indicator here. Check its code, or describe the need in words."
        raise RuleBroken("need_indicator", "unknown_indicator", text)


def _line(change: Change, line: ProjectLineIn, field: str, texts: MaskedTexts) -> dict[str, Any]:
    _require_priority(change, line, field)
    amounts: list[dict[str, Any]] = []
    for position, each in enumerate(line.amounts):
        where = f"{field}.amounts.{position}"
        year = financial_year(each.financial_year, f"{where}.financial_year")
        if any((year, each.spending.value) == (other["year"], other["spending"]) for other in amounts):
            text = f"{year}, {each.spending.value}, is in the line twice."
            raise RuleBroken(f"{where}.financial_year", "twice", text)
        pence = pence_of(each.amount, f"{where}.amount")
        amounts.append({"year": year, "spending": each.spending.value, "pence": pence})
    return {
        "title": texts.mask(line.title),
        "priority": line.priority,
        "theme": line.theme,
        "amounts": amounts,
    }


def _require_priority(change: Change, line: ProjectLineIn, field: str) -> None:
    """RuleBroken for a priority that no plan here has, or a theme that it lacks."""
    query = select(Priority.id).join(Plan).where(Plan.partnership_id == change.partnership.id)
    if line.priority is None:
        if line.theme is not None:
            raise RuleBroken(f"{field}.priority", "required", "A theme is of a priority. Name that too.")
        return
    ids = change.session.exec(query.where(Priority.code == line.priority)).all()
    if not ids:
        text = f"“{line.priority}” is no priority of the plan. Check its code, or leave it out."
        raise RuleBroken(f"{field}.priority", "unknown_priority", text)
    themes = change.session.exec(
        select(Theme.code).where(Theme.code == line.theme, col(Theme.priority_id).in_(ids))
    )
    if line.theme is not None and themes.first() is None:
        text = f"“{line.theme}” is no theme of {line.priority}. Check its code, or leave it out."
        raise RuleBroken(f"{field}.theme", "unknown_theme", text)
