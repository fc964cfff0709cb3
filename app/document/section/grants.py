"""Awards as papers state them. They pass no gate; the amount of a grant that exists is never changed by a document."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, col, select

from app.commands.grants.bank_details import MaskedTexts
from app.commands.grants.grant import add_version
from app.document.kit.entry import Code, Day, Entry, FlowCodes, FlowEntry, Line, PeriodText, Prose
from app.document.kit.load import Load
from app.document.kit.money import Pounds
from app.document.kit.names import Names
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.errors import RuleBroken
from app.domain.grants.available import AllocationStatus
from app.domain.grants.grant import GrantKind, GrantState, Instrument
from app.domain.grants.money import Spending, pence_of, pounds_of
from app.domain.grants.payment_steps import PaidIn
from app.domain.grants.quarter_profile import even_profile
from app.domain.grants.terms import Funder, require_terms, terms_from, to_content
from app.domain.grants.variation import AmountKey, Terms
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.models.grants.allocation import Allocation
from app.models.grants.delegation import Delegation
from app.models.grants.grant import Grant
from app.models.grants.grant_version import GrantVersion
from app.models.plan.partnership import Agency, Partnership


class QuarterAmountEntry(FlowEntry):
    quarter: PeriodText
    amount: Pounds


class GrantLineEntry(Entry):
    """A line of the award: spread evenly over the grant's days, or by quarter."""

    title: Line
    spending: Spending = Spending.REVENUE
    amount: Pounds | None = None
    profile: list[QuarterAmountEntry] = []


class GrantEntry(Entry):
    """An award. Its payments, claims and reports are not in the document."""

    code: Code = Field(description="Its reference.")
    recipient: Code
    payer: Code
    purpose: Line
    starts: Day
    ends: Day
    lines: list[GrantLineEntry] = Field(min_length=1)
    at_award: list[GrantLineEntry] = Field(
        default=[], description="The lines of the award, where those above are what stands after a change."
    )
    instrument: Instrument = Instrument.GRANT
    kind: GrantKind = GrantKind.SERVICE
    reasons: Prose = ""
    priority: Code | None = None
    theme: Code | None = None
    managed_by: Code | None = None
    paid_in: PaidIn = PaidIn.ADVANCE
    ledger_code: Line = ""
    acceptance_due_on: Day | None = None
    parent: Code | None = None
    takes_up: Code | None = None
    delegation: Code | None = None
    allocations: FlowCodes = []
    state: GrantState = GrantState.LIVE


TEXTS = ("purpose", "reasons", "priority", "theme", "managed_by", "ledger_code", "acceptance_due_on")
"""Columns that a document changes of a grant that exists."""


def _references(names: Names, grants: Sequence[GrantEntry]) -> Iterator[Problem]:
    for number, entry in enumerate(grants):
        path = ("grants", number)
        for field, noun, key in (
            ("recipient", "agency", "agencies"),
            ("payer", "agency", "agencies"),
            ("takes_up", "allocation", "allocations"),
            ("delegation", "delegation", "delegations"),
            ("parent", "grant", "grants"),
            ("managed_by", "group", "groups"),
        ):
            yield from names.unknown((*path, field), noun, getattr(entry, field), key)
        for position, code in enumerate(entry.allocations):
            yield from names.unknown((*path, "allocations", position), "allocation", code, "allocations")
        yield from _money_problems(names, entry, number)


def _money_problems(names: Names, entry: GrantEntry, number: int) -> Iterator[Problem]:
    path = ("grants", number)
    if sum(map(bool, (entry.allocations, entry.takes_up, entry.delegation))) != 1:
        text = (
            "Say which allocations pay, or the delegation, or which allocation it takes up: one of the three."
        )
        yield names.problem(path, "funding", text)
    try:
        require_terms(_terms(entry, entry.lines))
        if entry.at_award:
            require_terms(_terms(entry, entry.at_award))
    except RuleBroken as error:
        yield names.problem((*path, error.field), error.code, error.message)


def _upsert(load: Load, grants: Sequence[GrantEntry]) -> None:
    rows = {row.code: row for row in _rows(load.session, load.partnership)}
    new = [entry for entry in grants if entry.code not in rows]
    for entry in grants:
        if entry.code in rows:
            _change_texts(load, rows[entry.code], entry)
    for entry in new:
        rows[entry.code] = _add(load, entry)
        load.did("created", f"grant {entry.code}")
    for entry in new:
        # A parent may stand below in the document.
        rows[entry.code].parent_id = rows[entry.parent].id if entry.parent is not None else None
    codes = {entry.code for entry in grants}
    load.left_alone.extend(f"grant {code} is not in the document" for code in rows if code not in codes)


def _add(load: Load, entry: GrantEntry) -> Grant:
    """Adds a grant with version 1, and version 2 where it was changed since the award."""
    ids = load.ids
    row = Grant(
        partnership_id=load.partnership.id,
        code=entry.code,
        recipient_id=ids["agencies"][entry.recipient],
        payer_id=ids["agencies"][entry.payer],
        takes_up_id=ids["allocations"][entry.takes_up] if entry.takes_up is not None else None,
        delegation_id=ids["delegations"][entry.delegation] if entry.delegation is not None else None,
        instrument=entry.instrument.value,
        kind=entry.kind.value,
        paid_in=entry.paid_in.value,
        starts=entry.starts,
        ends=entry.ends,
        state=entry.state.value,
        **_texts(load, entry),
    )
    row.terms = _content(load, entry, entry.at_award or entry.lines)
    row.version_number = 1 if entry.state is not GrantState.PROPOSED else 0
    load.change.add(row)
    if row.version_number:
        add_version(load.change, row)
    if entry.at_award and row.version_number:
        row.terms, row.version_number = _content(load, entry, entry.lines), 2
        add_version(load.change, row)
    return row


def _content(load: Load, entry: GrantEntry, lines: Sequence[GrantLineEntry]) -> dict[str, Any]:
    terms = _terms(entry, lines)
    return to_content(terms, _funders(load, entry))


def _funders(load: Load, entry: GrantEntry) -> list[Funder]:
    """The allocations that pay, alike where several pay one year."""
    ids = [load.ids["allocations"][code] for code in entry.allocations]
    if entry.delegation is not None:
        delegation = load.session.get_one(Delegation, load.ids["delegations"][entry.delegation])
        if delegation.allocation_id is None:
            return [Funder(None, None)]
        ids = [delegation.allocation_id]
    rows = (load.session.get_one(Allocation, id_) for id_ in ids)
    return [
        Funder(row.id, row.financial_year, is_certain=AllocationStatus(row.status).counts) for row in rows
    ]


def _change_texts(load: Load, row: Grant, entry: GrantEntry) -> None:
    what = f"grant {entry.code}"
    for name, after in _texts(load, entry).items():
        before = getattr(row, name)
        if before != after:
            setattr(row, name, after)
            load.did("changed", f"{what}: {name} was {before or 'nothing'}, now {after or 'nothing'}")
    if terms_from(row.terms) != _terms(entry, entry.lines) or row.state != entry.state.value:
        load.left_alone.append(f"{what} is there already: its money and its state are changed by steps alone")


def _texts(load: Load, entry: GrantEntry) -> dict[str, Any]:
    """Columns of texts, with bank details masked before they are stored."""
    texts = MaskedTexts()
    columns = {name: getattr(entry, name) for name in TEXTS}
    columns |= {name: texts.mask(columns[name]) for name in ("purpose", "reasons", "ledger_code")}
    load.warnings.extend(Problem(load.line("grants"), "bank_details", text) for text in texts.warnings)
    return columns


def _terms(entry: GrantEntry, lines: Sequence[GrantLineEntry]) -> Terms:
    """Amounts of some lines. The award of a grant that ended early reaches as far as its last quarter."""
    amounts: dict[AmountKey, int] = {}
    for line in lines:
        for quarter, pence in _profile(line, entry.starts, entry.ends).items():
            key = AmountKey(line.title, quarter, line.spending)
            if key in amounts:
                raise RuleBroken("lines", "twice", f"“{line.title}” is in the list twice.")
            amounts[key] = pence
    last = max((key.quarter.end for key in amounts), default=entry.ends)
    ends = max(entry.ends, last) if lines is entry.at_award else entry.ends
    return Terms(entry.starts, ends, amounts)


def _profile(line: GrantLineEntry, starts: date, ends: date) -> dict[Period, int]:
    if (line.amount is None) == (not line.profile):
        raise RuleBroken("lines", "required", f"Say the amount of “{line.title}”, or its profile by quarter.")
    if line.amount is not None:
        return even_profile(pence_of(line.amount, "amount"), starts, ends)
    profile: dict[Period, int] = {}
    for each in line.profile:
        quarter = parse_period(each.quarter)
        if not quarter.is_quarter or quarter in profile:
            raise RuleBroken("lines", "not_a_quarter", "Expected quarters such as 2017-18-Q2, each once.")
        profile[quarter] = pence_of(each.amount, "amount")
    return profile


def _entries(export: Export) -> Iterator[GrantEntry]:
    session = export.session
    agencies = dict(session.exec(select(Agency.id, Agency.code)).all())
    allocations = dict(session.exec(select(Allocation.id, Allocation.code)).all())
    delegations = dict(session.exec(select(Delegation.id, Delegation.code)).all())
    rows = _rows(session, export.partnership)
    award_lines = _award_lines(session, rows)
    codes: dict[int | None, str] = {row.id: row.code for row in rows}
    for row in rows:
        paying = [] if row.delegation_id is not None else row.terms["allocation_ids"]
        yield GrantEntry.model_construct(
            code=row.code,
            recipient=agencies[row.recipient_id],
            payer=agencies[row.payer_id],
            starts=row.starts,
            ends=row.ends,
            lines=_line_entries(terms_from(row.terms)),
            at_award=award_lines.get(row.id, []),
            instrument=Instrument(row.instrument),
            kind=GrantKind(row.kind),
            paid_in=PaidIn(row.paid_in),
            parent=codes.get(row.parent_id),
            takes_up=allocations[row.takes_up_id] if row.takes_up_id is not None else None,
            delegation=delegations[row.delegation_id] if row.delegation_id is not None else None,
            allocations=[allocations[id_] for id_ in paying],
            state=GrantState(row.state),
            **{name: getattr(row, name) for name in TEXTS},
        )


def _award_lines(session: Session, rows: Sequence[Grant]) -> dict[int, list[GrantLineEntry]]:
    """The lines of version 1 by grant, where another version stands."""
    changed = [row.id for row in rows if row.version_number > 1]
    query = select(GrantVersion).where(col(GrantVersion.grant_id).in_(changed), GrantVersion.number == 1)
    return {version.grant_id: _line_entries(terms_from(version.content)) for version in session.exec(query)}


def _line_entries(terms: Terms) -> list[GrantLineEntry]:
    """Lines with their amount where that is spread evenly, else by quarter."""
    lines: dict[tuple[str, Spending], dict[Period, int]] = {}
    for key, pence in terms.amounts.items():
        lines.setdefault((key.line, key.spending), {})[key.quarter] = pence
    return [_line_entry(*line, profile, terms) for line, profile in lines.items()]


def _line_entry(title: str, spending: Spending, profile: dict[Period, int], terms: Terms) -> GrantLineEntry:
    total = sum(profile.values())
    if profile == even_profile(total, terms.starts, terms.ends):
        return GrantLineEntry.model_construct(
            title=title, spending=spending, amount=pounds_of(total), profile=[]
        )
    quarters = [
        QuarterAmountEntry.model_construct(quarter=str(quarter), amount=pounds_of(pence))
        for quarter, pence in profile.items()
    ]
    return GrantLineEntry.model_construct(title=title, spending=spending, amount=None, profile=quarters)


def _rows(session: Session, partnership: Partnership) -> Sequence[Grant]:
    query = select(Grant).where(Grant.partnership_id == partnership.id).order_by(col(Grant.id))
    return session.exec(query).all()


SECTION = Section("grants", GrantEntry, _references, _upsert, _entries)
GrantEntries = Annotated[list[GrantEntry], SECTION]
