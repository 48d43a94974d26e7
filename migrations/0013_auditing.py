"""Samples of an auditor: what was drawn out of which population, and what was found of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("samples", "sample_items", "sample_findings")


def upgrade() -> None:
    samples()
    sample_items()
    sample_findings()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def samples() -> None:
    op.create_table(
        "samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("approved_from", sa.Date(), nullable=True),
        sa.Column("approved_until", sa.Date(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(100), nullable=False),
        sa.Column("is_seed_typed", sa.Boolean(), nullable=False),
        sa.Column("population", sa.LargeBinary(), nullable=False),
        sa.Column("population_size", sa.Integer(), nullable=False),
        sa.Column("population_cents", sa.BigInteger(), nullable=False),
        sa.Column("population_sha256", sa.String(64), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("corporation_id", "sequence", name=op.f("uq_samples_corporation_id_sequence")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_samples_sequence")),
        sa.CheckConstraint("size >= 1 AND size <= population_size", name=op.f("ck_samples_size")),
        sa.CheckConstraint(
            "approved_until >= approved_from", name=op.f("ck_samples_approved_until_not_before_approved_from")
        ),
        sa.CheckConstraint("seed <> ''", name=op.f("ck_samples_seed_filled")),
        sa.CheckConstraint("kind IN ('placement', 'activity')", name=op.f("ck_samples_contribution_kind")),
        sa.ForeignKeyConstraint(
            ["corporation_id"], ["corporations.id"], name=op.f("fk_samples_corporation_id_corporations")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_samples_contract_id_contracts")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_samples_supplier_id_suppliers")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["users.id"], name=op.f("fk_samples_drawn_by_id_users")),
    )
    for column in ("contract_id", "supplier_id", "drawn_by_id"):
        op.create_index(op.f(f"ix_samples_{column}"), "samples", [column], unique=False)


def sample_items() -> None:
    op.create_table(
        "sample_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_items")),
        sa.UniqueConstraint("sample_id", "position", name=op.f("uq_sample_items_sample_id_position")),
        sa.UniqueConstraint("sample_id", "contribution_id", name=op.f("uq_sample_items_sample_id_contribution_id")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_sample_items_position")),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_sample_items_sample_id_samples")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_sample_items_contribution_id_contributions")
        ),
    )
    op.create_index(op.f("ix_sample_items_contribution_id"), "sample_items", ["contribution_id"], unique=False)


def sample_findings() -> None:
    op.create_table(
        "sample_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_findings")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_sample_findings_item_id_version")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_sample_findings_version")),
        sa.CheckConstraint("outcome <> 'deviation' OR text <> ''", name=op.f("ck_sample_findings_deviation_says_what")),
        sa.CheckConstraint("outcome IN ('in_order', 'deviation')", name=op.f("ck_sample_findings_outcome")),
        sa.ForeignKeyConstraint(["item_id"], ["sample_items.id"], name=op.f("fk_sample_findings_item_id_sample_items")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_sample_findings_by_id_users")),
    )
