"""Indexes by which lists and feeds are read without reading all that is stored."""

from collections.abc import Sequence

from alembic import op

revision: str = "0008_growth"
down_revision: str | None = "0007_ledger_epoch"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MADE = (
    ("ix_figure_indicator", "figure", ["indicator_id", "id"]),
    ("ix_figure_area", "figure", ["area_code", "id"]),
    ("ix_figure_month", "figure", ["indicator_id", "last_month", "id", "first_month"]),
    ("ix_figure_revision_submission", "figure_revision", ["submission_id", "figure_id"]),
    ("ix_release_day", "release", ["from_on"]),
    ("ix_audit_event_partnership", "audit_event", ["partnership_id", "id"]),
    ("ix_audit_event_kind", "audit_event", ["subject_kind", "id"]),
    ("ix_audit_event_at", "audit_event", ["at", "seq"]),
    ("ix_submission_partnership", "submission", ["partnership_id", "id"]),
    ("ix_submission_agency", "submission", ["agency_id", "id"]),
    ("ix_submission_recorded", "submission", ["recorded_at", "via", "id"]),
    ("ix_outbox_message_change", "outbox_message", ["partnership_id", "seq"]),
    ("ix_upload_caller", "upload", ["caller", "id"]),
)
DROPPED = (
    ("ix_figure_revision_submission_id", "figure_revision", ["submission_id"]),
    ("ix_audit_event_partnership_id", "audit_event", ["partnership_id"]),
    ("ix_submission_partnership_id", "submission", ["partnership_id"]),
    ("ix_submission_agency_id", "submission", ["agency_id"]),
    ("ix_outbox_message_seq", "outbox_message", ["seq"]),
    ("ix_upload_partnership_id", "upload", ["partnership_id"]),
)


def upgrade() -> None:
    for name, table, columns in MADE:
        op.create_index(name, table, columns)
    for name, table, _ in DROPPED:
        op.drop_index(name, table)


def downgrade() -> None:
    for name, table, columns in DROPPED:
        op.create_index(name, table, columns)
    for name, table, _ in MADE:
        op.drop_index(name, table)
