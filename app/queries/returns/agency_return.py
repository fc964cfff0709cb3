"""Returns: what each agency owes for each quarter, how it stands, and what people said and did about it."""

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
from app.domain.returns.reporting import StepKind
from app.domain.returns.return_id import parse_id, return_id
from app.domain.returns.return_status import Event, EventKind, OwedFigure, ReturnStatus, return_status
from app.domain.returns.return_steps import acts_for_agency
from app.models.column import table
from app.models.plan.definition import Definition
from app.models.plan.partnership import Agency, Partnership, PartnershipAgency
from app.models.record.ledger import AuditEvent
from app.models.returns.agency_return import ReturnEvent
from app.models.returns.reporting_period import PeriodEvent
from app.queries.returns import reporting_period
from app.queries.returns.owed_figure import ReturnItem, items_for, read_candidates

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

    def speaks(self, access: authority.Access) -> bool:
        return acts_for_agency(self.agency.id, (each.indicator.suppliers for each in self.owed), access)

    @property
    def order(self) -> int:
        return order(self.quarter, self.agency)

    @property
    def figures(self) -> set[int]:
        """Ids of the figures that answer for it."""
        return {each.row["id"] for each in self.owed if each.row}

    @property
    def seq(self) -> int:
        """The newest change to what people did about it, or to a figure of it."""
        return max([event.seq for event in self.events] + [each.seq for each in self.owed], default=0)

    def is_new(self, since: int, day: date) -> bool:
        """Whether it changed after a ledger number, or its quarter began after the day that was reached on."""
        return self.seq > since or self.quarter.start > day


FIRST_QUARTER = 1900 * 4
MOST_AGENCIES = 1_000_000


def order(quarter: Period, agency: Agency) -> int:
    """Unique in a partnership and the same for ever: quarter by quarter, then agency by agency."""
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


def is_visible(actor: Actor, partnership_id: int, found: Return) -> bool:
    """Staff and auditors see every return, anybody else those that they speak for."""
    access = actor.access_in(partnership_id)
    if access is None or Scope.READ_SUBMISSIONS not in access.scopes:
        return False
    return access.is_staff or access.agency_id is None or found.speaks(access)


def listed(
    session: Session,
    partnership: Partnership,
    agencies: Iterable[Agency],
    wanted: Sequence[Period],
    today: date,
) -> list[Return]:
    """Returns of some agencies for some quarters, quarter by quarter; none where nothing is owed."""
    id_ = partnership.id
    by_code = {agency.code: agency for agency in agencies}
    by_id = {agency.id: agency for agency in by_code.values()}
    measured = reporting_period.measured_indicators(session, id_, wanted)
    everything = {each.row.id: each.row for found in measured.values() for each in found}
    figures = read_candidates(session, partnership, list(everything.values()), wanted)
    events = _events(session, id_, wanted)
    made = []
    for quarter in wanted:
        groups: dict[int, list[ReturnItem]] = defaultdict(list)
        for row, defined in measured[quarter]:
            agency = _debtor(defined, by_id, by_code)
            if agency is not None:
                groups[agency.id] += items_for(row, defined, quarter, figures.get(row.id, ()))
        for agency in by_code.values():
            owed = groups.get(agency.id)
            if owed:
                said = events.get((quarter.first, agency.id), [])
                made.append(Return(agency, quarter, owed, said, _status(owed, said, today)))
    return made


def _debtor(defined: Definition, by_id: Mapping[int, Agency], by_code: Mapping[str, Agency]) -> Agency | None:
    """Whoever answers for it; where nobody does, its first supplier."""
    if defined.responsible_agency_id is not None:
        return by_id.get(defined.responsible_agency_id)
    return by_code.get(defined.suppliers[0]) if defined.suppliers else None


def one(session: Session, actor: Actor, partnership: Partnership, id_: str, today: date) -> Return:
    """The return of that id; NotFound where it is not this actor's to see, or nothing is owed."""
    quarter, code = parse_id(id_)
    agencies = [each for each in partners(session, partnership.id) if each.code == code]
    if not agencies or quarter not in reporting_period.list_quarters(session, partnership.id, today):
        raise NotFound("The return")
    found = listed(session, partnership, agencies, [quarter], today)
    if not found or not is_visible(actor, partnership.id, found[0]):
        raise NotFound("The return")
    return found[0]


def _events(
    session: Session, partnership_id: int, wanted: Sequence[Period]
) -> dict[tuple[int, int], list[ReturnEvent]]:
    query = select_rows(ReturnEvent).where(
        ReturnEvent.partnership_id == partnership_id,
        col(ReturnEvent.first_month).in_([quarter.first for quarter in wanted]),
    )
    grouped: dict[tuple[int, int], list[ReturnEvent]] = defaultdict(list)
    for row in session.exec(query.order_by(col(ReturnEvent.id))):
        grouped[row.first_month, row.agency_id].append(row)
    return grouped


def _status(owed: Sequence[ReturnItem], said: Sequence[ReturnEvent], today: date) -> ReturnStatus:
    events = [Event(EventKind(each.kind), each.recorded_at, each.promised_on) for each in said]
    return return_status([each.figure for each in owed], events, today)


def newest(events: Sequence[ReturnEvent], *kinds: EventKind) -> ReturnEvent | None:
    return next((each for each in reversed(events) if each.kind in kinds), None)


def latest_event(found: Return, kind: EventKind) -> ReturnEvent | None:
    """Latest event of a kind, ignored if any figure changed later."""
    event = newest(found.events, kind)
    if event is None or any(_changed_after(each.figure, event.recorded_at) for each in found.owed):
        return None
    return event


def _changed_after(figure: OwedFigure, instant: datetime) -> bool:
    return figure.changed_at is not None and figure.changed_at > instant


def since(found: Return) -> datetime | None:
    """When the return was last checked or queried."""
    event = newest(found.events, EventKind.CHECKED, EventKind.QUERY)
    return event.recorded_at if event is not None else None


def redefined_since(session: Session, partnership_id: int, since: int) -> bool:
    """Whether something changed that decides who owes what.

    An indicator was edited, a plan came in, or a quarter was opened again, which goes by today's word from then on.
    """
    # By their numbers alone: of a partnership, or of a kind, there may be any number of events.
    edited = select(EVENT.c.id).where(
        EVENT.c.seq > since,
        EVENT.c.partnership_id + 0 == partnership_id,
        EVENT.c.subject_kind.concat("").in_(("indicator", "plan")),
    )
    reopened = select(STEP.c.id).where(
        STEP.c.partnership_id == partnership_id, STEP.c.seq > since, STEP.c.kind == StepKind.REOPENED.value
    )
    connection = session.connection()
    return any(connection.execute(query.limit(1)).first() is not None for query in (edited, reopened))
