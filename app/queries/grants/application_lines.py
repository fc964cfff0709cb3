"""One application with its lines, and what else was said in it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.grants.application import AskedAmount
from app.domain.grants.money import Spending
from app.models.grants.application import Application, ApplicationShare
from app.models.grants.application_out import (
    ApplicationWithLinesOut,
    AskedAmountOut,
    MatchOut,
    ProjectLineOut,
    ShareOut,
    SoughtOutcomeOut,
)
from app.models.wire import json_number
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.application import list_out
from app.queries.grants.fund import pounds_out


def with_lines_out(
    session: Session, actor: Actor, row: Application, today: date, warnings: Sequence[str] = ()
) -> ApplicationWithLinesOut:
    """One application. `warnings` are about texts of a request."""
    return ApplicationWithLinesOut(
        **list_out(session, actor, [row], today)[row.id],
        lines=[_line_out(each) for each in row.lines],
        shares=_shares_out(session, row),
        match_funding=[_match_out(each) for each in row.match_funding],
        in_kind=row.in_kind,
        outcomes=[_outcome_out(each) for each in row.outcomes],
        need=row.need,
        need_indicator=row.need_indicator,
        cohesion=row.cohesion,
        advice=row.advice,
        on_behalf=row.on_behalf,
        feedback=row.feedback,
        told_on=row.told_on.isoformat() if row.told_on is not None else None,
        warnings=list(warnings),
    )


def asked_amounts(lines: Sequence[Mapping[str, Any]]) -> list[AskedAmount]:
    """What stored lines ask for."""
    return [
        AskedAmount(line["title"], each["year"], Spending(each["spending"]), int(each["pence"]))
        for line in lines
        for each in line["amounts"]
    ]


def share_rows(session: Session, row: Application) -> Sequence[ApplicationShare]:
    query = select(ApplicationShare).where(ApplicationShare.application_id == row.id)
    return session.exec(query.order_by(col(ApplicationShare.id))).all()


def _line_out(line: Mapping[str, Any]) -> ProjectLineOut:
    return ProjectLineOut(
        title=line["title"],
        priority=line["priority"],
        theme=line["theme"],
        amounts=[
            AskedAmountOut(
                financial_year=each["year"],
                spending=each["spending"],
                amount_asked=pounds_out(each["pence"]),
            )
            for each in line["amounts"]
        ],
    )


def _shares_out(session: Session, row: Application) -> list[ShareOut]:
    rows = share_rows(session, row)
    agencies = agencies_by_id(session, {each.agency_id for each in rows})
    return [ShareOut(agency=agencies[each.agency_id], percent=each.percent) for each in rows]


def _match_out(match: Mapping[str, Any]) -> MatchOut:
    return MatchOut(
        source=match["source"],
        amount=pounds_out(match["pence"]),
        is_secured=match["is_secured"],
        by_when=match["by_when"],
    )


def _outcome_out(outcome: Mapping[str, Any]) -> SoughtOutcomeOut:
    target = outcome["target"]
    return SoughtOutcomeOut(
        title=outcome["title"],
        unit=outcome["unit"],
        target=json_number(Decimal(target)) if target is not None else None,
    )
