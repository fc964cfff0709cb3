"""A partnership says from which day figures are owed; empty, from its plan's first day."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import renew_digests

revision = "0012_owed_from"
down_revision = "0011_author"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("partnership", sa.Column("owed_from", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("partnership", "owed_from")
    renew_digests(op.get_bind(), ("partnership",))
