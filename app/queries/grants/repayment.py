"""Repayments, as callers read them, with the steps open to them."""

from collections.abc import Sequence
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.errors import NotFound
from app.domain.grants.repayment_steps import STEPS, RepaymentFacts, RepaymentState, outstanding
from app.domain.number import row_number
from app.domain.workflow import may
from app.models.grants.grant import Grant
from app.models.grants.repayment import Repayment, RepaymentOut
from app.queries.grants.fund import pounds_out
from app.queries.grants.proposer import is_own
from app.queries.grants.visible import repayments


def get_repayment(session: Session, actor: Actor, grant: Grant, number: str) -> Repayment:
    """The grant's repayment of that number; NotFound where the actor sees none."""
    what = f"Repayment {number[:20]} of {grant.code}"
    query = repayments(actor).where(
        Repayment.grant_id == grant.id, Repayment.number == row_number(number, what)
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound(what)
    return row


def repayment_facts(session: Session, actor: Actor, row: Repayment) -> RepaymentFacts:
    return RepaymentFacts(RepaymentState(row.state), is_own(session, actor, row.demanded_by_id))


def list_out(session: Session, actor: Actor, rows: Sequence[Repayment]) -> dict[int, RepaymentOut]:
    """The repayments by id."""
    ids = {row.grant_id for row in rows}
    codes = dict(session.exec(select(Grant.id, Grant.code).where(col(Grant.id).in_(ids))).all())
    return {row.id: _out(session, actor, row, codes[row.grant_id]) for row in rows}


def _out(session: Session, actor: Actor, row: Repayment, grant: str) -> RepaymentOut:
    state = RepaymentState(row.state)
    waived = row.demanded - row.received if state is RepaymentState.WAIVED else 0
    facts = repayment_facts(session, actor, row)
    return RepaymentOut(
        id=str(row.id),
        grant=grant,
        number=row.number,
        financial_year=row.financial_year,
        spending=cast(Any, row.spending),
        why=cast(Any, row.why),
        demanded=pounds_out(row.demanded),
        demanded_on=row.demanded_on.isoformat(),
        received=pounds_out(row.received),
        received_on=row.received_on.isoformat() if row.received_on is not None else None,
        outstanding=pounds_out(outstanding(row.demanded, row.received, waived)),
        state=state.value,
        state_label=state.label,
        note=row.note,
        waived_because=row.waived_because,
        version=row.seq,
        may=cast(list[Any], may(STEPS, facts, actor.access_in(row.partnership_id))),
    )
