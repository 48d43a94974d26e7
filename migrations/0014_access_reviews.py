"""Access reviews: that somebody looked at a month of the log, and what was odd in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("oddities", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_reviews")),
        sa.UniqueConstraint("corporation_id", "month", name=op.f("uq_access_reviews_corporation_id_month")),
        sa.CheckConstraint("oddities >= 0 AND records >= 0", name=op.f("ck_access_reviews_numbers")),
        sa.CheckConstraint("oddities = 0 OR remark <> ''", name=op.f("ck_access_reviews_oddities_have_remark")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_access_reviews_corporation_id_corporations")
        ),
        sa.ForeignKeyConstraint(["signed_by_id"], ["users.id"], name=op.f("fk_access_reviews_signed_by_id_users")),
    )


def downgrade() -> None:
    op.drop_table("access_reviews")
