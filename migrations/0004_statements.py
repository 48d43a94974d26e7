"""The history of dossiers, the register of statements and their files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "dossiers",
    "statements",
    "renditions",
)


def upgrade() -> None:
    dossiers()
    statements()
    renditions()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def dossiers() -> None:
    op.create_table(
        "dossiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_dossiers_contract_id_contracts")),
    )
    op.create_index(
        op.f("ix_dossiers_contract_id_recorded_at"), "dossiers", ["contract_id", "recorded_at"], unique=False
    )
    op.create_index(op.f("ix_dossiers_sha256"), "dossiers", ["sha256"], unique=False)
    op.create_index(
        op.f("uq_dossiers_day"),
        "dossiers",
        ["contract_id", "recorded_on"],
        unique=True,
        sqlite_where=sa.text("NOT is_kept"),
        postgresql_where=sa.text("NOT is_kept"),
    )


def statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("standing", sa.String(32), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), nullable=False),
        sa.Column("credited_cents", sa.BigInteger(), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=True),
        sa.Column("dossier_json", sa.LargeBinary(), nullable=False),
        sa.Column("assessment_json", sa.LargeBinary(), nullable=False),
        sa.Column("chain_sequence", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(64), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("code", name=op.f("uq_statements_code")),
        sa.UniqueConstraint(
            "corporation_id", "year", "sequence", name=op.f("uq_statements_corporation_id_year_sequence")
        ),
        sa.CheckConstraint("(state = 'reserved') = (issued_at IS NULL)", name=op.f("ck_statements_issued_has_instant")),
        sa.CheckConstraint(
            "(state = 'superseded') = (superseded_by_id IS NOT NULL)",
            name=op.f("ck_statements_superseded_has_successor"),
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_statements_withdrawn_has_reason"),
        ),
        sa.CheckConstraint(
            "kind <> 'contract' OR (contract_id IS NOT NULL AND dossier_id IS NOT NULL)",
            name=op.f("ck_statements_about_contract"),
        ),
        sa.CheckConstraint("kind IN ('contract')", name=op.f("ck_statements_statement_kind")),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_statements_language")),
        sa.CheckConstraint(
            "standing IN ('not_applicable', 'not_started', 'exempt', 'fulfilled', 'on_track', 'behind', 'shortfall')",
            name=op.f("ck_statements_standing"),
        ),
        sa.CheckConstraint(
            "length(code) = 16 AND ltrim(code, '0123456789ABCDEFGHJKMNPQRSTVWXYZ') = ''",
            name=op.f("ck_statements_code"),
        ),
        sa.CheckConstraint("sequence >= 1 AND year BETWEEN 2000 AND 2999", name=op.f("ck_statements_number")),
        sa.CheckConstraint(
            "state IN ('reserved', 'issued', 'superseded', 'withdrawn')", name=op.f("ck_statements_statement_state")
        ),
        sa.CheckConstraint("superseded_by_id <> id", name=op.f("ck_statements_superseded_by_another")),
        sa.CheckConstraint("withdrawn_reason <> ''", name=op.f("ck_statements_withdrawn_reason_filled")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_statements_contract_id_contracts")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_statements_corporation_id_corporations")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_statements_dossier_id_dossiers")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_statements_issued_by_id_users")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["statements.id"], name=op.f("fk_statements_superseded_by_id_statements")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_statements_withdrawn_by_id_users")),
    )
    op.create_index(op.f("ix_statements_contract_id"), "statements", ["contract_id"], unique=False)
    op.create_index(op.f("ix_statements_document_sha256"), "statements", ["document_sha256"], unique=False)
    op.create_index(op.f("ix_statements_dossier_id"), "statements", ["dossier_id"], unique=False)


def renditions() -> None:
    op.create_table(
        "renditions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renditions")),
        sa.UniqueConstraint("statement_id", "language", name=op.f("uq_renditions_statement_id_language")),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_renditions_language")),
        sa.CheckConstraint("size > 0", name=op.f("ck_renditions_size")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_renditions_statement_id_statements")
        ),
    )
    op.create_index(op.f("ix_renditions_file_sha256"), "renditions", ["file_sha256"], unique=False)
