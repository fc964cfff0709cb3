"""Loads indicators with their baselines, targets, releases and published changes."""

from typing import Any

from sqlmodel import col, select

from app.commands.plan.indicator_version import append_versions
from app.commands.plan.touch import touch_figures, touch_targets
from app.document.kit.row import RowEntry, StoredRows, column, row_entry, upsert_rows
from app.document.kit.tree import Path
from app.document.load.document import Work
from app.document.load.own_edit import EditableIndicators
from app.document.load.release import stored_approvals, upsert_approvals, without_refused_columns
from app.document.load.target_reading import report_target
from app.document.load.version import COMPARED, Versions
from app.document.shape import BaselineEntry, IndicatorEntry, TargetEntry
from app.domain.errors import RuleBroken
from app.domain.period import year_named
from app.domain.plan.indicator import check_tolerance
from app.models.column import plain
from app.models.figures.published_change import PublishedChange
from app.models.plan.baseline import Baseline
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan
from app.models.plan.target import Target
from app.queries.figures.visibility import FigureVisibility

APART = ("responsible", "breaks", "release", "baseline", "target", "published_changes")


def upsert_indicators(
    work: Work, partnership: Partnership, plan: Plan, agencies: dict[str, int], visibility: FigureVisibility
) -> tuple[dict[str, Indicator], bool]:
    """Creates and changes indicators; returns the partnership's by code, and whether any changed."""
    stored = work.session.exec(
        select(Indicator).where(Indicator.partnership_id == partnership.id).order_by(col(Indicator.position))
    ).all()
    versions = {row.code: row.seq for row in stored}
    by_code = {row.code: row for row in stored}
    work.measured_before = {row.code: row.judged() for row in stored}
    editable = EditableIndicators(work, by_code)
    entries = [
        without_refused_columns(
            work,
            by_code,
            editable.without_undone_edits(_columns(entry, ("indicators", number), agencies), entry),
            visibility,
        )
        for number, entry in enumerate(work.document.indicators)
    ]
    for number, entry in enumerate(work.document.indicators):
        _check_tolerance(work, by_code.get(entry.code), entry, ("indicators", number, "tolerance"))
    owner = {"partnership_id": partnership.id}
    rows, changed = upsert_rows(work, StoredRows(Indicator, "indicator", stored, owner), entries)
    work.session.flush()
    details = _Details(work, plan, [row.id for row in rows.values()])
    for number, entry in enumerate(work.document.indicators):
        if entry.code in rows and details.upsert(rows[entry.code], entry, ("indicators", number)):
            work.change.touch(rows[entry.code])
            changed = True
    altered = [row for code, row in rows.items() if row.seq != versions.get(code, row.seq)]
    for row in altered:
        row.version += 1
    append_versions(work.change, rows.values())
    ids = [row.id for row in altered]
    touch_figures(work.session, ids)
    touch_targets(work.session, ids)
    return rows, changed


def _check_tolerance(work: Work, stored: Indicator | None, entry: IndicatorEntry, path: Path) -> None:
    try:
        check_tolerance(entry.tolerance)
    except RuleBroken as error:
        is_stored = stored is not None and stored.tolerance == entry.tolerance
        work.refuse_unless(is_stored, path, error.code, f"{error.field}: {error.message}")


def _columns(entry: IndicatorEntry, path: Path, agencies: dict[str, int]) -> RowEntry:
    entry_columns = row_entry(entry, path)
    columns = {name: cell for name, cell in entry_columns.columns.items() if name not in APART}
    columns["denominator"] = columns["denominator"] or ""
    columns["unit"] = columns["unit"] or ""
    columns["responsible_agency_id"] = agencies[entry.responsible] if entry.responsible else None
    columns["breaks"] = column(entry.breaks)
    columns["release_to"] = entry.release.to.value
    named = set(entry_columns.named)
    if "to" in entry.release.model_fields_set:
        named.add("release_to")
    if "responsible" in named:
        named.add("responsible_agency_id")
    return RowEntry(entry.code, path, columns, frozenset(named))


class _Details:
    """Stored baselines, targets, approvals and published changes of the plan's indicators, read once."""

    def __init__(self, work: Work, plan: Plan, ids: list[int]) -> None:
        self.work, self.plan = work, plan
        self.baselines = Versions(work, plan, Baseline)
        self.targets = Versions(work, plan, Target)
        self.approvals = stored_approvals(work, ids)
        query = select(PublishedChange).where(col(PublishedChange.indicator_id).in_(ids))
        self.changes: dict[int, list[PublishedChange]] = {}
        for row in work.session.exec(query.order_by(col(PublishedChange.position))):
            self.changes.setdefault(row.indicator_id, []).append(row)

    def upsert(self, indicator: Indicator, entry: IndicatorEntry, path: Path) -> bool:
        """Stores the details of one indicator; returns whether any changed."""
        baselines = [_baseline(version) for version in entry.baseline]
        targets = [self._target(version) for version in entry.target]
        changed = self.baselines.upsert(indicator, baselines, (*path, "baseline"))
        approvals = self.approvals.get(indicator.id, [])
        changed |= upsert_approvals(self.work, indicator, approvals, entry, (*path, "release"))
        if self.targets.upsert(indicator, targets, (*path, "target")):
            changed = True
            baseline = next(iter(self.baselines.stored(indicator)[-1:]), None)
            report_target(self.work, indicator, baseline, self.targets.stored(indicator), (*path, "target"))
        return changed | self._published(indicator, entry, (*path, "published_changes"))

    def _target(self, version: TargetEntry) -> dict[str, Any]:
        return {
            "words": version.words,
            "applies": version.applies.value,
            "milestones": [{"period": m.period, "value": plain(m.value)} for m in version.milestones],
            "from_period": version.from_period or str(year_named(self.plan.first_year)),
            "reason": version.reason,
            "recorded_on": version.recorded_on,
        }

    def _published(self, indicator: Indicator, entry: IndicatorEntry, path: Path) -> bool:
        stored = {
            (c.area_code, c.period, c.compared_with, c.unit): c for c in self.changes.get(indicator.id, [])
        }
        own = self.work.document.partnership.area
        changed = False
        for number, change in enumerate(entry.published_changes):
            area = change.area if change.area != own else None
            row = stored.pop((area, change.period, change.compared_with, change.unit), None)
            what = f"published change of {indicator.code} for {change.period}"
            if row is None:
                self.work.change.add(
                    PublishedChange(
                        **change.model_dump(exclude={"area"}),
                        area_code=area,
                        indicator_id=indicator.id,
                        position=number + 1,
                    )
                )
                self.work.did("created", what)
                changed = True
                continue
            content = (change.change, change.words, change.source)
            if (row.change, row.words, row.source) != content and self.work.may_change((*path, number), what):
                row.change, row.words, row.source = content
                self.work.did("changed", what)
                changed = True
        self.work.left_alone.extend(
            f"published change of {indicator.code} for {row.period} is not in the document"
            for row in stored.values()
        )
        return changed


def _baseline(version: BaselineEntry) -> dict[str, Any]:
    return {name: getattr(version, name) for name in (*COMPARED[Baseline], "reason", "recorded_on")}
