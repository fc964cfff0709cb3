"""Returns: what each agency owes for each quarter, gathered from indicators, figures and what people did."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.config import LONDON
from app.domain import authority, returns
from app.domain.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.indicator import AddsUp, Frequency, Measure, Window
from app.domain.period import Period, containing
from app.domain.returns import Event, EventKind, Item, Standing, owed_periods
from app.models.agency_return import ReturnEvent
from app.models.column import table
from app.models.figure import Figure, FigureRevision
from app.models.indicator import Indicator
from app.models.ledger import AuditEvent
from app.models.partnership import Agency, Partnership, PartnershipAgency
from app.models.plan import Plan
from app.queries import plan as plans

FIGURE, REVISION, EVENT = table(Figure), table(FigureRevision), table(AuditEvent)


@dataclass(frozen=True, slots=True)
class Owed:
    """One figure owed: by which indicator, and the stored row where there is one."""

    indicator: Indicator
    item: Item
    row: Mapping[str, Any] | None
    seq: int
    """The newest change to what answers for it, or did until it was called a forecast."""

    @property
    def counts_events(self) -> bool:
        """Whether nothing to report means 0 of it."""
        return self.indicator.measure == Measure.COUNT and self.indicator.adds_up == AddsUp.SUM


@dataclass(frozen=True, slots=True)
class Return:
    agency: Agency
    quarter: Period
    owed: Sequence[Owed]
    events: Sequence[ReturnEvent]
    standing: Standing

    @property
    def id(self) -> str:
        return return_id(self.quarter, self.agency.code)

    def speaks(self, standing: authority.Standing) -> bool:
        """Whether somebody speaks for it: its agency, or who supplies every figure of it on the agency's behalf."""
        own = standing.agency_id is not None and standing.agency_id == self.agency.id
        return own or all(standing.agency_code in each.indicator.suppliers for each in self.owed)

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
    return (quarter.first // 3 - FIRST_QUARTER) * MOST_AGENCIES + (agency.id or 0)


def return_id(quarter: Period, agency: str) -> str:
    return f"{quarter}~{agency}"


def read_id(text: str) -> tuple[Period, str]:
    """The quarter and agency code an id names; NotFound where it names none."""
    period, _, agency = text.partition("~")
    try:
        quarter = Period.parse(period)
    except RuleBroken as error:
        raise NotFound("The return") from error
    if not quarter.is_quarter or not agency:
        raise NotFound("The return")
    return quarter, agency


def partners(session: Session, partnership_id: int) -> list[Agency]:
    """The partnership's agencies, in its own order."""
    query = (
        select_rows(Agency)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == Agency.id)
        .where(PartnershipAgency.partnership_id == partnership_id)
        .order_by(col(PartnershipAgency.position), col(Agency.id))
    )
    return list(session.exec(query))


def in_sight(actor: Actor, partnership_id: int, found: Return) -> bool:
    """Staff and auditors see every return, anybody else those that they speak for."""
    standing = actor.standing_in(partnership_id)
    if standing is None or Scope.READ_SUBMISSIONS not in standing.scopes:
        return False
    return standing.is_staff or standing.agency_id is None or found.speaks(standing)


def quarters(session: Session, partnership_id: int, today: date) -> list[Period]:
    """The quarters reported on so far, oldest first: of adopted plans, up to the one today is in.

    A plan that rolls on, 2017-20 refreshed as 2018-21, leaves the quarters before it to the version it follows:
    what was closed stays there to be read, and what is still owed stays owed.
    """
    versions = _versions(session, partnership_id)
    begins = {plan.code: plans.years(plan).first for plan in versions if plan.status == "adopted"}
    now = containing(today, 3)
    found: set[Period] = set()
    for plan in versions:
        years = plans.years(plan)
        last = years.last if plan.status == "adopted" else min(years.last, begins[plan.code] - 1)
        found.update(Period(month, 3) for month in range(years.first, min(now.last, last) - 1, 3))
    return sorted(found)


def listed(
    session: Session,
    partnership: Partnership,
    agencies: Iterable[Agency],
    wanted: Sequence[Period],
    today: date,
) -> list[Return]:
    """Returns of some agencies for some quarters, quarter by quarter; none where nothing is owed."""
    id_ = partnership.id or 0
    by_code = {agency.code: agency for agency in agencies}
    by_id = {agency.id: agency for agency in by_code.values()}
    measured = _measured(session, id_, wanted)
    everything = {row.id: row for rows in measured.values() for row in rows}
    figures = _figures(session, partnership, list(everything.values()), wanted)
    events = _events(session, id_, wanted)
    made = []
    for quarter in wanted:
        groups: dict[int, list[Owed]] = defaultdict(list)
        for row in measured[quarter]:
            agency = _debtor(row, by_id, by_code)
            if agency is not None:
                groups[agency.id or 0] += _owed(row, quarter, figures.get(row.id or 0, ()))
        for agency in by_code.values():
            owed = groups.get(agency.id or 0)
            if owed:
                said = events.get((quarter.first, agency.id or 0), [])
                made.append(Return(agency, quarter, owed, said, _standing(owed, said, today)))
    return made


def sent_in(session: Session, submission: int) -> set[int]:
    """Ids of the figures that a submission made or changed."""
    query = select(REVISION.c.figure_id).where(REVISION.c.submission_id == submission)
    return set(session.connection().execute(query).scalars())


def _debtor(
    row: Indicator, by_id: Mapping[int | None, Agency], by_code: Mapping[str, Agency]
) -> Agency | None:
    """Whoever answers for it; where nobody does, its first supplier."""
    if row.responsible_agency_id is not None:
        return by_id.get(row.responsible_agency_id)
    return by_code.get(row.suppliers[0]) if row.suppliers else None


def one(session: Session, actor: Actor, partnership: Partnership, id_: str, today: date) -> Return:
    """The return of that id; NotFound where it is not this actor's to see, or nothing is owed."""
    quarter, code = read_id(id_)
    agencies = [each for each in partners(session, partnership.id or 0) if each.code == code]
    if not agencies or quarter not in quarters(session, partnership.id or 0, today):
        raise NotFound("The return")
    found = listed(session, partnership, agencies, [quarter], today)
    if not found or not in_sight(actor, partnership.id or 0, found[0]):
        raise NotFound("The return")
    return found[0]


def _versions(session: Session, partnership_id: int) -> list[Plan]:
    """Adopted plans, those that reach furthest first, each followed by the versions it took over from."""
    query = select_rows(Plan).where(Plan.partnership_id == partnership_id, Plan.status != "draft")
    every = session.exec(query.order_by(col(Plan.last_year).desc(), col(Plan.version).desc())).all()
    places = {plan.code: place for place, plan in enumerate(every) if plan.status == "adopted"}
    return sorted(
        (plan for plan in every if plan.code in places), key=lambda plan: (places[plan.code], -plan.version)
    )


def _in_force(versions: Iterable[Plan], quarter: Period) -> Plan | None:
    """The plan a quarter is reported by: of its versions the newest adopted by the quarter's end, else the first.

    What a later refresh adds is not owed for quarters that were over before it.
    """
    covering = [plan for plan in versions if plans.years(plan).contains(quarter)]
    come = (plan for plan in covering if plan.adopted_on is None or plan.adopted_on <= quarter.end)
    return next(come, covering[-1] if covering else None)


def _measured(
    session: Session, partnership_id: int, wanted: Sequence[Period]
) -> dict[Period, list[Indicator]]:
    """The indicators that the plan in force in each quarter measures by, in the partnership's order."""
    every = session.exec(
        select_rows(Indicator)
        .where(Indicator.partnership_id == partnership_id)
        .order_by(col(Indicator.position), col(Indicator.id))
    ).all()
    versions = _versions(session, partnership_id)
    codes = {plan.id: _codes(session, plan) for plan in versions}
    made = {}
    for quarter in wanted:
        plan = _in_force(versions, quarter)
        placed = codes[plan.id] if plan is not None else set()
        made[quarter] = [row for row in every if row.code in placed and not _retired(row, quarter)]
    return made


def _codes(session: Session, plan: Plan) -> set[str]:
    ids = [priority.id or 0 for priority in plans.priorities(session, [plan.id or 0])]
    lines = plans.measure_lines(session, ids)
    return {code for group in lines.values() for line in group for code in line.indicators}


def _retired(row: Indicator, quarter: Period) -> bool:
    return row.retired_on is not None and row.retired_on <= quarter.end


def _figures(
    session: Session, partnership: Partnership, rows: Collection[Indicator], wanted: Sequence[Period]
) -> dict[int, list[dict[str, Any]]]:
    """Whole figures that may answer for something owed, by indicator, and forecasts of them.

    `first_at` is when one first came: a forecast has not.
    """
    if not rows or not wanted:
        return {}
    scope = (
        FIGURE.c.indicator_id.in_([row.id for row in rows]),
        FIGURE.c.area_code == partnership.area_code,
        FIGURE.c.breakdown == "",
        FIGURE.c.last_month > min(each.first for each in wanted) - 12,
        FIGURE.c.last_month <= max(each.last for each in wanted),
    )
    came = (
        select(REVISION.c.figure_id, func.min(REVISION.c.recorded_at).label("first_at"))
        .join(FIGURE, FIGURE.c.id == REVISION.c.figure_id)
        .where(
            *scope,
            or_(REVISION.c.missing.is_(None), REVISION.c.missing != "awaited"),
            REVISION.c.status != "forecast",
        )
        .group_by(REVISION.c.figure_id)
        .subquery()
    )
    query = (
        select(FIGURE, came.c.first_at)
        .outerjoin(came, came.c.figure_id == FIGURE.c.id)
        .where(*scope)
        .order_by(FIGURE.c.last_month, FIGURE.c.first_month.desc())
    )
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.connection().execute(query).mappings():
        grouped[row["indicator_id"]].append(dict(row))
    return grouped


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


def _owed(row: Indicator, quarter: Period, found: Sequence[dict[str, Any]]) -> list[Owed]:
    step = Frequency(row.frequency).months
    made = []
    for period in owed_periods(Frequency(row.frequency), Window(row.window), quarter):
        near = _near(period, step, found, exact=row.judged().accumulates)
        answer = _answer(period, [each for each in near if each["status"] != "forecast"])
        came = answer is not None and answer["missing"] != "awaited"
        item = Item(
            row.code,
            period,
            row.publication_lag_days,
            received_at=answer["first_at"].astimezone(LONDON) if answer is not None and came else None,
            changed_at=answer["recorded_at"] if answer is not None else None,
            promised_on=answer["expected_on"] if answer is not None and not came else None,
        )
        changed = [each["seq"] for each in near if each is answer or _was_more(each)]
        made.append(Owed(row, item, answer, max(changed, default=0)))
    return made


def _near(period: Period, step: int, found: Sequence[dict[str, Any]], *, exact: bool) -> list[dict[str, Any]]:
    """Figures as long as a period or longer that end within the same step of time.

    What is measured may be longer than what it is sent for, or end earlier; but a longer count is not the
    shorter one's, so that what adds up is `exact`.
    """
    if exact:
        return [
            row for row in found if (row["first_month"], row["last_month"]) == (period.first, period.last)
        ]
    return [
        row
        for row in found
        if period.last - step < row["last_month"] <= period.last
        and row["last_month"] - row["first_month"] + 1 >= period.months
    ]


def _was_more(row: Mapping[str, Any]) -> bool:
    """Whether a forecast may have been a figure before."""
    return bool(row["status"] == "forecast" and row["revision"] > 1)


def _answer(period: Period, near: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The figure of the very period, else the nearest there is."""
    exact = [row for row in near if (row["first_month"], row["last_month"]) == (period.first, period.last)]
    return next(iter([*exact, *reversed(near)]), None)


def _standing(owed: Sequence[Owed], said: Sequence[ReturnEvent], today: date) -> Standing:
    events = [Event(EventKind(each.kind), each.recorded_at, each.promised_on) for each in said]
    return returns.standing([each.item for each in owed], events, today)


def newest(events: Sequence[ReturnEvent], *kinds: EventKind) -> ReturnEvent | None:
    return next((each for each in reversed(events) if each.kind in kinds), None)


def since(found: Return) -> datetime | None:
    """When the return was last checked or queried."""
    event = newest(found.events, EventKind.CHECKED, EventKind.QUERY)
    return event.recorded_at if event is not None else None


def redefined_since(session: Session, partnership_id: int, since: int) -> bool:
    """Whether something changed that decides who owes what: an indicator was edited, or a plan came in."""
    query = select(EVENT.c.id).where(
        EVENT.c.partnership_id == partnership_id,
        EVENT.c.seq > since,
        EVENT.c.subject_kind.in_(("indicator", "plan")),
    )
    return session.connection().execute(query.limit(1)).first() is not None
