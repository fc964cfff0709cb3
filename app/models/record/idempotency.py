"""The answer to a POST with an Idempotency-Key, stored so that a repeat gets the same one."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from app.models.column import Instant


class RememberedAnswer(SQLModel, table=True):
    __tablename__ = "remembered_answer"

    caller: str = Field(primary_key=True, max_length=64)
    key: str = Field(primary_key=True, max_length=255)
    request_hash: str = Field(max_length=64)
    """SHA-256 of method, path, query and body: another request under the same key is refused."""
    status: int
    location: str | None = Field(default=None, max_length=500)
    body: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=Instant, index=True)
