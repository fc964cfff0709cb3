"""What is wrong with one row, and what is worth a second look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

from app.commands.figures.store import Identity
from app.domain.access.authority import Standing
from app.domain.errors import RuleBroken
from app.domain.figures.doubt import Doubt, most_telling
from app.domain.figures.figure import ratio_value
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Frequency, Measure, Window
from app.models.figures.figure import LONGEST_BREAKDOWN, FigureIn, Values
from app.models.figures.submission import RowMessage
from app.models.plan.indicator import Indicator

DOUBTED = {"unusual_length": "period"}
"""What a doubt is about where it is not the value."""
PARTS_AGREE_WITHIN = Decimal("0.05")
"""How far a value may stand from its own numerator and denominator: it may have been rounded to a decimal."""


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
    standing: Standing
    partnership_id: int
    districts: tuple[str, ...] = ()
    """Those that make up the partnership's own area."""

    @cached_property
    def bars(self) -> Mapping[str, list[RowMessage]]:
        """By indicator, why none of its figures is taken from this sender."""
        return {code: _bars(each, self.standing) for code, each in self.indicators.items()}

    @cached_property
    def nearest_indicator(self) -> Nearest:
        return Nearest(self.indicators)

    @cached_property
    def nearest_area(self) -> Nearest:
        return Nearest(self.areas)


@dataclass(slots=True)
class Checked:
    indicator: Indicator | None = None
    period: Period | None = None
    identity: Identity | None = None
    values: Values = field(default_factory=dict)
    errors: list[RowMessage] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

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
    _period(checked, period, row, indicator, today)
    _margin(checked, row)
    value = _value(checked, row, indicator)
    assert indicator.id is not None
    checked.identity = (indicator.id, area, breakdown_text(row.breakdown), period.first, period.last)
    checked.values = {
        "value": value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "sample_size": row.sample_size,
        "margin": row.margin,
        "margin_level": row.margin_level,
        "margin_of": row.margin_of,
        "status": row.status,
        "qualifier": row.qualifier,
        "missing": row.missing,
        "expected_on": row.expected_on,
        "note": row.note,
    }
    return checked


def breakdown_text(breakdown: Mapping[str, str]) -> str:
    """`strand=race`, dimensions in alphabetical order; empty for the whole."""
    return ";".join(f"{name}={breakdown[name]}" for name in sorted(breakdown)) if breakdown else ""


def _bars(indicator: Indicator, standing: Standing) -> list[RowMessage]:
    bars = []
    if not standing.posts_for(indicator.responsible_agency_id, indicator.suppliers):
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


def _period(checked: Checked, period: Period, row: FigureIn, indicator: Indicator, today: date) -> None:
    if indicator.retired_on is not None and period.end >= indicator.retired_on:
        # What was over before it was retired may still be owed, or wrong.
        text = f"“{indicator.title}” was retired: {indicator.retired_reason or 'no reason given'}."
        checked.refuse("indicator", "retired", text)
    if not period.has_ended(today) and not may_come_early(row.status, row.missing):
        checked.refuse(*_too_early(period, row.missing))
    usual = 12 if indicator.window == Window.ROLLING_YEAR else Frequency(indicator.frequency).months
    if period.months != usual:
        words = f"{period.label} is {_months(period.months)}; {_months(usual)} is usual here."
        checked.doubt(Doubt("unusual_length", words))


def may_come_early(status: str, missing: str | None) -> bool:
    """Whether it may be said of a period that has not ended: what is forecast, or when the figure is promised."""
    return status == "forecast" if missing is None else missing == "awaited"


def _too_early(period: Period, missing: str | None) -> tuple[str, str, str]:
    not_ended = f"{period.label} has not ended yet."
    if missing is None:
        text = f"{not_ended} Send it when it has, or send status “forecast”."
        return "period", "period_not_ended", text
    text = f"{not_ended} Until it has, a figure can only be “awaited”, with the date it is promised for."
    return "missing", "period_not_ended", text


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _value(checked: Checked, row: FigureIn, indicator: Indicator) -> Decimal | None:
    if row.missing is not None:
        _no_value(checked, row)
        return None
    if row.expected_on is not None:
        checked.refuse("expected_on", "not_awaited", "A promised date goes with missing “awaited” only.")
    value = _from_parts(checked, row, indicator)
    if value is None:
        if not checked.errors:
            checked.refuse(
                "value",
                "value_required",
                "Send a value, or a numerator and denominator, or a missing reason. A blank is not a zero.",
            )
        return None
    _range(checked, value, indicator)
    return value


def _no_value(checked: Checked, row: FigureIn) -> None:
    if row.value is not None or row.numerator is not None or row.denominator is not None:
        checked.refuse("missing", "value_and_missing", "Send a value or a missing reason, not both.")
    if row.missing == "awaited" and row.expected_on is None:
        checked.refuse("expected_on", "date_required", "Say when the awaited figure is promised for.")
    if row.missing != "awaited" and row.expected_on is not None:
        checked.refuse("expected_on", "not_awaited", "A promised date goes with missing “awaited” only.")


def _from_parts(checked: Checked, row: FigureIn, indicator: Indicator) -> Decimal | None:
    """The value sent, or the one its parts make; both must say the same."""
    if (row.numerator is None) != (row.denominator is None):
        wanting = "denominator" if row.denominator is None else "numerator"
        checked.refuse(wanting, "part_required", "A numerator and a denominator go together.")
        return row.value
    if row.numerator is None or row.denominator is None:
        return row.value
    if row.numerator < 0:
        checked.refuse("numerator", "negative", "Expected zero or more.")
    if indicator.measure == Measure.PERCENTAGE and row.numerator > row.denominator:
        checked.refuse("numerator", "part_exceeds_whole", "The numerator is larger than the denominator.")
    try:
        made = ratio_value(row.numerator, row.denominator, indicator.judged())
    except RuleBroken as error:
        checked.refuse(error.field, error.code, error.message)
        return row.value
    if row.value is not None and abs(made - row.value) > PARTS_AGREE_WITHIN:
        checked.refuse(
            "value",
            "parts_disagree",
            f"The numerator and denominator make {made.normalize():f}, not {row.value}.",
        )
    return row.value if row.value is not None else made


def _range(checked: Checked, value: Decimal, indicator: Indicator) -> None:
    measure = indicator.measure
    if measure == Measure.COUNT and value != value.to_integral_value():
        checked.refuse("value", "not_whole", f"This counts things: expected a whole number, got {value}.")
    if value < 0 and measure not in (Measure.MONEY, Measure.INDEX, Measure.MEAN):
        checked.refuse("value", "negative", "Expected zero or more.")
    if measure == Measure.PERCENTAGE and value > 100:
        checked.refuse(
            "value", "over_100_percent", "This is a percentage: expected 0 to 100, such as 43.3 for 43.3%."
        )
    if measure == Measure.MONEY and value != round(value, 2):
        checked.refuse("value", "not_pence", "This is money in pounds: give at most 2 decimals.")


def _margin(checked: Checked, row: FigureIn) -> None:
    if row.margin is not None and row.margin < 0:
        checked.refuse("margin", "negative", "Expected zero or more.")
    if row.margin_level is not None and not 0 < row.margin_level < 100:
        checked.refuse("margin_level", "not_a_level", "Expected a level in per cent, such as 95.")
