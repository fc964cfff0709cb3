"""Makes the grant of an application that was approved."""

from app.commands.change import Change
from app.commands.grants.application import application_facts
from app.commands.grants.grant import propose_grant, take_step
from app.domain.errors import RuleBroken
from app.domain.grants.application_steps import MAKE_GRANT, STEPS
from app.domain.grants.grant_steps import AWARD
from app.domain.grants.money import Spending, pounds_of, pounds_words, split_pence
from app.domain.grants.terms import indicated_years, shares_from, terms_from
from app.domain.workflow import require_step
from app.models.grants.application import Application
from app.models.grants.application_wire import ApplicationGrantIn
from app.models.grants.funding_round import Round
from app.models.grants.grant import Grant
from app.models.grants.grant_wire import GrantIn, LineIn
from app.models.plan.partnership import Agency
from app.queries.grants.application_lines import asked_amounts


def make_grant(change: Change, row: Application, body: ApplicationGrantIn) -> tuple[Grant, list[str]]:
    """Offers what was approved as a grant. Refused where its money is not left. Also returns warnings."""
    require_step(STEPS, MAKE_GRANT, application_facts(change, row), change.access)
    applicant = change.session.get_one(Agency, row.applicant_id)
    round_ = change.session.get_one(Round, row.round_id)
    grant, warnings = propose_grant(change, _grant_in(row, round_, applicant.code, body))
    total, approved = terms_from(grant.terms).total, row.amount_approved or 0
    if total != approved:
        text = f"The lines sum to {pounds_words(total)}; {pounds_words(approved)} was approved."
        raise RuleBroken("lines", "does_not_add_up", text)
    _require_paid(grant, approved)
    # The applicant proposed it: whoever makes the grant only enters what was decided.
    grant.proposed_by_id = row.sent_by_id
    change.session.flush()
    take_step(change, grant, AWARD, f"Decision {row.decision}")
    row.grant_id = grant.id
    change.session.flush()
    change.touch(row, round_)
    change.record("grant made", "application", row.code, grant=grant.code, amount=approved)
    return grant, warnings


def _require_paid(grant: Grant, approved: int) -> None:
    """RuleBroken where a part of what was approved falls into a year that nothing named pays for certain."""
    shares = shares_from(grant.terms)
    paid = sum(share.pence for share in shares)
    if 0 < paid < approved:
        years = ", ".join(indicated_years(terms_from(grant.terms), shares))
        text = (
            f"{pounds_words(approved - paid)} would fall into {years}, which no confirmed allocation named here "
            "pays. Choose dates within the year of the money, or name what pays the rest too."
        )
        raise RuleBroken("ends", "year_not_paid", text)


def _grant_in(row: Application, round_: Round, applicant: str, body: ApplicationGrantIn) -> GrantIn:
    first = row.lines[0]
    return GrantIn(
        reference=body.reference,
        recipient=applicant,
        payer=body.payer,
        purpose=row.title,
        reasons=row.need,
        priority=first["priority"],
        theme=first["theme"],
        managed_by=body.managed_by or round_.panel,
        paid_in=body.paid_in,
        starts=body.starts,
        ends=body.ends,
        acceptance_due_on=body.acceptance_due_on,
        delegation=body.delegation,
        allocations=body.allocations,
        lines=body.lines or approved_lines(row, round_.financial_year),
    )


def approved_lines(row: Application, year: str | None) -> list[LineIn]:
    """The lines of the round's year, cut in proportion to what was approved."""
    amounts = [each for each in asked_amounts(row.lines) if year in (None, each.year) and each.pence]
    sums: dict[tuple[str, Spending], int] = {}
    for each in amounts:
        key = (each.line, each.spending)
        sums[key] = sums.get(key, 0) + each.pence
    parts = split_pence(row.amount_approved or 0, list(sums.values()))
    return [
        LineIn(title=line, spending=spending, amount=pounds_of(pence))
        for (line, spending), pence in zip(sums, parts, strict=True)
        if pence
    ]
