"""Edits an indicator, its baseline and its target. Each edit appends a version; none is overwritten."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from app.commands.change import Change
from app.commands.plan.indicator_version import append_versions
from app.commands.plan.touch import touch_figures, touch_indicators_paired_with, touch_targets
from app.domain.errors import RuleBroken
from app.domain.period import containing, year_text
from app.domain.period_text import parse_period
from app.domain.plan.indicator import check_tolerance
from app.models.column import plain
from app.models.plan.baseline import Baseline, BaselineIn
from app.models.plan.indicator import Indicator, IndicatorPatch
from app.models.plan.partnership import Agency, PartnershipAgency
from app.models.plan.plan import Plan
from app.models.plan.target import Target, TargetIn

PLAIN_FIELDS = (
    "title",
    "definition",
    "suppliers",
    "publication_lag_days",
    "reporting_sensitive",
    "release_to",
    "paired_with",
    "tolerance",
    "note",
)
NEVER_EMPTY = {
    "title",
    "definition",
    "note",
    "publication_lag_days",
    "reporting_sensitive",
    "release_to",
    "suppliers",
}
READ_WITH_TARGETS = {"baseline", "reporting_sensitive"}
"""Fields that decide whether a target is judged."""
READ_WITH_FIGURES = {"title", "release_to", "responsible_agency", "suppliers"}
"""Fields that are shown with figures, or decide who may see them."""


class Edit:
    """One edit of one indicator, and the fields that it has changed so far, for the audit event."""

    def __init__(self, change: Change, indicator: Indicator, plan: Plan, reason: str) -> None:
        self.change = change
        self.session = change.session
        self.indicator = indicator
        self.plan = plan
        self.reason = reason
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}

    def changed(self, field: str, before: Any, after: Any) -> None:
        self.before[field], self.after[field] = before, after

    def newest(self, model: Any) -> Any:
        query = select(model).where(model.plan_id == self.plan.id, model.indicator_id == self.indicator.id)
        return self.session.exec(query.order_by(col(model.number).desc())).first()


def edit_indicator(change: Change, indicator: Indicator, plan: Plan, patch: IndicatorPatch) -> None:
    """Changes the fields that the patch names. The indicator's version goes up by one if anything changes."""
    session, edit = change.session, Edit(change, indicator, plan, patch.reason)
    named = patch.model_fields_set
    _check_patch(session, indicator, patch)
    for field in PLAIN_FIELDS:
        if field in named and getattr(patch, field) != getattr(indicator, field):
            edit.changed(field, getattr(indicator, field), getattr(patch, field))
            setattr(indicator, field, getattr(patch, field))
    if "responsible_agency" in named:
        _set_responsible_agency(edit, patch.responsible_agency)
    if "retired_reason" in named:
        _retire(edit, patch.retired_reason or "")
    if patch.baseline is not None:
        _append_baseline(edit, patch.baseline)
    if patch.target is not None:
        _append_target(edit, patch.target)
    if not edit.after:
        return
    indicator.version += 1
    session.add(indicator)
    append_versions(change, [indicator])
    _touch_dependents(edit)
    before, after = _to_plain(edit.before), _to_plain(edit.after)
    change.record(
        "indicator edited", "indicator", indicator.code, before=before, after=after, reason=patch.reason
    )


def _touch_dependents(edit: Edit) -> None:
    ids = [edit.indicator.id]
    if "title" in edit.after:
        touch_indicators_paired_with(edit.session, edit.indicator)
    if READ_WITH_FIGURES & edit.after.keys():
        touch_figures(edit.session, ids)
    if READ_WITH_TARGETS & edit.after.keys():
        touch_targets(edit.session, ids)


def _check_patch(session: Session, indicator: Indicator, patch: IndicatorPatch) -> None:
    """Raises RuleBroken if the patch names an unknown indicator or agency, or empties a required field."""
    if patch.paired_with == indicator.code:
        raise RuleBroken("paired_with", "itself", "An indicator is read with another than itself.")
    if patch.paired_with is not None and patch.paired_with != indicator.paired_with:
        query = select(Indicator.id).where(
            Indicator.partnership_id == indicator.partnership_id, Indicator.code == patch.paired_with
        )
        if session.exec(query).first() is None:
            raise RuleBroken(
                "paired_with", "unknown_indicator", f"There is no indicator “{patch.paired_with}”."
            )
    for code in patch.suppliers or []:
        _get_agency(session, indicator.partnership_id, code, "suppliers")
    check_tolerance(patch.tolerance)
    for field in NEVER_EMPTY & patch.model_fields_set:
        if getattr(patch, field) is None:
            raise RuleBroken(field, "required", "This cannot be empty; leave it out to keep what is there.")


def _get_agency(session: Session, partnership_id: int, code: str, field: str) -> Agency:
    agency = session.exec(
        select(Agency)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == Agency.id)
        .where(PartnershipAgency.partnership_id == partnership_id, Agency.code == code)
    ).first()
    if agency is None:
        raise RuleBroken(field, "unknown_agency", f"There is no agency “{code}” in this partnership.")
    return agency


def _set_responsible_agency(edit: Edit, code: str | None) -> None:
    indicator = edit.indicator
    field = "responsible_agency"
    agency = _get_agency(edit.session, indicator.partnership_id, code, field) if code is not None else None
    agency_id = agency.id if agency is not None else None
    if agency_id == indicator.responsible_agency_id:
        return
    earlier_id = indicator.responsible_agency_id
    earlier = edit.session.get_one(Agency, earlier_id).code if earlier_id is not None else None
    edit.changed(field, earlier, code)
    indicator.responsible_agency_id = agency_id


def _retire(edit: Edit, reason: str) -> None:
    """Retires the indicator if there is a reason; an empty one brings it back. It can be read either way."""
    if reason == edit.indicator.retired_reason:
        return
    edit.changed("retired_reason", edit.indicator.retired_reason, reason)
    edit.indicator.retired_reason = reason
    edit.indicator.retired_on = edit.change.today if reason else None


def _append_baseline(edit: Edit, baseline: BaselineIn) -> None:
    kinds = [baseline.value is not None, baseline.none_because is not None, baseline.year is not None]
    if sum(kinds) != 1 or (baseline.value is not None) != (baseline.period is not None):
        raise RuleBroken(
            "baseline",
            "bad_baseline",
            "Give a value with its period, or why there is none, or the baseline year.",
        )
    _append_version(edit, "baseline", Baseline, {**baseline.model_dump(), "year": _parse_year(baseline.year)})


def _parse_year(text: str | None) -> str | None:
    if text is None:
        return None
    year = parse_period(text)
    if not year.is_financial_year:
        raise RuleBroken(
            "baseline.year", "not_a_financial_year", "Expected a financial year such as 2017-18."
        )
    return year_text(year)


def _append_target(edit: Edit, target: TargetIn) -> None:
    values = {
        "words": target.words,
        "applies": target.applies.value,
        "milestones": [{"period": each.period, "value": plain(each.value)} for each in target.milestones],
    }
    earlier = edit.newest(Target)
    is_same = earlier is not None and all(getattr(earlier, name) == value for name, value in values.items())
    if target.from_period is None and is_same:
        return
    values["from_period"] = target.from_period or str(containing(edit.change.today, 12))
    _append_version(edit, "target", Target, values)


def _append_version(edit: Edit, field: str, model: Any, values: dict[str, Any]) -> None:
    """Appends a version unless it equals the newest one."""
    earlier = edit.newest(model)
    before = {name: getattr(earlier, name) for name in values} if earlier is not None else None
    if before == values:
        return
    edit.changed(field, before, values)
    number = (earlier.number if earlier is not None else 0) + 1
    owner = {"plan_id": edit.plan.id, "indicator_id": edit.indicator.id, "reason": edit.reason}
    edit.change.add(model(**values, **owner, number=number))


def _to_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Converts decimals to digits, so that the audit event holds them exactly."""
    return {
        name: _to_plain(value)
        if isinstance(value, Mapping)
        else plain(value)
        if isinstance(value, Decimal)
        else value
        for name, value in values.items()
    }
