"""The outbox of mail, what was done with signals, conversations, and the mail that somebody does not want."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("mails", "signal_handlings", "conversations", "mail_opt_outs")
SIGNALS = (
    "kind IN ('shortfall', 'certificate_withdrawn', 'disputed', 'behind', 'certificate_ends', 'placement_ends',"
    " 'not_reported', 'waiting', 'no_evidence', 'action_overdue')"
)


def upgrade() -> None:
    mails()
    signal_handlings()
    conversations()
    mail_opt_outs()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def refers(table: str, column: str, referred: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{referred}")
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name, **options)


def checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}")) for name, said in conditions.items()]


def mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("corporation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(200), nullable=True),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opt_out_url", sa.String(500), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
        *checks(
            "mails",
            language="language IN ('nl', 'en')",
            sent_has_instant="(state = 'sent') = (sent_at IS NOT NULL)",
            tries="tries >= 0",
            mail_state="state IN ('waiting', 'sent', 'failed')",
            **{f"{column}_filled": f"{column} <> ''" for column in ("address", "kind", "subject", "key")},
        ),
        refers("mails", "corporation_id", "corporations"),
        refers("mails", "user_id", "users"),
    )
    for columns in (["corporation_id"], ["user_id"], ["state", "next_try_at"]):
        op.create_index(op.f(f"ix_mails_{'_'.join(columns)}"), "mails", columns, unique=False)


def signal_handlings() -> None:
    op.create_table(
        "signal_handlings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snoozed_reason", sa.String(500), nullable=True),
        sa.Column("snoozed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.String(500), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_handlings")),
        sa.UniqueConstraint("contract_id", "key", name=op.f("uq_signal_handlings_contract_id_key")),
        *checks(
            "signal_handlings",
            snooze_is_whole="(snoozed_until IS NULL) = (snoozed_reason IS NULL)",
            snoozed_by="snoozed_by_id IS NULL OR snoozed_until IS NOT NULL",
            closing_is_whole="(closed_at IS NULL) = (closed_reason IS NULL)",
            closed_by="closed_by_id IS NULL OR closed_at IS NOT NULL",
            signal_kind=SIGNALS,
            **{f"{column}_filled": f"{column} <> ''" for column in ("key", "snoozed_reason", "closed_reason")},
        ),
        refers("signal_handlings", "contract_id", "contracts"),
        refers("signal_handlings", "snoozed_by_id", "users"),
        refers("signal_handlings", "closed_by_id", "users"),
    )


def conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("with_whom", sa.String(200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("action", sa.String(500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("by_whom", sa.String(200), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        *checks("conversations", with_whom_filled="with_whom <> ''", action_filled="action <> ''"),
        refers("conversations", "contract_id", "contracts"),
        refers("conversations", "recorded_by_id", "users"),
    )
    op.create_index(op.f("ix_conversations_contract_id"), "conversations", ["contract_id"], unique=False)


def mail_opt_outs() -> None:
    op.create_table(
        "mail_opt_outs",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_mail_opt_outs")),
        *checks("mail_opt_outs", mail_kind="kind IN ('digest', 'urgent', 'report_due', 'rejected')"),
        refers("mail_opt_outs", "user_id", "users"),
    )
