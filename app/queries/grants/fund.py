"""Funds, as callers read them."""

from collections.abc import Sequence

from sqlmodel import Session

from app.domain.access.authority import Actor
from app.domain.errors import NotFound
from app.domain.grants.fund_rules import FundRules
from app.domain.grants.money import pounds_of
from app.domain.grants.underspend_draft import CarryOver
from app.domain.grants.variation import VirementLimit
from app.models.grants.fund import Fund, FundOut, FundRulesOut, VirementOut
from app.models.wire import json_number
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.visible import funds


def get_fund(session: Session, actor: Actor, code: str) -> Fund:
    """The fund of that code; NotFound where the actor sees none."""
    row = session.exec(funds(actor).where(Fund.code == code)).first()
    if row is None:
        raise NotFound(f"The fund “{code[:80]}”")
    return row


def fund_rules(row: Fund) -> FundRules:
    """The rules that sums and steps need."""
    virement = None
    if row.virement_percent is not None and row.virement_amount is not None:
        virement = VirementLimit(row.virement_percent, row.virement_amount)
    return FundRules(
        virement=virement,
        small_grant_cap=row.small_grant_cap,
        lines_above=row.lines_above,
        underspend_limit=row.underspend_limit,
        report_days=row.report_days,
        carry_over=CarryOver(row.carry_over),
    )


def list_out(session: Session, rows: Sequence[Fund]) -> dict[int, FundOut]:
    """The funds by id."""
    funders = agencies_by_id(session, {row.funder_id for row in rows})
    return {
        row.id: FundOut(
            id=str(row.id),
            code=row.code,
            title=row.title,
            funder=funders[row.funder_id],
            note=row.note,
            objectives=row.objectives,
            rules=_rules_out(row),
            version=row.seq,
        )
        for row in rows
    }


def pounds_out(pence: int) -> float:
    """Pounds as a JSON number."""
    pounds = json_number(pounds_of(pence))
    assert pounds is not None
    return pounds


def pounds_or_none(pence: int | None) -> float | None:
    return None if pence is None else pounds_out(pence)


def _rules_out(row: Fund) -> FundRulesOut:
    virement = None
    if row.virement_percent is not None and row.virement_amount is not None:
        virement = VirementOut(percent=row.virement_percent, amount=pounds_out(row.virement_amount))
    return FundRulesOut(
        virement=virement,
        small_grant_cap=pounds_out(row.small_grant_cap),
        lines_above=pounds_out(row.lines_above),
        underspend_limit=pounds_or_none(row.underspend_limit),
        underspend_over=row.underspend_over,  # type: ignore[typeddict-item]
        report_days=row.report_days,
        keep_years=row.keep_years,
        carry_over=row.carry_over,  # type: ignore[typeddict-item]
        basis=row.basis,  # type: ignore[typeddict-item]
        vat=row.vat,  # type: ignore[typeddict-item]
    )
