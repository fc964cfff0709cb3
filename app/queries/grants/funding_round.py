"""Rounds with their numbers, as callers read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.errors import NotFound
from app.domain.grants.application_steps import UNDECIDED, ApplicationState
from app.domain.grants.funding_round import STEPS, Decider, RoundFacts, round_state
from app.domain.grants.scoring import Criterion, Scheme
from app.domain.workflow import may
from app.models.grants.application import Application
from app.models.grants.fund import Fund
from app.models.grants.funding_round import CriterionOut, Round, RoundNumbersOut, RoundOut, SchemeOut
from app.models.plan.partnership import NamedOut
from app.queries.grants.fund import pounds_or_none, pounds_out
from app.queries.grants.visible_applications import rounds


@dataclass(slots=True)
class RoundSums:
    """In pence. Applications that were never sent count nowhere."""

    applications: int = 0
    to_decide: int = 0
    asked: int = 0
    approved: int = 0


def get_round(session: Session, actor: Actor, partnership_id: int, code: str) -> Round:
    """The partnership's round of that code; NotFound where the actor sees none."""
    query = rounds(actor).where(Round.partnership_id == partnership_id, Round.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The round “{code[:80]}”")
    return row


def applications_of(session: Session, row: Round) -> Sequence[Application]:
    """All applications to a round: their answers name it, with its last day."""
    return session.exec(select(Application).where(Application.round_id == row.id)).all()


def scheme_of(row: Round) -> Scheme:
    stored = row.scheme
    criteria = tuple(
        Criterion(each["code"], each["title"], each["weight"]) for each in stored.get("criteria", [])
    )
    return Scheme(criteria, stored.get("least", 0), stored.get("most", 5))


def round_sums(session: Session, round_ids: Iterable[int]) -> dict[int, RoundSums]:
    """Sums of each round's applications, by its id."""
    sums = {id_: RoundSums() for id_ in round_ids}
    query = select(
        Application.round_id, Application.state, Application.amount_asked, Application.amount_approved
    ).where(col(Application.round_id).in_(sums), col(Application.sent_on).is_not(None))
    for round_id, state, asked, approved in session.exec(query):
        each = sums[round_id]
        each.applications += 1
        each.to_decide += ApplicationState(state) in UNDECIDED
        each.asked += asked
        each.approved += approved or 0
    return sums


def round_facts(actor: Actor, row: Round, sums: RoundSums) -> RoundFacts:
    """Facts for the steps of a round, as the actor would take them."""
    access = actor.access_in(row.partnership_id)
    return RoundFacts(
        decider=Decider(row.decider),
        has_scheme=bool(row.scheme.get("criteria")),
        has_agency=access is not None and access.agency_id is not None,
        to_decide=sums.to_decide,
    )


def list_out(session: Session, actor: Actor, rows: Sequence[Round], today: date) -> dict[int, RoundOut]:
    """The rounds by id."""
    query = select(Fund).where(col(Fund.id).in_({row.fund_id for row in rows}))
    funds = {fund.id: NamedOut(code=fund.code, name=fund.title) for fund in session.exec(query)}
    sums = round_sums(session, [row.id for row in rows])
    return {row.id: _out(actor, row, funds[row.fund_id], sums[row.id], today) for row in rows}


def _out(actor: Actor, row: Round, fund: NamedOut, sums: RoundSums, today: date) -> RoundOut:
    state = round_state(row.opens_on, row.closes_on, today)
    steps = may(STEPS, round_facts(actor, row, sums), actor.access_in(row.partnership_id))
    return RoundOut(
        id=str(row.id),
        code=row.code,
        title=row.title,
        fund=fund,
        financial_year=row.financial_year,
        opens_on=row.opens_on.isoformat(),
        closes_on=row.closes_on.isoformat(),
        decides_on=row.decides_on.isoformat() if row.decides_on is not None else None,
        state=state.value,
        state_label=state.label,
        cap=pounds_or_none(row.cap),
        panel=row.panel,
        decider=Decider(row.decider).value,
        scheme=scheme_out(scheme_of(row)),
        note=row.note,
        numbers=RoundNumbersOut(
            applications=sums.applications,
            to_decide=sums.to_decide,
            amount_asked=pounds_out(sums.asked),
            amount_approved=pounds_out(sums.approved),
        ),
        may=cast(list[Any], steps),
        version=row.seq,
    )


def scheme_out(scheme: Scheme) -> SchemeOut:
    return SchemeOut(
        least=scheme.least,
        most=scheme.most,
        out_of=scheme.out_of,
        criteria=[
            CriterionOut(code=each.code, title=each.title, weight=each.weight) for each in scheme.criteria
        ],
    )
