"""Batches: statements that are asked for together and made in the background."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name=op.f("ck_batches_cancelled_by_somebody")
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_batches_language")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_batches_corporation_id_corporations")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_batches_asked_by_id_users")),
        sa.ForeignKeyConstraint(["cancelled_by_id"], ["users.id"], name=op.f("fk_batches_cancelled_by_id_users")),
    )
    op.create_index(op.f("ix_batches_corporation_id"), "batches", ["corporation_id"], unique=False)
    op.create_table(
        "batch_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("claimed_by", sa.String(200), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_items")),
        sa.UniqueConstraint("batch_id", "contract_id", name=op.f("uq_batch_items_batch_id_contract_id")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_batch_items_statement_id")),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_until IS NULL)", name=op.f("ck_batch_items_claim_is_whole")
        ),
        sa.CheckConstraint("failure <> ''", name=op.f("ck_batch_items_failure_filled")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id_batches")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_batch_items_contract_id_contracts")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_batch_items_statement_id_statements")
        ),
    )
    op.create_index(op.f("ix_batch_items_contract_id"), "batch_items", ["contract_id"], unique=False)


def downgrade() -> None:
    op.drop_table("batch_items")
    op.drop_table("batches")
