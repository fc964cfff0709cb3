"""What a cut-off freezes, and how that may be seen later: what has been narrowed since is withheld there too."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.config import LONDON
from app.domain.access.author import author
from app.domain.access.authority import Access, Actor, Scope
from app.domain.period import Period
from app.domain.returns.reporting import StepKind
from app.models.author import author_out
from app.models.plan.indicator import Indicator, ScorecardItemOut
from app.models.plan.partnership import Partnership
from app.models.returns.reporting_period import LateItemOut, PeriodEvent, Snapshot
from app.queries.figures.read.hidden import hidden_reasons
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement.indicator_header import headers_of
from app.queries.judgement.scorecard import Scorecard
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.plan import plan as plans
from app.queries.returns import return_words
from app.queries.returns.agency_return import Return


def frozen_items(
    session: Session, partnership: Partnership, quarter: Period, today: date, now: datetime
) -> list[ScorecardItemOut]:
    """The scorecard for a quarter as the whole partnership sees it, without what an agency still holds back.

    It is asked as known at this moment, so that whoever asks for that later gets the same.
    """
    everybody = as_the_partnership(partnership)
    plan = plans.get_partnership_plan(session, everybody, partnership.id, plans.PlanQuery(quarter))
    visibility = FigureVisibility(session, everybody, partnership.id, today)
    scorecard = Scorecard(session, visibility, partnership, ScorecardQuery(plan, quarter, now, today))
    return scorecard.items(scorecard.placed)


def late_items(every: list[Return], today: date) -> list[LateItemOut]:
    """What is owed and not there, and what is known about it."""
    return [
        LateItemOut(
            indicator=each.indicator.code,
            title=each.indicator.title,
            agency=found.agency.name,
            period_label=each.figure.period.short_label,
            words=f"{found.status.state.label}: {return_words.return_out(found, today)['words']}",
        )
        for found in every
        for each in found.owed
        if each.figure.received_at is None
    ]


def as_the_partnership(partnership: Partnership) -> Actor:
    """Sees what every agency inside the information-sharing agreement does, and no more."""
    reads = frozenset({Scope.READ, Scope.READ_FIGURES, Scope.READ_SUBMISSIONS, Scope.WRITE_PLAN})
    access = Access(partnership.id, partnership.code, reads, None, None, None, sees_people=True)
    return Actor(name="the partnership", caller="partnership", accesses=(access,))


def newest(session: Session, partnership_id: int, quarter: Period) -> tuple[Snapshot, PeriodEvent] | None:
    """What was frozen at a quarter's newest cut-off, and the cut-off itself."""
    query = (
        select(Snapshot, PeriodEvent)
        .join(PeriodEvent)
        .where(
            PeriodEvent.partnership_id == partnership_id,
            PeriodEvent.first_month == quarter.first,
            PeriodEvent.kind == StepKind.CUT_OFF.value,
        )
        .order_by(col(Snapshot.id).desc())
    )
    return session.exec(query.limit(1)).first()


def visible_items(
    session: Session,
    actor: Actor,
    visibility: FigureVisibility,
    partnership: Partnership,
    quarter: Period,
    items: Sequence[dict[str, Any]],
    moment: datetime,
) -> list[Any]:
    """The lines as they were frozen, but for those that figures went into which the actor may not see.

    Such a line is judged again, as known at that moment, from the figures they may see.
    """
    items = [_with_author(item) for item in items]
    codes = [item["code"] for item in items]
    mine = select(Indicator).where(Indicator.partnership_id == partnership.id, col(Indicator.code).in_(codes))
    rows = session.exec(mine).all()
    withheld = hidden_reasons(session, visibility, rows, until=quarter.last)
    if not withheld:
        return items
    plan = plans.get_partnership_plan(session, actor, partnership.id, plans.PlanQuery(quarter, None, moment))
    query = ScorecardQuery(plan, quarter, moment, moment.astimezone(LONDON).date())
    scorecard = Scorecard(session, visibility, partnership, query)
    narrowed = [header for header in headers_of(session, partnership) if header.id in withheld]
    again = {item["code"]: item for item in scorecard.items(narrowed)}
    return [again.get(item["code"], item) for item in items]


def _with_author(item: dict[str, Any]) -> dict[str, Any]:
    """A line frozen before authors were told apart from `recorded_by`, as it is told today."""
    target = item["target"]
    if "author" in target:
        return item
    recorded_by = target["recorded_by"]
    written_by = author_out(author(recorded_by)) if recorded_by is not None else None
    return {**item, "target": {**target, "author": written_by}}
