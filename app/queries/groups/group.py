"""Reads groups, with their members over time."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.groups.cycle import days_due, parse_cycle
from app.domain.groups.group import GroupKind
from app.models.groups.group import Group, GroupMember, GroupMemberOut, GroupOut, GroupWithDaysOut
from app.models.groups.meeting import Meeting
from app.queries.groups.directory import Directory, day_text
from app.queries.visible import within

YEAR_AHEAD = timedelta(days=365)


def groups(actor: Actor) -> SelectOfScalar[Group]:
    return select(Group).where(within(col(Group.partnership_id), actor, Scope.READ))


def get_group(session: Session, actor: Actor, partnership_id: int, code: str) -> Group:
    """The partnership's group of a code; NotFound where the actor sees none."""
    query = groups(actor).where(Group.partnership_id == partnership_id, Group.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The group “{code[:80]}”")
    return row


def group_named(session: Session, partnership_id: int, code: str, field: str = "group") -> Group:
    """The partnership's group of a code. RuleBroken on `field` if there is no such group."""
    query = select(Group).where(Group.partnership_id == partnership_id, Group.code == code)
    row = session.exec(query).first()
    if row is None:
        message = f"“{code}” is no group of this partnership. Add it first, or name another."
        raise RuleBroken(field, "unknown_group", message)
    return row


def list_members(session: Session, group_ids: Collection[int]) -> dict[int, list[GroupMember]]:
    """Memberships by group, in their order; those that ended too."""
    query = select(GroupMember).where(col(GroupMember.group_id).in_(group_ids))
    by_group: dict[int, list[GroupMember]] = {id_: [] for id_ in group_ids}
    for row in session.exec(query.order_by(col(GroupMember.position))):
        by_group[row.group_id].append(row)
    return by_group


def parents(session: Session, partnership_id: int) -> dict[str, str | None]:
    """Codes of the partnership's groups, each with its parent's."""
    query = select(Group.code, Group.parent).where(Group.partnership_id == partnership_id)
    return dict(session.exec(query).all())


def group_out(row: Group, members: Sequence[GroupMember], directory: Directory) -> GroupOut:
    partnership_id = row.partnership_id
    kind = GroupKind(row.kind)
    return GroupOut(
        id=str(row.id),
        code=row.code,
        name=row.name,
        kind=kind,
        kind_label=kind.label,
        parent=directory.group(partnership_id, row.parent),
        belongs_to=row.belongs_to,
        cycle=row.cycle,
        cycle_rule=row.cycle_rule,
        remit=row.remit,
        documents=cast(list[Any], row.documents),
        chair=directory.post(partnership_id, row.chair),
        vice_chair=directory.post(partnership_id, row.vice_chair),
        quorum=row.quorum,
        begins_on=day_text(row.begins_on),
        ends_on=day_text(row.ends_on),
        also_printed=row.also_printed,
        forward_plan=cast(list[Any], row.forward_plan),
        note=row.note,
        members=[_member_out(member, directory) for member in members],
        version=row.seq,
    )


def group_with_days_out(session: Session, out: GroupOut, today: date) -> GroupWithDaysOut:
    """Adds the days on which the group should meet by its rule."""
    last = last_meeting_on(session, int(out["id"]))
    next_days: list[date] = []
    if out["cycle_rule"] is not None and last is not None:
        due = days_due(parse_cycle(out["cycle_rule"]), last, today + YEAR_AHEAD)
        next_days = [day for day in due if out["ends_on"] is None or day.isoformat() <= out["ends_on"]]
    return GroupWithDaysOut(
        **out, last_meeting_on=day_text(last), next_days=[day.isoformat() for day in next_days]
    )


def last_meeting_on(session: Session, group_id: int) -> date | None:
    """Day of the group's latest meeting that was held or is planned."""
    query = select(func.max(Meeting.day)).where(Meeting.group_id == group_id, Meeting.state != "cancelled")
    return session.exec(query).one()


def _member_out(row: GroupMember, directory: Directory) -> GroupMemberOut:
    return GroupMemberOut(
        post=directory.posts[row.post_id],
        agency=directory.agencies[row.post_id],
        begins_on=day_text(row.begins_on),
        ends_on=day_text(row.ends_on),
    )
