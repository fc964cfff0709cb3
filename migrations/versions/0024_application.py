"""Rounds of applications, what is applied for, and how a panel scores it."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import end_digests

revision = "0024_application"
down_revision = "0023_agency_identifier"
branch_labels = None
depends_on = None

TABLES = ("appraisal", "application_share", "application", "funding_round")


def upgrade() -> None:
    op.create_table(
        "funding_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("financial_year", sa.String(length=20), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("decides_on", sa.Date(), nullable=True),
        sa.Column("cap", sa.BigInteger(), nullable=True),
        sa.Column("panel", sa.String(length=80), nullable=True),
        sa.Column("decider", sa.String(length=20), nullable=False),
        sa.Column("scheme", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    op.create_index("ix_funding_round_fund_id", "funding_round", ["fund_id"])
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("amount_asked", sa.BigInteger(), nullable=False),
        sa.Column("amount_asked_later", sa.BigInteger(), nullable=False),
        sa.Column("amount_approved", sa.BigInteger(), nullable=True),
        sa.Column("match_funding", sa.JSON(), nullable=False),
        sa.Column("in_kind", sa.Text(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("need_indicator", sa.String(length=80), nullable=True),
        sa.Column("cohesion", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=80), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["round_id"], ["funding_round.id"]),
        sa.ForeignKeyConstraint(["applicant_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["grant_id"], ["grant_award.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    for column in ("round_id", "applicant_id", "grant_id"):
        op.create_index(f"ix_application_{column}", "application", [column])
    op.create_table(
        "application_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "agency_id"),
    )
    op.create_index("ix_application_share_agency_id", "application_share", ["agency_id"])
    op.create_table(
        "appraisal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("interest", sa.String(length=20), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "assessor_id"),
    )
    for column in ("partnership_id", "assessor_id"):
        op.create_index(f"ix_appraisal_{column}", "appraisal", [column])


def downgrade() -> None:
    end_digests(op.get_bind(), TABLES)
    for table in TABLES:
        op.drop_table(table)
