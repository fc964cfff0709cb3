"""Reads keys: staff see all of their partnership's, others their own agency's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlmodel import Session

from app.domain.access.authority import Access
from app.domain.errors import NotFound
from app.domain.number import row_number
from app.models.access.key import ApiKey, ApiKeyPartnership, KeyOut
from app.models.column import table
from app.models.plan.partnership import Agency
from app.models.wire import instant_text

KEY, PLACE, AGENCY = table(ApiKey), table(ApiKeyPartnership), table(Agency)


def list_keys(
    session: Session, access: Access, after: Sequence[ColumnElement[bool]], limit: int
) -> Sequence[Row[Any]]:
    """Up to `limit` + 1 keys in order of id, revoked and expired ones too."""
    query = _keys(access).where(*after).order_by(KEY.c.id).limit(limit + 1)
    return session.execute(query).all()


def get_key(session: Session, access: Access, key_id: str) -> ApiKey:
    """A key by its id; NotFound for another partnership's, and for another agency's unless the actor is staff."""
    row = session.execute(_keys(access).where(KEY.c.id == row_number(key_id, "The key"))).first()
    if row is None:
        raise NotFound("The key")
    return session.get_one(ApiKey, row.id)


def key_out(session: Session, key: ApiKey) -> KeyOut:
    query = select(KEY, AGENCY.c.code.label("agency_code"), AGENCY.c.name.label("agency_name"))
    row = session.execute(query.join(AGENCY, AGENCY.c.id == KEY.c.agency_id).where(KEY.c.id == key.id)).one()
    return key_row_out(row)


def key_row_out(row: Row[Any]) -> KeyOut:
    return KeyOut(
        id=str(row.id),
        prefix=row.prefix,
        name=row.name,
        agency={"code": row.agency_code, "name": row.agency_name},
        scopes=list(row.scopes),
        created_at=instant_text(row.created_at),
        created_by=row.created_by,
        expires_at=instant_text(row.expires_at),
        revoked_at=instant_text(row.revoked_at) if row.revoked_at else None,
        last_used_at=instant_text(row.last_used_at) if row.last_used_at else None,
        version=row.version,
    )


def _keys(access: Access) -> Select[Any]:
    query = (
        select(KEY, AGENCY.c.code.label("agency_code"), AGENCY.c.name.label("agency_name"))
        .join(PLACE, PLACE.c.api_key_id == KEY.c.id)
        .join(AGENCY, AGENCY.c.id == KEY.c.agency_id)
        .where(PLACE.c.partnership_id == access.partnership_id)
    )
    return query if access.is_staff else query.where(KEY.c.agency_id == access.agency_id)
