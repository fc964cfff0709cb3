"""Adds and edits rounds of applications."""

from typing import Any

from sqlmodel import select

from app.commands.change import Change
from app.commands.grants.allocation import financial_year
from app.commands.grants.bank_details import MaskedTexts
from app.commands.groups.code import require_free
from app.commands.groups.edit import refuse_null, require_day, set_columns
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.funding_round import EDIT, Decider, RoundFacts, require_round_days
from app.domain.grants.money import pence_of
from app.domain.grants.scoring import Criterion, Scheme, require_scheme
from app.models.grants.application import Application
from app.models.grants.appraisal import Appraisal
from app.models.grants.fund import Fund
from app.models.grants.funding_round import Round, RoundIn, RoundPatch, SchemeIn
from app.queries.grants.funding_round import applications_of
from app.queries.grants.visible import funds
from app.queries.groups.named import require_group

MAY_BE_NULL = {"decides_on", "cap", "panel"}


def add_round(change: Change, body: RoundIn) -> Round:
    """Adds a round. A funder's own is added by an administrator, for the funder."""
    EDIT.require(RoundFacts(decider=body.decider), change.access)
    require_free(change, Round, body.code)
    require_group(change.session, change.partnership, body.panel, "panel")
    row = Round(
        partnership_id=change.partnership.id,
        code=body.code,
        title=body.title,
        fund_id=_fund_id(change, body.fund),
        financial_year=financial_year(body.financial_year, "financial_year"),
        opens_on=body.opens_on,
        closes_on=body.closes_on,
        decides_on=body.decides_on,
        cap=_cap(body.cap),
        panel=body.panel,
        decider=body.decider.value,
        scheme=scheme_content(body.scheme),
        note=MaskedTexts().mask(body.note),
    )
    _require_days(row)
    change.add(row)
    change.record("round added", "round", row.code, title=row.title, closes_on=row.closes_on.isoformat())
    return row


def edit_round(change: Change, row: Round, patch: RoundPatch) -> None:
    """Changes the fields that the patch names and that differ, and records each with its old value."""
    EDIT.require(RoundFacts(decider=Decider(row.decider)), change.access)
    columns: dict[str, Any] = patch.model_dump(exclude_unset=True, exclude={"scheme", "cap"})
    if "cap" in patch.model_fields_set:
        columns["cap"] = _cap(patch.cap)
    if "scheme" in patch.model_fields_set:
        columns["scheme"] = scheme_content(patch.scheme) if patch.scheme is not None else None
    refuse_null(columns, MAY_BE_NULL)
    if "note" in columns:
        columns["note"] = MaskedTexts().mask(columns["note"])
    require_group(change.session, change.partnership, columns.get("panel"), "panel")
    if columns.get("scheme", row.scheme) != row.scheme:
        _require_no_scores(change, row)
    edits = set_columns(row, columns)
    _require_days(row)
    if edits:
        change.session.add(row)
        change.touch(*applications_of(change.session, row))
        change.record("round edited", "round", row.code, before=edits.before, after=edits.after)


def scheme_content(body: SchemeIn) -> dict[str, Any]:
    """The scheme as it is stored. RuleBroken for one that cannot be."""
    criteria = tuple(Criterion(each.code, each.title, each.weight) for each in body.criteria)
    require_scheme(Scheme(criteria, body.least, body.most))
    return body.model_dump()


def _cap(pounds: Any) -> int | None:
    if pounds is None:
        return None
    cap = pence_of(pounds, "cap")
    if cap == 0:
        raise RuleBroken("cap", "no_amount", "A cap is above £0. Leave it out where there is none.")
    return cap


def _fund_id(change: Change, code: str) -> int:
    row = change.session.exec(funds(change.actor).where(Fund.code == code)).first()
    if row is None:
        text = f"“{code}” is no fund here. Check its code, or add the fund first."
        raise RuleBroken("fund", "unknown_fund", text)
    return row.id


def _require_days(row: Round) -> None:
    for name in ("opens_on", "closes_on", "decides_on"):
        require_day(getattr(row, name), name)
    require_round_days(row.opens_on, row.closes_on, row.decides_on)


def _require_no_scores(change: Change, row: Round) -> None:
    query = select(Appraisal.id).join(Application).where(Application.round_id == row.id)
    if change.session.exec(query).first() is not None:
        text = (
            "Applications are scored by this scheme already. It stays; add another round for another scheme."
        )
        raise Conflict("scheme_in_use", text)
