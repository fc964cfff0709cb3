"""Builds the rows of a return's template: each figure owed, and each part of it sent before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from app.domain.access.authority import Actor, Scope
from app.domain.figures import figure as figures
from app.domain.period import Period
from app.domain.plan.indicator import Frequency, Measure
from app.models.plan.partnership import Partnership
from app.queries.figures.figure import breakdown_of, domain_figure
from app.queries.figures.read.row import period_of
from app.queries.figures.read.visible import read_visible
from app.queries.figures.visibility import FigureVisibility
from app.queries.returns.agency_return import Return
from app.queries.returns.return_item import ReturnItem

Part = tuple[str, str]
"""Area code and breakdown of a figure."""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One figure to fill in; `values` are those of the stored figure, by column name."""

    indicator: str
    title: str
    measure: Measure
    survey: bool
    unit: str
    decimals: int
    period: str
    period_label: str
    area: str
    """Empty for the partnership's own."""
    breakdown: Mapping[str, str]
    values: Mapping[str, Any]
    last_period: str
    last_year: str


def template_rows(
    session: Session, actor: Actor, partnership: Partnership, agency_return: Return, today: date
) -> list[TemplateRow]:
    """Rows in the order of the return, with the values that the actor may see.

    A sender's template leaves out figures that only another agency sends now, so that they may upload it.
    """
    visibility = FigureVisibility(session, actor, partnership.id, today)
    series = _Series(session, partnership, agency_return, visibility)
    access = actor.access_in(partnership.id)
    sends = access is not None and Scope.POST_FIGURES in access.scopes
    return [
        series.row(owed, part)
        for owed in agency_return.owed
        if access is None or not sends or owed.is_sent_by(access)
        for part in series.parts(owed)
    ]


def _period(owed: ReturnItem) -> Period:
    """Period of the stored figure, which may be longer or end earlier; without one, the period owed."""
    row = owed.row
    return period_of(row["first_month"], row["last_month"]) if row is not None else owed.figure.period


def _before(owed: ReturnItem) -> Period:
    period = _period(owed)
    return Period(period.first - Frequency(owed.defined.frequency).months, period.months)


def _year_before(owed: ReturnItem) -> Period:
    period = _period(owed)
    return Period(period.first - 12, period.months)


class _Series:
    """Stored figures of the return's indicators, in the periods owed and those before."""

    def __init__(
        self, session: Session, partnership: Partnership, agency_return: Return, visibility: FigureVisibility
    ) -> None:
        self._own_part: Part = (partnership.area_code, "")
        self._figures: dict[tuple[int, int, int], dict[Part, Mapping[str, Any]]] = {}
        indicators = {each.indicator.id: each.indicator for each in agency_return.owed}
        for row in read_visible(session, visibility, indicators, _ends(agency_return.owed)):
            key = (row["indicator_id"], row["first_month"], row["last_month"])
            self._figures.setdefault(key, {})[row["area_code"], row["breakdown"]] = row

    def parts(self, owed: ReturnItem) -> list[Part]:
        """The figure without breakdown, then the parts stored for the period, the one before or the year before."""
        seen: dict[Part, None] = {self._own_part: None}
        for each in (_period(owed), _before(owed), _year_before(owed)):
            seen.update(dict.fromkeys(sorted(self._at(owed, each))))
        return list(seen)

    def row(self, owed: ReturnItem, part: Part) -> TemplateRow:
        defined, period = owed.defined, _period(owed)
        area, breakdown = part
        return TemplateRow(
            indicator=owed.indicator.code,
            title=defined.title,
            measure=Measure(defined.measure),
            survey=defined.survey,
            unit=defined.judged().word_unit,
            decimals=defined.decimals,
            period=str(period),
            period_label=period.label,
            area="" if area == self._own_part[0] else area,
            breakdown=breakdown_of(breakdown),
            values=self._at(owed, period).get(part, {}),
            last_period=self._figure_words(owed, _before(owed), part),
            last_year=self._figure_words(owed, _year_before(owed), part),
        )

    def _at(self, owed: ReturnItem, period: Period) -> Mapping[Part, Mapping[str, Any]]:
        return self._figures.get((owed.indicator.id, period.first, period.last), {})

    def _figure_words(self, owed: ReturnItem, period: Period, part: Part) -> str:
        row = self._at(owed, period).get(part)
        return (
            figures.figure_words(domain_figure(row, period), owed.defined.judged()) if row is not None else ""
        )


def _ends(owed: Sequence[ReturnItem]) -> set[int]:
    return {period.last for each in owed for period in (_period(each), _before(each), _year_before(each))}
