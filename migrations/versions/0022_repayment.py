"""Money that recipients are asked to give back."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import end_digests

revision = "0022_repayment"
down_revision = "0021_meeting_quorum"
branch_labels = None
depends_on = None

TABLES = ("repayment",)


def upgrade() -> None:
    op.create_table(
        "repayment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("financial_year", sa.String(length=20), nullable=False),
        sa.Column("spending", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("demanded", sa.BigInteger(), nullable=False),
        sa.Column("demanded_on", sa.Date(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("waived_because", sa.Text(), nullable=False),
        sa.Column("demanded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["grant_id"], ["grant_award.id"]),
        sa.ForeignKeyConstraint(["demanded_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("grant_id", "number"),
    )
    op.create_index("ix_repayment_partnership_id", "repayment", ["partnership_id"])


def downgrade() -> None:
    end_digests(op.get_bind(), TABLES)
    op.drop_table("repayment")
