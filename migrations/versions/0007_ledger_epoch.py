"""The ledger tells a restored database from the one it was before."""

import sqlalchemy as sa
from alembic import op

revision = "0007_ledger_epoch"
down_revision = "0006_sign_in_throttle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ledger") as batch:
        batch.add_column(sa.Column("epoch", sa.String(length=16), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("ledger") as batch:
        batch.drop_column("epoch")
