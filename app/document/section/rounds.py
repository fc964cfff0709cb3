"""Rounds of applications. One that exists keeps its scheme and its days: those are changed by people alone."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from sqlmodel import Session, col, select

from app.document.kit.entry import Code, Day, Entry, FinancialYear, FlowEntry, Line, Prose, WholeNumber
from app.document.kit.load import Load
from app.document.kit.money import Pounds, pence_or_none, pounds_or_none
from app.document.kit.names import Names
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.errors import RuleBroken
from app.domain.grants.bank_details import mask_bank_details
from app.domain.grants.funding_round import Decider, require_round_days
from app.domain.grants.scoring import Criterion, Scheme, require_scheme
from app.models.grants.fund import Fund
from app.models.grants.funding_round import Round
from app.models.plan.partnership import Partnership
from app.queries.grants.funding_round import applications_of


class CriterionEntry(FlowEntry):
    code: Code
    title: Line
    weight: WholeNumber = 1


class RoundEntry(Entry):
    """A call for applications to a fund, and how they are scored."""

    code: Code
    title: Line
    fund: Code
    financial_year: FinancialYear | None = None
    opens_on: Day
    closes_on: Day
    decides_on: Day | None = None
    cap: Pounds | None = None
    panel: Code | None = None
    decider: Decider = Decider.PARTNERSHIP
    least: WholeNumber = 0
    most: WholeNumber = 5
    criteria: list[CriterionEntry] = []
    note: Prose = ""


TEXTS = ("title", "panel", "note")
"""Columns that a document changes of a round that exists."""


def _references(names: Names, rounds: Sequence[RoundEntry]) -> Iterator[Problem]:
    for number, entry in enumerate(rounds):
        path = ("rounds", number)
        yield from names.unknown((*path, "fund"), "fund", entry.fund, "funds")
        yield from names.unknown((*path, "panel"), "group", entry.panel, "groups")
        try:
            require_round_days(entry.opens_on, entry.closes_on, entry.decides_on)
            require_scheme(_scheme(entry))
        except RuleBroken as error:
            yield names.problem((*path, error.field.rpartition(".")[2]), error.code, error.message)


def _upsert(load: Load, rounds: Sequence[RoundEntry]) -> None:
    rows = {row.code: row for row in _rows(load.session, load.partnership)}
    codes = {entry.code for entry in rounds}
    load.left_alone.extend(f"round {code} is not in the document" for code in rows if code not in codes)
    for entry in rounds:
        columns, row = _columns(load, entry), rows.get(entry.code)
        if row is None:
            new = Round(partnership_id=load.partnership.id, code=entry.code, **columns)
            rows[entry.code] = load.change.add(new)
            load.did("created", f"round {entry.code}")
        else:
            _change_texts(load, row, columns)
    load.ids["rounds"] = {code: row.id for code, row in rows.items()}


def _change_texts(load: Load, row: Round, columns: dict[str, Any]) -> None:
    what = f"round {row.code}"
    for name in TEXTS:
        before, after = getattr(row, name), columns[name]
        if before != after:
            setattr(row, name, after)
            load.change.touch(*applications_of(load.session, row))
            load.did("changed", f"{what}: {name} was {before or 'nothing'}, now {after or 'nothing'}")
    if any(getattr(row, name) != stored for name, stored in columns.items()):
        load.left_alone.append(f"{what} is there already: its days, cap and scheme are changed by people")


def _columns(load: Load, entry: RoundEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "fund_id": load.ids["funds"][entry.fund],
        "financial_year": entry.financial_year,
        "opens_on": entry.opens_on,
        "closes_on": entry.closes_on,
        "decides_on": entry.decides_on,
        "cap": pence_or_none(entry.cap),
        "panel": entry.panel,
        "decider": entry.decider.value,
        "scheme": {
            "least": entry.least,
            "most": entry.most,
            "criteria": [each.model_dump() for each in entry.criteria],
        },
        "note": mask_bank_details(entry.note),
    }


def _scheme(entry: RoundEntry) -> Scheme:
    criteria = tuple(Criterion(each.code, each.title, each.weight) for each in entry.criteria)
    return Scheme(criteria, entry.least, entry.most)


def _entries(export: Export) -> Iterator[RoundEntry]:
    funds = dict(export.session.exec(select(Fund.id, Fund.code)).all())
    for row in _rows(export.session, export.partnership):
        yield RoundEntry.model_construct(
            code=row.code,
            title=row.title,
            fund=funds[row.fund_id],
            financial_year=row.financial_year,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            decides_on=row.decides_on,
            cap=pounds_or_none(row.cap),
            panel=row.panel,
            decider=Decider(row.decider),
            least=row.scheme["least"],
            most=row.scheme["most"],
            criteria=[CriterionEntry.model_construct(**each) for each in row.scheme["criteria"]],
            note=row.note,
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[Round]:
    query = select(Round).where(Round.partnership_id == partnership.id).order_by(col(Round.id))
    return session.exec(query).all()


SECTION = Section("rounds", RoundEntry, _references, _upsert, _entries)
RoundEntries = Annotated[list[RoundEntry], SECTION]
