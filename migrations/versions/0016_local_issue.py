"""Local issues of a partnership."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import end_digests

revision = "0016_local_issue"
down_revision = "0015_recommendation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("raised_by", sa.String(length=500), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=True),
        sa.Column("area", sa.String(length=80), nullable=True),
        sa.Column("group", sa.String(length=80), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("partnership_id", "code"),
    )


def downgrade() -> None:
    end_digests(op.get_bind(), ("local_issue",))
    op.drop_table("local_issue")
