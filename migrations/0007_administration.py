"""What an administrator sets: logo, default table and policy, invitations; versions for who edits at the same time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MEMBERSHIP_OF_INVITATION = "ck_tokens_membership_of_invitation"


def upgrade() -> None:
    logos()
    with op.batch_alter_table("corporations") as table:
        table.add_column(sa.Column("logo_sha256", sa.String(64), nullable=True))
        table.add_column(sa.Column("default_rate_table_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("default_policy_id", sa.Integer(), nullable=True))
        for column, referred, key in (
            ("logo_sha256", "logos", "sha256"),
            ("default_rate_table_id", "rate_tables", "id"),
            ("default_policy_id", "policies", "id"),
        ):
            table.create_foreign_key(op.f(f"fk_corporations_{column}_{referred}"), referred, [column], [key])
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("invited_as", sa.String(200), nullable=True))
    for name in ("corporations", "memberships"):
        add_version(name)
    with op.batch_alter_table("tokens") as table:
        table.add_column(sa.Column("membership_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_tokens_membership_id_memberships"), "memberships", ["membership_id"], ["id"])
        table.create_check_constraint(
            op.f(MEMBERSHIP_OF_INVITATION), "(purpose = 'invitation') = (membership_id IS NOT NULL)"
        )
    op.create_index(op.f("ix_tokens_membership_id"), "tokens", ["membership_id"], unique=False)


def downgrade() -> None:
    # Without the column an invitation would be a membership that holds.
    op.execute("DELETE FROM tokens WHERE membership_id IS NOT NULL")
    op.execute("DELETE FROM memberships WHERE invited_as IS NOT NULL")
    op.drop_index(op.f("ix_tokens_membership_id"), "tokens")
    with op.batch_alter_table("tokens") as table:
        table.drop_constraint(op.f(MEMBERSHIP_OF_INVITATION), type_="check")
        table.drop_constraint(op.f("fk_tokens_membership_id_memberships"), type_="foreignkey")
        table.drop_column("membership_id")
    with op.batch_alter_table("memberships") as table:
        table.drop_column("row_version")
        table.drop_column("invited_as")
    with op.batch_alter_table("corporations") as table:
        for column, referred in (
            ("default_policy_id", "policies"),
            ("default_rate_table_id", "rate_tables"),
            ("logo_sha256", "logos"),
        ):
            table.drop_constraint(op.f(f"fk_corporations_{column}_{referred}"), type_="foreignkey")
            table.drop_column(column)
        table.drop_column("row_version")
    op.drop_table("logos")


def logos() -> None:
    op.create_table(
        "logos",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_logos")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_logos_size")),
    )


def add_version(name: str) -> None:
    """The rows that are there are at their first version; for new ones the program says it."""
    with op.batch_alter_table(name) as table:
        table.add_column(sa.Column("row_version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table(name) as table:
        table.alter_column("row_version", server_default=None)
