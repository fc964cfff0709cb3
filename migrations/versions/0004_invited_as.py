"""Somebody known to another partnership is called here what they were invited as."""

import sqlalchemy as sa
from alembic import op

revision = "0004_invited_as"
down_revision = "0003_returns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("invited_as", sa.String(length=120), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.drop_column("invited_as")
