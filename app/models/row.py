"""The base of tables whose rows are numbered."""

from sqlmodel import Field, SQLModel


class Row(SQLModel):
    id: int = Field(default=None, primary_key=True)
    """Set by the database when the row is flushed; nobody reads it before."""
