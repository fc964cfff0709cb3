"""Loads a document into the database: all of it, or nothing and every reason why not."""

from itertools import takewhile

from app.commands.change import Change
from app.commands.plan.touch import touch_indicators
from app.document.kit.load import Outcome
from app.document.load.check import plan_warnings
from app.document.load.document import Work
from app.document.load.figure import upsert_figures
from app.document.load.indicator import upsert_indicators
from app.document.load.partnership import upsert_partnership
from app.document.load.plan import upsert_plan, upsert_priorities
from app.document.refusal import DocumentRefused, in_order
from app.document.registry import BY_KEY
from app.document.shape import PlanDocument
from app.models.plan.plan import Plan
from app.queries.figures.visibility import FigureVisibility, FullVisibility
from app.record.figure import revisions_facts


def load(change: Change, document: PlanDocument, *, partnerships_allowed: set[str] | None) -> Outcome:
    """Changes the database to match the document; flushes, never commits. Raises DocumentRefused.

    The caller rolls back after DocumentRefused and after a dry run, and may do so where nothing changed.
    `partnerships_allowed` holds codes; None allows all, which is for the deployment's own command line.
    """
    work = Work(change, document.line, document=document)
    if partnerships_allowed is not None and document.partnership.code not in partnerships_allowed:
        line = document.line("partnership", "code")
        message = "Expected the code of a partnership whose plans you may change."
        raise DocumentRefused([(line, "not_your_partnership", message)])
    partnership = work.partnership = upsert_partnership(work)
    work.change = change.within(partnership.id)
    visibility = _visibility(work.change)
    _upsert_after(work, "partnership")
    plan, _ = upsert_plan(work, partnership)
    work.plan = plan
    _upsert_after(work, "plan")
    upsert_priorities(work, plan)
    _upsert_after(work, "priorities")
    indicators, _ = upsert_indicators(work, partnership, plan, work.ids["agencies"], visibility)
    _upsert_after(work, "indicators")
    submission_id = upsert_figures(work, partnership, indicators, visibility)
    _upsert_after(work, "figures")
    if work.problems:
        raise DocumentRefused(work.problems)
    change.session.flush()
    if work.counts["created"] or work.counts["changed"]:
        # An indicator's JSON holds its place in the plan, and its rating leaves out exceptional periods: pollers
        # must see a change of either.
        touch_indicators(change.session, partnership.id)
    if work.done:
        _record(work, plan, submission_id)
    return work.outcome(
        in_order(
            [*plan_warnings(change.session, visibility, document, plan, change.today), *work.warnings],
            "warnings",
        )
    )


def _upsert_after(work: Work, key: str) -> None:
    """Loads the sections of the registry that directly follow `key`, which is not in it yet."""
    keys = list(PlanDocument.model_fields)
    for following in takewhile(BY_KEY.__contains__, keys[keys.index(key) + 1 :]):
        BY_KEY[following].upsert(work, getattr(work.document, following))


def _visibility(change: Change) -> FigureVisibility:
    kind = FigureVisibility if change.access is not None else FullVisibility
    return kind(change.session, change.actor, change.partnership.id, change.today)


def _record(work: Work, plan: Plan, submission_id: int | None) -> None:
    facts = revisions_facts(work.session.connection(), submission_id) if submission_id is not None else {}
    work.change.record(
        "plan document imported",
        "plan",
        plan.code,
        version=plan.version,
        status=plan.status,
        counts=dict(work.counts),
        changes=[done.what for done in work.done],
        submission=submission_id,
        **facts,
    )
