"""Decides applications: several at one meeting, or one. The decision is recorded with them."""

from collections.abc import Sequence
from typing import Any

from app.commands.change import Change
from app.commands.grants.application import application_facts
from app.commands.grants.bank_details import MaskedTexts
from app.commands.groups.decision import create_decision
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.application import decided_state
from app.domain.grants.application_steps import DECIDE, STEPS, ApplicationFacts
from app.domain.grants.funding_round import Decider
from app.domain.grants.money import pence_of, pounds_of
from app.domain.groups.decision import DecisionRoute
from app.domain.workflow import require_step
from app.models.grants.application import Application
from app.models.grants.application_wire import DecidedHowIn, OneDecisionIn
from app.models.grants.funding_round import Round
from app.models.groups.decision import Decision, DecisionIn, DecisionSubjectIn
from app.queries.grants.application import ApplicationBooks
from app.queries.groups.decision import decision_named
from app.queries.groups.subject import Subjects

Decided = tuple[Application, OneDecisionIn]


def decide_one(
    change: Change, row: Application, body: OneDecisionIn, how: DecidedHowIn, subjects: Subjects
) -> list[str]:
    """Decides one application. Returns warnings."""
    texts = MaskedTexts()
    _apply(change, (row, body), application_facts(change, row), texts)
    round_ = change.session.get_one(Round, row.round_id)
    subject = DecisionSubjectIn(kind="applications", ref=row.code)
    _enter(change, round_, [(row, body)], how, (subject, subjects))
    return texts.warnings


def decide_round(
    change: Change, round_: Round, decided: Sequence[Decided], how: DecidedHowIn, subjects: Subjects
) -> list[str]:
    """Decides several applications of a round at once: all of them, or none where one is refused."""
    texts = MaskedTexts()
    rows = [row for row, _ in decided]
    books = ApplicationBooks.read(change.session, change.actor, rows, change.today)
    for number, (row, body) in enumerate(decided):
        try:
            _apply(change, (row, body), books.facts(row), texts)
        except RuleBroken as error:
            field = f"applications.{number}.{error.field}"
            raise RuleBroken(field, error.code, f"{row.code}: {error.message}") from error
        except Conflict as error:
            raise Conflict(error.code, f"{row.code}: {error.message}") from error
    subject = DecisionSubjectIn(kind="rounds", ref=round_.code)
    _enter(change, round_, decided, how, (subject, subjects))
    return texts.warnings


def _apply(change: Change, decided: Decided, facts: ApplicationFacts, texts: MaskedTexts) -> None:
    """Stores what is decided. Refused where the step is, or the amount cannot be."""
    row, body = decided
    require_step(STEPS, DECIDE, facts, change.access)
    amount = pence_of(body.amount, "amount") if body.amount is not None else None
    row.state = decided_state(body.outcome, amount, row.amount_asked, body.reasons).value
    row.amount_approved = amount
    row.state_reason = texts.mask(body.reasons)
    row.feedback = texts.mask(body.feedback)
    row.told_on = None
    change.session.add(row)


def _enter(
    change: Change,
    round_: Round,
    decided: Sequence[Decided],
    how: DecidedHowIn,
    about: tuple[DecisionSubjectIn, Subjects],
) -> None:
    """Enters the decision, or names the one entered already, and records it with each application."""
    decision = _decision(change, round_, decided, how, about)
    for row, _ in decided:
        row.decision, row.decided_on = decision.code, decision.decided_on
        change.session.flush()
        facts: dict[str, Any] = {"asked": row.amount_asked, "approved": row.amount_approved}
        change.record("application decided", "application", row.code, state=row.state, **facts)
    change.touch(round_, *(row for row, _ in decided))


def _decision(
    change: Change,
    round_: Round,
    decided: Sequence[Decided],
    how: DecidedHowIn,
    about: tuple[DecisionSubjectIn, Subjects],
) -> Decision:
    decider = Decider(round_.decider)
    if how.decision is not None:
        row = decision_named(change.session, round_.partnership_id, how.decision)
        _require_named(decider, row, how)
        return row
    _require_how(decider, how)
    subject, subjects = about
    total = sum(row.amount_approved or 0 for row, _ in decided)
    body = DecisionIn(
        text=_words(round_, decided),
        meeting=how.meeting,
        number=how.number,
        decided_on=how.decided_on,
        amount=pounds_of(total) if total else None,
        evidence=how.letter,
        subject=subject,
    )
    return create_decision(change, body, subjects)


def _require_named(decider: Decider, row: Decision, how: DecidedHowIn) -> None:
    """RuleBroken for a decision that is named beside a meeting or a letter, or that the other body made."""
    if how.meeting is not None or how.letter or how.number is not None or how.decided_on is not None:
        text = "Name the decision alone: it says already when and how it was made. Or leave it out."
        raise RuleBroken("decision", "named_twice", text)
    is_outside = row.route == DecisionRoute.OUTSIDE.value
    if decider is Decider.FUNDER and not is_outside:
        text = f"The funder decides this round, and {row.code} was made here. Name the funder's decision."
        raise RuleBroken("decision", "funder_decides", text)
    if decider is Decider.PARTNERSHIP and is_outside:
        text = (
            f"The partnership decides this round, and another body made {row.code}. Name one of a group here."
        )
        raise RuleBroken("decision", "partnership_decides", text)


def _require_how(decider: Decider, how: DecidedHowIn) -> None:
    """RuleBroken unless it says at which meeting a group decided, or in which letter the funder did."""
    if decider is Decider.FUNDER:
        if how.meeting is not None:
            text = "The funder decides this round: name its letter and the letter's day, not a meeting."
            raise RuleBroken("meeting", "funder_decides", text)
        if not how.letter:
            raise RuleBroken("letter", "required", "Say which letter of the funder's decides it.")
        if how.decided_on is None:
            raise RuleBroken("decided_on", "required", "Give the letter's day.")
        return
    if how.letter:
        text = "The partnership decides this round: name the meeting, not a letter."
        raise RuleBroken("letter", "partnership_decides", text)
    if how.meeting is None:
        text = "Say at which meeting it was decided, or name a decision that is entered already."
        raise RuleBroken("meeting", "required", text)


def _words(round_: Round, decided: Sequence[Decided]) -> str:
    """What was decided, as the decision's text."""
    counts: dict[str, int] = {}
    for row, _ in decided:
        counts[row.state] = counts.get(row.state, 0) + 1
    parts = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items())
    codes = ", ".join(row.code for row, _ in decided)
    return f"Applications to {round_.title}: {parts} ({codes})"[:2_000]
