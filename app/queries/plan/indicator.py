"""Reads one indicator: its scorecard line, its description and the changes published of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session, col, select

from app.domain.access.audience import Audience
from app.domain.access.authority import Access, Actor, Scope
from app.domain.errors import NotFound
from app.domain.figures.aggregate import add_up
from app.domain.figures.figure import Figure
from app.domain.figures.published_change import Agreement, Recomputed, recompute
from app.domain.figures.published_change import PublishedChange as Change
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Indicator as Measured
from app.models.figures.published_change import PublishedChange
from app.models.plan.definition import Definition
from app.models.plan.indicator import (
    BreakOut,
    Indicator,
    IndicatorOut,
    IndicatorStep,
    PublishedChangeOut,
    ReadingOut,
    ScorecardItemOut,
)
from app.models.plan.partnership import Agency, NamedOut
from app.models.plan.plan import Plan
from app.models.wire import json_number
from app.queries import visible
from app.queries.plan import target as targets
from app.queries.plan.indicator_version import definitions_at
from app.queries.plan.published_change import to_domain

POLARITY_WORDS = {
    "higher_is_better": "Higher is better",
    "lower_is_better": "Lower is better",
    "in_band": "Best within a band",
    "monitor": "Watched; neither way is better",
}
FREQUENCY_WORDS = {"month": "each month", "quarter": "each quarter", "year": "each year"}
ADDS_UP_WORDS = {
    "sum": "Counts add up over the year",
    "ratio": "Worked out afresh from its parts, never averaged",
    "latest": "The latest figure stands for the year",
    "mean": "Averaged over the year",
}


def get_indicator(session: Session, actor: Actor, partnership_id: int, code: str) -> Indicator:
    query = visible.indicators(actor).where(
        Indicator.partnership_id == partnership_id, Indicator.code == code
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The indicator “{code[:80]}”")
    return row


@dataclass(frozen=True, slots=True)
class IndicatorParts:
    """One indicator by the rows it is put together from."""

    row: Indicator
    scorecard_item: ScorecardItemOut
    plan: Plan
    known_at: datetime | None
    changes: Sequence[tuple[PublishedChange, Sequence[Figure]]]
    """Changes published without levels, each with its area's figures as far as the actor may see them."""


def indicator_out(session: Session, access: Access, parts: IndicatorParts) -> IndicatorOut:
    """Extends the scorecard's line with definition, suppliers, published changes and every version of the target."""
    row, known_at = parts.row, parts.known_at
    id_, plan_id = row.id, parts.plan.id
    defined = definitions_at(session, [row], known_at)[id_]
    measured = defined.judged()
    suppliers = _agencies(session, defined.suppliers)
    baseline = targets.as_baseline(targets.known_baselines(session, plan_id, known_at, [id_]).get(id_))
    versions = targets.versions(session, plan_id, known_at, [id_]).get(id_, [])
    return IndicatorOut(
        **parts.scorecard_item,
        definition=defined.definition,
        per=defined.per,
        denominator=defined.denominator,
        frequency=defined.frequency,
        window=defined.window,
        publication_lag_days=defined.publication_lag_days,
        survey=defined.survey,
        counts_people=defined.counts_people,
        release_to=row.release_to,
        release_to_label=Audience(row.release_to).label,
        paired_with=_paired(session, row, defined, known_at),
        tolerance=json_number(defined.tolerance),
        suppliers=suppliers,
        breakdowns=defined.breakdowns,
        breaks=[
            BreakOut(
                from_period=str(at["from"]),
                from_label=parse_period(str(at["from"])).label,
                reason=str(at["reason"]),
                backcast=bool(at["backcast"]),
            )
            for at in defined.breaks
        ],
        note=defined.note,
        retired_reason=defined.retired_reason,
        published_changes=_published_out(measured, parts.changes),
        targets=[targets.target_out(each, measured, baseline) for each in versions],
        description=_description(defined, parts.scorecard_item, suppliers),
        version=row.version,
        may=may(access, row),
    )


class SentIndicator(Protocol):
    """Properties of an indicator that decide who sends its figures."""

    @property
    def responsible_agency_id(self) -> int | None: ...
    @property
    def suppliers(self) -> list[str]: ...


def may(access: Access, row: SentIndicator) -> list[IndicatorStep]:
    """Steps an actor may take with an indicator: edit it, post its figures, release them."""
    source = (row.responsible_agency_id, row.suppliers)
    steps: tuple[tuple[IndicatorStep, bool], ...] = (
        ("edit", Scope.WRITE_PLAN in access.scopes),
        ("post", access.posts_for(*source)),
        ("release", access.releases_for(*source)),
    )
    return [step for step, allowed in steps if allowed]


def _agencies(session: Session, codes: list[str]) -> list[NamedOut]:
    agencies = session.exec(select(Agency).where(col(Agency.code).in_(codes)))
    names = {agency.code: agency.name for agency in agencies}
    return [NamedOut(code=code, name=names.get(code, code)) for code in codes]


def _paired(
    session: Session, row: Indicator, defined: Definition, known_at: datetime | None
) -> NamedOut | None:
    code = defined.paired_with
    if code is None:
        return None
    query = select(Indicator).where(Indicator.partnership_id == row.partnership_id, Indicator.code == code)
    definitions = definitions_at(session, session.exec(query).all(), known_at)
    return NamedOut(code=code, name=next((other.title for other in definitions.values()), code))


def _published_out(
    measured: Measured, changes: Iterable[tuple[PublishedChange, Sequence[Figure]]]
) -> list[PublishedChangeOut]:
    """Published changes, each checked against the stored figures where those allow it."""
    published_changes = []
    for row, figures in changes:
        change = to_domain(row)
        outcome = _recomputed(change, measured, figures)
        published_changes.append(
            PublishedChangeOut(
                area=row.area_code,
                period=row.period,
                period_label=change.period.label,
                compared_with=row.compared_with,
                compared_with_label=change.compared_with.label,
                change=json_number(row.change) or 0,
                unit=row.unit,
                words=row.words,
                source=row.source,
                check=outcome.agreement.value,
                check_words=outcome.words,
            )
        )
    return published_changes


def list_published_changes(session: Session, row: Indicator) -> Sequence[PublishedChange]:
    query = select(PublishedChange).where(PublishedChange.indicator_id == row.id)
    return session.exec(query.order_by(col(PublishedChange.position))).all()


def _recomputed(change: Change, measured: Measured, figures: Sequence[Figure]) -> Recomputed:
    earlier, later = sorted((change.period, change.compared_with), key=lambda each: each.first)
    if at := measured.break_between(earlier.first, later.last):
        words = f"Published as {change.summary}; a recording change lies between: {at.reason}."
        return Recomputed(Agreement.CANNOT, words)
    levels = (add_up(figures, measured, period).value for period in (change.period, change.compared_with))
    return recompute(change, *levels, decimals=measured.decimals)


def _description(
    row: Definition, scorecard_item: ScorecardItemOut, suppliers: list[NamedOut]
) -> list[ReadingOut]:
    """Describes an indicator for readers: a label and a sentence a row; empty rows are left out."""
    agency = scorecard_item["responsible_agency"]
    days = row.publication_lag_days
    lag = f", {days} {'day' if days == 1 else 'days'} after the period ends" if days else ""
    window = "twelve months at a time" if row.window == "rolling_year" else "the period itself"
    readings = [
        ("What it counts", row.definition or "No definition is given yet."),
        ("Which way is better", POLARITY_WORDS[row.polarity]),
        ("How it adds up", ADDS_UP_WORDS[row.adds_up]),
        ("Out of", row.denominator),
        ("What one figure covers", window),
        ("Sent", FREQUENCY_WORDS[row.frequency] + lag),
        ("Answers for it", agency["name"] if agency else "No agency yet"),
        ("Also sent by", ", ".join(each["name"] for each in suppliers)),
        (
            "Counts people",
            "Outside the partnership its figures are confidential, whoever they are released to"
            if row.counts_people
            else "",
        ),
        ("Survey", "Yes: each figure has a margin of error" if row.survey else ""),
        ("Read with care", "A rise may be better reporting" if row.reporting_sensitive else ""),
        ("Note", row.note),
    ]
    return [ReadingOut(label=label, words=words) for label, words in readings if words]
