"""Rate tables and policies, contracts and their amendments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "rate_tables",
    "policies",
    "contracts",
    "amendments",
)


def upgrade() -> None:
    rate_tables()
    policies()
    contracts()
    amendments()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def rate_tables() -> None:
    op.create_table(
        "rate_tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(100), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=True),
        sa.Column("family", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("selected_by", sa.String(11), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_tables")),
        sa.CheckConstraint("code <> ''", name=op.f("ck_rate_tables_code_filled")),
        sa.CheckConstraint("content <> ''", name=op.f("ck_rate_tables_content_filled")),
        sa.CheckConstraint("family <> ''", name=op.f("ck_rate_tables_family_filled")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_rate_tables_name_filled")),
        sa.CheckConstraint("selected_by IN ('publication', 'award', 'start')", name=op.f("ck_rate_tables_selected_by")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_rate_tables_corporation_id_corporations")
        ),
    )
    op.create_index(op.f("ix_rate_tables_family"), "rate_tables", ["family"], unique=False)
    op.create_index(
        op.f("uq_rate_tables_own"),
        "rate_tables",
        ["corporation_id", "code"],
        unique=True,
        sqlite_where=sa.text("corporation_id IS NOT NULL"),
        postgresql_where=sa.text("corporation_id IS NOT NULL"),
    )
    op.create_index(
        op.f("uq_rate_tables_shipped"),
        "rate_tables",
        ["code"],
        unique=True,
        sqlite_where=sa.text("corporation_id IS NULL"),
        postgresql_where=sa.text("corporation_id IS NULL"),
    )


def policies() -> None:
    op.create_table(
        "policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(100), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=True),
        sa.Column("name_nl", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.CheckConstraint("code <> ''", name=op.f("ck_policies_code_filled")),
        sa.CheckConstraint("content <> ''", name=op.f("ck_policies_content_filled")),
        sa.CheckConstraint("name_nl <> ''", name=op.f("ck_policies_name_nl_filled")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_policies_corporation_id_corporations")
        ),
    )
    op.create_index(
        op.f("uq_policies_own"),
        "policies",
        ["corporation_id", "code"],
        unique=True,
        sqlite_where=sa.text("corporation_id IS NOT NULL"),
        postgresql_where=sa.text("corporation_id IS NOT NULL"),
    )
    op.create_index(
        op.f("uq_policies_shipped"),
        "policies",
        ["code"],
        unique=True,
        sqlite_where=sa.text("corporation_id IS NULL"),
        postgresql_where=sa.text("corporation_id IS NULL"),
    )


def contracts() -> None:
    op.create_table(
        "contracts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("contract_sum_cents", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.String(32), nullable=False),
        sa.Column("base_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("percentage", sa.Numeric(7, 4), nullable=False),
        sa.Column("rate_table_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("activity_cap", sa.Numeric(7, 4), nullable=True),
        sa.Column("project_leader_id", sa.Integer(), nullable=True),
        sa.Column("excused_reason", sa.Text(), nullable=True),
        sa.Column("excused_by_id", sa.Integer(), nullable=True),
        sa.Column("excused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("excused_approved_by_id", sa.Integer(), nullable=True),
        sa.Column("excused_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("corporation_id", "number", name=op.f("uq_contracts_corporation_id_number")),
        sa.CheckConstraint(
            "(excused_approved_by_id IS NULL) = (excused_approved_at IS NULL)",
            name=op.f("ck_contracts_excuse_approval_is_whole"),
        ),
        sa.CheckConstraint(
            "(excused_reason IS NULL) = (excused_by_id IS NULL) AND (excused_reason IS NULL) = (excused_at IS NULL)",
            name=op.f("ck_contracts_excuse_is_whole"),
        ),
        sa.CheckConstraint("activity_cap BETWEEN 0 AND 100", name=op.f("ck_contracts_activity_cap")),
        sa.CheckConstraint(
            "base = 'contract_sum' OR base_amount_cents IS NOT NULL", name=op.f("ck_contracts_base_has_amount")
        ),
        sa.CheckConstraint("base IN ('contract_sum', 'wage_sum', 'turnover')", name=op.f("ck_contracts_base")),
        sa.CheckConstraint("base_amount_cents >= 0", name=op.f("ck_contracts_base_amount")),
        sa.CheckConstraint("contract_sum_cents >= 0", name=op.f("ck_contracts_contract_sum")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contracts_ends_on_not_before_starts_on")),
        sa.CheckConstraint(
            "excused_approved_by_id IS NULL OR (excused_by_id IS NOT NULL AND excused_approved_by_id <> excused_by_id)",
            name=op.f("ck_contracts_excuse_four_eyes"),
        ),
        sa.CheckConstraint("excused_reason <> ''", name=op.f("ck_contracts_excused_reason_filled")),
        sa.CheckConstraint(
            "kind IN ('maintenance', 'renovation', 'new_build', 'painting', 'services', 'supplies')",
            name=op.f("ck_contracts_kind"),
        ),
        sa.CheckConstraint("number <> ''", name=op.f("ck_contracts_number_filled")),
        sa.CheckConstraint("percentage BETWEEN 0 AND 100", name=op.f("ck_contracts_percentage")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_contracts_title_filled")),
        sa.ForeignKeyConstraint(
            ["corporation_id", "supplier_id"],
            ["supplier_records.corporation_id", "supplier_records.supplier_id"],
            name=op.f("fk_contracts_corporation_id_supplier_id_supplier_records"),
        ),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_contracts_corporation_id_corporations")
        ),
        sa.ForeignKeyConstraint(
            ["excused_approved_by_id"], ["users.id"], name=op.f("fk_contracts_excused_approved_by_id_users")
        ),
        sa.ForeignKeyConstraint(["excused_by_id"], ["users.id"], name=op.f("fk_contracts_excused_by_id_users")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_contracts_policy_id_policies")),
        sa.ForeignKeyConstraint(["project_leader_id"], ["users.id"], name=op.f("fk_contracts_project_leader_id_users")),
        sa.ForeignKeyConstraint(
            ["rate_table_id"], ["rate_tables.id"], name=op.f("fk_contracts_rate_table_id_rate_tables")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_contracts_supplier_id_suppliers")),
    )
    op.create_index(op.f("ix_contracts_policy_id"), "contracts", ["policy_id"], unique=False)
    op.create_index(op.f("ix_contracts_project_leader_id"), "contracts", ["project_leader_id"], unique=False)
    op.create_index(op.f("ix_contracts_rate_table_id"), "contracts", ["rate_table_id"], unique=False)
    op.create_index(op.f("ix_contracts_supplier_id"), "contracts", ["supplier_id"], unique=False)


def amendments() -> None:
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(100), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("new_end", sa.Date(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_amendments_reference_filled")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_amendments_contract_id_contracts")),
    )
    op.create_index(
        op.f("uq_amendments_effective_on"),
        "amendments",
        ["contract_id", "effective_on"],
        unique=True,
        sqlite_where=sa.text("reference IS NULL"),
        postgresql_where=sa.text("reference IS NULL"),
    )
    op.create_index(
        op.f("uq_amendments_reference"),
        "amendments",
        ["contract_id", "reference"],
        unique=True,
        sqlite_where=sa.text("reference IS NOT NULL"),
        postgresql_where=sa.text("reference IS NOT NULL"),
    )
