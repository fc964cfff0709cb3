"""Editing an indicator, its baseline and its target: each edit a version, none of them lost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from app.commands.change import Change
from app.commands.plan import edition
from app.commands.plan.restamp import restamp_figures, restamp_pairs, restamp_targets
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
READ_WITH_FIGURES = {"title", "release_to", "responsible_agency", "suppliers"}
"""What figures are told with, or decides who may see them."""


class Edit:
    """One edit of one indicator, and what it has changed so far, for the audit record."""

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
    """Carries out what the patch names. The indicator's version goes up by one where anything changes."""
    session, edit = change.session, Edit(change, indicator, plan, patch.reason)
    named = patch.model_fields_set
    _may_be_so(session, indicator, patch)
    for field in PLAIN_FIELDS:
        if field in named and getattr(patch, field) != getattr(indicator, field):
            edit.changed(field, getattr(indicator, field), getattr(patch, field))
            setattr(indicator, field, getattr(patch, field))
    if "responsible_agency" in named:
        _answer_for(edit, patch.responsible_agency)
    if "retired_reason" in named:
        _retire(edit, patch.retired_reason or "")
    if patch.baseline is not None:
        _baseline(edit, patch.baseline)
    if patch.target is not None:
        _target(edit, patch.target)
    if not edit.after:
        return
    indicator.version += 1
    session.add(indicator)
    edition.keep(change, [indicator])
    _restamp_what_reads(edit)
    before, after = _plain(edit.before), _plain(edit.after)
    change.record(
        "indicator edited", "indicator", indicator.code, before=before, after=after, reason=patch.reason
    )


def _restamp_what_reads(edit: Edit) -> None:
    ids = [edit.indicator.id]
    if "title" in edit.after:
        restamp_pairs(edit.session, edit.indicator)
    if READ_WITH_FIGURES & edit.after.keys():
        restamp_figures(edit.session, ids)
    if "baseline" in edit.after:
        restamp_targets(edit.session, ids)


def _may_be_so(session: Session, indicator: Indicator, patch: IndicatorPatch) -> None:
    """Other things a patch names must be there, or it would point at nothing; what is required stays filled."""
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
        _agency(session, indicator.partnership_id, code, "suppliers")
    check_tolerance(patch.tolerance)
    for field in NEVER_EMPTY & patch.model_fields_set:
        if getattr(patch, field) is None:
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


def _answer_for(edit: Edit, code: str | None) -> None:
    indicator = edit.indicator
    field = "responsible_agency"
    agency = _agency(edit.session, indicator.partnership_id, code, field) if code is not None else None
    agency_id = agency.id if agency is not None else None
    if agency_id == indicator.responsible_agency_id:
        return
    earlier_id = indicator.responsible_agency_id
    earlier = edit.session.get_one(Agency, earlier_id).code if earlier_id is not None else None
    edit.changed(field, earlier, code)
    indicator.responsible_agency_id = agency_id


def _retire(edit: Edit, reason: str) -> None:
    """A reason retires it; taking the reason away brings it back. It can be read either way."""
    if reason == edit.indicator.retired_reason:
        return
    edit.changed("retired_reason", edit.indicator.retired_reason, reason)
    edit.indicator.retired_reason = reason
    edit.indicator.retired_on = edit.change.today if reason else None


def _baseline(edit: Edit, sent: BaselineIn) -> None:
    kinds = [sent.value is not None, sent.none_because is not None, sent.year is not None]
    if sum(kinds) != 1 or (sent.value is not None) != (sent.period is not None):
        raise RuleBroken(
            "baseline",
            "bad_baseline",
            "Give a value with its period, or why there is none, or the baseline year.",
        )
    _next_version(edit, "baseline", Baseline, {**sent.model_dump(), "year": _year(sent.year)})


def _year(written: str | None) -> str | None:
    if written is None:
        return None
    year = parse_period(written)
    if not year.is_financial_year:
        raise RuleBroken(
            "baseline.year", "not_a_financial_year", "Expected a financial year such as 2017-18."
        )
    return year_text(year)


def _target(edit: Edit, sent: TargetIn) -> None:
    values = {
        "words": sent.words,
        "applies": sent.applies.value,
        "milestones": [{"period": each.period, "value": plain(each.value)} for each in sent.milestones],
    }
    earlier = edit.newest(Target)
    same = earlier is not None and all(getattr(earlier, name) == value for name, value in values.items())
    if sent.from_period is None and same:
        return
    values["from_period"] = sent.from_period or str(containing(edit.change.today, 12))
    _next_version(edit, "target", Target, values)


def _next_version(edit: Edit, field: str, model: Any, values: dict[str, Any]) -> None:
    """Appends a version unless it says what the newest one says."""
    earlier = edit.newest(model)
    was = {name: getattr(earlier, name) for name in values} if earlier is not None else None
    if was == values:
        return
    edit.changed(field, was, values)
    number = (earlier.number if earlier is not None else 0) + 1
    of = {"plan_id": edit.plan.id, "indicator_id": edit.indicator.id, "reason": edit.reason}
    edit.change.add(model(**values, **of, number=number))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Decimals as digits, so that the audit record holds them exactly."""
    return {
        name: _plain(value)
        if isinstance(value, Mapping)
        else plain(value)
        if isinstance(value, Decimal)
        else value
        for name, value in values.items()
    }
