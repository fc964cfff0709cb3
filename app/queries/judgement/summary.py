"""Summarises a plan: counts by tone, and what needs attention."""

from collections import Counter
from datetime import date

from sqlmodel import Session

from app.domain.period import containing
from app.domain.record.file_room import FileRoom
from app.models.plan.indicator import ScorecardItemOut
from app.models.plan.partnership import Partnership
from app.models.plan.plan import AttentionOut, Plan, SummaryOut, TonesOut
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement import plan_check
from app.queries.judgement.scorecard import Scorecard
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.plan import plan as plans

WORSE = {"missed", "off_track"}


def summary(
    session: Session, visibility: FigureVisibility, query: ScorecardQuery, room: FileRoom | None
) -> SummaryOut:
    """Summary of the plan's indicators, for a period or each at its newest. `room` is given for staff."""
    plan, known_at = query.plan, query.known_at
    partnership = session.get_one(Partnership, plan.partnership_id)
    scorecard = Scorecard(session, visibility, partnership, query)
    items = scorecard.items(scorecard.placed)
    tones = Counter(indicator["rating"]["tone"] for indicator in items)
    counts = TonesOut(good=tones["good"], near=tones["near"], bad=tones["bad"], none=tones["none"])
    period = query.period or containing(query.day, 3).previous()
    return SummaryOut(
        period=str(period),
        period_label=period.label,
        as_known_at=known_at.date().isoformat() if known_at is not None else None,
        has_begun=plans.years(plan).start <= query.day,
        counts=counts,
        counts_label=(
            f"{counts['good']} on track or met, {counts['near']} near or too early, "
            f"{counts['bad']} off track or missed, {counts['none']} not judged"
        ),
        attention=[
            *_files(room),
            *_awaited(items),
            *_worsening(items),
            # The plan is checked as it is today: that says nothing of an earlier day.
            *(_checks(session, visibility, plan, query.day) if query.day >= visibility.today else []),
        ],
    )


def _files(room: FileRoom | None) -> list[AttentionOut]:
    warning = room.warning if room is not None else None
    return [AttentionOut(code="files_nearly_full", indicator=None, message=warning)] if warning else []


def _awaited(items: list[ScorecardItemOut]) -> list[AttentionOut]:
    return [
        AttentionOut(
            code="awaited",
            indicator=indicator["code"],
            message=f"{indicator['title']}: {indicator['owed']['words']}, for {indicator['owed']['period_label']}",
        )
        for indicator in items
        if indicator["owed"] is not None and indicator["owed"]["missing"] == "awaited"
    ]


def _worsening(items: list[ScorecardItemOut]) -> list[AttentionOut]:
    """Indicators that are off target and worsening: a Board asks about those first."""
    return [
        AttentionOut(
            code="off_track_and_worsening",
            indicator=indicator["code"],
            message=f"{indicator['title']} is {indicator['rating']['label'].lower()}, and worsening",
        )
        for indicator in items
        if indicator["rating"]["status"] in WORSE and indicator["trend"]["direction"] == "worsening"
    ]


def _checks(session: Session, visibility: FigureVisibility, plan: Plan, today: date) -> list[AttentionOut]:
    checks = plan_check.checks(session, visibility, plan, today)
    if not checks:
        return []
    telling = next((each for each in checks if each["indicator"] is not None), checks[0])
    number = f"{len(checks)} plan checks" if len(checks) != 1 else "1 plan check"
    return [
        AttentionOut(code="plan_checks", indicator=None, message=f"{number}, such as: {telling['message']}")
    ]
