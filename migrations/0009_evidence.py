"""Evidence (files, visits, telephone checks), and questions to the other side with their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    evidence()
    confirmations()


def downgrade() -> None:
    op.drop_table("confirmations")
    op.drop_table("evidence")


def evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(100), nullable=True),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("seen_by", sa.String(200), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("media_type", sa.String(32), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("sent_sha256", sa.String(64), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.CheckConstraint("(contract_id IS NULL) <> (certificate_id IS NULL)", name=op.f("ck_evidence_of_one")),
        sa.CheckConstraint(
            "reference IS NULL OR contract_id IS NOT NULL", name=op.f("ck_evidence_reference_on_contract")
        ),
        sa.CheckConstraint(
            "(kind = 'file') = (sha256 IS NOT NULL) AND (kind = 'file') = (sent_sha256 IS NOT NULL)"
            " AND (kind = 'file') = (media_type IS NOT NULL) AND (kind = 'file') = (size IS NOT NULL)",
            name=op.f("ck_evidence_file_is_whole"),
        ),
        sa.CheckConstraint("name IS NULL OR kind = 'file'", name=op.f("ck_evidence_name_of_file")),
        sa.CheckConstraint(
            "name IS NOT NULL OR kind <> 'file' OR erased_at IS NOT NULL", name=op.f("ck_evidence_file_has_name")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size")),
        sa.CheckConstraint(
            "(kind = 'file') = (happened_on IS NULL) AND (kind = 'file') = (seen_by IS NULL)",
            name=op.f("ck_evidence_look_is_whole"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name=op.f("ck_evidence_withdrawal_is_whole")
        ),
        sa.CheckConstraint(
            "withdrawn_by_id IS NULL OR withdrawn_at IS NOT NULL", name=op.f("ck_evidence_withdrawn_by")
        ),
        *(
            sa.CheckConstraint(f"{column} <> ''", name=op.f(f"ck_evidence_{column}_filled"))
            for column in ("reference", "name", "seen_by", "withdrawn_reason")
        ),
        sa.CheckConstraint("kind IN ('file', 'visit', 'call')", name=op.f("ck_evidence_evidence_kind")),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name=op.f("ck_evidence_media_type")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=op.f(f"fk_evidence_{column}_{referred}"))
            for column, referred in (
                ("corporation_id", "corporations"),
                ("contract_id", "contracts"),
                ("certificate_id", "certificates"),
                ("added_by_id", "users"),
                ("withdrawn_by_id", "users"),
            )
        ),
    )
    op.create_index(op.f("ix_evidence_corporation_id"), "evidence", ["corporation_id"], unique=False)
    op.create_index(op.f("ix_evidence_certificate_id"), "evidence", ["certificate_id"], unique=False)
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"], unique=False)
    op.create_index(op.f("ix_evidence_contract_id_reference"), "evidence", ["contract_id", "reference"], unique=False)


def confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("was_shown", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed", sa.String(32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_confirmations_token_hash")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_confirmations_answer_is_whole")),
        sa.CheckConstraint(
            "(coalesce(answer, '') = 'no') = (disputed IS NOT NULL)"
            " AND (coalesce(answer, '') = 'no') = (reason IS NOT NULL)",
            name=op.f("ck_confirmations_disagreement_is_whole"),
        ),
        *(
            sa.CheckConstraint(f"{column} <> ''", name=op.f(f"ck_confirmations_{column}_filled"))
            for column in ("organisation", "email", "reason")
        ),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_confirmations_answer")),
        sa.CheckConstraint(
            "disputed IN ('unknown_here', 'period', 'hours', 'amount', 'other')",
            name=op.f("ck_confirmations_disputed"),
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_confirmations_language")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_confirmations_contribution_id_contributions")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_confirmations_asked_by_id_users")),
    )
    op.create_index(op.f("ix_confirmations_contribution_id"), "confirmations", ["contribution_id"], unique=False)
