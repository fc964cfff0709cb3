"""Posts, groups with their members, meetings with items and attendance, decisions, and actions that arose."""

import sqlalchemy as sa
from alembic import op

from app.models import column
from app.record.baseline import end_digests

revision = "0013_groups"
down_revision = "0012_owed_from"
branch_labels = None
depends_on = None

TABLES = (
    "post",
    "partnership_group",
    "group_member",
    "meeting",
    "meeting_item",
    "attendance",
    "published_attendance",
    "decision",
    "meeting_action",
)


def upgrade() -> None:
    _create_posts_and_groups()
    _create_meetings()
    _create_decisions()


def downgrade() -> None:
    end_digests(op.get_bind(), TABLES)
    for table in reversed(TABLES):
        op.drop_table(table)


def _create(table: str, *parts: sa.Column[object] | sa.Constraint) -> None:
    """Creates a tracked table: an id and a change number, and the parts."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id"),
    )


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=nullable)


def _day(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, column.Listed(), nullable=False)


def _to(name: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{table}.id"])


def _create_posts_and_groups() -> None:
    _create(
        "post",
        _number("partnership_id"),
        _number("position"),
        _text("code", 80),
        _text("title", 500),
        _number("agency_id"),
        _day("filled_from"),
        _day("filled_until"),
        _text("deputy", 80, nullable=True),
        _text("email", 254, nullable=True),
        _text("note"),
        _to("partnership_id", "partnership"),
        _to("agency_id", "agency"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    _create(
        "partnership_group",
        _number("partnership_id"),
        _number("position"),
        _text("code", 80),
        _text("name", 500),
        _text("kind", 20),
        _text("parent", 80, nullable=True),
        _text("belongs_to", 500, nullable=True),
        _text("cycle", 500),
        _text("cycle_rule", 40, nullable=True),
        _text("remit"),
        _json("documents"),
        _text("chair", 80, nullable=True),
        _text("vice_chair", 80, nullable=True),
        _number("quorum", nullable=True),
        _day("begins_on"),
        _day("ends_on"),
        _json("also_printed"),
        _json("forward_plan"),
        _text("note"),
        _to("partnership_id", "partnership"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    _create(
        "group_member",
        _number("group_id"),
        _number("position"),
        _number("post_id"),
        _day("begins_on"),
        _day("ends_on"),
        _to("group_id", "partnership_group"),
        _to("post_id", "post"),
    )
    op.create_index("ix_group_member_group", "group_member", ["group_id"])


def _create_meetings() -> None:
    _create(
        "meeting",
        _number("partnership_id"),
        _number("group_id"),
        _text("code", 80),
        _day("day", nullable=False),
        _text("kind", 20),
        _text("state", 20),
        _text("state_reason"),
        _text("note"),
        _to("partnership_id", "partnership"),
        _to("group_id", "partnership_group"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    op.create_index("ix_meeting_group", "meeting", ["group_id", "day"])
    _create(
        "meeting_item",
        _number("meeting_id"),
        _number("number"),
        _text("title", 500),
        _text("handling", 20),
        _text("text"),
        _to("meeting_id", "meeting"),
        sa.UniqueConstraint("meeting_id", "number"),
    )
    _create(
        "attendance",
        _number("meeting_id"),
        _number("post_id"),
        _text("status", 20),
        _to("meeting_id", "meeting"),
        _to("post_id", "post"),
        sa.UniqueConstraint("meeting_id", "post_id"),
    )
    op.create_index("ix_attendance_post_id", "attendance", ["post_id"])
    _create(
        "published_attendance",
        _number("partnership_id"),
        _number("group_id"),
        _text("year", 7),
        _number("position"),
        _number("agency_id"),
        _number("percent"),
        _number("attended", nullable=True),
        _text("source", 500),
        _to("partnership_id", "partnership"),
        _to("group_id", "partnership_group"),
        _to("agency_id", "agency"),
        sa.UniqueConstraint("group_id", "year", "agency_id"),
    )
    op.create_index("ix_published_attendance_partnership_id", "published_attendance", ["partnership_id"])


def _create_decisions() -> None:
    _create(
        "decision",
        _number("partnership_id"),
        _text("code", 80),
        _number("group_id", nullable=True),
        _number("meeting_id", nullable=True),
        _number("number", nullable=True),
        _text("route", 20),
        _day("decided_on", nullable=False),
        _text("text"),
        _text("outcome", 30),
        _text("reasons"),
        _text("conditions"),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        _text("evidence"),
        _text("subject_kind", 40, nullable=True),
        _text("subject_ref", 200, nullable=True),
        _number("ratified_at_id", nullable=True),
        _text("on_behalf_of", 80, nullable=True),
        _text("heard_how", 500),
        sa.Column("recorded_at", column.Instant(), nullable=False),
        _text("recorded_by", 200),
        _text("recorded_by_kind", 10, nullable=True),
        _number("recorded_by_id", nullable=True),
        _to("partnership_id", "partnership"),
        _to("group_id", "partnership_group"),
        _to("meeting_id", "meeting"),
        _to("ratified_at_id", "meeting"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    op.create_index("ix_decision_subject", "decision", ["partnership_id", "subject_kind", "subject_ref"])
    for name in ("group_id", "meeting_id", "ratified_at_id"):
        op.create_index(f"ix_decision_{name}", "decision", [name])
    _create(
        "meeting_action",
        _number("partnership_id"),
        _text("code", 80),
        _number("group_id"),
        _number("meeting_id"),
        _number("decision_id", nullable=True),
        _text("text"),
        _text("owner", 80, nullable=True),
        _day("due_on"),
        _text("state", 20),
        _day("done_on"),
        _text("progress"),
        _text("what_changed"),
        _text("on_behalf_of", 80, nullable=True),
        _text("heard_how", 500),
        _to("partnership_id", "partnership"),
        _to("group_id", "partnership_group"),
        _to("meeting_id", "meeting"),
        _to("decision_id", "decision"),
        sa.UniqueConstraint("partnership_id", "code"),
    )
    for name in ("group_id", "meeting_id", "decision_id"):
        op.create_index(f"ix_meeting_action_{name}", "meeting_action", [name])
