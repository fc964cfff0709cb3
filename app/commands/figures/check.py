"""What is wrong with one row, and what is worth a second look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from sqlmodel import Session, select

from app.commands.figures.store import VALUE_COLUMNS, Identity
from app.domain.access.authority import Access
from app.domain.figures.doubt import Doubt, most_telling
from app.domain.figures.promise import BAD_PROMISE, EXPECTED_PROMISE, is_too_far_ahead
from app.domain.figures.validity import findings, too_early, value_of
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Frequency, Window
from app.domain.plan.indicator import Indicator as Measured
from app.models.figures.figure import LONGEST_BREAKDOWN, FigureIn, Values
from app.models.figures.submission import RowMessage
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Area, Partnership

DOUBTED = {"unusual_length": "period"}
"""What a doubt is about where it is not the value."""


class Nearest:
    """The name probably meant by one that is not there: each worked out once, and only for the first few.

    It is slow, and everybody else who writes waits for it.
    """

    MOST = 20

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)
        self._words: dict[str, str] = {}

    def words(self, name: str) -> str:
        if name not in self._words and len(self._words) < self.MOST:
            close = get_close_matches(name, self._known, n=1)
            self._words[name] = f" Did you mean “{close[0]}”?" if close else ""
        return self._words.get(name, "")


@dataclass(frozen=True)
class Belongs:
    """What a row may name, and who sends it."""

    indicators: Mapping[str, Indicator]
    areas: frozenset[str]
    own_area: str
    access: Access | None
    """Nobody's, for the deployment's own command line."""
    partnership_id: int
    districts: tuple[str, ...] = ()
    """Those that make up the partnership's own area."""

    @cached_property
    def measured(self) -> Mapping[str, Measured]:
        """What deciding about their figures needs of the indicators, by code."""
        return {code: each.judged() for code, each in self.indicators.items()}

    @cached_property
    def bars(self) -> Mapping[str, list[RowMessage]]:
        """By indicator, why none of its figures is taken from this sender."""
        return {code: _bars(each, self.access) for code, each in self.indicators.items()}

    @cached_property
    def nearest_indicator(self) -> Nearest:
        return Nearest(self.indicators)

    @cached_property
    def nearest_area(self) -> Nearest:
        return Nearest(self.areas)


def belongs_in(session: Session, partnership: Partnership, access: Access | None) -> Belongs:
    """Everything that figures of a partnership may name, read once."""
    indicators = session.exec(select(Indicator).where(Indicator.partnership_id == partnership.id)).all()
    areas = session.exec(
        select(Area.code, Area.kind, Area.within).where(Area.partnership_id == partnership.id)
    ).all()
    own_area = partnership.area_code
    return Belongs(
        indicators={indicator.code: indicator for indicator in indicators},
        areas=frozenset(code for code, _, _ in areas),
        own_area=own_area,
        access=access,
        partnership_id=partnership.id,
        districts=tuple(code for code, kind, within in areas if (kind, within) == ("district", own_area)),
    )


@dataclass(slots=True)
class Checked:
    indicator: Indicator | None = None
    period: Period | None = None
    identity: Identity | None = None
    values: Values = field(default_factory=dict)
    errors: list[RowMessage] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    is_changing: bool = True
    """Whether it is not just what stands there already, of which nobody is asked again."""

    def refuse(self, field: str, code: str, text: str) -> None:
        self.errors.append(message(field, code, text))

    def doubt(self, doubt: Doubt) -> None:
        self.doubts.append(doubt)

    @property
    def warnings(self) -> list[RowMessage]:
        """The doubts that are told, each asking for a note where there is none."""
        if not self.doubts:
            return []
        told = most_telling(self.doubts, self.values["note"])
        return [message(DOUBTED.get(code, "value"), code, words) for code, words in told]


def message(field: str | None, code: str, text: str) -> RowMessage:
    return RowMessage(field=field, code=code, message=text)


def check(row: FigureIn, belongs: Belongs, today: date) -> Checked:
    """The figure a row stands for, ready to be put away, or every error that stops it."""
    checked = Checked()
    indicator = belongs.indicators.get(row.indicator)
    if indicator is None:
        text = (
            f"There is no indicator “{row.indicator}” here.{belongs.nearest_indicator.words(row.indicator)}"
        )
        checked.refuse("indicator", "unknown_indicator", text)
        return checked
    checked.indicator = indicator
    checked.errors.extend(belongs.bars[row.indicator])
    area = row.area or belongs.own_area
    if area not in belongs.areas and area != belongs.own_area:
        text = f"There is no area “{area}” here.{belongs.nearest_area.words(area)}"
        checked.refuse("area", "unknown_area", text)
    _breakdown(checked, row, indicator)
    period = checked.period = parse_period(row.period)
    measured = belongs.measured[row.indicator]
    _period(checked, period, indicator)
    if early := too_early(period, row, today):
        checked.refuse(*early)
    if row.expected_on is not None and is_too_far_ahead(row.expected_on, today):
        checked.refuse("expected_on", BAD_PROMISE, EXPECTED_PROMISE)
    for finding in findings(row, measured):
        checked.refuse(*finding)
    checked.identity = (indicator.id, area, breakdown_text(row.breakdown), period.first, period.last)
    checked.values = {name: getattr(row, name) for name in VALUE_COLUMNS}
    checked.values["value"] = value_of(row, measured)
    return checked


def breakdown_text(breakdown: Mapping[str, str]) -> str:
    """`strand=race`, dimensions in alphabetical order; empty for the whole."""
    return ";".join(f"{name}={breakdown[name]}" for name in sorted(breakdown)) if breakdown else ""


def _bars(indicator: Indicator, access: Access | None) -> list[RowMessage]:
    bars = []
    if access is not None and not access.posts_for(indicator.responsible_agency_id, indicator.suppliers):
        text = f"“{indicator.title}” is another agency's to send. If it should be yours, ask the partnership's officer."
        bars.append(message("indicator", "not_responsible", text))
    return bars


def _breakdown(checked: Checked, row: FigureIn, indicator: Indicator) -> None:
    for name, part in row.breakdown.items():
        parts = indicator.breakdowns.get(name)
        if parts is None:
            known = ", ".join(indicator.breakdowns) or "none"
            checked.refuse(f"breakdown.{name}", "unknown_breakdown", f"Its breakdowns are: {known}.")
        elif part not in parts:
            checked.refuse(f"breakdown.{name}", "unknown_breakdown", f"Expected one of: {', '.join(parts)}.")
    written = breakdown_text(row.breakdown)
    if len(written) > LONGEST_BREAKDOWN:
        checked.refuse(
            "breakdown",
            "breakdown_too_long",
            f"“{written[:40]}…” is {len(written)} characters in all; the limit is {LONGEST_BREAKDOWN}.",
        )


def _period(checked: Checked, period: Period, indicator: Indicator) -> None:
    if indicator.retired_on is not None and period.end >= indicator.retired_on:
        # What was over before it was retired may still be owed, or wrong.
        text = f"“{indicator.title}” was retired: {indicator.retired_reason or 'no reason given'}."
        checked.refuse("indicator", "retired", text)
    usual = 12 if indicator.window == Window.ROLLING_YEAR else Frequency(indicator.frequency).months
    if period.months != usual:
        words = f"{period.label} is {_months(period.months)}; {_months(usual)} is usual here."
        checked.doubt(Doubt("unusual_length", words))


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
