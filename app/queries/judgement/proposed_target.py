"""A target that somebody is about to set: how it is understood, and what would come of it."""

from dataclasses import replace

from sqlmodel import Session

from app.domain.judgement.proposed_target import present_level, verdict_warnings, worse_figure_warnings
from app.domain.judgement.series import Series
from app.domain.judgement.target_reading import read_target
from app.domain.period import containing
from app.domain.period_text import parse_period
from app.domain.plan.target_shape import AsWritten
from app.domain.plan.target_version import TargetVersion
from app.domain.plan.target_words import parse
from app.models.plan.partnership import Partnership
from app.models.plan.target import TargetIn, TargetReadingOut
from app.queries.figures.read.series import figures_of, read_series
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement.indicator_facts import IndicatorFacts, facts_of
from app.queries.judgement.indicator_header import IndicatorHeader
from app.queries.judgement.scorecard_item import ScorecardQuery, judge_one
from app.queries.plan.target import NO_TARGET_OUT, understood_in_time

NO_TARGET = TargetReadingOut(
    words="",
    understood_as=NO_TARGET_OUT["understood_as"],
    understood=True,
    judged=False,
    not_judged_because="The plan sets no target.",
    warnings=[],
)


def proposed_target(
    session: Session,
    visibility: FigureVisibility,
    header: IndicatorHeader,
    query: ScorecardQuery,
    target: TargetIn | None,
) -> TargetReadingOut:
    """Reads a target and rates the newest figure by it; nothing is stored. None is the newest target there is."""
    partnership = session.get_one(Partnership, query.plan.partnership_id)
    facts = facts_of(session, partnership, query.plan, [header.id], None)[header.id]
    series = read_series(session, visibility, [header], (partnership.area_code, ""), None)
    figures = figures_of(series[header.id])
    version = facts.versions[0] if target is None and facts.versions else _version(target, facts, query)
    if version is None:
        return NO_TARGET
    words = target.words if target is not None else facts.targets[0].words
    reading = read_target(words, facts.measured, facts.baseline)
    now = judge_one(facts, figures, query).rating
    then = judge_one(replace(facts, versions=[version, *facts.versions]), figures, query).rating
    present = present_level(Series(facts.measured, figures))
    warnings = [
        *verdict_warnings(now, then, reading),
        *worse_figure_warnings(version.target, facts.measured, facts.baseline, present),
    ]
    return TargetReadingOut(
        words=words,
        understood_as=understood_in_time(reading, version.target, version.applies),
        understood=not isinstance(version.target, AsWritten),
        judged=reading.is_judged,
        not_judged_because=reading.not_judged_because,
        warnings=[
            {"field": "words", "row": None, "code": code, "message": message} for code, message in warnings
        ],
    )


def _version(target: TargetIn | None, facts: IndicatorFacts, query: ScorecardQuery) -> TargetVersion | None:
    """The version that would be stored, after every other."""
    if target is None:
        return None
    since = parse_period(target.from_period) if target.from_period else containing(query.day, 12)
    number = max((each.number for each in facts.versions), default=0) + 1
    return TargetVersion(parse(target.words), target.applies, (), since, number)
