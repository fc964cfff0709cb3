"""Reads returns: figures each agency owes for a quarter, their status, and the events people recorded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.domain.access import authority
from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.period import Period
from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.reporting import StepKind
from app.domain.returns.return_event import Event, EventKind
from app.domain.returns.return_id import parse_id, return_id
from app.domain.returns.return_status import ReturnStatus, return_status
from app.domain.returns.return_steps import acts_for_agency
from app.models.column import table
from app.models.plan.definition import Definition
from app.models.plan.partnership import Agency, Partnership, PartnershipAgency
from app.models.record.ledger import AuditEvent
from app.models.returns.agency_return import ReturnEvent
from app.models.returns.reporting_period import PeriodEvent
from app.queries.returns import reporting_period
from app.queries.returns.return_item import ReturnItem, items_for, read_candidates

EVENT, STEP = table(AuditEvent), table(PeriodEvent)


@dataclass(frozen=True, slots=True)
class Return:
    agency: Agency
    quarter: Period
    owed: Sequence[ReturnItem]
    events: Sequence[ReturnEvent]
    status: ReturnStatus

    @property
    def id(self) -> str:
        return return_id(self.quarter, self.agency.code)

    def may_act_for_agency(self, access: authority.Access) -> bool:
        return acts_for_agency(self.agency.id, (each.indicator.suppliers for each in self.owed), access)

    @property
    def order(self) -> int:
        return order(self.quarter, self.agency)

    @property
    def figures(self) -> set[int]:
        """Ids of the stored figures of the return."""
        return {each.row["id"] for each in self.owed if each.row}

    @property
    def seq(self) -> int:
        """Ledger number of the newest change to its events or figures."""
        return max([event.seq for event in self.events] + [each.seq for each in self.owed], default=0)

    def is_new(self, since: int, day: date) -> bool:
        """Whether it changed after a ledger number, or its quarter began after that number's day."""
        return self.seq > since or self.quarter.start > day


FIRST_QUARTER = 1900 * 4
MOST_AGENCIES = 1_000_000


def order(quarter: Period, agency: Agency) -> int:
    """Sort key, unique in a partnership and never changed: by quarter, then by agency."""
    return (quarter.first // 3 - FIRST_QUARTER) * MOST_AGENCIES + (agency.id)


def partners(session: Session, partnership_id: int) -> list[Agency]:
    """The partnership's agencies, in its own order."""
    query = (
        select_rows(Agency)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == Agency.id)
        .where(PartnershipAgency.partnership_id == partnership_id)
        .order_by(col(PartnershipAgency.position), col(Agency.id))
    )
    return list(session.exec(query))


def is_visible(actor: Actor, partnership_id: int, agency_return: Return) -> bool:
    """Whether the actor may see a return: staff and auditors see every one, others those they act for."""
    access = actor.access_in(partnership_id)
    if access is None or Scope.READ_SUBMISSIONS not in access.scopes:
        return False
    return access.sees_every_submission or agency_return.may_act_for_agency(access)


def list_returns(
    session: Session,
    partnership: Partnership,
    agencies: Iterable[Agency],
    quarters: Sequence[Period],
    today: date,
) -> list[Return]:
    """Returns of these agencies for these quarters, quarter by quarter; none where nothing is owed."""
    id_ = partnership.id
    by_code = {agency.code: agency for agency in agencies}
    by_id = {agency.id: agency for agency in by_code.values()}
    measured = reporting_period.measured_indicators(session, id_, quarters)
    rows = {each.row.id: each.row for indicators in measured.values() for each in indicators}
    candidates = read_candidates(session, partnership, list(rows.values()), quarters)
    events = _events(session, id_, quarters)
    returns = []
    for quarter in quarters:
        owed_by: dict[int, list[ReturnItem]] = defaultdict(list)
        for row, defined in measured[quarter]:
            agency = _owing_agency(defined, by_id, by_code)
            if agency is not None:
                near = candidates.get(row.id, ())
                owed_by[agency.id] += items_for(row, defined, quarter, near, partnership.owed_from)
        for agency in by_code.values():
            owed = owed_by.get(agency.id)
            if owed:
                own_events = events.get((quarter.first, agency.id), [])
                returns.append(Return(agency, quarter, owed, own_events, _status(owed, own_events, today)))
    return returns


def _owing_agency(
    defined: Definition, by_id: Mapping[int, Agency], by_code: Mapping[str, Agency]
) -> Agency | None:
    """The responsible agency of an indicator; without one, its first supplier."""
    if defined.responsible_agency_id is not None:
        return by_id.get(defined.responsible_agency_id)
    return by_code.get(defined.suppliers[0]) if defined.suppliers else None


def get_return(session: Session, actor: Actor, partnership: Partnership, id_: str, today: date) -> Return:
    """The return of an id; NotFound if the actor may not see it, or nothing is owed."""
    quarter, code = parse_id(id_)
    agencies = [each for each in partners(session, partnership.id) if each.code == code]
    if not agencies or quarter not in reporting_period.list_quarters(session, partnership.id, today):
        raise NotFound("The return")
    returns = list_returns(session, partnership, agencies, [quarter], today)
    if not returns or not is_visible(actor, partnership.id, returns[0]):
        raise NotFound("The return")
    return returns[0]


def _events(
    session: Session, partnership_id: int, quarters: Sequence[Period]
) -> dict[tuple[int, int], list[ReturnEvent]]:
    query = select_rows(ReturnEvent).where(
        ReturnEvent.partnership_id == partnership_id,
        col(ReturnEvent.first_month).in_([quarter.first for quarter in quarters]),
    )
    grouped: dict[tuple[int, int], list[ReturnEvent]] = defaultdict(list)
    for row in session.exec(query.order_by(col(ReturnEvent.id))):
        grouped[row.first_month, row.agency_id].append(row)
    return grouped


def _status(owed: Sequence[ReturnItem], rows: Sequence[ReturnEvent], today: date) -> ReturnStatus:
    return return_status([each.figure for each in owed], return_events(rows), today)


def return_events(rows: Iterable[ReturnEvent]) -> list[Event]:
    """Stored events as the domain takes them, in the same order."""
    return [
        Event(EventKind(row.kind), row.recorded_at, row.promised_on, tuple(row.indicators), row.id)
        for row in rows
    ]


def newest_event(events: Sequence[ReturnEvent], *kinds: EventKind) -> ReturnEvent | None:
    return next((each for each in reversed(events) if each.kind in kinds), None)


def latest_event(agency_return: Return, kind: EventKind) -> ReturnEvent | None:
    """Latest event of a kind, ignored if any figure changed later."""
    event = newest_event(agency_return.events, kind)
    if event is None or any(_changed_after(each.figure, event.recorded_at) for each in agency_return.owed):
        return None
    return event


def _changed_after(figure: OwedFigure, instant: datetime) -> bool:
    return figure.changed_at is not None and figure.changed_at > instant


def last_reviewed_at(agency_return: Return) -> datetime | None:
    """When the return was last checked or queried."""
    event = newest_event(agency_return.events, EventKind.CHECKED, EventKind.QUERY)
    return event.recorded_at if event is not None else None


def redefined_since(session: Session, partnership_id: int, since: int) -> bool:
    """Whether a change after a ledger number can change what an agency owes.

    That is an edit of the partnership or an indicator, a loaded plan, or a reopened quarter, which uses today's
    definitions again.
    """
    # Looked up by ledger number alone: a partnership or a kind may have any number of events.
    edited = select(EVENT.c.id).where(
        EVENT.c.seq > since,
        EVENT.c.partnership_id + 0 == partnership_id,
        EVENT.c.subject_kind.concat("").in_(("indicator", "partnership", "plan")),
    )
    reopened = select(STEP.c.id).where(
        STEP.c.partnership_id == partnership_id, STEP.c.seq > since, STEP.c.kind == StepKind.REOPENED.value
    )
    connection = session.connection()
    return any(connection.execute(query.limit(1)).first() is not None for query in (edited, reopened))
