"""Organisations' numbers in public registers, and agencies that are here for a grant alone."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import end_digests, renew_digests

revision = "0023_agency_identifier"
down_revision = "0022_repayment"
branch_labels = None
depends_on = None

TABLES = ("agency_identifier",)
CHANGED = ("partnership_agency",)


def upgrade() -> None:
    op.create_table(
        "agency_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scheme", "value"),
        sa.UniqueConstraint("agency_id", "scheme"),
    )
    op.add_column(
        "partnership_agency",
        sa.Column("is_recipient", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    renew_digests(op.get_bind(), CHANGED)


def downgrade() -> None:
    op.drop_column("partnership_agency", "is_recipient")
    end_digests(op.get_bind(), TABLES)
    op.drop_table("agency_identifier")
    renew_digests(op.get_bind(), CHANGED)
