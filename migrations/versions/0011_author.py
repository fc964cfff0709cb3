"""Who recorded a row has columns of its own beside the text. What is recorded already stays as it was written."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import renew_digests

revision = "0011_author"
down_revision = "0010_ledger_frame"
branch_labels = None
depends_on = None

TABLES = ("baseline", "period_event", "release", "return_event", "submission", "target")


def upgrade() -> None:
    # Not in a batch: on SQLite that would make the table anew, without what forbids changes of its rows.
    for table in TABLES:
        op.add_column(table, sa.Column("recorded_by_kind", sa.String(length=10), nullable=True))
        op.add_column(table, sa.Column("recorded_by_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "recorded_by_id")
        op.drop_column(table, "recorded_by_kind")
    renew_digests(op.get_bind(), TABLES)
