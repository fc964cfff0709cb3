"""Adds a fund."""

from sqlmodel import select

from app.commands.change import Change
from app.commands.grants.bank_details import MaskedTexts
from app.domain.access.authority import Role
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.fund_rules import FundRules
from app.domain.grants.money import pence_of
from app.models.grants.fund import Fund, FundIn, FundRulesIn
from app.queries.grants.agencies import require_agency


def add_fund(change: Change, body: FundIn) -> Fund:
    """Adds a funder's fund. It is the funder's to write, or an administrator's where the funder has nobody here."""
    access = change.access
    if access is not None and access.role is not Role.ADMINISTRATOR:
        raise Conflict(
            "administrator_needed", "A fund is the funder's. An administrator adds it for the funder."
        )
    if change.session.exec(select(Fund.id).where(Fund.code == body.code)).first() is not None:
        raise RuleBroken("code", "code_in_use", f"There is a fund “{body.code}” already.")
    funder = require_agency(change.session, change.partnership, body.funder, "funder")
    if funder.kind != "funder":
        raise RuleBroken("funder", "not_a_funder", f"{funder.name} is no funder among the agencies.")
    row = Fund(
        code=body.code,
        title=body.title,
        funder_id=funder.id,
        note=MaskedTexts().mask(body.note),
        objectives=[each.model_dump() for each in body.objectives],
    )
    set_rules(row, body.rules)
    change.add(row)
    change.record("fund added", "fund", row.code, title=row.title, funder=funder.code)
    return row


def set_rules(row: Fund, rules: FundRulesIn) -> None:
    """Sets the columns of a fund's rules; a rule that is not said has the usual amount, where there is one."""
    usual = FundRules()
    virement = rules.virement
    row.virement_percent = virement.percent if virement is not None else None
    row.virement_amount = pence_of(virement.amount, "rules.virement.amount") if virement is not None else None
    cap, above, limit = rules.small_grant_cap, rules.lines_above, rules.underspend_limit
    row.small_grant_cap = pence_of(cap, "rules.small_grant_cap") if cap is not None else usual.small_grant_cap
    row.lines_above = pence_of(above, "rules.lines_above") if above is not None else usual.lines_above
    row.underspend_limit = pence_of(limit, "rules.underspend_limit") if limit is not None else None
    row.underspend_over = rules.underspend_over.value
    row.report_days, row.keep_years = rules.report_days, rules.keep_years
    row.carry_over = rules.carry_over.value
    row.basis = rules.basis.value if rules.basis is not None else None
    row.vat = rules.vat.value if rules.vat is not None else None
