"""A digest of every row that the audit record covers; of those that are there already, one to begin with."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.record.append_only import allow_changes, forbid_changes
from app.record.baseline import begin_digests

revision: str = "0009_row_digest"
down_revision: str | None = "0008_growth"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "row_digest",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sqlmodel.sql.sqltypes.AutoString(length=63), nullable=False),
        sa.Column("row_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.PrimaryKeyConstraint("seq", "number"),
    )
    forbid_changes(op.get_bind(), "row_digest")
    begin_digests(op.get_bind())


def downgrade() -> None:
    """Events keep the hashes of the digests in their data: an earlier release finds the record whole. Digests
    begin anew on the way up."""
    allow_changes(op.get_bind(), "row_digest")
    op.drop_table("row_digest")
