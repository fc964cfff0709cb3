"""Indicators: the scorecard, one indicator whole, its series and its targets."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic_core import to_json
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import matches, reading, writing
from app.api.server.base import addresses
from app.api.server.call import JSON, Call, Read, Write
from app.api.server.collection import Encoded, Paged
from app.api.server.known_at import KnownAt, day_of
from app.api.server.problem import Forbidden
from app.commands.plan.indicator import edit_indicator
from app.domain.access.authority import Access, Scope
from app.domain.period import containing
from app.domain.period_text import parse_period
from app.domain.plan.target_shape import Applies
from app.models.figures.figure import SeriesOut
from app.models.plan.indicator import Indicator, IndicatorItemOut, IndicatorOut, IndicatorPatch
from app.models.plan.plan import Plan
from app.models.plan.target import IndicatorTargetOut, Target, TargetIn, TargetReadingOut
from app.models.wire import Line, PeriodText
from app.queries.figures.read.hidden import hidden_reason
from app.queries.figures.read.series import figures_of, read_series
from app.queries.figures.release import come_since
from app.queries.judgement.drawn_series import DrawnSeries
from app.queries.judgement.indicator_header import IndicatorHeader, header_named
from app.queries.judgement.proposed_target import proposed_target
from app.queries.judgement.scorecard import Scorecard, answered_by
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.judgement.series import Cut
from app.queries.plan import indicator as indicators
from app.queries.plan import plan as plans
from app.queries.plan import target as targets

router = addresses("indicators")
Reader = Annotated[Read, reading(Scope.READ_FIGURES)]
BREAKDOWN = r"^[A-Za-z0-9._-]+=[A-Za-z0-9._-]+(;[A-Za-z0-9._-]+=[A-Za-z0-9._-]+)*$"
PlanCode = Annotated[
    str | None, Query(description="A plan's code; absent, the adopted one covering the period or today.")
]


@router.get(
    "/indicators",
    response_model=collection.page_of(IndicatorItemOut, with_removed=True),
    responses=openapi.LIST,
)
def list_indicators(
    call: Reader,
    asked: Paged,
    known_at: KnownAt,
    plan: PlanCode = None,
    priority: str | None = None,
    agency: str | None = None,
    period: Annotated[
        PeriodText | None, Query(description="Judged for this period; absent, each at its newest.")
    ] = None,
) -> Response:
    """The scorecard: how each indicator stands against its target, which way it moves, and why we say so."""
    partnership = call.partnership()
    query = _query(call, plan, period, known_at)
    since = collection.changed_since(call, asked)
    come = come_since(call.session, partnership.id, since, call.today) if since is not None else ()
    answered = answered_by(call.session, partnership, agency, query) if agency is not None else None
    scorecard = Scorecard(call.session, call.visibility(), partnership, query)

    def is_wanted(header: IndicatorHeader) -> bool:
        place = scorecard.places.get(header.code)
        return (
            place is not None
            and priority in (None, place.priority)
            and (answered is None or header.id in answered)
        )

    def is_listed(header: IndicatorHeader) -> bool:
        if since is None:
            return is_wanted(header)
        return scorecard.seqs[header.id] > since or header.id in come

    rows = [header for header in scorecard.headers if header.id > asked.after and is_listed(header)]
    rows = rows[: asked.limit + 1]
    wanted = [header for header in rows[: asked.limit] if is_wanted(header)]
    may = _may_by_sender(call.access(), wanted)
    made = {
        header.id: Encoded(item).with_field("may", may[header.sender])
        for header, item in zip(wanted, scorecard.items_json(wanted), strict=True)
    }
    return collection.answer(call, asked, rows, lambda row: made.get(row.id) or collection.removed(row.id))


def _may_by_sender(access: Access, headers: Iterable[IndicatorHeader]) -> dict[Hashable, bytes]:
    """What somebody may do with each, as JSON; it depends on who sends the figures, and many have the same sender."""
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
    """One indicator: what it is, how it stands, what was published about it. Its ETag is what an edit needs."""
    query = _query(call, plan, period, known_at)
    row = indicators.named(call.session, call.actor, call.partnership().id, code)
    return call.answer(_whole(call, row, query), version=row.version)


@router.get("/indicators/{code}/target-reading", response_model=TargetReadingOut, responses=openapi.ONE)
def read_a_target(
    call: Reader,
    code: str,
    words: Annotated[
        Line | None, Query(description="A target in the plan's words; absent, the newest it has.")
    ] = None,
    applies: Applies = Applies.EACH_YEAR,
    from_period: PeriodText | None = None,
    plan: PlanCode = None,
) -> Response:
    """How a target would be understood before it is saved: whether it is judged, and what to know first."""
    header = header_named(call.session, call.visibility(), call.partnership(), code)
    target = TargetIn(words=words, applies=applies, from_period=from_period) if words is not None else None
    query = _query(call, plan, None, None)
    return call.answer(proposed_target(call.session, call.visibility(), header, query, target))


@router.patch("/indicators/{code}", response_model=IndicatorOut, responses=openapi.EDIT)
def edit_an_indicator(
    call: Annotated[Write, writing(Scope.WRITE_PLAN)], code: str, patch: IndicatorPatch, plan: PlanCode = None
) -> Response:
    """Edit what is named: words, responsible agency, baseline, target. A changed target is a new version."""
    partnership = call.partnership()
    row = indicators.named(call.session, call.actor, partnership.id, code)
    matches(call.request, row.version)
    _may_say_who_sees(call, row, patch)
    chosen = plans.chosen(call.session, call.actor, partnership.id, plan, containing(call.today, 3))
    edit_indicator(call.change, row, chosen, patch)
    call.session.flush()
    query = ScorecardQuery(chosen, None, None, call.today)
    return call.answer(_whole(call, row, query), version=row.version)


def _may_say_who_sees(call: Write, row: Indicator, patch: IndicatorPatch) -> None:
    """Who sees figures is not changed by who merely edits; nor whose they are, by who may not see them."""
    named = patch.model_fields_set
    widens = "release_to" in named and patch.release_to != row.release_to
    takes = named & {"responsible_agency", "suppliers"} and hidden_reason(
        call.session, call.visibility(), row
    )
    if (widens or takes) and not call.access().releases_for(row.responsible_agency_id, row.suppliers):
        raise Forbidden(Scope.RELEASE_FIGURES, call.actor)


@router.get("/indicators/{code}/series", response_model=SeriesOut, responses=openapi.ONE)
def get_series(
    call: Reader,
    code: str,
    known_at: KnownAt,
    plan: PlanCode = None,
    from_: Annotated[PeriodText | None, Query(alias="from")] = None,
    to: PeriodText | None = None,
    by: Annotated[
        str | None, Query(pattern="^(month|quarter|year)$", description="Length of the figures shown.")
    ] = None,
    area: str | None = None,
    breakdown: Annotated[
        str | None, Query(pattern=BREAKDOWN, description="As `strand=race`; absent, the whole.")
    ] = None,
) -> Response:
    """An indicator's figures in order, each with the year before and its share of the target."""
    partnership = call.partnership()
    header = header_named(call.session, call.visibility(), partnership, code)
    query = _query(call, plan, None, known_at)
    cut = Cut(
        area=area or partnership.area_code,
        breakdown=";".join(sorted(breakdown.split(";"))) if breakdown else "",
        from_=parse_period(from_) if from_ else None,
        to=parse_period(to) if to else None,
        months={"month": 1, "quarter": 3, "year": 12}[by] if by else None,
    )
    drawn = DrawnSeries(call.session, call.visibility(), partnership, query)
    return call.kept(drawn.json(header, cut), JSON)


@router.get("/targets", response_model=collection.page_of(IndicatorTargetOut), responses=openapi.LIST)
def list_targets(
    call: Reader, asked: Paged, known_at: KnownAt, plan: PlanCode = None, indicator: str | None = None
) -> Response:
    """Every version of every target of a plan, oldest first."""
    partnership = call.partnership()
    chosen = plans.chosen(call.session, call.actor, partnership.id, plan, containing(call.today, 3))
    rows = targets.listed(
        call.session,
        chosen.id,
        indicator,
        known_at,
        collection.rows_after(call, asked, Target),
        asked.limit,
    )
    return collection.answer(call, asked, rows, targets.listed_out, id_of=lambda row: row[0].id)


def _query(call: Call, plan: str | None, period: str | None, known_at: datetime | None) -> ScorecardQuery:
    chosen_period = parse_period(period) if period is not None else None
    day = day_of(call.today, known_at)
    on = chosen_period or containing(day, 3)
    partnership = call.partnership()
    chosen: Plan = plans.chosen(call.session, call.actor, partnership.id, plan, on, known_at)
    return ScorecardQuery(chosen, chosen_period, known_at, day)


def _whole(call: Call, row: Indicator, query: ScorecardQuery) -> IndicatorOut:
    partnership = call.partnership()
    scorecard = Scorecard(call.session, call.visibility(), partnership, query)
    item = scorecard.items([header for header in scorecard.headers if header.id == row.id])[0]
    changes = indicators.published_changes(call.session, row)
    figures = {
        area: read_series(
            call.session, call.visibility(), [row], (area or partnership.area_code, ""), query.known_at
        )[row.id]
        for area in {each.area_code for each in changes}
    }
    published = [(each, figures_of(figures[each.area_code])) for each in changes]
    return indicators.whole(call.session, call.access(), item, row, query.plan, query.known_at, published)
