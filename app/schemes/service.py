"""Commands on rate tables and policies: load those that are shipped, add a corporation's own. None is ever changed.

A file is the same when it says the same: a comment or a blank more is no other content.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

from app.accounts.models import Corporation, User
from app.audit.service import command
from app.audit.trail import Actor, lock_chain
from app.rules import tables as rules
from app.rules.documents import plain
from app.rules.tables import parse_policy, parse_rate_table
from app.schemes import queries
from app.schemes.models import Policy, RateTable
from app.web.clock import now
from app.web.errors import Conflict
from config import ROOT

DATA = ROOT / "data"
PRODUCT = "product"
"""Who acts, in the audit log, when shipped schemes are loaded."""

Row = TypeVar("Row", RateTable, Policy)
Parsed = TypeVar("Parsed", rules.RateTable, rules.Policy)


@dataclass(frozen=True, slots=True)
class Scheme(Generic[Row, Parsed]):
    """One of the two kinds of scheme: where it is shipped, how its text is read, which columns stand beside it."""

    kind: type[Row]
    name: str
    folder: str
    parse: Callable[[str], Parsed]
    columns: Callable[[Parsed], dict[str, Any]]

    def row(self, text: str, corporation: Corporation | None) -> Row:
        parsed = self.parse(text)
        return self.kind(
            code=parsed.id,
            corporation=corporation,
            content=text,
            sha256=sha256(text.encode()).hexdigest(),
            created_at=now(),
            **self.columns(parsed),
        )

    def expect_same(self, row: Row, text: str) -> None:
        """Errors: `Conflict("scheme_changed")` when the text says something else than the row."""
        if row.content != text and plain(self.parse(row.content).document) != plain(self.parse(text).document):
            raise Conflict("scheme_changed", scheme=row.code)

    def missing(self, data: Path) -> list[str]:
        """The texts of the shipped files that have no row yet."""
        known = queries.shipped(self.kind)
        texts = [path.read_text(encoding="utf-8") for path in sorted((data / self.folder).glob("*.toml"))]
        by_code = {self.parse(text).id: text for text in texts}
        for code in by_code.keys() & known.keys():
            self.expect_same(known[code], by_code[code])
        return [text for code, text in by_code.items() if code not in known]


def _table_columns(table: rules.RateTable) -> dict[str, Any]:
    return {
        "family": table.family,
        "name": table.name,
        "in_force_from": table.in_force_from,
        "selected_by": table.selected_by,
    }


def _policy_columns(policy: rules.Policy) -> dict[str, Any]:
    return {"name_nl": policy.name["nl"], "name_en": policy.name["en"]}


TABLES = Scheme(RateTable, "rate_table", "rate-tables", parse_rate_table, _table_columns)
POLICIES = Scheme(Policy, "policy", "policies", parse_policy, _policy_columns)


def add_rate_table(text: str, corporation: Corporation, *, by: Actor | str) -> RateTable:
    """Add a rate table of a corporation's own, from its TOML text; when it is there already, nothing changes.

    Errors: RuleError `document_*` with the line and the key; `Conflict` (`scheme_changed`: the id stands for other
    content, `scheme_shipped`: for one that is shipped with the product).
    """
    return _add(TABLES, text, corporation, by)


def add_policy(text: str, corporation: Corporation, *, by: Actor | str) -> Policy:
    """Add a policy of a corporation's own, from its TOML text. As `add_rate_table`."""
    return _add(POLICIES, text, corporation, by)


def delete(scheme: Scheme[Row, Parsed], scheme_id: int, *, by: User) -> int:
    """Delete a version of a corporation's own that no contract names, and give the id of the audit record, for undo.

    Errors: NotFound, also for what was shipped; `Conflict` (`scheme_in_use`, `scheme_is_default`).
    """
    seen = queries.scheme_to_delete(by, scheme.kind, scheme_id)
    with command(f"{scheme.name}.delete", by=by, corporation=seen.corporation) as audit:
        row = queries.scheme_to_delete(by, scheme.kind, scheme_id)
        if queries.number_of_contracts(row):
            raise Conflict("scheme_in_use", scheme=row.code)
        if queries.is_a_default(row):
            raise Conflict("scheme_is_default", scheme=row.code)
        audit.deleted(row)
    return audit.record_id


def load_shipped(data: Path = DATA) -> int:
    """Put the rate tables and policies of `data` into the database that are not there yet, and say how many.

    Runs after every `flask db upgrade` and before every import, so that they are there from the start; again it only
    looks. Errors: `Conflict("scheme_changed")` when a shipped file says something else than its row: a release that
    changes a version must give it a new id.
    """
    if not TABLES.missing(data) and not POLICIES.missing(data):
        return 0
    with command("schemes.load", by=PRODUCT) as audit:
        lock_chain(audit.session, None)  # of two that start at once the second finds what the first made
        tables = [TABLES.row(text, None) for text in TABLES.missing(data)]
        policies = [POLICIES.row(text, None) for text in POLICIES.missing(data)]
        audit.created(*tables, *policies)
    return len(tables) + len(policies)


def _add(scheme: Scheme[Row, Parsed], text: str, corporation: Corporation, by: Actor | str) -> Row:
    code = scheme.parse(text).id
    with command(f"{scheme.kind.__tablename__}.add", by=by, corporation=corporation) as audit:
        row = queries.own_of(scheme.kind, code, corporation)
        if row is not None:
            scheme.expect_same(row, text)
            return row
        if code in queries.shipped(scheme.kind):
            raise Conflict("scheme_shipped", scheme=code)
        row = scheme.row(text, corporation)
        audit.created(row)
    return row
