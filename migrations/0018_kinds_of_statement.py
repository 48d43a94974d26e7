"""Statements about more than one contract, and what is frozen in a table: each kind has documents of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DOCUMENTS = {
    "dossier_json": "dossier.json",
    "assessment_json": "assessment.json",
    "settlement_json": "settlement.json",
    "plan_json": "plan.json",
}
STATEMENTS = sa.table("statements", *map(sa.column, ("id", "kind", "state", "superseded_by_id", *DOCUMENTS)))
FROZEN = sa.table("statement_documents", *map(sa.column, ("statement_id", "name", "content")))
RENDITIONS = sa.table("renditions", sa.column("statement_id"))
KIND, ABOUT, FINAL = (
    "ck_statements_statement_kind",
    "ck_statements_about_contract",
    "ck_statements_final_has_settlement",
)
RECORDED = "fk_statements_corporation_id_supplier_id_supplier_records"
NEW = {
    "about_no_contract": "kind IN ('contract', 'final') OR contract_id IS NULL AND dossier_id IS NULL"
    " AND standing IS NULL",
    "about_supplier": "(kind = 'supplier') = (supplier_id IS NOT NULL)",
    "covers_period": "(kind IN ('contract', 'final')) = (covers_from IS NULL)",
    "has_net": "(kind = 'log') = (net_cents IS NULL)",
    "has_credited": "(net_cents IS NULL) = (credited_cents IS NULL)",
    "on_not_before_covers_from": '"on" >= covers_from',
}


def upgrade() -> None:
    op.create_table(
        "statement_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_statement_documents_name_filled")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_documents_statement_id_statements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_documents")),
        sa.UniqueConstraint("statement_id", "name", name=op.f("uq_statement_documents_statement_id_name")),
    )
    for column, name in DOCUMENTS.items():
        content = STATEMENTS.c[column]
        frozen = sa.select(STATEMENTS.c.id, sa.literal(name), content).where(content.is_not(None))
        op.execute(sa.insert(FROZEN).from_select(["statement_id", "name", "content"], frozen.order_by(STATEMENTS.c.id)))
    with op.batch_alter_table("statements") as table:
        table.drop_constraint(op.f(FINAL), type_="check")
        for column in DOCUMENTS:
            table.drop_column(column)
        table.add_column(sa.Column("supplier_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("covers_from", sa.Date(), nullable=True))
        table.create_foreign_key(op.f("fk_statements_supplier_id_suppliers"), "suppliers", ["supplier_id"], ["id"])
        table.create_foreign_key(
            op.f(RECORDED), "supplier_records", ["corporation_id", "supplier_id"], ["corporation_id", "supplier_id"]
        )
        table.create_index(op.f("ix_statements_supplier_id"), ["supplier_id"])
        for column in ("standing", "net_cents", "credited_cents"):
            table.alter_column(column, nullable=True)
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), "kind IN ('contract', 'final', 'supplier', 'annual', 'log')")
        table.drop_constraint(op.f(ABOUT), type_="check")
        table.create_check_constraint(
            op.f(ABOUT),
            "kind NOT IN ('contract', 'final')"
            " OR (contract_id IS NOT NULL AND dossier_id IS NOT NULL AND standing IS NOT NULL)",
        )
        table.create_check_constraint(op.f(FINAL), "(kind = 'final') = (settlement_id IS NOT NULL)")
        for name, condition in NEW.items():
            table.create_check_constraint(op.f(f"ck_statements_{name}"), condition)


def downgrade() -> None:
    others = STATEMENTS.c.kind.not_in(("contract", "final"))
    of_others = sa.select(STATEMENTS.c.id).where(others)
    for table_of_others in (RENDITIONS, FROZEN):
        op.execute(sa.delete(table_of_others).where(table_of_others.c.statement_id.in_(of_others)))
    op.execute(sa.update(STATEMENTS).where(others).values(superseded_by_id=None, state="issued"))
    op.execute(sa.delete(STATEMENTS).where(others))
    with op.batch_alter_table("statements") as table:
        for name in NEW:
            table.drop_constraint(op.f(f"ck_statements_{name}"), type_="check")
        table.drop_constraint(op.f(FINAL), type_="check")
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), "kind IN ('contract', 'final')")
        table.drop_constraint(op.f(ABOUT), type_="check")
        table.create_check_constraint(
            op.f(ABOUT), "kind NOT IN ('contract', 'final') OR (contract_id IS NOT NULL AND dossier_id IS NOT NULL)"
        )
        table.drop_index(op.f("ix_statements_supplier_id"))
        table.drop_constraint(op.f(RECORDED), type_="foreignkey")
        table.drop_constraint(op.f("fk_statements_supplier_id_suppliers"), type_="foreignkey")
        table.drop_column("supplier_id")
        table.drop_column("covers_from")
        for column in ("standing", "net_cents", "credited_cents"):
            table.alter_column(column, nullable=False)
        for column in DOCUMENTS:
            table.add_column(sa.Column(column, sa.LargeBinary(), nullable=True))
    for column, name in DOCUMENTS.items():
        frozen = sa.select(FROZEN.c.content).where(FROZEN.c.statement_id == STATEMENTS.c.id, FROZEN.c.name == name)
        op.execute(sa.update(STATEMENTS).values({column: frozen.scalar_subquery()}))
    with op.batch_alter_table("statements") as table:
        table.alter_column("dossier_json", nullable=False)
        table.alter_column("assessment_json", nullable=False)
        table.create_check_constraint(
            op.f(FINAL),
            "(kind = 'final') = (settlement_id IS NOT NULL) AND (kind = 'final') = (settlement_json IS NOT NULL)",
        )
    op.drop_table("statement_documents")
