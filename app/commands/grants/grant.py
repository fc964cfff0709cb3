"""Proposes, edits and awards grants, and takes them through their states."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import select

from app.commands.change import Change
from app.commands.grants.bank_details import MaskedTexts
from app.domain.errors import RuleBroken
from app.domain.grants.available import AllocationStatus
from app.domain.grants.grant import GrantState
from app.domain.grants.grant_steps import EDIT, LEADS_TO, STEPS, GrantFacts
from app.domain.grants.money import pence_of
from app.domain.grants.quarter_profile import even_profile
from app.domain.grants.terms import (
    Funder,
    require_terms,
    shares_from,
    terms_from,
    to_content,
)
from app.domain.grants.variation import AmountKey, Terms
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.workflow import Step, require_step
from app.models.grants.allocation import Allocation
from app.models.grants.delegation import Delegation
from app.models.grants.grant import Grant
from app.models.grants.grant_version import GrantAmount, GrantFunding, GrantVersion
from app.models.grants.grant_wire import GrantAllocationIn, GrantIn, LineIn
from app.queries.grants.agencies import require_agency
from app.queries.grants.allocation import get_allocation
from app.queries.grants.grant import get_grant, grant_facts
from app.queries.grants.proposer import person_behind
from app.queries.groups.named import require_group


def propose_grant(change: Change, body: GrantIn) -> tuple[Grant, list[str]]:
    """Writes a grant that somebody else may award. It counts in no sum yet. Also returns warnings."""
    here = change.partnership
    same = select(Grant.id).where(Grant.partnership_id == here.id, Grant.code == body.reference)
    if change.session.exec(same).first() is not None:
        raise RuleBroken("reference", "code_in_use", f"There is a grant “{body.reference}” already.")
    columns, warnings = _columns(change, body)
    row = Grant(partnership_id=here.id, code=body.reference, state=GrantState.PROPOSED.value, **columns)
    change.add(row)
    change.record("grant proposed", "grant", row.code, amount=terms_from(row.terms).total)
    return row, warnings


def edit_grant(change: Change, row: Grant, body: GrantIn) -> list[str]:
    """Replaces a proposal; whoever edits it becomes its proposer. Returns warnings."""
    require_step(STEPS, EDIT, grant_facts(change.session, change.actor, row, change.today), change.access)
    if body.reference != row.code:
        raise RuleBroken("reference", "reference_stays", f"A grant keeps its reference: {row.code}.")
    columns, warnings = _columns(change, body)
    before = terms_from(row.terms).total
    for name, stored in columns.items():
        setattr(row, name, stored)
    change.session.flush()
    change.record("proposal edited", "grant", row.code, before=before, after=terms_from(row.terms).total)
    return warnings


def take_step(change: Change, row: Grant, step: Step[GrantFacts], reason: str = "") -> list[str]:
    """Takes a step of a grant. An award stores version 1 and what each allocation pays of it. Returns warnings."""
    require_step(STEPS, step, grant_facts(change.session, change.actor, row, change.today), change.access)
    texts = MaskedTexts()
    before = row.state
    row.state = LEADS_TO[step.name].value
    row.state_reason = texts.mask(reason)
    if row.state == GrantState.OFFERED:
        row.version_number = 1
        add_version(change, row)
    change.session.flush()
    touch_funding(change, row)
    verb = f"grant {step.name.replace('_', ' ')}"
    change.record(verb, "grant", row.code, before=before, after=row.state, reason=row.state_reason)
    return texts.warnings


def add_version(change: Change, row: Grant) -> GrantVersion:
    """Stores the terms as the version that stands, with rows for sums."""
    version = change.add(GrantVersion(grant_id=row.id, number=row.version_number, content=row.terms))
    terms, shares = terms_from(row.terms), shares_from(row.terms)
    change.add_all(
        [
            GrantAmount(
                version_id=version.id,
                line=key.line,
                quarter=key.quarter.first,
                spending=key.spending.value,
                pence=pence,
            )
            for key, pence in terms.amounts.items()
        ]
    )
    change.add_all(
        [
            GrantFunding(
                version_id=version.id,
                allocation_id=share.allocation_id,
                financial_year=share.year,
                spending=share.spending.value,
                pence=share.pence,
            )
            for share in shares
        ]
    )
    return version


def touch_funding(change: Change, row: Grant) -> None:
    """Bumps the allocations whose sums the grant is in, and the delegation it is paid from."""
    ids = {share.allocation_id for share in shares_from(row.terms)} | {row.takes_up_id}
    change.touch(*(change.session.get_one(Allocation, id_) for id_ in ids if id_ is not None))
    if row.delegation_id is not None:
        change.touch(change.session.get_one(Delegation, row.delegation_id))


def _columns(change: Change, body: GrantIn) -> tuple[dict[str, Any], list[str]]:
    """A proposal as columns, and warnings about its texts."""
    session, here = change.session, change.partnership
    texts = MaskedTexts()
    delegation = _delegation(change, body)
    allocations = _allocations(change, body, delegation)
    takes_up = get_allocation(session, change.actor, here.id, body.takes_up) if body.takes_up else None
    require_group(session, here, body.managed_by, "managed_by")
    recipient = require_agency(session, here, body.recipient, "recipient")
    terms = parse_terms(body.lines, body.starts, body.ends)
    parent = get_grant(session, change.actor, here.id, body.parent) if body.parent else None
    columns: dict[str, Any] = {
        "recipient_id": recipient.id,
        "payer_id": _payer_id(change, body, allocations, takes_up),
        "parent_id": parent.id if parent is not None else None,
        "takes_up_id": takes_up.id if takes_up is not None else None,
        "delegation_id": delegation.id if delegation is not None else None,
        "instrument": body.instrument.value,
        "kind": body.kind.value,
        "purpose": texts.mask(body.purpose),
        "reasons": texts.mask(body.reasons),
        "priority": body.priority,
        "theme": body.theme,
        "managed_by": body.managed_by or (delegation.group_code if delegation is not None else None),
        "paid_in": body.paid_in.value,
        "starts": body.starts,
        "ends": body.ends,
        "acceptance_due_on": body.acceptance_due_on,
        "ledger_code": texts.mask(body.ledger_code),
        "terms": to_content(terms, _funders(allocations, delegation)),
        "proposed_by_id": person_behind(session, change.actor),
    }
    return columns, texts.warnings


def parse_terms(lines: Sequence[LineIn], starts: date, ends: date) -> Terms:
    """Amounts by line and quarter. RuleBroken for amounts or dates that cannot be."""
    amounts: dict[AmountKey, int] = {}
    for number, line in enumerate(lines):
        for quarter, pence in _profile(line, number, starts, ends).items():
            key = AmountKey(line.title, quarter, line.spending)
            if key in amounts:
                raise RuleBroken(f"lines.{number}", "twice", f"“{line.title}” is in the list twice.")
            amounts[key] = pence
    terms = Terms(starts, ends, amounts)
    require_terms(terms)
    return terms


def _profile(line: LineIn, number: int, starts: date, ends: date) -> dict[Period, int]:
    """A line's amounts by quarter: its own profile, or its amount spread over the grant's days."""
    field = f"lines.{number}"
    if line.profile is None:
        if line.amount is None:
            raise RuleBroken(
                f"{field}.amount", "required", "Say the line's amount, or its profile by quarter."
            )
        return even_profile(pence_of(line.amount, f"{field}.amount"), starts, ends)
    profile: dict[Period, int] = {}
    for position, each in enumerate(line.profile):
        quarter = parse_period(each.quarter)
        if not quarter.is_quarter or quarter in profile:
            text = "Expected quarters such as 2017-18-Q2, each once."
            raise RuleBroken(f"{field}.profile.{position}.quarter", "not_a_quarter", text)
        profile[quarter] = pence_of(each.amount, f"{field}.profile.{position}.amount")
    if line.amount is not None and pence_of(line.amount, f"{field}.amount") != sum(profile.values()):
        raise RuleBroken(f"{field}.amount", "does_not_add_up", "The profile sums to another amount.")
    return profile


def _delegation(change: Change, body: GrantIn) -> Delegation | None:
    if body.delegation is None:
        return None
    query = select(Delegation).where(
        Delegation.partnership_id == change.partnership.id, Delegation.code == body.delegation
    )
    row = change.session.exec(query).first()
    if row is None:
        raise RuleBroken(
            "delegation", "unknown_delegation", f"No group was given “{body.delegation}” to award."
        )
    if body.allocations:
        raise RuleBroken(
            "allocations", "delegated", "The delegation says which allocation pays. Leave this out."
        )
    return row


Paying = tuple[Allocation, int]
"""An allocation and its share."""


def _allocations(change: Change, body: GrantIn, delegation: Delegation | None) -> list[Paying]:
    """The allocations that pay, and their shares."""
    if delegation is not None:
        if delegation.allocation_id is None:
            return []
        return [(change.session.get_one(Allocation, delegation.allocation_id), 1)]
    if bool(body.allocations) == (body.takes_up is not None):
        text = "Say which allocations pay, or which allocation this grant to an accountable body takes up."
        raise RuleBroken("allocations", "required", text)
    return [_paying(change, each) for each in body.allocations]


def _paying(change: Change, each: GrantAllocationIn) -> Paying:
    return get_allocation(change.session, change.actor, change.partnership.id, each.code), each.share


def _funders(allocations: Sequence[Paying], delegation: Delegation | None) -> list[Funder]:
    if delegation is not None and not allocations:
        return [Funder(None, None)]
    return [
        Funder(row.id, row.financial_year, share, AllocationStatus(row.status).counts)
        for row, share in allocations
    ]


def _payer_id(
    change: Change, body: GrantIn, allocations: Sequence[Paying], takes_up: Allocation | None
) -> int:
    """Who pays: as said, else the accountable body of the first allocation."""
    if body.payer is not None:
        return require_agency(change.session, change.partnership, body.payer, "payer").id
    if takes_up is not None or not allocations:
        raise RuleBroken("payer", "required", "Say which agency pays.")
    return allocations[0][0].accountable_body_id
