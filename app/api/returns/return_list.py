"""Returns in a list and in a summary: each agency's for each quarter, with its status."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Call, Read
from app.api.server.collection import Paged
from app.domain.access.authority import Scope
from app.domain.number import LARGEST_ROW_NUMBER
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.returns.return_id import return_id
from app.domain.returns.return_status import ReturnState
from app.models.plan.partnership import Agency
from app.models.returns.agency_return import ReturnOut
from app.models.returns.returns_summary import ReturnsSummaryOut
from app.models.wire import PLAIN_DIGITS, PeriodText, QueryYesNo
from app.queries.figures.day_reached import day_reached
from app.queries.figures.read.stored import ids_of_submission
from app.queries.returns import agency_return as returns
from app.queries.returns import reporting_period, return_words
from app.queries.returns.agency_return import Return
from app.queries.returns.returns_summary import summary

router = make_router("returns")
Reader = Annotated[Read, reading(Scope.READ_SUBMISSIONS)]
Quarters = Annotated[PeriodText | None, Query(description="A quarter, or a year of them.")]
Owing = Annotated[str | None, Query(description="Those that owe it.")]


class ReturnFilters(BaseModel):
    """Filters of the list of returns."""

    agency: str | None = None
    period: Quarters = None
    from_: PeriodText | None = Field(None, alias="from", description="Not before it begins.")
    to: PeriodText | None = Field(None, description="Not after it ends.")
    state: ReturnState | None = None
    is_overdue: Annotated[
        QueryYesNo | None,
        Field(description="Whether a figure is late and no promise holds: also in returns that are queried."),
    ] = None
    indicator: Owing = None
    submission: Annotated[
        int | None,
        Field(ge=1, le=LARGEST_ROW_NUMBER, description="Those its figures belong to."),
        PLAIN_DIGITS,
    ] = None


@router.get(
    "/returns",
    response_model=collection.page_of(ReturnOut, with_removed=True),
    responses=openapi.LIST,
)
def list_returns(call: Reader, page: Paged, filters: Annotated[ReturnFilters, Query()]) -> Response:
    """Returns of each agency for each quarter; an agency sees its own."""
    id_ = call.partnership().id
    agencies = _agencies(call, filters.agency)
    quarters = _between(_quarters(call, filters.period), filters.from_, filters.to)
    visible = _visible_returns(call, agencies, quarters, filters.indicator)
    if filters.submission is not None:
        figure_ids = ids_of_submission(call.session, filters.submission)
        visible = [return_ for return_ in visible if return_.figures & figure_ids]
    since = collection.changed_since(call, page)
    rows = [_Row(return_.order, return_.id, return_) for return_ in visible]
    if since is None:
        rows = [row for row in rows if row.passes(filters)]
    elif returns.redefined_since(call.session, id_, since):
        removed = {
            return_id(quarter, each.code): (quarter, each) for quarter in quarters for each in agencies
        }
        for row in rows:
            removed.pop(row.id)
        rows += [_Row(returns.order(*pair), id_, None) for id_, pair in removed.items()]
    else:
        day = day_reached(call.session, since)
        rows = [row for row in rows if row.return_ is not None and row.return_.is_new(since, day)]
    rows = sorted((row for row in rows if row.order > page.after), key=lambda row: row.order)
    return collection.respond_page(
        call, page, rows, lambda row: row.to_item(filters, call.today), id_of=lambda row: row.order
    )


@dataclass(frozen=True)
class _Row:
    """A return at its place in the list; None if nothing is owed any more."""

    order: int
    id: str
    return_: Return | None

    def passes(self, filters: ReturnFilters) -> bool:
        if self.return_ is None or filters.state not in (None, self.return_.status.state):
            return False
        return filters.is_overdue in (None, self.return_.status.is_overdue)

    def to_item(self, filters: ReturnFilters, today: date) -> ReturnOut | collection.RemovedOut:
        if self.return_ is None or not self.passes(filters):
            return collection.RemovedOut(id=self.id, removed=True)
        return return_words.return_out(self.return_, today)


@router.get("/returns/summary", response_model=ReturnsSummaryOut, responses=openapi.ONE)
def get_returns_summary(
    call: Reader, agency: str | None = None, period: Quarters = None, indicator: Owing = None
) -> Response:
    """Counts of returns by state, totals of figures by quarter, and the returns that need attention now."""
    visible = _visible_returns(call, _agencies(call, agency), _quarters(call, period), indicator)
    return call.answer(summary(visible, call.today))


def _agencies(call: Call, agency: str | None) -> list[Agency]:
    every = returns.partners(call.session, call.partnership().id)
    return [each for each in every if agency in (None, each.code)]


def _quarters(call: Call, period: str | None) -> list[Period]:
    every = reporting_period.list_quarters(call.session, call.partnership().id, call.today)
    return [each for each in every if _within(each, period)]


def _visible_returns(
    call: Call, agencies: list[Agency], quarters: list[Period], indicator: str | None
) -> list[Return]:
    """Lists the returns that the actor may see, those that owe `indicator` if it is given."""
    partnership = call.partnership()
    every = returns.list_returns(call.session, partnership, agencies, quarters, call.today)
    visible = [each for each in every if returns.is_visible(call.actor, partnership.id, each)]
    if indicator is None:
        return visible
    return [each for each in visible if indicator in {owed.indicator.code for owed in each.owed}]


def _between(quarters: list[Period], from_: str | None, to: str | None) -> list[Period]:
    first = parse_period(from_).first if from_ is not None else None
    last = parse_period(to).last if to is not None else None
    return [
        each
        for each in quarters
        if (first is None or each.first >= first) and (last is None or each.last <= last)
    ]


def _within(quarter: Period, period: str | None) -> bool:
    return period is None or parse_period(period).contains(quarter)
