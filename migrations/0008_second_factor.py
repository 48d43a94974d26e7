"""Second factors, and what a corporation sets about reporting, judging, reminding and forgetting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What the corporations that are there begin with; for new ones the program says it.
SETTINGS = (
    ("reporting_months", sa.Integer(), "3"),
    ("judging_days", sa.Integer(), "14"),
    ("reminder_days", sa.String(100), "90,30,7"),
    ("retention_months", sa.Integer(), "24"),
    ("requires_second_factor", sa.Boolean(), sa.true()),
)
CHECKS = (
    ("reporting_months", "reporting_months IN (1, 3, 6, 12)"),
    ("judging_days", "judging_days > 0"),
    ("retention_months", "retention_months > 0"),
)


def upgrade() -> None:
    with op.batch_alter_table("corporations") as table:
        for name, kind, first in SETTINGS:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=first))
        for name, condition in CHECKS:
            table.create_check_constraint(op.f(f"ck_corporations_{name}"), condition)
    with op.batch_alter_table("corporations") as table:
        for name, _kind, _first in SETTINGS:
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("second_factor_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("totp_secret", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("totp_step", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("sessions") as table:
        table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("challenge", sa.LargeBinary(), nullable=True))
    recovery_codes()
    passkeys()


def downgrade() -> None:
    op.drop_table("passkeys")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("sessions") as table:
        table.drop_column("challenge")
        table.drop_column("confirmed_at")
    with op.batch_alter_table("users") as table:
        table.drop_column("totp_step")
        table.drop_column("totp_secret")
        table.drop_column("second_factor_since")
    with op.batch_alter_table("corporations") as table:
        for name, _condition in reversed(CHECKS):
            table.drop_constraint(op.f(f"ck_corporations_{name}"), type_="check")
        for name, _kind, _first in reversed(SETTINGS):
            table.drop_column(name)


def recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"], unique=False)


def passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id_users")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_passkeys_name_filled")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)
