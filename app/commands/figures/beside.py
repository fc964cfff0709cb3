"""Sent figures beside others of the same period: parts against totals, districts against the whole, rules."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from sqlmodel import Session, col, select

from app.commands.figures.check import Belongs, Checked, breakdown_text
from app.commands.figures.neighbour import Known, known, stored_beside
from app.commands.figures.store import Identity
from app.domain.figures.doubt import Doubt
from app.domain.figures.parts import Fit, families, fit
from app.domain.figures.rule import Rule, Severity
from app.domain.period import Period
from app.domain.plan.indicator import AddsUp, Measure
from app.models.figures.rule import Rule as StoredRule
from app.models.plan.indicator import Indicator
from app.queries.figures.rule import as_judged
from app.queries.figures.visibility import FigureVisibility

Find = Callable[[Identity], Known | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with, or worth asking about, figures that belong together."""

    is_error: bool
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """A whole and its parts of one period; `words` name the parts, "The parts by strand"."""

    indicator: Indicator
    whole: Identity
    parts: tuple[Identity, ...]
    words: str
    by_area: bool

    @property
    def members(self) -> tuple[Identity, ...]:
        return (self.whole, *self.parts)

    def found(self, find: Find) -> Found | None:
        never_negative = self.indicator.measure != Measure.MONEY and not self.by_area
        parts = [_exact(find(part)) for part in self.parts]
        whole = _exact(find(self.whole))
        answer, together = fit(parts, whole, never_negative=never_negative)
        if whole is None or answer in (Fit.MAKES, Fit.UNKNOWN):
            return None
        measured = self.indicator.judged()
        label = Period(self.whole[3], self.whole[4] - self.whole[3] + 1).short_label
        sums = f"{self.words} come to {measured.words(together)} for {label}"
        if answer is Fit.EXCEEDS:
            words = f"{sums}, more than the total of {measured.words(whole)}. Correct one or the other."
            return Found(True, "parts_exceed_total", words)
        code = "areas_differ_from_total" if self.by_area else "parts_differ_from_total"
        return Found(False, code, f"{sums}, and the total is {measured.words(whole)}.")


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A rule as it bears on one area and period."""

    rule: Rule
    figures: Mapping[str, Identity]
    titles: Mapping[str, str]

    @property
    def members(self) -> tuple[Identity, ...]:
        return tuple(self.figures.values())

    def found(self, find: Find) -> Found | None:
        there = {code: find(identity) for code, identity in self.figures.items()}
        values = {code: each.value for code, each in there.items() if each is not None}
        words = self.rule.broken_by(values, self.titles)
        return Found(self.rule.severity is Severity.ERROR, "rule_broken", words) if words else None


@dataclass(slots=True)
class _Together:
    """Figures that bear on one another, and the rows sent among them."""

    figures: _Parts | _Ruled
    rows: list[Checked] = field(default_factory=list)


Key = tuple[object, ...]
Belonging = tuple[Key, Checked, _Parts | _Ruled]
"""A row among figures that belong together; the key is theirs."""


def check_beside(
    session: Session, rows: Sequence[Checked], belongs: Belongs, visibility: FigureVisibility
) -> None:
    """Refuses rows that cannot stand beside the others and what is stored; warns of what does not add up."""
    groups = _together(session, rows, belongs)
    if not groups:
        return
    stored = stored_beside(
        session,
        {identity[0] for group in groups for identity in group.figures.members},
        {identity[1] for group in groups for identity in group.figures.members},
        {group.figures.members[0][3:] for group in groups},
    )
    groups = _visible(groups, stored, belongs, visibility)
    while any(_refuse(groups, _finder(stored, rows))):
        pass  # without the rows refused, others may no longer stand
    find = _finder(stored, rows)
    for group in groups:
        _warn(group, find)


def _visible(
    groups: Sequence[_Together],
    stored: Mapping[Identity, Known],
    belongs: Belongs,
    visibility: FigureVisibility,
) -> list[_Together]:
    """Those of whose stored figures the sender may see every one."""
    by_id = {indicator.id: indicator for indicator in belongs.indicators.values()}
    hidden = {identity for identity in stored if visibility.hides(by_id[identity[0]], identity[4])}
    return [group for group in groups if hidden.isdisjoint(group.figures.members)]


def _finder(stored: Mapping[Identity, Known], rows: Sequence[Checked]) -> Find:
    """What will be there once the rows that are still good are stored."""
    there: dict[Identity, Known | None] = dict(stored)
    there.update({row.identity: known(row) for row in rows if row.identity and not row.errors})
    return there.get


def _refuse(groups: Sequence[_Together], find: Find) -> list[Checked]:
    """The rows newly refused, all judged by what `find` gives."""
    refused = [
        (row, found)
        for group in groups
        if any(not row.errors for row in group.rows) and (found := group.figures.found(find))
        if found.is_error
        for row in group.rows
        if not row.errors
    ]
    for row, found in refused:
        row.refuse("value", found.code, found.words)
    return [row for row, _ in refused]


def _warn(group: _Together, find: Find) -> None:
    """A rule's warning stands on every row it is about; a sum's on the whole, else the last part sent."""
    good = [row for row in group.rows if not row.errors]
    found = group.figures.found(find) if any(row.is_changing for row in good) else None
    if found is None or found.is_error:
        return
    figures = group.figures
    whole = [row for row in good if isinstance(figures, _Parts) and row.identity == figures.whole]
    for row in good if isinstance(figures, _Ruled) else whole or good[-1:]:
        row.doubt(Doubt(found.code, found.words))


def _together(session: Session, rows: Sequence[Checked], belongs: Belongs) -> list[_Together]:
    groups: dict[Key, _Together] = {}
    found: Iterator[Belonging] = chain(_sums(rows, belongs), _ruled(session, rows, belongs))
    for key, row, figures in found:
        groups.setdefault(key, _Together(figures)).rows.append(row)
    return list(groups.values())


def _sums(rows: Sequence[Checked], belongs: Belongs) -> Iterator[Belonging]:
    for row in rows:
        indicator, identity = row.indicator, row.identity
        if indicator is None or identity is None or indicator.adds_up != AddsUp.SUM:
            continue
        if indicator.breakdowns:
            yield from _by_breakdown(row, indicator, identity)
        if belongs.districts and identity[1] in (belongs.own_area, *belongs.districts):
            whole = _in_area(identity, belongs.own_area)
            parts = tuple(_in_area(identity, area) for area in belongs.districts)
            yield ("areas", whole), row, _Parts(indicator, whole, parts, "The districts", by_area=True)


def _by_breakdown(row: Checked, indicator: Indicator, identity: Identity) -> Iterator[Belonging]:
    breakdown = dict(part.split("=", 1) for part in identity[2].split(";")) if identity[2] else {}
    for family in families(breakdown, indicator.breakdowns):
        whole = _broken_down(identity, family.total)
        parts = tuple(_broken_down(identity, part) for part in family.parts)
        words = f"The parts by {family.dimension.replace('-', ' ').replace('_', ' ')}"
        yield (family.dimension, whole), row, _Parts(indicator, whole, parts, words, by_area=False)


def _broken_down(identity: Identity, breakdown: Mapping[str, str]) -> Identity:
    return (identity[0], identity[1], breakdown_text(breakdown), identity[3], identity[4])


def _in_area(identity: Identity, area: str) -> Identity:
    return (identity[0], area, *identity[2:])


def _ruled(session: Session, rows: Sequence[Checked], belongs: Belongs) -> Iterator[Belonging]:
    mine = select(StoredRule).where(StoredRule.partnership_id == belongs.partnership_id)
    by_code: dict[str, list[tuple[int, Rule]]] = defaultdict(list)
    for stored in session.exec(mine.order_by(col(StoredRule.position))):
        rule = as_judged(stored)
        for code in set(rule.codes):
            by_code[code].append((stored.id, rule))
    if not by_code:
        return
    titles = {code: indicator.title for code, indicator in belongs.indicators.items()}
    for row in rows:
        if row.indicator is None or row.identity is None or row.identity[2]:
            continue
        for rule_id, rule in by_code.get(row.indicator.code, ()):
            figures = {code: _figure_of(code, row.identity, belongs) for code in set(rule.codes)}
            yield (rule_id, row.identity[1], row.identity[3:]), row, _Ruled(rule, figures, titles)


def _figure_of(code: str, beside: Identity, belongs: Belongs) -> Identity:
    """0 for an indicator that is not there: no figure is."""
    indicator = belongs.indicators.get(code)
    return (indicator.id if indicator is not None else 0, *beside[1:])


def _exact(each: Known | None) -> Decimal | None:
    return each.value if each is not None and each.is_exact else None
