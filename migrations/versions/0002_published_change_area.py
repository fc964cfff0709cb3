"""A published change may be of one area, as a district's is."""

import sqlalchemy as sa
from alembic import op

revision = "0002_published_change_area"
down_revision = "0001_spine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("published_change") as batch:
        batch.add_column(sa.Column("area_code", sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("published_change") as batch:
        batch.drop_column("area_code")
