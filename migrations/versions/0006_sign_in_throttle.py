"""Guesses at a password one by one, with where each came from; and devices that are known."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models import column

revision: str = "0006_sign_in_throttle"
down_revision: str | None = "0005_indicator_edition"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """What was counted before stood for five minutes, and is let go."""
    op.create_table(
        "sign_in_device",
        sa.Column("mark_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sign_in", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", column.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("mark_hash"),
    )
    op.create_index("ix_sign_in_device_person_id", "sign_in_device", ["person_id"])
    op.drop_table("sign_in_guess")
    op.create_table(
        "sign_in_guess",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("device", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("budget", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("at", column.Instant(), nullable=False),
        sa.Column("forgiven", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_in_guess_account_at", "sign_in_guess", ["account", "at"])
    op.create_index("ix_sign_in_guess_origin_at", "sign_in_guess", ["origin", "at"])
    op.create_index("ix_sign_in_guess_at", "sign_in_guess", ["at"])
    op.create_index("ix_sign_in_guess_person_id", "sign_in_guess", ["person_id"])


def downgrade() -> None:
    op.drop_table("sign_in_guess")
    op.create_table(
        "sign_in_guess",
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("owed_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_index("ix_sign_in_guess_owed_until", "sign_in_guess", ["owed_until"])
    op.drop_table("sign_in_device")
