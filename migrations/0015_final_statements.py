"""Final statements: how a contract was settled, frozen beside facts and figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KIND, ABOUT = "ck_statements_statement_kind", "ck_statements_about_contract"
FINAL = "ck_statements_final_has_settlement"


def upgrade() -> None:
    with op.batch_alter_table("statements") as table:
        table.add_column(sa.Column("settlement_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("settlement_json", sa.LargeBinary(), nullable=True))
        table.create_foreign_key(
            op.f("fk_statements_settlement_id_settlements"), "settlements", ["settlement_id"], ["id"]
        )
        table.create_unique_constraint(op.f("uq_statements_settlement_id"), ["settlement_id"])
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), "kind IN ('contract', 'final')")
        table.drop_constraint(op.f(ABOUT), type_="check")
        table.create_check_constraint(
            op.f(ABOUT), "kind NOT IN ('contract', 'final') OR (contract_id IS NOT NULL AND dossier_id IS NOT NULL)"
        )
        table.create_check_constraint(
            op.f(FINAL),
            "(kind = 'final') = (settlement_id IS NOT NULL) AND (kind = 'final') = (settlement_json IS NOT NULL)",
        )


def downgrade() -> None:
    op.execute("DELETE FROM renditions WHERE statement_id IN (SELECT id FROM statements WHERE kind = 'final')")
    op.execute("UPDATE statements SET superseded_by_id = NULL, state = 'issued' WHERE kind = 'final'")
    op.execute("DELETE FROM statements WHERE kind = 'final'")
    with op.batch_alter_table("statements") as table:
        table.drop_constraint(op.f(FINAL), type_="check")
        table.drop_constraint(op.f(ABOUT), type_="check")
        table.create_check_constraint(
            op.f(ABOUT), "kind <> 'contract' OR (contract_id IS NOT NULL AND dossier_id IS NOT NULL)"
        )
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), "kind IN ('contract')")
        table.drop_constraint(op.f("uq_statements_settlement_id"), type_="unique")
        table.drop_constraint(op.f("fk_statements_settlement_id_settlements"), type_="foreignkey")
        table.drop_column("settlement_json")
        table.drop_column("settlement_id")
