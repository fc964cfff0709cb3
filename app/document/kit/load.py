"""The state of one load of a document: its lines, its problems so far, and the changes it made."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlmodel import Session

from app.commands.change import Change
from app.document.kit.tree import LineOf, Path
from app.document.refusal import Problem
from app.domain.access.authority import Access
from app.domain.plan.indicator import Indicator as Measured
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan

NOON = time(12, tzinfo=UTC)
LONGEST_TEXT = 60


class Done(NamedTuple):
    """One thing that an import created or changed, as `kind` says."""

    kind: str
    what: str


class ReadTarget(NamedTuple):
    """A target that an import added, and how it is understood. `not_judged_because` is empty where it is judged."""

    line: int
    indicator: str
    words: str
    understood_as: str
    not_judged_because: str

    @property
    def sentence(self) -> str:
        if self.not_judged_because:
            return f"“{self.words}” will not be judged. {self.not_judged_because}"
        return f"“{self.words}” is understood as: {self.understood_as}."


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of an import or a dry run. `counts` has one entry for each kind of change."""

    counts: dict[str, int]
    done: list[Done]
    warnings: list[Problem]
    left_alone: list[str]
    targets: list[ReadTarget]

    @property
    def changes(self) -> list[str]:
        return [each.what for each in self.done]


@dataclass
class Load:
    change: Change
    line: LineOf
    locked: str = ""
    """Version whose content may not change: "adopted version 2"; else empty."""
    next_version: int = 1
    measured_before: dict[str, Measured] = field(default_factory=dict)
    """Stored indicators by code, as they were before the document changed them."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    targets: list[ReadTarget] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    """Ids of rows that later sections refer to, by section key and code."""
    partnership: Partnership = field(init=False)
    """Set before any section of the registry is loaded."""
    plan: Plan = field(init=False)
    """Set for the sections that come after it in the document."""

    @property
    def session(self) -> Session:
        return self.change.session

    @property
    def access(self) -> Access | None:
        """Access of the document's sender in its partnership; None for the deployment's own command line."""
        return self.change.access

    def refuse(self, path: Path, code: str, message: str) -> None:
        self.problems.append(Problem(self.line(*path), code, message))

    def refuse_unless(self, is_stored: bool, path: Path, code: str, message: str) -> None:
        """Adds a problem; only a warning if the fault is stored already, since a rule may be newer than the row."""
        problem = Problem(self.line(*path), code, message)
        (self.warnings if is_stored else self.problems).append(problem)

    def did(self, kind: str, what: str) -> None:
        """Adds a change to the report and counts it. Figures are counted separately."""
        self.counts[kind] += 1
        self.done.append(Done(kind, what))

    def may_change(self, path: Path, what: str) -> bool:
        """Whether the plan's content may change; if not, adds the problem that the document differs."""
        if self.locked:
            self.refuse(
                path,
                "adopted_plan",
                f"{what} differs from the {self.locked}, which stays as it was adopted. "
                f"Set version: {self.next_version} to make a new version.",
            )
        return not self.locked

    def instant(self, day: date | None) -> datetime:
        """Time at which a fact became known: noon of its day, but never later than now."""
        now = self.change.now
        return now if day is None else min(datetime.combine(day, NOON), now)

    def check_recorded(self, day: date | None, path: Path) -> None:
        today = self.change.today
        if day is not None and day > today:
            self.refuse(path, "recorded_in_future", f"{day} has not come yet: it is {today}.")

    def outcome(self, warnings: list[Problem]) -> Outcome:
        names = ("created", "changed", "figures_created", "figures_revised", "figures_unchanged")
        counts = {name: self.counts[name] for name in names}
        return Outcome(counts, self.done, warnings, self.left_alone, self.targets)


def short_text(cell: Any) -> str:
    """Formats a stored value, or one of the document, for a sentence: at most LONGEST_TEXT characters."""
    if isinstance(cell, list | dict):
        return "1 entry" if len(cell) == 1 else f"{len(cell)} entries"
    text = (
        "nothing" if cell in (None, "") else "yes" if cell is True else "no" if cell is False else str(cell)
    )
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
