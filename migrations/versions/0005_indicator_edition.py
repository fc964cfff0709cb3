"""What an indicator was at each edit, and since when a period counts as exceptional."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models import column

revision: str = "0005_indicator_edition"
down_revision: str | None = "0004_invited_as"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
FACTS = (
    "title",
    "definition",
    "measure",
    "per",
    "denominator",
    "polarity",
    "frequency",
    "window",
    "publication_lag_days",
    "unit",
    "decimals",
    "adds_up",
    "survey",
    "counts_people",
    "release_to",
    "reporting_sensitive",
    "paired_with",
    "tolerance",
    "responsible_agency_id",
    "suppliers",
    "breakdowns",
    "breaks",
    "note",
    "retired_on",
    "retired_reason",
)


def upgrade() -> None:
    op.create_table(
        "indicator_edition",
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("measure", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("per", sa.Integer(), nullable=True),
        sa.Column("denominator", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("polarity", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("frequency", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("window", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("publication_lag_days", sa.Integer(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("adds_up", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("survey", sa.Boolean(), nullable=False),
        sa.Column("counts_people", sa.Boolean(), nullable=False),
        sa.Column(
            "release_to", sqlmodel.sql.sqltypes.AutoString(length=20), server_default="public", nullable=False
        ),
        sa.Column("reporting_sensitive", sa.Boolean(), nullable=False),
        sa.Column("paired_with", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("tolerance", column.Exact(), nullable=True),
        sa.Column("responsible_agency_id", sa.Integer(), nullable=True),
        sa.Column("suppliers", column.Listed(), nullable=False),
        sa.Column("breakdowns", column.Listed(), nullable=False),
        sa.Column("breaks", column.Listed(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", column.Instant(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
        ),
        sa.ForeignKeyConstraint(
            ["responsible_agency_id"],
            ["agency.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("indicator_edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_edition_indicator_id"), ["indicator_id"], unique=False)

    op.add_column("exceptional_period", sa.Column("recorded_at", column.Instant(), nullable=True))
    keep_what_is()
    forbid_changes()


def keep_what_is() -> None:
    """Every indicator begins with the edition it has now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    facts = ", ".join(f'"{name}"' for name in FACTS)
    op.execute(
        sa.text(
            f"INSERT INTO indicator_edition (indicator_id, recorded_at, seq, {facts}) "  # noqa: S608 - names of ours
            f"SELECT id, :now, seq, {facts} FROM indicator ORDER BY id"
        ).bindparams(sa.bindparam("now", now, sa.DateTime()))
    )


def forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER indicator_edition_no_{event.lower()} BEFORE {event} ON indicator_edition "
                "BEGIN SELECT RAISE(ABORT, 'indicator_edition is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION indicator_edition_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'indicator_edition is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER indicator_edition_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON indicator_edition "
        "FOR EACH STATEMENT EXECUTE FUNCTION indicator_edition_append_only()"
    )


def allow_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER indicator_edition_no_{event.lower()}")
        return
    op.execute("DROP TRIGGER indicator_edition_append_only ON indicator_edition")
    op.execute("DROP FUNCTION indicator_edition_append_only()")


def downgrade() -> None:
    allow_changes()
    op.drop_column("exceptional_period", "recorded_at")

    with op.batch_alter_table("indicator_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_edition_indicator_id"))

    op.drop_table("indicator_edition")
