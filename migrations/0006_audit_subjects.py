"""What each audit record is about, also for the records that are there already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OF_CONTRACT = {"amendment": "amendments", "placement": "contributions", "activity": "contributions"}
"""Kinds of rows that belong to a contract, with the table that says to which, as long as they are there."""
Payload = Mapping[str, Mapping[str, Any]]


def upgrade() -> None:
    op.create_table(
        "audit_subjects",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "kind", "object_id", name=op.f("pk_audit_subjects")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["audit_records.id"], name=op.f("fk_audit_subjects_record_id_audit_records")
        ),
    )
    op.create_index(op.f("ix_audit_subjects_kind_object_id"), "audit_subjects", ["kind", "object_id"], unique=False)
    fill(op.get_bind())


def downgrade() -> None:
    op.drop_table("audit_subjects")


def fill(connection: sa.Connection) -> None:
    """From the payloads; a record whose payload is gone keeps the row that it names itself."""
    rows = connection.execute(
        sa.text(
            "SELECT r.id, r.object_kind, r.object_id, p.before, p.after, c.corporation_id FROM audit_records r"
            " JOIN audit_chains c ON c.id = r.chain_id LEFT JOIN audit_payloads p ON p.record_id = r.id"
        )
    ).all()
    shown_in = {row.id: merged(json.loads(row.before or "{}"), json.loads(row.after or "{}")) for row in rows}
    known = KnownContracts(connection, shown_in.values())
    insert = sa.text("INSERT INTO audit_subjects (record_id, kind, object_id) VALUES (:record_id, :kind, :object_id)")
    for record_id, kind, object_id, _before, _after, corporation_id in rows:
        shown = shown_in[record_id]
        subjects = {subject_of(name) for name in shown if is_numbered(name)} | (
            {(kind, object_id)} if kind and object_id else set()
        )
        subjects |= {("contract_facts", contract_id) for contract_id in known.touched(shown, corporation_id)}
        if subjects:
            values = [{"record_id": record_id, "kind": each, "object_id": number} for each, number in sorted(subjects)]
            connection.execute(insert, values)


def is_numbered(name: str) -> bool:
    """Whether a row is known by a number, and not by a hash."""
    number = name.split(":")[1]
    return number.isdecimal() and len(number) <= 10


def subject_of(name: str) -> tuple[str, int]:
    kind, number, *_ = name.split(":")
    return kind, int(number)


def merged(before: Payload, after: Payload) -> Payload:
    """What is known of each row, as it was and as it became."""
    return {name: {**before.get(name, {}), **after.get(name, {})} for name in {**before, **after}}


class KnownContracts:
    """Which contracts a row of the log concerns, as far as the database, or for what is deleted the log, knows."""

    def __init__(self, connection: sa.Connection, logged: Iterable[Payload]) -> None:
        self._of_row = {
            (kind, row_id): contract_id
            for kind, table in OF_CONTRACT.items()
            for row_id, contract_id in connection.execute(sa.text(f"SELECT id, contract_id FROM {table}"))  # noqa: S608
        }
        for name, values in (row for shown in logged for row in shown.items()):
            if "contract_id" in values:
                self._of_row[subject_of(name)] = values["contract_id"]
        self._of_supplier: dict[tuple[int, str], list[int]] = {}
        held = "SELECT c.id, c.corporation_id, s.kvk FROM contracts c JOIN suppliers s ON s.id = c.supplier_id"
        for contract_id, corporation_id, kvk in connection.execute(sa.text(held)):
            self._of_supplier.setdefault((corporation_id, kvk), []).append(contract_id)
        self._covered: dict[int, set[str]] = {}
        for certificate_id, kvk in connection.execute(sa.text("SELECT certificate_id, kvk FROM certificate_scopes")):
            self._covered.setdefault(certificate_id, set()).add(kvk)

    def touched(self, shown: Payload, corporation_id: int | None) -> set[int]:
        """The contracts whose figures a record with these rows may have moved."""
        found: set[int] = set()
        for name, values in shown.items():
            kind, number = subject_of(name) if is_numbered(name) else ("", 0)
            if kind == "contract":
                found.add(number)
            elif kind in OF_CONTRACT:
                found |= {self._of_row.get((kind, number), 0)} - {0}
            elif kind == "certificate" and corporation_id is not None:
                found |= set(self._under(corporation_id, self._covered_by(number, values)))
        return found

    def _covered_by(self, certificate_id: int, values: Mapping[str, Any]) -> set[str]:
        return {each["kvk"] for each in values.get("scope", ())} | self._covered.get(certificate_id, set())

    def _under(self, corporation_id: int, numbers: Iterable[str]) -> Iterator[int]:
        for kvk in numbers:
            yield from self._of_supplier.get((corporation_id, kvk), ())
