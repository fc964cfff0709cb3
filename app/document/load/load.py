"""A read document goes in: all of it, or nothing of it and every reason why not."""

from datetime import date, datetime
from itertools import takewhile

from sqlalchemy import update
from sqlmodel import Session, col

from app.commands import audit
from app.document.kit.load import Outcome
from app.document.load.check import plan_warnings
from app.document.load.document import Work
from app.document.load.figure import bring_figures
from app.document.load.indicator import bring_indicators
from app.document.load.partnership import (
    bring_partnership,
)
from app.document.load.plan import bring_plan, bring_priorities
from app.document.refusal import DocumentRefused, in_order
from app.document.registry import BY_KEY
from app.document.shape import PlanDocument
from app.domain.access.authority import Actor
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan
from app.queries.figures.sight import Sight, Unhindered
from app.record.figure import revisions_facts


def load(
    session: Session,
    document: PlanDocument,
    actor: Actor,
    *,
    today: date,
    now: datetime,
    partnerships_allowed: set[str] | None,
) -> Outcome:
    """Brings the database up to the document; flushes, never commits.

    The caller forgets the session after DocumentRefused, after a dry run, and may where nothing changed.
    `partnerships_allowed` holds codes; None allows all, which is for the deployment's own command line.
    """
    work = Work(session, document.line, document=document, today=today, now=now, actor_name=actor.name)
    if partnerships_allowed is not None and document.partnership.code not in partnerships_allowed:
        line = document.line("partnership", "code")
        message = "Expected the code of a partnership whose plans you may change."
        raise DocumentRefused([(line, "not_your_partnership", message)])
    partnership = work.partnership = bring_partnership(work)
    partnership_id = partnership.id
    work.standing = actor.standing_in(partnership_id)
    sight = _sight(work, actor, partnership_id)
    _upsert_after(work, "partnership")
    plan, _ = bring_plan(work, partnership)
    work.plan = plan
    _upsert_after(work, "plan")
    bring_priorities(work, plan)
    _upsert_after(work, "priorities")
    indicators, _ = bring_indicators(work, partnership, plan, work.ids["agencies"], sight)
    _upsert_after(work, "indicators")
    submission_id = bring_figures(work, partnership, indicators, sight)
    _upsert_after(work, "figures")
    if work.problems:
        raise DocumentRefused(work.problems)
    session.flush()
    if work.counts["created"] or work.counts["changed"]:
        _stamp(work, partnership)
    if work.done:
        _record(work, actor, partnership, plan, submission_id)
    return work.outcome(
        in_order([*plan_warnings(session, document, plan, today), *work.warnings], "warnings")
    )


def _upsert_after(work: Work, key: str) -> None:
    """Loads the sections of the registry that directly follow `key`, which is not in it yet."""
    keys = list(PlanDocument.model_fields)
    for following in takewhile(BY_KEY.__contains__, keys[keys.index(key) + 1 :]):
        BY_KEY[following].upsert(work, getattr(work.document, following))


def _sight(work: Work, actor: Actor, partnership_id: int) -> Sight:
    kind = Sight if work.standing is not None else Unhindered
    return kind(work.session, actor, partnership_id, work.today)


def _stamp(work: Work, partnership: Partnership) -> None:
    """An indicator is read with its place in the plan, and judged without the partnership's exceptional
    periods: whoever follows changes must hear of either."""
    mine = col(Indicator.partnership_id) == partnership.id
    work.session.execute(update(Indicator).where(mine).values(seq=work.seq))


def _record(
    work: Work, actor: Actor, partnership: Partnership, plan: Plan, submission_id: int | None
) -> None:
    data = {
        "version": plan.version,
        "status": plan.status,
        "counts": dict(work.counts),
        "changes": [done.what for done in work.done],
        "submission": submission_id,
        **(revisions_facts(work.session.connection(), submission_id) if submission_id is not None else {}),
    }
    audit.record(
        work.session,
        actor,
        "plan document imported",
        ("plan", plan.code),
        data,
        at=work.now,
        partnership_id=partnership.id,
    )
