"""The ledger tells the last change that was not of figures alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010_ledger_frame"
down_revision = "0009_row_digest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ledger") as batch:
        batch.add_column(sa.Column("frame", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE ledger SET frame = seq")


def downgrade() -> None:
    with op.batch_alter_table("ledger") as batch:
        batch.drop_column("frame")
