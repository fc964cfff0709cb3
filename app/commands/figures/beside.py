"""Checks sent figures beside others of the same period: parts and totals, districts and their whole, rules."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from sqlmodel import Session, col, select

from app.commands.figures.context import SubmissionContext
from app.commands.figures.neighbour import Neighbour, as_neighbour, stored_beside
from app.commands.figures.row_check import RowCheck, breakdown_text
from app.commands.figures.store import Identity
from app.domain.figures.parts import Fit, families, fit
from app.domain.figures.row_warning import RowWarning
from app.domain.figures.rule import Rule, Severity
from app.domain.period import Period
from app.domain.plan.indicator import AddsUp, Measure
from app.models.figures.rule import Rule as StoredRule
from app.models.plan.indicator import Indicator
from app.queries.figures.rule import as_judged
from app.queries.figures.visibility import FigureVisibility

Find = Callable[[Identity], Neighbour | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """An error in figures that belong together, or something to ask about."""

    is_error: bool
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """A total and its parts in one period; `words` name the parts, "The parts by strand"."""

    indicator: Indicator
    total: Identity
    parts: tuple[Identity, ...]
    words: str
    by_area: bool

    @property
    def members(self) -> tuple[Identity, ...]:
        return (self.total, *self.parts)

    def finding(self, find: Find) -> Finding | None:
        never_negative = self.indicator.measure != Measure.MONEY and not self.by_area
        parts = [_exact(find(part)) for part in self.parts]
        total = _exact(find(self.total))
        answer, together = fit(parts, total, never_negative=never_negative)
        if total is None or answer in (Fit.MAKES, Fit.UNKNOWN):
            return None
        measured = self.indicator.judged()
        label = Period(self.total[3], self.total[4] - self.total[3] + 1).short_label
        sums = f"{self.words} come to {measured.words(together)} for {label}"
        if answer is Fit.EXCEEDS:
            words = f"{sums}, more than the total of {measured.words(total)}. Correct one or the other."
            return Finding(True, "parts_exceed_total", words)
        code = "areas_differ_from_total" if self.by_area else "parts_differ_from_total"
        return Finding(False, code, f"{sums}, and the total is {measured.words(total)}.")


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A rule applied to one area and period."""

    rule: Rule
    figures: Mapping[str, Identity]
    titles: Mapping[str, str]

    @property
    def members(self) -> tuple[Identity, ...]:
        return tuple(self.figures.values())

    def finding(self, find: Find) -> Finding | None:
        there = {code: find(identity) for code, identity in self.figures.items()}
        values = {code: each.value for code, each in there.items() if each is not None}
        words = self.rule.broken_by(values, self.titles)
        return Finding(self.rule.severity is Severity.ERROR, "rule_broken", words) if words else None


@dataclass(slots=True)
class _Together:
    """Figures that are checked together, and the rows sent among them."""

    figures: _Parts | _Ruled
    rows: list[RowCheck] = field(default_factory=list)


Key = tuple[object, ...]
Membership = tuple[Key, RowCheck, _Parts | _Ruled]
"""A row among figures that are checked together; the key is theirs."""


def check_beside(
    session: Session, rows: Sequence[RowCheck], context: SubmissionContext, visibility: FigureVisibility
) -> None:
    """Refuses rows that contradict the others or stored figures; warns of sums that do not add up.

    The number of statements does not grow with the number of rows. Groups with a figure that the sender may not
    see are left out: the answer would tell it.
    """
    groups = _together(session, rows, context)
    if not groups:
        return
    stored = stored_beside(
        session,
        {identity[0] for group in groups for identity in group.figures.members},
        {identity[1] for group in groups for identity in group.figures.members},
        {group.figures.members[0][3:] for group in groups},
    )
    groups = _visible(groups, stored, context, visibility)
    while any(_refuse(groups, _finder(stored, rows))):
        pass  # without the rows refused, others may no longer stand
    find = _finder(stored, rows)
    for group in groups:
        _warn(group, find)


def _visible(
    groups: Sequence[_Together],
    stored: Mapping[Identity, Neighbour],
    context: SubmissionContext,
    visibility: FigureVisibility,
) -> list[_Together]:
    """Groups of which the sender may see every stored figure."""
    by_id = {indicator.id: indicator for indicator in context.indicators.values()}
    hidden = {identity for identity in stored if visibility.hides(by_id[identity[0]], identity[4])}
    return [group for group in groups if hidden.isdisjoint(group.figures.members)]


def _finder(stored: Mapping[Identity, Neighbour], rows: Sequence[RowCheck]) -> Find:
    """Looks figures up as they will be once the rows that are still good are stored."""
    there: dict[Identity, Neighbour | None] = dict(stored)
    there.update({row.identity: as_neighbour(row) for row in rows if row.identity and not row.errors})
    return there.get


def _refuse(groups: Sequence[_Together], find: Find) -> list[RowCheck]:
    """Refuses rows by the errors of their groups; gives those newly refused."""
    refused = [
        (row, finding)
        for group in groups
        if any(not row.errors for row in group.rows) and (finding := group.figures.finding(find))
        if finding.is_error
        for row in group.rows
        if not row.errors
    ]
    for row, finding in refused:
        row.refuse("value", finding.code, finding.words)
    return [row for row, _ in refused]


def _warn(group: _Together, find: Find) -> None:
    """Warns of a rule on every row it is about; of a sum on its total, else on the last part sent."""
    good = [row for row in group.rows if not row.errors]
    finding = group.figures.finding(find) if any(row.is_changing for row in good) else None
    if finding is None or finding.is_error:
        return
    figures = group.figures
    of_total = [row for row in good if isinstance(figures, _Parts) and row.identity == figures.total]
    for row in good if isinstance(figures, _Ruled) else of_total or good[-1:]:
        row.warn(RowWarning(finding.code, finding.words))


def _together(session: Session, rows: Sequence[RowCheck], context: SubmissionContext) -> list[_Together]:
    groups: dict[Key, _Together] = {}
    memberships: Iterator[Membership] = chain(_sums(rows, context), _ruled(session, rows, context))
    for key, row, figures in memberships:
        groups.setdefault(key, _Together(figures)).rows.append(row)
    return list(groups.values())


def _sums(rows: Sequence[RowCheck], context: SubmissionContext) -> Iterator[Membership]:
    for row in rows:
        indicator, identity = row.indicator, row.identity
        if indicator is None or identity is None or indicator.adds_up != AddsUp.SUM:
            continue
        if indicator.breakdowns:
            yield from _by_breakdown(row, indicator, identity)
        if context.districts and identity[1] in (context.own_area, *context.districts):
            total = _in_area(identity, context.own_area)
            parts = tuple(_in_area(identity, area) for area in context.districts)
            yield ("areas", total), row, _Parts(indicator, total, parts, "The districts", by_area=True)


def _by_breakdown(row: RowCheck, indicator: Indicator, identity: Identity) -> Iterator[Membership]:
    breakdown = dict(part.split("=", 1) for part in identity[2].split(";")) if identity[2] else {}
    for family in families(breakdown, indicator.breakdowns):
        total = _broken_down(identity, family.total)
        parts = tuple(_broken_down(identity, part) for part in family.parts)
        words = f"The parts by {family.dimension.replace('-', ' ').replace('_', ' ')}"
        yield (family.dimension, total), row, _Parts(indicator, total, parts, words, by_area=False)


def _broken_down(identity: Identity, breakdown: Mapping[str, str]) -> Identity:
    return (identity[0], identity[1], breakdown_text(breakdown), identity[3], identity[4])


def _in_area(identity: Identity, area: str) -> Identity:
    return (identity[0], area, *identity[2:])


def _ruled(session: Session, rows: Sequence[RowCheck], context: SubmissionContext) -> Iterator[Membership]:
    mine = select(StoredRule).where(StoredRule.partnership_id == context.partnership_id)
    by_code: dict[str, list[tuple[int, Rule]]] = defaultdict(list)
    for stored in session.exec(mine.order_by(col(StoredRule.position))):
        rule = as_judged(stored)
        for code in set(rule.codes):
            by_code[code].append((stored.id, rule))
    if not by_code:
        return
    titles = {code: indicator.title for code, indicator in context.indicators.items()}
    for row in rows:
        if row.indicator is None or row.identity is None or row.identity[2]:
            continue
        for rule_id, rule in by_code.get(row.indicator.code, ()):
            figures = {code: _figure_of(code, row.identity, context) for code in set(rule.codes)}
            yield (rule_id, row.identity[1], row.identity[3:]), row, _Ruled(rule, figures, titles)


def _figure_of(code: str, beside: Identity, context: SubmissionContext) -> Identity:
    """Identity of an indicator's figure; of id 0 for an unknown indicator, which has none."""
    indicator = context.indicators.get(code)
    return (indicator.id if indicator is not None else 0, *beside[1:])


def _exact(each: Neighbour | None) -> Decimal | None:
    return each.value if each is not None and each.is_exact else None
