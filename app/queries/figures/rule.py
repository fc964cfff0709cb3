"""Reads rules between indicators."""

from collections.abc import Mapping

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.figures import rule
from app.models.figures.rule import Rule, RuleOut
from app.models.plan.indicator import Indicator


def rules(actor: Actor) -> SelectOfScalar[Rule]:
    return select(Rule).where(col(Rule.partnership_id).in_(actor.within(Scope.READ)))


def titles(session: Session, actor: Actor) -> dict[int, dict[str, str]]:
    """Titles of indicators by partnership and code."""
    query = select(Indicator.partnership_id, Indicator.code, Indicator.title)
    by_partnership: dict[int, dict[str, str]] = {}
    mine = query.where(col(Indicator.partnership_id).in_(actor.within(Scope.READ)))
    for partnership_id, code, title in session.exec(mine):
        by_partnership.setdefault(partnership_id, {})[code] = title
    return by_partnership


def as_judged(row: Rule) -> rule.Rule:
    """Converts a stored rule to the domain's."""
    return rule.Rule(
        title=row.title,
        left=tuple(row.left),
        comparison=rule.Comparison(row.comparison),
        right=tuple(row.right),
        when_missing=rule.WhenMissing(row.when_missing),
        severity=rule.Severity(row.severity),
    )


def rule_out(row: Rule, titles: Mapping[str, str]) -> RuleOut:
    return RuleOut(
        id=str(row.id),
        code=row.code,
        title=row.title,
        words=as_judged(row).words(titles),
        left=row.left,
        comparison=row.comparison,
        right=row.right,
        when_missing=row.when_missing,
        severity=row.severity,
    )
