"""Editing an indicator, its baseline and its target: each edit a version, none of them lost."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.commands import audit
from app.db import seq
from app.domain.authority import Actor
from app.domain.errors import RuleBroken
from app.domain.period import containing
from app.domain.target import Applies
from app.models.baseline import Baseline, BaselineIn
from app.models.column import plain
from app.models.indicator import Indicator, IndicatorPatch
from app.models.partnership import Agency, PartnershipAgency
from app.models.plan import Plan
from app.models.target import Target, TargetIn

PLAIN_FIELDS = (
    "title",
    "definition",
    "suppliers",
    "publication_lag_days",
    "reporting_sensitive",
    "paired_with",
    "tolerance",
    "note",
)


def edit_indicator(
    session: Session, indicator: Indicator, plan: Plan, patch: IndicatorPatch, *, actor: Actor, today: date, now: datetime
) -> None:
    """Carries out what the patch names. The indicator's version goes up by one where anything changes."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    named = patch.model_fields_set
    _codes_exist(session, indicator, patch)
    for field in PLAIN_FIELDS:
        if field in named and getattr(patch, field) != getattr(indicator, field):
            before[field], after[field] = getattr(indicator, field), getattr(patch, field)
            setattr(indicator, field, getattr(patch, field))
    if "responsible_agency" in named:
        _answer_for(session, indicator, patch.responsible_agency, before, after)
    if "retired_reason" in named:
        _retire(indicator, patch.retired_reason, today, before, after)
    if patch.baseline is not None:
        _baseline(session, indicator, plan, patch.baseline, patch.reason, actor, now, before, after)
    if patch.target is not None:
        _target(session, indicator, plan, patch.target, patch.reason, actor, today, now, before, after)
    if not after:
        return
    indicator.version += 1
    indicator.seq = seq(session)
    session.add(indicator)
    audit.record(
        session,
        actor,
        "indicator edited",
        ("indicator", indicator.code),
        {"before": _plain(before), "after": _plain(after), "reason": patch.reason},
        at=now,
        partnership_id=indicator.partnership_id,
    )


def _codes_exist(session: Session, indicator: Indicator, patch: IndicatorPatch) -> None:
    """Other things a patch names must be there, or it would point at nothing."""
    if patch.paired_with is not None and patch.paired_with != indicator.paired_with:
        query = select(Indicator.id).where(
            Indicator.partnership_id == indicator.partnership_id, Indicator.code == patch.paired_with
        )
        if session.exec(query).first() is None:
            raise RuleBroken("paired_with", "unknown_indicator", f"There is no indicator “{patch.paired_with}”.")
    for code in patch.suppliers or []:
        _agency(session, indicator.partnership_id, code, "suppliers")
    for field in ("title", "definition", "note", "publication_lag_days", "reporting_sensitive", "suppliers"):
        if field in patch.model_fields_set and getattr(patch, field) is None:
            raise RuleBroken(field, "required", "This cannot be empty; leave it out to keep what is there.")


def _agency(session: Session, partnership_id: int, code: str, field: str) -> Agency:
    found = session.exec(
        select(Agency)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == Agency.id)
        .where(PartnershipAgency.partnership_id == partnership_id, Agency.code == code)
    ).first()
    if found is None:
        raise RuleBroken(field, "unknown_agency", f"There is no agency “{code}” in this partnership.")
    return found


def _answer_for(
    session: Session, indicator: Indicator, code: str | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    agency = _agency(session, indicator.partnership_id, code, "responsible_agency") if code is not None else None
    if (agency.id if agency else None) == indicator.responsible_agency_id:
        return
    earlier = session.get(Agency, indicator.responsible_agency_id) if indicator.responsible_agency_id else None
    before["responsible_agency"] = earlier.code if earlier else None
    after["responsible_agency"] = code
    indicator.responsible_agency_id = agency.id if agency else None


def _retire(
    indicator: Indicator, reason: str | None, today: date, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """A reason retires it; taking the reason away brings it back. It can be read either way."""
    if (reason or "") == indicator.retired_reason:
        return
    before["retired_reason"], after["retired_reason"] = indicator.retired_reason, reason
    indicator.retired_reason = reason or ""
    indicator.retired_on = today if reason else None


def _baseline(
    session: Session,
    indicator: Indicator,
    plan: Plan,
    sent: BaselineIn,
    reason: str,
    actor: Actor,
    now: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    kinds = [sent.value is not None, sent.none_because is not None, sent.year is not None]
    if sum(kinds) != 1 or (sent.value is not None) != (sent.period is not None):
        raise RuleBroken(
            "baseline", "bad_baseline", "Give a value with its period, or why there is none, or the baseline year."
        )
    made = Baseline(
        plan_id=plan.id or 0,
        indicator_id=indicator.id or 0,
        number=_next_number(session, Baseline, plan, indicator),
        period=sent.period,
        value=sent.value,
        caveat=sent.caveat,
        none_because=sent.none_because,
        year=sent.year,
        reason=reason,
        recorded_at=now,
        recorded_by=actor.name,
        seq=seq(session),
    )
    earlier = _newest(session, Baseline, plan, indicator)
    fields = ("period", "value", "caveat", "none_because", "year")
    if earlier is not None and all(getattr(earlier, name) == getattr(made, name) for name in fields):
        return
    before["baseline"] = {name: getattr(earlier, name) for name in fields} if earlier is not None else None
    after["baseline"] = {name: getattr(made, name) for name in fields}
    session.add(made)
    session.flush()


def _target(
    session: Session,
    indicator: Indicator,
    plan: Plan,
    sent: TargetIn,
    reason: str,
    actor: Actor,
    today: date,
    now: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    if sent.applies not in set(Applies):
        raise RuleBroken("target.applies", "not_one_of", f"Expected one of: {', '.join(Applies)}.")
    earlier = _newest(session, Target, plan, indicator)
    made = Target(
        plan_id=plan.id or 0,
        indicator_id=indicator.id or 0,
        number=_next_number(session, Target, plan, indicator),
        words=sent.words,
        applies=sent.applies,
        milestones=[{"period": each.period, "value": plain(each.value)} for each in sent.milestones],
        from_period=sent.from_period or str(containing(today, 12)),
        reason=reason,
        recorded_at=now,
        recorded_by=actor.name,
        seq=seq(session),
    )
    fields = ("words", "applies", "milestones")
    same = earlier is not None and all(getattr(earlier, name) == getattr(made, name) for name in fields)
    if same and sent.from_period in (None, earlier.from_period if earlier else None):
        return
    fields = (*fields, "from_period")
    before["target"] = {name: getattr(earlier, name) for name in fields} if earlier is not None else None
    after["target"] = {name: getattr(made, name) for name in fields}
    session.add(made)
    session.flush()


def _newest(session: Session, model: Any, plan: Plan, indicator: Indicator) -> Any:
    query = select(model).where(model.plan_id == plan.id, model.indicator_id == indicator.id)
    return session.exec(query.order_by(col(model.number).desc())).first()


def _next_number(session: Session, model: Any, plan: Plan, indicator: Indicator) -> int:
    query = select(func.max(model.number)).where(model.plan_id == plan.id, model.indicator_id == indicator.id)
    return (session.exec(query).one() or 0) + 1


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Decimals as digits, so that the audit record holds them exactly."""
    return {
        name: _plain(value) if isinstance(value, Mapping) else plain(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
    }
