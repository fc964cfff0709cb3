"""Engagements of a partnership."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import end_digests

revision = "0017_engagement"
down_revision = "0016_local_issue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=True),
        sa.Column("group", sa.String(length=80), nullable=True),
        sa.Column("people", sa.String(length=500), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("partnership_id", "code"),
    )


def downgrade() -> None:
    end_digests(op.get_bind(), ("engagement",))
    op.drop_table("engagement")
