"""Checks one row of a submission by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.commands.figures.context import SubmissionContext
from app.commands.figures.store import VALUE_COLUMNS, Identity
from app.domain.figures.promise import BAD_PROMISE, why_not_promised
from app.domain.figures.row_doubt import is_number_alone, row_doubts
from app.domain.figures.row_warning import RowWarning, most_telling
from app.domain.figures.validity import findings, too_early, value_of
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Frequency, Window
from app.models.figures.figure import LONGEST_BREAKDOWN, FigureIn, Values
from app.models.figures.submission import RowMessage
from app.models.plan.indicator import Indicator

ANY_AREA = " Write its code, or leave it out for all of the partnership."
WARNED_FIELDS = {
    "unusual_length": "period",
    "small_sample": "sample_size",
    "margin_as_fraction": "margin",
    "number_for_note": "note",
}
"""Field that a warning is about, by its code, where it is not the value."""


@dataclass(slots=True)
class RowCheck:
    """What checking a row gives: the figure it stands for, or the errors that stop it."""

    indicator: Indicator | None = None
    period: Period | None = None
    identity: Identity | None = None
    values: Values = field(default_factory=dict)
    errors: list[RowMessage] = field(default_factory=list)
    all_warnings: list[RowWarning] = field(default_factory=list)
    earlier_note: str = ""
    """The stored figure's note: written for another value, it is no reason for this one."""
    is_changing: bool = True
    """Whether it differs from the stored figure; an unchanged one is not warned of again."""

    def refuse(self, field: str, code: str, text: str) -> None:
        self.errors.append(message(field, code, text))

    def warn(self, warning: RowWarning) -> None:
        self.all_warnings.append(warning)

    @property
    def warnings(self) -> list[RowMessage]:
        """The most telling ones, each asking for a note where there is none."""
        if not self.all_warnings:
            return []
        note = self.values["note"]
        is_reason = note != self.earlier_note and not is_number_alone(note)
        top = most_telling(self.all_warnings, note if is_reason else "")
        return [message(WARNED_FIELDS.get(code, "value"), code, words) for code, words in top]


def message(field: str | None, code: str, text: str) -> RowMessage:
    return RowMessage(field=field, code=code, message=text)


def check_row(row: FigureIn, context: SubmissionContext, today: date) -> RowCheck:
    """Checks a row by itself: against the names it uses, its indicator's definition and the day."""
    check = RowCheck()
    indicator = context.indicators.get(row.indicator)
    if indicator is None:
        text = f"There is no indicator “{row.indicator}” here.{context.similar_indicators.question(row.indicator)}"
        check.refuse("indicator", "unknown_indicator", text)
        return check
    check.indicator = indicator
    if row.indicator in context.foreign_indicators:
        text = f"“{indicator.title}” is another agency's to send. If it should be yours, ask the partnership's officer."
        check.refuse("indicator", "not_responsible", text)
    area = row.area or context.own_area
    if area not in context.areas and area != context.own_area:
        text = f"There is no area “{area}” here.{context.similar_areas.question(area) or ANY_AREA}"
        check.refuse("area", "unknown_area", text)
    _check_breakdown(check, row, indicator)
    period = check.period = parse_period(row.period)
    measured = context.measured[row.indicator]
    _check_period(check, period, indicator)
    if early := too_early(period, row, today):
        check.refuse(*early)
    if row.expected_on is not None and (why := why_not_promised(row.expected_on, period, today)):
        check.refuse("expected_on", BAD_PROMISE, why)
    for finding in findings(row, measured):
        check.refuse(*finding)
    if not check.errors:
        check.all_warnings.extend(row_doubts(row, measured))
    check.identity = (indicator.id, area, breakdown_text(row.breakdown), period.first, period.last)
    check.values = {name: getattr(row, name) for name in VALUE_COLUMNS}
    check.values["value"] = value_of(row, measured)
    return check


def breakdown_text(breakdown: Mapping[str, str]) -> str:
    """`strand=race`, dimensions in alphabetical order; empty for the whole."""
    return ";".join(f"{name}={breakdown[name]}" for name in sorted(breakdown)) if breakdown else ""


def _check_breakdown(check: RowCheck, row: FigureIn, indicator: Indicator) -> None:
    for name, part in row.breakdown.items():
        parts = indicator.breakdowns.get(name)
        if parts is None:
            names = ", ".join(indicator.breakdowns) or "none"
            check.refuse(f"breakdown.{name}", "unknown_breakdown", f"Its breakdowns are: {names}.")
        elif part not in parts:
            check.refuse(f"breakdown.{name}", "unknown_breakdown", f"Expected one of: {', '.join(parts)}.")
    written = breakdown_text(row.breakdown)
    if len(written) > LONGEST_BREAKDOWN:
        check.refuse(
            "breakdown",
            "breakdown_too_long",
            f"“{written[:40]}…” is {len(written)} characters in all; the limit is {LONGEST_BREAKDOWN}.",
        )


def _check_period(check: RowCheck, period: Period, indicator: Indicator) -> None:
    if indicator.retired_on is not None and period.end >= indicator.retired_on:
        # What was over before it was retired may still be owed, or wrong.
        text = f"“{indicator.title}” was retired: {indicator.retired_reason or 'no reason given'}."
        check.refuse("indicator", "retired", text)
    usual = 12 if indicator.window == Window.ROLLING_YEAR else Frequency(indicator.frequency).months
    if period.months != usual:
        words = f"{period.label} is {_months(period.months)}; {_months(usual)} is usual here."
        check.warn(RowWarning("unusual_length", words))


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
