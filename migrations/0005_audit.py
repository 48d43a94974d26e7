"""The audit log: chains, records and payloads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "audit_chains",
    "audit_records",
    "audit_payloads",
)


def upgrade() -> None:
    audit_chains()
    audit_records()
    audit_payloads()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def audit_chains() -> None:
    op.create_table(
        "audit_chains",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chains")),
        sa.UniqueConstraint("corporation_id", name=op.f("uq_audit_chains_corporation_id")),
        sa.UniqueConstraint("key", name=op.f("uq_audit_chains_key")),
        sa.CheckConstraint(
            "(corporation_id IS NULL) = (key = 'installation')", name=op.f("ck_audit_chains_key_of_installation")
        ),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_audit_chains_corporation_id_corporations")
        ),
    )


def audit_records() -> None:
    op.create_table(
        "audit_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(50), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("object_kind", sa.String(50), nullable=True),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("payload_digest", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        sa.UniqueConstraint("chain_id", "sequence", name=op.f("uq_audit_records_chain_id_sequence")),
        sa.CheckConstraint("(actor = 'user') = (actor_id IS NOT NULL)", name=op.f("ck_audit_records_actor")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_audit_records_sequence")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_records_actor_id_users")),
        sa.ForeignKeyConstraint(["chain_id"], ["audit_chains.id"], name=op.f("fk_audit_records_chain_id_audit_chains")),
    )
    op.create_index(op.f("ix_audit_records_action"), "audit_records", ["action"], unique=False)
    op.create_index(op.f("ix_audit_records_actor_id"), "audit_records", ["actor_id"], unique=False)


def audit_payloads() -> None:
    op.create_table(
        "audit_payloads",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_audit_payloads")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["audit_records.id"], name=op.f("fk_audit_payloads_record_id_audit_records")
        ),
    )
