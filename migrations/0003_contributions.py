"""Persons, placements with hours and bonuses, activities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "persons",
    "contributions",
    "placements",
    "placement_hours",
    "claimed_bonuses",
    "activities",
)


def upgrade() -> None:
    persons()
    contributions()
    placements()
    placement_hours()
    claimed_bonuses()
    activities()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("supplier_id", "reference", name=op.f("uq_persons_supplier_id_reference")),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_persons_reference_filled")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_persons_supplier_id_suppliers")),
    )


def contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("block", sa.String(100), nullable=False),
        sa.Column("spread_id", sa.Uuid(), nullable=True),
        sa.Column("entry_key", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_how", sa.String(32), nullable=True),
        sa.Column("rejected_by_id", sa.Integer(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("entry_key", name=op.f("uq_contributions_entry_key")),
        sa.UniqueConstraint(
            "contract_id", "reference", "version", name=op.f("uq_contributions_contract_id_reference_version")
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_how IS NULL)"
            " AND (approved_by_id IS NULL OR approved_at IS NOT NULL)"
            " AND (approved_how IS NULL OR approved_how = 'import' OR approved_by_id IS NOT NULL)",
            name=op.f("ck_contributions_approval_is_whole"),
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_contributions_withdrawn_has_instant")
        ),
        sa.CheckConstraint(
            "approved_by_id <> entered_by_id OR approved_how = 'import'", name=op.f("ck_contributions_four_eyes")
        ),
        sa.CheckConstraint("approved_how IN ('review', 'import')", name=op.f("ck_contributions_approved_how")),
        sa.CheckConstraint("block <> ''", name=op.f("ck_contributions_block_filled")),
        sa.CheckConstraint("kind IN ('placement', 'activity')", name=op.f("ck_contributions_contribution_kind")),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_contributions_reference_filled")),
        sa.CheckConstraint(
            "rejected_at IS NOT NULL OR (rejected_by_id IS NULL AND rejected_reason IS NULL)",
            name=op.f("ck_contributions_rejection_is_whole"),
        ),
        sa.CheckConstraint("rejected_reason <> ''", name=op.f("ck_contributions_rejected_reason_filled")),
        sa.CheckConstraint(
            "status <> 'approved' OR approved_at IS NOT NULL", name=op.f("ck_contributions_approved_has_approval")
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR rejected_at IS NOT NULL", name=op.f("ck_contributions_rejected_has_rejection")
        ),
        sa.CheckConstraint(
            "status IN ('approved', 'withdrawn') OR approved_at IS NULL",
            name=op.f("ck_contributions_approval_of_approved"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_contributions_status"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name=op.f("ck_contributions_submitted_has_instant"),
        ),
        sa.CheckConstraint(
            "status IN ('rejected', 'withdrawn') OR rejected_at IS NULL",
            name=op.f("ck_contributions_rejection_of_rejected"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_contributions_version")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_contributions_approved_by_id_users")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contributions_contract_id_contracts")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_contributions_entered_by_id_users")),
        sa.ForeignKeyConstraint(["rejected_by_id"], ["users.id"], name=op.f("fk_contributions_rejected_by_id_users")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["contributions.id"], name=op.f("fk_contributions_replaces_id_contributions")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_contributions_withdrawn_by_id_users")),
    )
    op.create_index(op.f("ix_contributions_replaces_id"), "contributions", ["replaces_id"], unique=False)
    op.create_index(op.f("ix_contributions_spread_id"), "contributions", ["spread_id"], unique=False)
    op.create_index(
        op.f("uq_contributions_approved"),
        "contributions",
        ["contract_id", "reference"],
        unique=True,
        sqlite_where=sa.text("status = 'approved'"),
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.create_index(
        op.f("uq_contributions_waiting"),
        "contributions",
        ["contract_id", "reference"],
        unique=True,
        sqlite_where=sa.text("status IN ('draft', 'submitted')"),
        postgresql_where=sa.text("status IN ('draft', 'submitted')"),
    )


def placements() -> None:
    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("employer", sa.String(200), nullable=False),
        sa.Column("share_percent", sa.Numeric(7, 4), nullable=False),
        sa.Column("subsidy_until", sa.Date(), nullable=True),
        sa.Column("programme", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_placements_ends_on_not_before_starts_on")),
        sa.CheckConstraint(
            "programme IN ('sheltered_work', 'social_assistance', 'youth', 'uwv', 'services', 'other')",
            name=op.f("ck_placements_programme"),
        ),
        sa.CheckConstraint("share_percent > 0 AND share_percent <= 100", name=op.f("ck_placements_share")),
        sa.ForeignKeyConstraint(
            ["id"], ["contributions.id"], name=op.f("fk_placements_id_contributions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_placements_person_id_persons")),
    )
    op.create_index(op.f("ix_placements_person_id"), "placements", ["person_id"], unique=False)


def placement_hours() -> None:
    op.create_table(
        "placement_hours",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(6, 4), nullable=False),
        sa.PrimaryKeyConstraint("placement_id", "from_day", name=op.f("pk_placement_hours")),
        sa.CheckConstraint("hours BETWEEN 0 AND 60", name=op.f("ck_placement_hours_hours")),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placements.id"],
            name=op.f("fk_placement_hours_placement_id_placements"),
            ondelete="CASCADE",
        ),
    )


def claimed_bonuses() -> None:
    op.create_table(
        "claimed_bonuses",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("placement_id", "block", name=op.f("pk_claimed_bonuses")),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placements.id"],
            name=op.f("fk_claimed_bonuses_placement_id_placements"),
            ondelete="CASCADE",
        ),
    )


def activities() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Numeric(14, 4), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_activities_amount")),
        sa.CheckConstraint(
            "amount_cents IS NOT NULL OR quantity IS NOT NULL", name=op.f("ck_activities_amount_or_quantity")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_activities_quantity")),
        sa.ForeignKeyConstraint(
            ["id"], ["contributions.id"], name=op.f("fk_activities_id_contributions"), ondelete="CASCADE"
        ),
    )
