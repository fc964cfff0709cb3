"""A meeting keeps the quorum of its day; attendance says whose word it is.

Meetings that took place, other than by e-mail, get the quorum that their group has now, 0 where it has none.
"""

import sqlalchemy as sa
from alembic import op

from app.record.baseline import renew_digests

revision = "0021_meeting_quorum"
down_revision = "0020_variation"
branch_labels = None
depends_on = None

TABLES = ("meeting", "attendance")


def upgrade() -> None:
    op.add_column("meeting", sa.Column("quorum", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE meeting SET quorum = COALESCE("
        "(SELECT quorum FROM partnership_group WHERE partnership_group.id = meeting.group_id), 0) "
        "WHERE state IN ('held', 'inquorate') AND kind <> 'circulated'"
    )
    op.add_column("attendance", sa.Column("on_behalf_of", sa.String(length=80), nullable=True))
    op.add_column(
        "attendance", sa.Column("heard_how", sa.String(length=500), nullable=False, server_default="")
    )
    renew_digests(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_column("attendance", "heard_how")
    op.drop_column("attendance", "on_behalf_of")
    op.drop_column("meeting", "quorum")
    renew_digests(op.get_bind(), TABLES)
