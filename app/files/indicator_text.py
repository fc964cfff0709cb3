"""Reads an indicator's numbers and periods that somebody typed into a form."""

import re
from dataclasses import dataclass, field
from typing import Any

from app.domain.plan.indicator import Measure
from app.files.cell import CellRefused, Reading, Remark
from app.files.number_cell import read_number
from app.files.reader import read
from app.files.typed_row import without_commas
from app.files.vocabulary import Vocabulary
from app.models.finding import ProblemError
from app.models.plan.indicator_text import (
    BaselineFieldsOut,
    IndicatorFieldsOut,
    IndicatorReadingOut,
    IndicatorTextIn,
    MilestoneFieldsOut,
    TargetFieldsOut,
)
from app.models.wire import json_number

MILESTONE = re.compile(r"(.+?)\s*[:=]\s*(.+)")
EXPECTED_MILESTONE = "Write each milestone as a period, a colon and a figure, such as 2017-18-Q2: 43."
MOST_MILESTONES = 200
NO_WORDS = Vocabulary()


@dataclass(slots=True)
class _Reader:
    """Reads texts one by one, and keeps the notes and errors of each."""

    measure: Measure
    notes: list[ProblemError] = field(default_factory=list)
    errors: list[ProblemError] = field(default_factory=list)

    def number(self, name: str, text: str, kind: str = "", place: str = "") -> int | float | None:
        """The number; None for a blank, or with an error. `kind` chooses its unit, by default the field's name."""
        if not text.strip():
            return None
        try:
            reading = read_number(kind or name, without_commas(text.strip()), self.measure)
        except CellRefused as error:
            self.refuse(name, error.code, f"{place}{error.message}")
            return None
        return json_number(self._value(name, reading, place))

    def period(self, name: str, text: str, place: str = "") -> str | None:
        if not text.strip():
            return None
        try:
            reading = read("period", text.strip(), NO_WORDS)
        except CellRefused as error:
            self.refuse(name, error.code, f"{place}{error.message}")
            return None
        period: str = self._value(name, reading, place)
        return period

    def refuse(self, name: str, code: str, message: str) -> None:
        self.errors.append(ProblemError(field=name, row=None, code=code, message=message))

    def _value(self, name: str, reading: Reading, place: str) -> Any:
        for remark in filter(None, (reading.note, reading.warning)):
            self.notes.append(_note(name, remark, place))
        return reading.value


def read_indicator_text(typed: IndicatorTextIn, measure: Measure) -> IndicatorReadingOut:
    """Reads every field that is not blank, as a cell of a file is read."""
    reader = _Reader(measure)
    fields = IndicatorFieldsOut()
    lag = reader.number("publication_lag_days", typed.publication_lag_days)
    tolerance = reader.number("tolerance", typed.tolerance)
    if lag is not None:
        fields["publication_lag_days"] = lag
    if tolerance is not None:
        fields["tolerance"] = tolerance
    if baseline := _baseline(reader, typed):
        fields["baseline"] = baseline
    if target := _target(reader, typed):
        fields["target"] = target
    return IndicatorReadingOut(fields=fields, notes=reader.notes, errors=reader.errors)


def _baseline(reader: _Reader, typed: IndicatorTextIn) -> BaselineFieldsOut:
    fields = BaselineFieldsOut()
    value = reader.number("baseline.value", typed.baseline.value, "baseline")
    period = reader.period("baseline.period", typed.baseline.period)
    year = reader.period("baseline.year", typed.baseline.year)
    if value is not None:
        fields["value"] = value
    if period is not None:
        fields["period"] = period
    if year is not None:
        fields["year"] = year
    return fields


def _target(reader: _Reader, typed: IndicatorTextIn) -> TargetFieldsOut:
    fields = TargetFieldsOut()
    from_period = reader.period("target.from_period", typed.target.from_period)
    milestones = _milestones(reader, typed.target.milestones)
    if from_period is not None:
        fields["from_period"] = from_period
    if milestones:
        fields["milestones"] = milestones
    return fields


def _milestones(reader: _Reader, text: str) -> list[MilestoneFieldsOut]:
    name = "target.milestones"
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_MILESTONES:
        reader.refuse(name, "too_many", f"There are {len(lines)} milestones; the limit is {MOST_MILESTONES}.")
        return []
    milestones = []
    for number, line in lines:
        match, place = MILESTONE.fullmatch(line), f"Line {number}: "
        if match is None:
            reader.refuse(name, "not_a_milestone", f"{place}{EXPECTED_MILESTONE}")
            continue
        period = reader.period(name, match[1], place)
        value = reader.number(name, match[2], "milestone", place)
        if period is not None and value is not None:
            milestones.append(MilestoneFieldsOut(period=period, value=value))
    return milestones


def _note(name: str, remark: Remark, place: str) -> ProblemError:
    return ProblemError(field=name, row=None, code=remark.code, message=f"{place}{remark.message}")
