"""Changes of grants, asked for and decided."""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import end_digests

revision = "0020_variation"
down_revision = "0019_grant"
branch_labels = None
depends_on = None

TABLES = ("variation",)


def upgrade() -> None:
    op.create_table(
        "variation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.String(length=500), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
        sa.ForeignKeyConstraint(["grant_id"], ["grant_award.id"]),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("grant_id", "number"),
    )
    op.create_index("ix_variation_partnership_id", "variation", ["partnership_id"])


def downgrade() -> None:
    end_digests(op.get_bind(), TABLES)
    op.drop_table("variation")
