"""How a plan stands at a glance, and what needs somebody."""

from collections import Counter
from datetime import date

from sqlmodel import Session

from app.domain.period import containing
from app.models.plan.indicator import ScorecardItemOut
from app.models.plan.partnership import Partnership
from app.models.plan.plan import AttentionOut, Plan, SummaryOut, TonesOut
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement import plan_check
from app.queries.judgement.scorecard import Scorecard
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.plan import plan as plans

WORSE = {"missed", "off_track"}


def summary(session: Session, visibility: FigureVisibility, query: ScorecardQuery) -> SummaryOut:
    """Of the indicators measured in the plan, for a period or each at its newest."""
    plan, known_at = query.plan, query.known_at
    partnership = session.get_one(Partnership, plan.partnership_id)
    scorecard = Scorecard(session, visibility, partnership, query)
    items = scorecard.items(scorecard.placed)
    tones = Counter(item["rating"]["tone"] for item in items)
    counts = TonesOut(good=tones["good"], near=tones["near"], bad=tones["bad"], none=tones["none"])
    shown = query.period or containing(query.day, 3).previous()
    return SummaryOut(
        period=str(shown),
        period_label=shown.label,
        as_known_at=known_at.date().isoformat() if known_at is not None else None,
        has_begun=plans.years(plan).start <= query.day,
        counts=counts,
        counts_label=(
            f"{counts['good']} on track or met, {counts['near']} near or too early, "
            f"{counts['bad']} off track or missed, {counts['none']} not judged"
        ),
        attention=[
            *_awaited(items),
            *_worsening(items),
            # The plan is checked as it stands today: that says nothing of an earlier day.
            *(_checks(session, visibility, plan, query.day) if query.day >= visibility.today else []),
        ],
    )


def _awaited(items: list[ScorecardItemOut]) -> list[AttentionOut]:
    return [
        AttentionOut(
            code="awaited",
            indicator=item["code"],
            message=f"{item['title']}: {item['owed']['words']}, for {item['owed']['period_label']}",
        )
        for item in items
        if item["owed"] is not None and item["owed"]["missing"] == "awaited"
    ]


def _worsening(items: list[ScorecardItemOut]) -> list[AttentionOut]:
    """Off its target and moving the wrong way: the two together are what a Board asks about first."""
    return [
        AttentionOut(
            code="off_track_and_worsening",
            indicator=item["code"],
            message=f"{item['title']} is {item['rating']['label'].lower()}, and worsening",
        )
        for item in items
        if item["rating"]["status"] in WORSE and item["trend"]["direction"] == "worsening"
    ]


def _checks(session: Session, visibility: FigureVisibility, plan: Plan, today: date) -> list[AttentionOut]:
    found = plan_check.checks(session, visibility, plan, today)
    if not found:
        return []
    telling = next((each for each in found if each["indicator"] is not None), found[0])
    number = f"{len(found)} plan checks" if len(found) != 1 else "1 plan check"
    return [
        AttentionOut(code="plan_checks", indicator=None, message=f"{number}, such as: {telling['message']}")
    ]
