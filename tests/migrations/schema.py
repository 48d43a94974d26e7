"""The schema of a database as text, so that two databases can be compared to the last check and trigger."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

VERSIONS = "alembic_version"
ADDED = r", (?=[a-z])"

# Every constraint, index, column, trigger and function of ours, each as the database itself would write it.
ON_POSTGRESQL = """
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'column', table_name, column_name, concat_ws(
        ' ', data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable, column_default
    ) FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', '', proname, pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def schema_of(connection: Connection) -> dict[str, str | list[str]]:
    """The definition of each object of the schema by its name, without Alembic's own table."""
    if connection.dialect.name == "postgresql":
        rows = [tuple(row) for row in connection.execute(text(ON_POSTGRESQL))]
        return {f"{kind} {table} {name}": said for kind, table, name, said in rows if table != VERSIONS}
    rows = [tuple(row) for row in connection.execute(text("SELECT type, tbl_name, name, sql FROM sqlite_master"))]
    return {f"{kind} {table} {name}": _in_order(said or "") for kind, table, name, said in rows if table != VERSIONS}


def _in_order(sql: str) -> str | list[str]:
    """SQLite keeps a table as it was written; the order in which columns and constraints were named means nothing.

    Neither do the quotes around the name of a table that a migration remade. A column that was added later stands on
    the line of the last one.
    """
    if not sql.startswith("CREATE TABLE"):
        return sql
    lines = [re.sub(r"\s+", " ", line).strip().rstrip(",") for line in sql.replace('"', "").splitlines()]
    columns = [column for line in lines if not line.startswith("CONSTRAINT") for column in re.split(ADDED, line)]
    return sorted(columns) + sorted(line for line in lines if line.startswith("CONSTRAINT"))
