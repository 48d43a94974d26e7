"""The settlement of contracts, what became of people after a project, the effort behind an excuse, mandates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STANDINGS = "'not_applicable', 'not_started', 'exempt', 'fulfilled', 'on_track', 'behind', 'shortfall'"
BECAME = "'at_supplier', 'elsewhere', 'not_at_work', 'unknown'"
CHECKS_OF_MEMBERSHIPS = {
    "mandate_of_assessor": (
        "role = 'assessor' OR (organisation IS NULL AND mandate_reason IS NULL AND NOT is_limited)"
    ),
    "organisation_filled": "organisation <> ''",
    "mandate_reason_filled": "mandate_reason <> ''",
}
CHECKS_OF_CONTRACTS = {
    "excused_effort_of_excuse": "excused_effort IS NULL OR excused_reason IS NOT NULL",
    "excused_effort_filled": "excused_effort <> ''",
}


def upgrade() -> None:
    settlements()
    after_project()
    mandates()
    with op.batch_alter_table("contracts") as table:
        table.add_column(sa.Column("excused_effort", sa.Text(), nullable=True))
        for name, said in CHECKS_OF_CONTRACTS.items():
            table.create_check_constraint(op.f(f"ck_contracts_{name}"), said)
    with op.batch_alter_table("contributions") as table:
        table.add_column(sa.Column("judged_for", sa.String(200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contributions") as table:
        table.drop_column("judged_for")
    with op.batch_alter_table("contracts") as table:
        for name in CHECKS_OF_CONTRACTS:
            table.drop_constraint(op.f(f"ck_contracts_{name}"), type_="check")
        table.drop_column("excused_effort")
    op.drop_table("mandate_contracts")
    # Without the column a mandate for some contracts would be one for all.
    op.execute("UPDATE memberships SET ends_on = '2000-01-01' WHERE is_limited")
    with op.batch_alter_table("memberships") as table:
        for name in CHECKS_OF_MEMBERSHIPS:
            table.drop_constraint(op.f(f"ck_memberships_{name}"), type_="check")
        for column in ("is_limited", "mandate_reason", "organisation"):
            table.drop_column(column)
    op.drop_table("after_project")
    op.drop_table("settlements")


def refers(table: str, column: str, referred: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{referred}")
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name, **options)


def checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}")) for name, said in conditions.items()]


def settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("standing", sa.String(32), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), nullable=False),
        sa.Column("credited_cents", sa.BigInteger(), nullable=False),
        sa.Column("shortfall_cents", sa.BigInteger(), nullable=False),
        sa.Column("penalty_cents", sa.BigInteger(), nullable=False),
        sa.Column("is_excused", sa.Boolean(), nullable=False),
        sa.Column("instalment_cents", sa.BigInteger(), nullable=True),
        sa.Column("deducted_cents", sa.BigInteger(), nullable=False),
        sa.Column("claimed_cents", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        refers("settlements", "contract_id", "contracts"),
        refers("settlements", "dossier_id", "dossiers"),
        refers("settlements", "proposed_by_id", "users"),
        refers("settlements", "confirmed_by_id", "users"),
        refers("settlements", "withdrawn_by_id", "users"),
        *checks(
            "settlements",
            amounts="shortfall_cents >= 0 AND penalty_cents >= 0",
            shares="deducted_cents >= 0 AND claimed_cents >= 0",
            penalty_is_divided="deducted_cents + claimed_cents = penalty_cents",
            instalment_is_known="penalty_cents = 0 OR instalment_cents IS NOT NULL",
            deduction_within_instalment="instalment_cents >= deducted_cents",
            four_eyes="confirmed_by_id <> proposed_by_id",
            confirmation_is_whole=(
                "(confirmed_at IS NULL) = (confirmed_by_id IS NULL) AND (confirmed_at IS NULL) = (dossier_id IS NULL)"
            ),
            settled_is_confirmed="state <> 'settled' OR confirmed_at IS NOT NULL",
            proposed_is_not_confirmed="state <> 'proposed' OR confirmed_at IS NULL",
            withdrawal_is_whole=(
                "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
                " AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
                " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)"
            ),
            withdrawn_reason_filled="withdrawn_reason <> ''",
            settlement_state="state IN ('proposed', 'settled', 'withdrawn')",
            standing=f"standing IN ({STANDINGS})",
        ),
    )
    for column in ("contract_id", "dossier_id"):
        op.create_index(op.f(f"ix_settlements_{column}"), "settlements", [column], unique=False)
    standing = sa.text("state IN ('proposed', 'settled')")
    op.create_index(
        "uq_settlements_standing",
        "settlements",
        ["contract_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def after_project() -> None:
    op.create_table(
        "after_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("became", sa.String(32), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_project")),
        sa.UniqueConstraint("contract_id", "reference", name=op.f("uq_after_project_contract_id_reference")),
        refers("after_project", "contract_id", "contracts"),
        refers("after_project", "person_id", "persons"),
        refers("after_project", "recorded_by_id", "users"),
        *checks("after_project", reference_filled="reference <> ''", became=f"became IN ({BECAME})"),
    )
    op.create_index(op.f("ix_after_project_person_id"), "after_project", ["person_id"], unique=False)


def mandates() -> None:
    """The rows that are there are for all contracts; for new ones the program says it."""
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("organisation", sa.String(200), nullable=True))
        table.add_column(sa.Column("mandate_reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("is_limited", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("memberships") as table:
        table.alter_column("is_limited", server_default=None)
        for name, said in CHECKS_OF_MEMBERSHIPS.items():
            table.create_check_constraint(op.f(f"ck_memberships_{name}"), said)
    op.create_table(
        "mandate_contracts",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("membership_id", "contract_id", name=op.f("pk_mandate_contracts")),
        refers("mandate_contracts", "membership_id", "memberships", ondelete="CASCADE"),
        refers("mandate_contracts", "contract_id", "contracts", ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_mandate_contracts_contract_id"), "mandate_contracts", ["contract_id"], unique=False)
