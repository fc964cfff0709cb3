"""Loads versions of baselines and targets. Versions are only added; a plan's next version begins with the last's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import col, select

from app.document.kit.tree import Path
from app.document.load.document import Work
from app.document.load.edit import quoted, set_here
from app.models.column import plain
from app.models.plan.baseline import Baseline
from app.models.plan.indicator import Indicator
from app.models.plan.plan import Plan
from app.models.plan.target import Target

COMPARED: dict[Any, tuple[str, ...]] = {
    Baseline: ("period", "value", "caveat", "none_because", "year"),
    Target: ("words", "applies", "milestones", "from_period"),
}
"""Columns in which two versions are compared."""
AnyVersion = Baseline | Target
ByIndicator = dict[int, list[Any]]


class Versions:
    """Stored versions of a plan's baselines, or of its targets, oldest first, read once."""

    def __init__(self, work: Work, plan: Plan, model: type[AnyVersion]) -> None:
        self.work, self.plan, self.model = work, plan, model
        self._stored = self._read(plan.id)
        self._earlier = self._read(work.earlier_plan_id) if work.earlier_plan_id is not None else {}

    def _read(self, plan_id: int) -> ByIndicator:
        grouped: ByIndicator = defaultdict(list)
        query = select(self.model).where(self.model.plan_id == plan_id)
        rows: Iterable[Any] = self.work.session.exec(query.order_by(col(self.model.number)))
        for row in rows:
            grouped[row.indicator_id].append(row)
        return grouped

    def stored(self, indicator: Indicator) -> list[Any]:
        return self._stored.get(indicator.id, [])

    def upsert(self, indicator: Indicator, versions: list[dict[str, Any]], path: Path) -> bool:
        """Appends the document's new versions; returns whether there were any. An older document removes none."""
        work, what, names = self.work, f"{path[-1]} of {indicator.code}", COMPARED[self.model]
        for number, version in enumerate(versions):
            work.check_recorded(version["recorded_on"], (*path, number, "recorded_on"))
        stored = self._stored.setdefault(indicator.id, [])
        if not stored and self._carries(indicator, versions):
            stored += self._copies(indicator)
        new = _new_versions(
            [[getattr(row, name) for name in names] for row in stored],
            [[version[name] for name in names] for version in versions],
        )
        if not new:
            if len(versions) < len(stored):
                work.left_alone.append(self._left_alone_words(indicator, what, stored[-1], versions))
            return False
        if not work.may_change((*path, new[0]), f"The {what}"):
            return False
        work.did("changed" if stored else "created", what + self._replaced_words(indicator, stored))
        for number, index in enumerate(new, start=len(stored) + 1):
            stored.append(self._append(indicator, number, versions[index]))
        return True

    def _append(self, indicator: Indicator, number: int, version: dict[str, Any]) -> AnyVersion:
        columns = {name: cell for name, cell in version.items() if name != "recorded_on"}
        row = self.model(
            plan_id=self.plan.id,
            indicator_id=indicator.id,
            number=number,
            **columns,
            recorded_at=self.work.instant(version["recorded_on"]),
        )
        return self.work.change.add(row)

    def _carries(self, indicator: Indicator, versions: Sequence[object]) -> bool:
        """Whether the plan's next version keeps the history of the last.

        Where the document has none, only if the newest was set here: a plan may drop a target of its own.
        """
        earlier = self._earlier.get(indicator.id, [])
        return bool(earlier) and (bool(versions) or self._is_edit(indicator, earlier[-1]))

    def _copies(self, indicator: Indicator) -> list[AnyVersion]:
        """Adds the earlier plan's versions to this plan, with their authors and times; they are new rows."""
        names = self.model.model_fields.keys() - {"id", "seq", "plan_id"}
        rows = [
            self.model(plan_id=self.plan.id, **{name: getattr(row, name) for name in names})
            for row in self._earlier[indicator.id]
        ]
        self.work.change.add_all(rows)
        return rows

    def _is_edit(self, indicator: Indicator, row: AnyVersion) -> bool:
        """Whether the row is what the indicator's newest edit set."""
        columns = {name: getattr(row, name) for name in COMPARED[self.model]}
        return self.work.edits.setting(indicator.code, self._field, columns) is not None

    @property
    def _field(self) -> str:
        """Name of the audit record for it."""
        return self.model.__name__.lower()

    def _left_alone_words(
        self, indicator: Indicator, what: str, newest: AnyVersion, versions: Sequence[dict[str, Any]]
    ) -> str:
        is_in_document = versions and all(
            versions[-1][name] == getattr(newest, name) for name in COMPARED[self.model]
        )
        if is_in_document or not self._is_edit(indicator, newest):
            return f"a version of the {what} is not in the document"
        words = f"the document has {_words(versions[-1])}, as before" if versions else "the document has none"
        return f"{self._set_words(indicator, newest)}, is kept; {words}"

    def _replaced_words(self, indicator: Indicator, stored: Sequence[AnyVersion]) -> str:
        if not stored or not self._is_edit(indicator, stored[-1]):
            return ""
        return f": it follows {_words(stored[-1].model_dump())}, {set_here(stored[-1].recorded_at, stored[-1].author)}"

    def _set_words(self, indicator: Indicator, row: AnyVersion) -> str:
        set_words = set_here(row.recorded_at, row.author)
        return f"{self.model.__name__} of {indicator.title}: {_words(row.model_dump())}, {set_words}"


def _words(version: dict[str, Any]) -> str:
    """A target's words; a baseline's value, its year, or why there is none."""
    if version.get("value") is not None:
        return f"{plain(version['value'])} for {version['period']}"
    return quoted(version.get("words") or version.get("year") or version.get("none_because"))


def _new_versions(stored: Sequence[Any], versions: Sequence[Any]) -> list[int]:
    """Indexes of the document's versions to append after the stored ones."""
    if (
        not versions
        or (stored and versions[-1] == stored[-1])
        or list(versions) == list(stored[: len(versions)])
    ):
        return []
    if list(versions[: len(stored)]) == list(stored):
        return list(range(len(stored), len(versions)))
    return [len(versions) - 1]
