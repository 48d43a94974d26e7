"""Corporations, users and what they may be where, suppliers and their certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("default",)
depends_on = None

TABLES = (
    "corporations",
    "users",
    "sessions",
    "tokens",
    "suppliers",
    "supplier_records",
    "memberships",
    "certificates",
    "certificate_scopes",
)


def upgrade() -> None:
    corporations()
    users()
    sessions()
    tokens()
    suppliers()
    supplier_records()
    memberships()
    certificates()
    certificate_scopes()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def corporations() -> None:
    op.create_table(
        "corporations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kvk", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("city", sa.String(100), nullable=True),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("accent", sa.String(7), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corporations")),
        sa.UniqueConstraint("kvk", name=op.f("uq_corporations_kvk")),
        sa.CheckConstraint(
            "accent IS NULL OR (length(accent) = 7 AND substr(accent, 1, 1) = '#')", name=op.f("ck_corporations_accent")
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_corporations_language")),
        sa.CheckConstraint("length(kvk) = 8 AND ltrim(kvk, '0123456789') = ''", name=op.f("ck_corporations_kvk")),
    )


def users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_users_language")),
    )


def sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)


def tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
        sa.CheckConstraint("purpose IN ('invitation', 'reset')", name=op.f("ck_tokens_purpose")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tokens_user_id_users")),
    )
    op.create_index(op.f("ix_tokens_user_id"), "tokens", ["user_id"], unique=False)


def suppliers() -> None:
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kvk", sa.String(8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("kvk", name=op.f("uq_suppliers_kvk")),
        sa.CheckConstraint("length(kvk) = 8 AND ltrim(kvk, '0123456789') = ''", name=op.f("ck_suppliers_kvk")),
    )


def supplier_records() -> None:
    op.create_table(
        "supplier_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("city", sa.String(100), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_records")),
        sa.UniqueConstraint(
            "corporation_id", "supplier_id", name=op.f("uq_supplier_records_corporation_id_supplier_id")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_supplier_records_name_filled")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_supplier_records_corporation_id_corporations")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_supplier_records_supplier_id_suppliers")
        ),
    )
    op.create_index(op.f("ix_supplier_records_supplier_id"), "supplier_records", ["supplier_id"], unique=False)


def memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "user_id", "corporation_id", "supplier_id", name=op.f("uq_memberships_user_id_corporation_id_supplier_id")
        ),
        sa.CheckConstraint(
            "(role = 'supplier') = (supplier_id IS NOT NULL)", name=op.f("ck_memberships_supplier_of_role")
        ),
        sa.CheckConstraint(
            "role IN ('administrator', 'project_leader', 'supplier', 'auditor', 'assessor')",
            name=op.f("ck_memberships_role"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('auditor', 'assessor') OR ends_on IS NOT NULL", name=op.f("ck_memberships_guests_end")
        ),
        sa.ForeignKeyConstraint(
            ["corporation_id", "supplier_id"],
            ["supplier_records.corporation_id", "supplier_records.supplier_id"],
            name=op.f("fk_memberships_corporation_id_supplier_id_supplier_records"),
        ),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_memberships_corporation_id_corporations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users")),
    )
    op.create_index(op.f("ix_memberships_corporation_id"), "memberships", ["corporation_id"], unique=False)
    op.create_index(op.f("ix_memberships_supplier_id"), "memberships", ["supplier_id"], unique=False)
    op.create_index(
        op.f("uq_memberships_staff"),
        "memberships",
        ["user_id", "corporation_id"],
        unique=True,
        sqlite_where=sa.text("supplier_id IS NULL"),
        postgresql_where=sa.text("supplier_id IS NULL"),
    )


def certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("thirty_plus", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint(
            "corporation_id", "number", "valid_from", name=op.f("uq_certificates_corporation_id_number_valid_from")
        ),
        sa.CheckConstraint("checked_by_id IS NULL OR checked_on IS NOT NULL", name=op.f("ck_certificates_checked")),
        sa.CheckConstraint("level IN ('aspirant', 'basis', '1', '2', '3')", name=op.f("ck_certificates_level")),
        sa.CheckConstraint("number <> ''", name=op.f("ck_certificates_number_filled")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_certificates_valid_until_not_before_valid_from")),
        sa.CheckConstraint(two_years(), name=op.f("ck_certificates_two_years")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_certificates_checked_by_id_users")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_certificates_corporation_id_corporations")
        ),
    )


def certificate_scopes() -> None:
    op.create_table(
        "certificate_scopes",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("kvk", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", "kvk", name=op.f("pk_certificate_scopes")),
        sa.CheckConstraint("length(kvk) = 8 AND ltrim(kvk, '0123456789') = ''", name=op.f("ck_certificate_scopes_kvk")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_scopes_certificate_id_certificates"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_certificate_scopes_kvk"), "certificate_scopes", ["kvk"], unique=False)


def two_years() -> str:
    """At most two years: each database has its own word for a day two years later."""
    if op.get_context().dialect.name == "sqlite":
        return "date(valid_from, '+2 years') > valid_until"
    return "valid_from + interval '2 years' > valid_until"
