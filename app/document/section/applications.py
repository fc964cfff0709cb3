"""Applications as papers state them. What one asks for and what became of it is never changed by a document."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, col, select

from app.commands.grants.bank_details import MaskedTexts
from app.document.kit.entry import Code, Day, Entry, Line, Prose
from app.document.kit.load import Load
from app.document.kit.money import Pounds, pence_or_none, pounds_or_none
from app.document.kit.names import Names
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.document.section.application_entry import (
    MatchEntry,
    ProjectLineEntry,
    ShareEntry,
    SoughtOutcomeEntry,
    entry_amounts,
    line_columns,
    line_entry,
    match_columns,
    match_entry,
    outcome_columns,
    outcome_entry,
)
from app.domain.errors import RuleBroken
from app.domain.grants.application import Asked, asked_sums, require_asked, require_shares
from app.domain.grants.application_steps import ApplicationState
from app.models.grants.application import Application, ApplicationShare
from app.models.grants.funding_round import Round
from app.models.grants.grant import Grant
from app.models.plan.partnership import Agency, Partnership


class ApplicationEntry(Entry):
    """An application to a round. Assessors' scores are not in the document."""

    code: Code
    round: Code
    applicant: Code = Field(description="The lead, where several apply jointly.")
    title: Line
    lines: list[ProjectLineEntry] = Field(min_length=1)
    shares: list[ShareEntry] = []
    match_funding: list[MatchEntry] = []
    in_kind: Prose = ""
    outcomes: list[SoughtOutcomeEntry] = []
    need: Prose = ""
    need_indicator: Code | None = None
    cohesion: Prose = ""
    advice: Prose = Field(default="", description="How it fits the plan, as the partnership's adviser says.")
    on_behalf: Line | None = None
    state: ApplicationState = ApplicationState.SUBMITTED
    state_reason: Prose = ""
    sent_on: Day | None = None
    decided_on: Day | None = None
    decision: Code | None = None
    amount_approved: Pounds | None = Field(
        default=None, description="What was awarded in the round's year: never what was asked for."
    )
    feedback: Prose = ""
    told_on: Day | None = None
    grant: Code | None = None


TEXTS = ("title", "in_kind", "need", "need_indicator", "cohesion", "advice", "on_behalf", "feedback")
"""Columns that a document changes of an application that exists."""
MASKED = ("title", "in_kind", "need", "cohesion", "advice", "on_behalf", "state_reason", "feedback")
STATED = ("state_reason", "sent_on", "decided_on", "decision", "told_on")
AWARDED = (ApplicationState.APPROVED, ApplicationState.PART_APPROVED)
UNSENT = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


def _references(names: Names, applications: Sequence[ApplicationEntry]) -> Iterator[Problem]:
    for number, entry in enumerate(applications):
        path = ("applications", number)
        for field, noun, key in (
            ("round", "round", "rounds"),
            ("applicant", "agency", "agencies"),
            ("need_indicator", "indicator", "indicators"),
            ("decision", "decision", "decisions"),
            ("grant", "grant", "grants"),
        ):
            yield from names.unknown((*path, field), noun, getattr(entry, field), key)
        for position, line in enumerate(entry.lines):
            where = (*path, "lines", position, "priority")
            yield from names.unknown(where, "priority", line.priority, "priorities")
        for position, share in enumerate(entry.shares):
            where = (*path, "shares", position, "agency")
            yield from names.unknown(where, "agency", share.agency, "agencies")
        yield from _money_problems(names, entry, number)


def _money_problems(names: Names, entry: ApplicationEntry, number: int) -> Iterator[Problem]:
    path = ("applications", number)
    total = sum(each.pence for each in entry_amounts(entry.lines))
    try:
        require_asked(Asked(total, 0), None, None)
        require_shares(entry.applicant, [(each.agency, each.percent) for each in entry.shares])
    except RuleBroken as error:
        yield names.problem((*path, error.field.partition(".")[0]), error.code, error.message)
    approved = pence_or_none(entry.amount_approved) or 0
    if bool(approved) != (entry.state in AWARDED):
        text = (
            "An application that is approved, or approved in part, has the amount approved; others have none."
        )
        yield names.problem((*path, "amount_approved"), "amount_approved", text)
    if entry.sent_on is None and entry.state not in UNSENT:
        yield names.problem((*path, "sent_on"), "required", "Say when it was sent, or that it is a draft.")


def _upsert(load: Load, applications: Sequence[ApplicationEntry]) -> None:
    rows = {row.code: row for row in _rows(load.session, load.partnership)}
    codes = {entry.code for entry in applications}
    load.left_alone.extend(f"application {code} is not in the document" for code in rows if code not in codes)
    for number, entry in enumerate(applications):
        for name in ("sent_on", "decided_on", "told_on"):
            load.check_recorded(getattr(entry, name), ("applications", number, name))
        row, columns = rows.get(entry.code), _columns(load, entry)
        if (columns["amount_approved"] or 0) > columns["amount_asked"]:
            text = "More is approved than is asked for in the round's year. Put one of them right."
            load.refuse(("applications", number, "amount_approved"), "above_asked", text)
        if row is None:
            _add(load, entry, columns)
        else:
            _change_texts(load, row, columns)


def _add(load: Load, entry: ApplicationEntry, columns: dict[str, Any]) -> None:
    new = Application(partnership_id=load.partnership.id, code=entry.code, **columns)
    row = load.change.add(new)
    for share in entry.shares:
        agency_id = load.ids["agencies"][share.agency]
        load.change.add(ApplicationShare(application_id=row.id, agency_id=agency_id, percent=share.percent))
    load.change.touch(load.session.get_one(Round, row.round_id))
    load.did("created", f"application {entry.code}")


def _change_texts(load: Load, row: Application, columns: dict[str, Any]) -> None:
    what = f"application {row.code}"
    for name in TEXTS:
        before, after = getattr(row, name), columns[name]
        if before != after:
            setattr(row, name, after)
            load.did("changed", f"{what}: {name} was {before or 'nothing'}, now {after or 'nothing'}")
    if any(getattr(row, name) != stored for name, stored in columns.items()):
        load.left_alone.append(f"{what} is there already: its money and its state are changed by steps alone")


def _columns(load: Load, entry: ApplicationEntry) -> dict[str, Any]:
    """Columns of an application, with bank details masked before they are stored."""
    round_id = load.ids["rounds"][entry.round]
    asked = asked_sums(entry_amounts(entry.lines), load.session.get_one(Round, round_id).financial_year)
    columns: dict[str, Any] = {name: getattr(entry, name) for name in (*TEXTS, *STATED)}
    columns["on_behalf"] = entry.on_behalf or ""
    texts = MaskedTexts()
    columns |= {name: texts.mask(columns[name]) for name in MASKED}
    load.warnings.extend(Problem(load.line("applications"), "bank_details", text) for text in texts.warnings)
    return columns | {
        "round_id": round_id,
        "applicant_id": load.ids["agencies"][entry.applicant],
        "lines": line_columns(entry.lines),
        "amount_asked": asked.amount,
        "amount_asked_later": asked.later,
        "amount_approved": pence_or_none(entry.amount_approved),
        "match_funding": match_columns(entry.match_funding),
        "outcomes": outcome_columns(entry.outcomes),
        "state": entry.state.value,
        "grant_id": _grant_id(load, entry.grant),
    }


def _grant_id(load: Load, code: str | None) -> int | None:
    query = select(Grant.id).where(Grant.partnership_id == load.partnership.id, Grant.code == code)
    return load.session.exec(query).one() if code is not None else None


def _entries(export: Export) -> Iterator[ApplicationEntry]:
    shares = _shares(export.session, export.partnership)
    query = (
        select(Application, Agency.code, Round.code, Grant.code)
        .join(Agency, col(Agency.id) == col(Application.applicant_id))
        .join(Round, col(Round.id) == col(Application.round_id))
        .outerjoin(Grant, col(Grant.id) == col(Application.grant_id))
        .where(Application.partnership_id == export.partnership.id)
        .order_by(col(Application.id))
    )
    for row, applicant, round_, grant in export.session.exec(query):
        texts = {name: getattr(row, name) for name in (*TEXTS, *STATED)}
        texts["on_behalf"] = row.on_behalf or None
        yield ApplicationEntry.model_construct(
            code=row.code,
            round=round_,
            applicant=applicant,
            lines=[line_entry(each) for each in row.lines],
            shares=shares[row.id],
            match_funding=[match_entry(each) for each in row.match_funding],
            outcomes=[outcome_entry(each) for each in row.outcomes],
            state=ApplicationState(row.state),
            amount_approved=pounds_or_none(row.amount_approved),
            grant=grant,
            **texts,
        )


def _shares(session: Session, partnership: Partnership) -> dict[int, list[ShareEntry]]:
    """Shares of joint applicants, by the application's id."""
    query = (
        select(ApplicationShare, Agency.code)
        .join(Agency, col(Agency.id) == col(ApplicationShare.agency_id))
        .join(Application, col(Application.id) == col(ApplicationShare.application_id))
        .where(Application.partnership_id == partnership.id)
        .order_by(col(ApplicationShare.id))
    )
    shares: dict[int, list[ShareEntry]] = defaultdict(list)
    for share, code in session.exec(query):
        entry = ShareEntry.model_construct(agency=code, percent=share.percent)
        shares[share.application_id].append(entry)
    return shares


def _rows(session: Session, partnership: Partnership) -> Sequence[Application]:
    query = select(Application).where(Application.partnership_id == partnership.id)
    return session.exec(query.order_by(col(Application.id))).all()


SECTION = Section("applications", ApplicationEntry, _references, _upsert, _entries)
ApplicationEntries = Annotated[list[ApplicationEntry], SECTION]
