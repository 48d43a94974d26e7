"""Plans of approach with their rows, reports of periods with remarks, how a contract is reported, handovers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("plans", "plan_rows", "reporting_choices", "reports", "report_remarks", "handovers")
KINDS = "kind IN ('placement', 'activity')"


def upgrade() -> None:
    plans()
    plan_rows()
    reporting_choices()
    reports()
    report_remarks()
    handovers()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def refers(table: str, column: str, referred: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{referred}")
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name, **options)


def checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}")) for name, said in conditions.items()]


def plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_for", sa.String(32), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_note", sa.String(500), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("contract_id", "version", name=op.f("uq_plans_contract_id_version")),
        *checks(
            "plans",
            version="version >= 1",
            four_eyes="agreed_by_id <> proposed_by_id",
            draft_is_not_proposed="(status = 'draft') = (proposed_at IS NULL)",
            proposal_is_whole="(proposed_at IS NULL) = (proposed_by_id IS NULL)"
            " AND (proposed_at IS NULL) = (proposed_for IS NULL)",
            agreed_has_instant="(status IN ('agreed', 'replaced')) = (agreed_at IS NOT NULL)",
            agreement_is_whole="(agreed_at IS NULL) = (agreed_by_id IS NULL)",
            replaced_has_instant="(status = 'replaced') = (replaced_at IS NOT NULL)",
            return_is_whole="(returned_at IS NULL) = (returned_by_id IS NULL)"
            " AND (returned_at IS NULL) = (returned_reason IS NULL)",
            agreed_note_filled="agreed_note <> ''",
            returned_reason_filled="returned_reason <> ''",
            plan_status="status IN ('draft', 'proposed', 'agreed', 'replaced')",
            side="proposed_for IN ('corporation', 'supplier')",
        ),
        refers("plans", "contract_id", "contracts"),
        *(refers("plans", f"{act}_by_id", "users") for act in ("written", "proposed", "returned", "agreed")),
    )
    for name, holds in (("agreed", "status = 'agreed'"), ("waiting", "status IN ('draft', 'proposed')")):
        where = sa.text(holds)
        op.create_index(
            op.f(f"uq_plans_{name}"), "plans", ["contract_id"], unique=True, sqlite_where=where, postgresql_where=where
        )


def plan_rows() -> None:
    op.create_table(
        "plan_rows",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("block", sa.String(100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Numeric(6, 4), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Numeric(14, 4), nullable=True),
        sa.Column("description", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_plan_rows")),
        *checks(
            "plan_rows",
            position="position >= 1",
            persons_of_placement="(kind = 'placement') = (persons IS NOT NULL)",
            hours_of_placement="(kind = 'placement') = (hours IS NOT NULL)",
            end_of_placement="kind = 'placement' OR ends_on IS NULL",
            amount_or_quantity="(kind = 'activity') = (amount_cents IS NOT NULL OR quantity IS NOT NULL)",
            persons="persons BETWEEN 1 AND 100",
            hours="hours BETWEEN 0 AND 60",
            amount="amount_cents >= 0",
            quantity="quantity > 0",
            ends_on_not_before_starts_on="ends_on >= starts_on",
            block_filled="block <> ''",
            contribution_kind=KINDS,
        ),
        refers("plan_rows", "plan_id", "plans", ondelete="CASCADE"),
    )


def reporting_choices() -> None:
    op.create_table(
        "reporting_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_choices")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_reporting_choices_contract_id")),
        *checks("reporting_choices", months="months IN (1, 3, 6, 12)"),
        refers("reporting_choices", "contract_id", "contracts", ondelete="CASCADE"),
    )


def reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("is_nil", sa.Boolean(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("contract_id", "first_on", "last_on", name=op.f("uq_reports_contract_id_first_on_last_on")),
        *checks("reports", last_on_not_before_first_on="last_on >= first_on"),
        refers("reports", "contract_id", "contracts"),
        refers("reports", "reported_by_id", "users"),
    )


def report_remarks() -> None:
    op.create_table(
        "report_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_remarks")),
        *checks("report_remarks", text_filled="text <> ''"),
        refers("report_remarks", "report_id", "reports", ondelete="CASCADE"),
        refers("report_remarks", "by_id", "users"),
    )
    op.create_index(op.f("ix_report_remarks_report_id"), "report_remarks", ["report_id"], unique=False)


def handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("responsible_function", sa.String(200), nullable=False),
        sa.Column("responsible_name", sa.String(200), nullable=False),
        sa.Column("responsible_contact", sa.String(254), nullable=False),
        sa.Column("promised", sa.Text(), nullable=False),
        sa.Column("promised_cents", sa.BigInteger(), nullable=True),
        sa.Column("promised_persons", sa.Integer(), nullable=True),
        sa.Column("handed_over_by", sa.String(200), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_handovers_contract_id")),
        *checks(
            "handovers",
            promised="promised_cents >= 0",
            promised_persons="promised_persons >= 0",
            acceptance_is_whole="(accepted_at IS NULL) = (accepted_by_id IS NULL)",
            responsible_function_filled="responsible_function <> ''",
            promised_filled="promised <> ''",
            handed_over_by_filled="handed_over_by <> ''",
        ),
        refers("handovers", "contract_id", "contracts"),
        refers("handovers", "accepted_by_id", "users"),
    )
