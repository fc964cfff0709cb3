"""Asks for variations of a grant, and decides them; an approved one makes the grant's next version."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import func, select

from app.commands.change import Change
from app.commands.grants.bank_details import MaskedTexts
from app.commands.grants.grant import add_version, parse_terms, touch_funding
from app.domain.errors import Conflict
from app.domain.grants.available import AllocationStatus
from app.domain.grants.grant import GrantState
from app.domain.grants.terms import Funder, require_terms, terms_from, to_content
from app.domain.grants.variation import Terms, is_recorded_only, variation_kind
from app.domain.grants.variation_steps import (
    APPROVE,
    REFUSE,
    VARIABLE,
    WITHDRAW,
    VariationFacts,
    VariationState,
)
from app.domain.workflow import Step
from app.models.grants.allocation import Allocation
from app.models.grants.fund import Fund
from app.models.grants.grant import Grant
from app.models.grants.variation import Variation, VariationIn
from app.queries.grants.fund import fund_rules
from app.queries.grants.proposer import person_behind
from app.queries.grants.variation import variation_facts


def ask_for_variation(change: Change, grant: Grant, body: VariationIn) -> tuple[Variation, list[str]]:
    """Asks for a change; its kind follows from what changes. A small virement is recorded, and stands at once.

    Also returns warnings about texts.
    """
    state = GrantState(grant.state)
    if state not in VARIABLE:
        raise Conflict("grant_not_variable", f"The grant is {state.label}: nothing of it changes now.")
    before = terms_from(grant.terms)
    after = _terms_after(before, body)
    texts = MaskedTexts()
    numbers = select(func.count()).select_from(Variation).where(Variation.grant_id == grant.id)
    row = Variation(
        partnership_id=grant.partnership_id,
        grant_id=grant.id,
        number=change.session.exec(numbers).one() + 1,
        kind=variation_kind(before, after, is_correction=body.is_correction).value,
        state=VariationState.REQUESTED.value,
        of_version=grant.version_number,
        terms=to_content(after, _funders(change, grant)),
        reason=texts.mask(body.reason),
        on_behalf=texts.mask(body.on_behalf),
        asked_on=change.today,
        asked_by_id=person_behind(change.session, change.actor),
    )
    change.add(row)
    if not body.is_correction and _is_small(change, grant, before, after):
        row.state = VariationState.RECORDED.value
        _apply(change, grant, row)
    _finish(change, grant, row, f"variation {row.state}", kind=row.kind, reason=row.reason)
    return row, texts.warnings


def approve(change: Change, grant: Grant, row: Variation, reason: str) -> list[str]:
    """Makes the grant's next version. Refused where its money is not left. Returns warnings."""
    return _decide(change, grant, row, APPROVE, reason)


def refuse(change: Change, grant: Grant, row: Variation, reason: str) -> list[str]:
    """Refuses what was asked for. Returns warnings."""
    return _decide(change, grant, row, REFUSE, reason)


def withdraw(change: Change, grant: Grant, row: Variation) -> None:
    """Takes back what was asked for."""
    _decide(change, grant, row, WITHDRAW, "")


LEADS_TO = {
    "approve": VariationState.APPROVED,
    "refuse": VariationState.REFUSED,
    "withdraw": VariationState.WITHDRAWN,
}


def _decide(
    change: Change, grant: Grant, row: Variation, step: Step[VariationFacts], reason: str
) -> list[str]:
    step.require(variation_facts(change.session, change.actor, row, grant), change.access)
    texts = MaskedTexts()
    row.state = LEADS_TO[step.name].value
    row.decision_reason = texts.mask(reason)
    row.decided_on = change.today
    if step is APPROVE:
        _apply(change, grant, row)
    _finish(change, grant, row, f"variation {row.state}", kind=row.kind, reason=row.decision_reason)
    return texts.warnings


def _apply(change: Change, grant: Grant, row: Variation) -> None:
    """Makes the terms of a variation the grant's; others that were asked for are superseded."""
    grant.terms = row.terms
    grant.ends = terms_from(row.terms).ends
    grant.version_number += 1
    change.session.flush()
    add_version(change, grant)
    open_ = select(Variation).where(
        Variation.grant_id == grant.id, Variation.state == VariationState.REQUESTED.value
    )
    for other in change.session.exec(open_):
        if other.id != row.id:
            other.state = VariationState.SUPERSEDED.value


def _terms_after(before: Terms, body: VariationIn) -> Terms:
    ends = body.ends or before.ends
    if body.lines is None:
        after = Terms(before.starts, ends, before.amounts)
        require_terms(after)
        return after
    return parse_terms(body.lines, before.starts, ends)


def _funders(change: Change, grant: Grant) -> list[Funder]:
    """The allocations that pay the grant, with the shares of the award's years."""
    ids: Sequence[int | None] = grant.terms["allocation_ids"]
    if ids == [None]:
        return [Funder(None, None)]
    shares: Sequence[int] = grant.terms["shares"]
    rows = (change.session.get_one(Allocation, id_) for id_ in ids)
    return [
        Funder(row.id, row.financial_year, share, AllocationStatus(row.status).counts)
        for row, share in zip(rows, shares, strict=True)
    ]


def _is_small(change: Change, grant: Grant, before: Terms, after: Terms) -> bool:
    """Whether every fund that pays lets it be recorded and not asked for."""
    ids = [id_ for id_ in grant.terms["allocation_ids"] if id_ is not None]
    allocations = [change.session.get_one(Allocation, id_) for id_ in ids]
    limits = [fund_rules(change.session.get_one(Fund, row.fund_id)).virement for row in allocations]
    return bool(limits) and all(is_recorded_only(before, after, limit) for limit in limits)


def _finish(change: Change, grant: Grant, row: Variation, verb: str, **facts: Any) -> None:
    """Bumps what shows the variation, and records the step."""
    change.session.flush()
    change.touch(grant)
    touch_funding(change, grant)
    change.record(verb.replace("_", " "), "variation", f"{grant.code} {row.number}", **facts)
