"""Grants, their versions with amounts and funding, claims, and payments with their gates."""

import sqlalchemy as sa
from alembic import op

from app.record.append_only import allow_changes, forbid_changes
from app.record.baseline import end_digests

revision = "0019_grant"
down_revision = "0018_allocation"
branch_labels = None
depends_on = None

TABLES = (
    "grant_award",
    "grant_version",
    "grant_amount",
    "grant_funding",
    "claim",
    "payment",
    "payment_gate",
)

APPEND_ONLY = ("grant_version", "grant_amount", "grant_funding")


def upgrade() -> None:
    op.create_table(
        "grant_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("takes_up_id", sa.Integer(), nullable=True),
        sa.Column("delegation_id", sa.Integer(), nullable=True),
        sa.Column("payer_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("priority", sa.String(length=80), nullable=True),
        sa.Column("theme", sa.String(length=80), nullable=True),
        sa.Column("managed_by", sa.String(length=80), nullable=True),
        sa.Column("paid_in", sa.String(length=20), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("acceptance_due_on", sa.Date(), nullable=True),
        sa.Column("ledger_code", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["parent_id"], ["grant_award.id"]),
        sa.ForeignKeyConstraint(["takes_up_id"], ["allocation.id"]),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"]),
        sa.ForeignKeyConstraint(["payer_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["recipient_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    op.create_index("ix_grant_award_delegation_id", "grant_award", ["delegation_id"])
    op.create_index("ix_grant_award_parent_id", "grant_award", ["parent_id"])
    op.create_index("ix_grant_award_recipient_id", "grant_award", ["recipient_id"])
    op.create_index("ix_grant_award_takes_up_id", "grant_award", ["takes_up_id"])
    op.create_table(
        "grant_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_kind", sa.String(length=10), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant_award.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("grant_id", "number"),
    )
    op.create_table(
        "grant_amount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=500), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("spending", sa.String(length=10), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["grant_version.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_grant_amount_version_id", "grant_amount", ["version_id"])
    op.create_table(
        "grant_funding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=True),
        sa.Column("financial_year", sa.String(length=20), nullable=False),
        sa.Column("spending", sa.String(length=10), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["grant_version.id"]),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_grant_funding_allocation_id", "grant_funding", ["allocation_id"])
    op.create_index("ix_grant_funding_version_id", "grant_funding", ["version_id"])
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("spending", sa.String(length=10), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["grant_id"], ["grant_award.id"]),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("grant_id", "number"),
    )
    op.create_index("ix_claim_partnership_id", "claim", ["partnership_id"])
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("payer_id", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("financial_year", sa.String(length=20), nullable=False),
        sa.Column("spending", sa.String(length=10), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("paid_in", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("ledger_reference", sa.String(length=500), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["grant_id"], ["grant_award.id"]),
        sa.ForeignKeyConstraint(["payer_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["payee_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"]),
        sa.ForeignKeyConstraint(["planned_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("claim_id"),
        sa.UniqueConstraint("grant_id", "number"),
    )
    op.create_index("ix_payment_partnership_id", "payment", ["partnership_id"])
    op.create_table(
        "payment_gate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("limit_pence", sa.BigInteger(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("waived_because", sa.Text(), nullable=False),
        sa.Column("waived_on", sa.Date(), nullable=True),
        sa.Column("waived_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.ForeignKeyConstraint(["waived_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_payment_gate_payment_id", "payment_gate", ["payment_id"])
    for table in APPEND_ONLY:
        forbid_changes(op.get_bind(), table)


def downgrade() -> None:
    end_digests(op.get_bind(), TABLES)
    for table in APPEND_ONLY:
        allow_changes(op.get_bind(), table)
    op.drop_table("payment_gate")
    op.drop_table("payment")
    op.drop_table("claim")
    op.drop_table("grant_funding")
    op.drop_table("grant_amount")
    op.drop_table("grant_version")
    op.drop_table("grant_award")
