"""Reads local issues."""

from collections.abc import Sequence
from typing import Any, cast

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.groups.local_issue import STEPS, LocalIssueFacts, LocalIssueState
from app.domain.workflow import may
from app.models.groups.local_issue import LocalIssue, LocalIssueOut
from app.queries.groups.named import Names
from app.queries.visible import within


def local_issues(actor: Actor) -> SelectOfScalar[LocalIssue]:
    return select(LocalIssue).where(within(col(LocalIssue.partnership_id), actor, Scope.READ))


def get_local_issue(session: Session, actor: Actor, partnership_id: int, code: str) -> LocalIssue:
    """The partnership's local issue of that code; NotFound where the actor sees none."""
    query = local_issues(actor).where(LocalIssue.partnership_id == partnership_id, LocalIssue.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The local issue “{code[:80]}”")
    return row


def local_issue_facts(row: LocalIssue) -> LocalIssueFacts:
    return LocalIssueFacts(LocalIssueState(row.state))


def local_issues_out(session: Session, actor: Actor, rows: Sequence[LocalIssue]) -> list[LocalIssueOut]:
    names = Names(session, {row.partnership_id for row in rows})
    return [_local_issue_out(row, actor, names) for row in rows]


def _local_issue_out(row: LocalIssue, actor: Actor, names: Names) -> LocalIssueOut:
    facts = local_issue_facts(row)
    return LocalIssueOut(
        id=str(row.id),
        code=row.code,
        title=row.title,
        raised_by=row.raised_by,
        raised_on=row.raised_on.isoformat() if row.raised_on is not None else None,
        area=names.area(row.partnership_id, row.area),
        group=names.directory.group(row.partnership_id, row.group),
        profile=row.profile,
        done=row.done,
        changed=row.changed,
        state=facts.state,
        state_label=facts.state.label,
        closed_on=row.closed_on.isoformat() if row.closed_on is not None else None,
        note=row.note,
        version=row.seq,
        may=cast(list[Any], may(STEPS, facts, actor.access_in(row.partnership_id))),
    )
