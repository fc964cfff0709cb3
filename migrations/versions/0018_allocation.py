"""Funds, their allocations to partnerships, and what of these groups may award."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import end_digests

revision = "0018_allocation"
down_revision = "0017_engagement"
branch_labels = None
depends_on = None

TABLES = (
    "fund",
    "allocation",
    "delegation",
)


def upgrade() -> None:
    op.create_table(
        "fund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("funder_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("virement_percent", sa.Integer(), nullable=True),
        sa.Column("virement_amount", sa.BigInteger(), nullable=True),
        sa.Column("small_grant_cap", sa.BigInteger(), nullable=False),
        sa.Column("lines_above", sa.BigInteger(), nullable=False),
        sa.Column("underspend_limit", sa.BigInteger(), nullable=True),
        sa.Column("underspend_over", sa.String(length=10), nullable=False),
        sa.Column("report_days", sa.Integer(), nullable=False),
        sa.Column("keep_years", sa.Integer(), nullable=False),
        sa.Column("carry_over", sa.String(length=10), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=True),
        sa.Column("vat", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["funder_id"], ["agency.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_fund_funder_id", "fund", ["funder_id"])
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("accountable_body_id", sa.Integer(), nullable=False),
        sa.Column("financial_year", sa.String(length=20), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("capital", sa.BigInteger(), nullable=True),
        sa.Column("revenue", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("told_by", sa.Date(), nullable=True),
        sa.Column("not_said", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"]),
        sa.ForeignKeyConstraint(["accountable_body_id"], ["agency.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    op.create_index("ix_allocation_fund_id", "allocation", ["fund_id"])
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=True),
        sa.Column("group_code", sa.String(length=80), nullable=False),
        sa.Column("spending", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    op.create_index("ix_delegation_allocation_id", "delegation", ["allocation_id"])


def downgrade() -> None:
    end_digests(op.get_bind(), TABLES)
    op.drop_table("delegation")
    op.drop_table("allocation")
    op.drop_table("fund")
