"""Writes and edits applications, and takes them through their steps before a decision."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import select

from app.commands.change import Change
from app.commands.grants.application_texts import (
    lines_content,
    match_content,
    outcomes_content,
    parse_shares,
    require_indicator,
)
from app.commands.grants.bank_details import MaskedTexts
from app.commands.groups.code import next_code, require_free
from app.commands.groups.edit import refuse_null, require_past, set_columns
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.application import asked_sums, require_asked
from app.domain.grants.application_steps import (
    EDIT,
    LEADS_TO,
    STEPS,
    SUBMIT,
    TELL,
    ApplicationFacts,
    ApplicationState,
)
from app.domain.grants.funding_round import RoundState, round_state
from app.domain.workflow import Step, require_step
from app.models.grants.application import Application, ApplicationShare
from app.models.grants.application_wire import ApplicationIn, ApplicationPatch, LetterIn
from app.models.grants.funding_round import Round
from app.queries.grants.agencies import agencies_by_id, require_agency
from app.queries.grants.application import ApplicationBooks
from app.queries.grants.application_lines import asked_amounts, share_rows
from app.queries.grants.proposer import person_behind

TEXTS = ("title", "in_kind", "need", "cohesion", "advice", "on_behalf")
MAY_BE_NULL = {"need_indicator"}


def draft_application(change: Change, body: ApplicationIn) -> tuple[Application, list[str]]:
    """Writes an application that is not sent yet. Also returns warnings about its texts."""
    round_ = _round_named(change, body.round)
    if round_state(round_.opens_on, round_.closes_on, change.today) is RoundState.CLOSED:
        raise Conflict("round_closed", f"{round_.title} is closed: nothing more can be applied for.")
    applicant = require_agency(change.session, change.partnership, body.applicant, "applicant")
    access = change.access
    if access is not None and not access.is_staff and access.agency_id != applicant.id:
        text = "You write applications of your own organisation alone. Name it as the applicant."
        raise RuleBroken("applicant", "not_yours", text)
    if body.code is not None:
        require_free(change, Application, body.code)
    shares = parse_shares(change, body.applicant, body.shares)
    texts = MaskedTexts()
    row = Application(
        partnership_id=change.partnership.id,
        round_id=round_.id,
        code=body.code or next_code(change, Application, f"{round_.code[:70]}-"),
        applicant_id=applicant.id,
        state=ApplicationState.DRAFT.value,
        amount_asked=0,
        sent_by_id=person_behind(change.session, change.actor),
        **_columns(change, body, texts),
    )
    _set_asked(row, round_)
    change.add(row)
    _set_shares(change, row, shares)
    _finish(change, row, round_, "application drafted", amount_asked=row.amount_asked)
    return row, texts.warnings


def edit_application(change: Change, row: Application, patch: ApplicationPatch) -> list[str]:
    """Changes the fields that the patch names and that differ. Returns warnings."""
    require_step(STEPS, EDIT, application_facts(change, row), change.access)
    round_ = change.session.get_one(Round, row.round_id)
    texts = MaskedTexts()
    columns = _columns(change, patch, texts)
    refuse_null({name: getattr(patch, name) for name in patch.model_fields_set}, MAY_BE_NULL)
    edits = set_columns(row, columns)
    _set_asked(row, round_)
    if patch.shares is not None:
        applicant = _code_of_applicant(change, row)
        shares = parse_shares(change, applicant, patch.shares)
        before = [(each.agency_id, each.percent) for each in share_rows(change.session, row)]
        if _set_shares(change, row, shares):
            edits.before["shares"], edits.after["shares"] = _named(change, before), _named(change, shares)
    change.session.add(row)
    _finish(change, row, round_, "application edited", before=edits.before, after=edits.after)
    return texts.warnings


def take_step(change: Change, row: Application, step: Step[ApplicationFacts], reason: str = "") -> list[str]:
    """Takes a step before the decision. An application that is sent is checked once more. Returns warnings."""
    require_step(STEPS, step, application_facts(change, row), change.access)
    round_ = change.session.get_one(Round, row.round_id)
    texts = MaskedTexts()
    before = row.state
    if step is SUBMIT:
        _set_asked(row, round_)
        row.sent_on = row.sent_on or change.today
        row.sent_by_id = person_behind(change.session, change.actor)
    row.state = LEADS_TO[step.name].value
    row.state_reason = texts.mask(reason)
    verb = f"application {step.name.replace('_', ' ')}"
    _finish(change, row, round_, verb, before=before, after=row.state, reason=row.state_reason)
    return texts.warnings


def record_letter(change: Change, row: Application, body: LetterIn) -> list[str]:
    """Records that the applicant was told the decision by letter. Returns warnings."""
    require_step(STEPS, TELL, application_facts(change, row), change.access)
    require_past(body.told_on, change.today, "told_on")
    if row.decided_on is not None and body.told_on < row.decided_on:
        text = f"It was decided on {row.decided_on}. A letter about that has a later day."
        raise RuleBroken("told_on", "before_decision", text)
    texts = MaskedTexts()
    row.told_on = body.told_on
    if body.feedback is not None:
        row.feedback = texts.mask(body.feedback)
    round_ = change.session.get_one(Round, row.round_id)
    _finish(change, row, round_, "applicant told", told_on=row.told_on.isoformat(), feedback=row.feedback)
    return texts.warnings


def application_facts(change: Change, row: Application) -> ApplicationFacts:
    return ApplicationBooks.read(change.session, change.actor, [row], change.today).facts(row)


def _round_named(change: Change, code: str) -> Round:
    query = select(Round).where(Round.partnership_id == change.partnership.id, Round.code == code)
    row = change.session.exec(query).first()
    if row is None:
        raise RuleBroken("round", "unknown_round", f"There is no round “{code}” here. Check its code.")
    return row


def _columns(change: Change, body: ApplicationIn | ApplicationPatch, texts: MaskedTexts) -> dict[str, Any]:
    """The columns that a request names, with bank details masked."""
    named = body.model_fields_set | (set() if isinstance(body, ApplicationPatch) else {"lines"})
    columns: dict[str, Any] = {
        name: texts.mask(getattr(body, name))
        for name in TEXTS
        if name in named and getattr(body, name) is not None
    }
    is_advised = bool(columns.get("advice")) or (isinstance(body, ApplicationPatch) and "advice" in columns)
    if is_advised and change.access is not None and not change.access.is_staff:
        raise RuleBroken("advice", "staff_alone", "The partnership's adviser says this. Leave it out.")
    if "need_indicator" in named:
        require_indicator(change, body.need_indicator)
        columns["need_indicator"] = body.need_indicator
    if body.lines is not None:
        columns["lines"] = lines_content(change, body.lines, texts)
    if body.match_funding is not None and "match_funding" in named:
        columns["match_funding"] = match_content(body.match_funding, texts)
    if body.outcomes is not None and "outcomes" in named:
        columns["outcomes"] = outcomes_content(body.outcomes, texts)
    return columns


def _set_asked(row: Application, round_: Round) -> None:
    """Sums what the lines ask for. RuleBroken for nothing, or more than the round's cap."""
    asked = asked_sums(asked_amounts(row.lines), round_.financial_year)
    require_asked(asked, round_.cap, round_.financial_year)
    row.amount_asked, row.amount_asked_later = asked.amount, asked.later


def _set_shares(change: Change, row: Application, shares: Sequence[tuple[int, int]]) -> bool:
    """Replaces the organisations of a joint application, each by id with its percent; whether any differ."""
    stored = share_rows(change.session, row)
    if [(each.agency_id, each.percent) for each in stored] == list(shares):
        return False
    for each in stored:
        change.session.delete(each)
    change.session.flush()
    for agency_id, percent in shares:
        change.add(ApplicationShare(application_id=row.id, agency_id=agency_id, percent=percent))
    return True


def _named(change: Change, shares: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Shares for the record, each with its organisation's code."""
    agencies = agencies_by_id(change.session, {agency_id for agency_id, _ in shares})
    return [{"agency": agencies[agency_id]["code"], "percent": percent} for agency_id, percent in shares]


def _code_of_applicant(change: Change, row: Application) -> str:
    books = ApplicationBooks.read(change.session, change.actor, [row], change.today)
    return books.agencies[row.applicant_id]["code"]


def _finish(change: Change, row: Application, round_: Round, verb: str, **facts: Any) -> None:
    """Bumps what shows the application, and records the step."""
    change.session.flush()
    change.touch(row, round_)
    change.record(verb, "application", row.code, **facts)
