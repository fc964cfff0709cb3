"""Indicators: the scorecard, one indicator with all its fields, its series and its targets."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import JSON, Call, Read, Write
from app.api.server.collection import Encoded, Paged
from app.api.server.encode import to_json
from app.api.server.known_at import KnownAt, day_of
from app.api.server.problem import Forbidden
from app.commands.plan.indicator import edit_indicator
from app.domain.access.authority import Access, Scope
from app.domain.period import containing
from app.domain.period_text import parse_period
from app.domain.plan.target_shape import Applies
from app.models.figures.figure import SeriesOut
from app.models.plan.indicator import Indicator, IndicatorItemOut, IndicatorOut, IndicatorPatch
from app.models.plan.target import IndicatorTargetOut, Target, TargetIn, TargetReadingOut
from app.models.wire import Line, PeriodText
from app.queries.figures.read.hidden import hidden_reason
from app.queries.figures.read.series import figures_of, read_series
from app.queries.figures.release import released_since
from app.queries.judgement.drawn_series import DrawnSeries
from app.queries.judgement.indicator_header import IndicatorHeader, header_named
from app.queries.judgement.proposed_target import proposed_target
from app.queries.judgement.scorecard import Scorecard, answered_by
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.judgement.series import Cut
from app.queries.plan import indicator as indicators
from app.queries.plan import plan as plans
from app.queries.plan import target as targets

router = make_router("indicators")
Reader = Annotated[Read, reading(Scope.READ_FIGURES)]
BREAKDOWN = r"^[A-Za-z0-9._-]+=[A-Za-z0-9._-]+(;[A-Za-z0-9._-]+=[A-Za-z0-9._-]+)*$"
PlanCode = Annotated[
    str | None, Query(description="A plan's code; absent, the adopted one covering the period or today.")
]


class IndicatorFilters(BaseModel):
    """The plan and period of a scorecard, and the filters of its lines."""

    plan: PlanCode = None
    priority: str | None = None
    agency: str | None = None
    period: PeriodText | None = Field(None, description="Judged for this period; absent, each at its newest.")


class SeriesQuery(BaseModel):
    """The plan, span, step and part of an indicator's series."""

    plan: PlanCode = None
    from_: PeriodText | None = Field(None, alias="from")
    to: PeriodText | None = None
    by: str | None = Field(None, pattern="^(month|quarter|year)$", description="Length of the figures shown.")
    area: str | None = None
    breakdown: str | None = Field(None, pattern=BREAKDOWN, description="As `strand=race`; absent, the whole.")


class TargetReadingQuery(BaseModel):
    """The words and time of a target that has not been saved, and the plan that it is for."""

    words: Line | None = Field(None, description="A target in the plan's words; absent, the newest it has.")
    applies: Applies = Applies.EACH_YEAR
    from_period: PeriodText | None = None
    plan: PlanCode = None

    def target(self) -> TargetIn | None:
        if self.words is None:
            return None
        return TargetIn(words=self.words, applies=self.applies, from_period=self.from_period)


@router.get(
    "/indicators",
    response_model=collection.page_of(IndicatorItemOut, with_removed=True),
    responses=openapi.LIST,
)
def list_indicators(
    call: Reader, page: Paged, known_at: KnownAt, filters: Annotated[IndicatorFilters, Query()]
) -> Response:
    """The scorecard: each indicator's rating against its target, its trend, and the reasons."""
    partnership = call.partnership()
    query = _query(call, filters.plan, filters.period, known_at)
    since = collection.changed_since(call, page)
    newly_released = (
        released_since(call.session, partnership.id, since, call.today) if since is not None else ()
    )
    answered = (
        answered_by(call.session, partnership, filters.agency, query) if filters.agency is not None else None
    )
    scorecard = Scorecard(call.session, call.visibility(), partnership, query)

    def matches_filters(header: IndicatorHeader) -> bool:
        place = scorecard.places.get(header.code)
        return (
            place is not None
            and filters.priority in (None, place.priority)
            and (answered is None or header.id in answered)
        )

    def is_listed(header: IndicatorHeader) -> bool:
        if since is None:
            return matches_filters(header)
        return scorecard.seqs[header.id] > since or header.id in newly_released

    rows = [header for header in scorecard.headers if header.id > page.after and is_listed(header)]
    rows = rows[: page.limit + 1]
    matching = [header for header in rows[: page.limit] if matches_filters(header)]
    may = _may_by_sender(call.access(), matching)
    items_by_id = {
        header.id: Encoded(line).with_field("may", may[header.sender])
        for header, line in zip(matching, scorecard.items_json(matching), strict=True)
    }
    return collection.respond_page(
        call, page, rows, lambda row: items_by_id.get(row.id) or collection.removed(row.id)
    )


def _may_by_sender(access: Access, headers: Iterable[IndicatorHeader]) -> dict[Hashable, bytes]:
    """The steps open to `access`, as JSON by sender: they depend on the sender only, and many indicators share one."""
    first = {header.sender: header for header in headers}
    return {sender: to_json(indicators.may(access, header)) for sender, header in first.items()}


@router.get("/indicators/{code}", response_model=IndicatorOut, responses=openapi.ONE)
def get_indicator(
    call: Reader,
    code: str,
    known_at: KnownAt,
    plan: PlanCode = None,
    period: PeriodText | None = None,
) -> Response:
    """One indicator: its definition, rating and published changes. An edit needs its ETag."""
    query = _query(call, plan, period, known_at)
    row = indicators.get_indicator(call.session, call.actor, call.partnership().id, code)
    return call.answer(_indicator_out(call, row, query), version=row.version)


@router.get("/indicators/{code}/target-reading", response_model=TargetReadingOut, responses=openapi.ONE)
def read_a_target(call: Reader, code: str, params: Annotated[TargetReadingQuery, Query()]) -> Response:
    """How a target would be understood before it is saved: whether it is judged, and what to know first."""
    header = header_named(call.session, call.visibility(), call.partnership(), code)
    query = _query(call, params.plan, None, None)
    return call.answer(proposed_target(call.session, call.visibility(), header, query, params.target()))


@router.patch("/indicators/{code}", response_model=IndicatorOut, responses=openapi.EDIT)
def edit_an_indicator(
    call: Annotated[Write, writing(Scope.WRITE_PLAN)], code: str, patch: IndicatorPatch, plan: PlanCode = None
) -> Response:
    """Edit the fields named: texts, responsible agency, baseline, target. A changed target is a new version."""
    partnership = call.partnership()
    row = indicators.get_indicator(call.session, call.actor, partnership.id, code)
    require_if_match(call.request, row.version)
    _require_release_authority(call, row, patch)
    plan_query = plans.PlanQuery(containing(call.today, 3), plan)
    plan_row = plans.get_partnership_plan(call.session, call.actor, partnership.id, plan_query)
    edit_indicator(call.change, row, plan_row, patch)
    call.session.flush()
    query = ScorecardQuery(plan_row, None, None, call.today)
    return call.answer(_indicator_out(call, row, query), version=row.version)


def _require_release_authority(call: Write, row: Indicator, patch: IndicatorPatch) -> None:
    """Raises Forbidden for a change of audience, or of the agencies of hidden figures, without authority to release."""
    named = patch.model_fields_set
    widens = "release_to" in named and patch.release_to != row.release_to
    takes = named & {"responsible_agency", "suppliers"} and hidden_reason(
        call.session, call.visibility(), row
    )
    if (widens or takes) and not call.access().releases_for(row.responsible_agency_id, row.suppliers):
        raise Forbidden(Scope.RELEASE_FIGURES, call.actor)


@router.get("/indicators/{code}/series", response_model=SeriesOut, responses=openapi.ONE)
def get_series(
    call: Reader, code: str, known_at: KnownAt, series_query: Annotated[SeriesQuery, Query()]
) -> Response:
    """An indicator's figures in order, each with the year before and its share of the target."""
    partnership = call.partnership()
    header = header_named(call.session, call.visibility(), partnership, code)
    query = _query(call, series_query.plan, None, known_at)
    cut = Cut(
        area=series_query.area or partnership.area_code,
        breakdown=";".join(sorted(series_query.breakdown.split(";"))) if series_query.breakdown else "",
        from_=parse_period(series_query.from_) if series_query.from_ else None,
        to=parse_period(series_query.to) if series_query.to else None,
        months={"month": 1, "quarter": 3, "year": 12}[series_query.by] if series_query.by else None,
    )
    series = DrawnSeries(call.session, call.visibility(), partnership, query)
    return call.cacheable(series.json(header, cut, to_json), JSON)


@router.get("/targets", response_model=collection.page_of(IndicatorTargetOut), responses=openapi.LIST)
def list_targets(
    call: Reader, page: Paged, known_at: KnownAt, plan: PlanCode = None, indicator: str | None = None
) -> Response:
    """Every version of every target of a plan, oldest first."""
    partnership = call.partnership()
    plan_query = plans.PlanQuery(containing(call.today, 3), plan)
    plan_row = plans.get_partnership_plan(call.session, call.actor, partnership.id, plan_query)
    filters = targets.TargetFilters(plan_row.id, indicator, known_at)
    after = collection.rows_after(call, page, Target)
    rows = targets.list_targets(call.session, filters, after, page.limit)
    return collection.respond_page(call, page, rows, targets.target_entry_out, id_of=lambda row: row[0].id)


def _query(call: Call, plan: str | None, period: str | None, known_at: datetime | None) -> ScorecardQuery:
    chosen_period = parse_period(period) if period is not None else None
    day = day_of(call.today, known_at)
    plan_query = plans.PlanQuery(chosen_period or containing(day, 3), plan, known_at)
    plan_row = plans.get_partnership_plan(call.session, call.actor, call.partnership().id, plan_query)
    return ScorecardQuery(plan_row, chosen_period, known_at, day)


def _indicator_out(call: Call, row: Indicator, query: ScorecardQuery) -> IndicatorOut:
    partnership = call.partnership()
    scorecard = Scorecard(call.session, call.visibility(), partnership, query)
    line = scorecard.items([header for header in scorecard.headers if header.id == row.id])[0]
    changes = indicators.list_published_changes(call.session, row)
    figures = {
        area: read_series(
            call.session, call.visibility(), [row], (area or partnership.area_code, ""), query.known_at
        )[row.id]
        for area in {each.area_code for each in changes}
    }
    published = [(each, figures_of(figures[each.area_code])) for each in changes]
    parts = indicators.IndicatorParts(row, line, query.plan, query.known_at, published)
    return indicators.indicator_out(call.session, call.access(), parts)
