"""Commands on contracts and their amendments; `record_contract` and `record_amendment` are what an import shares.

A contract with contributions or statements is never deleted, and stays with its supplier, whose persons they are. What
the rule book refuses (less work below zero, a building block that the table does not have) is refused at the end of
each command, when its dossier is kept.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete as delete_rows

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission
from app.accounts.queries import corporation_where
from app.audit.outcomes import Outcome, keep
from app.audit.service import command
from app.audit.trail import Audit
from app.contracts import queries
from app.contracts.agreement import Agreement, amendment_columns, amendment_like
from app.contracts.models import Amendment, Contract
from app.rules import dossier as facts
from app.schemes.queries import policies_of, tables_of
from app.suppliers.queries import records_of
from app.web.errors import Conflict, Invalid


def create(kvk: str, agreement: Agreement, *, by: User) -> Contract:
    """Add a contract to the corporation with that KvK number; the same contract twice is one.

    Errors: NotFound (no such corporation, or not for `by`), Invalid beside the column it is about (`number_taken`,
    `no_such_supplier`, `no_such_rate_table`, `no_such_policy`, `no_such_project_leader`), the rule book's faults.
    """
    with command("contract.create", by=by, corporation=corporation_where(by, Permission.EDIT_CONTRACTS, kvk)) as audit:
        corporation = corporation_where(by, Permission.EDIT_CONTRACTS, kvk)
        values = _columns(corporation, agreement, None)
        known = queries.contract_with_number(corporation, agreement.terms.number)
        if known is not None and _says(known, values):
            return known
        _expect_number_free(known, None)
        made, _ = record_contract(audit, corporation, None, values)
    return made


def edit(contract_id: int, agreement: Agreement, *, by: User, seen_version: int) -> Contract:
    """Errors: as `create`, Stale (changed since `seen_version`), Conflict `supplier_stays`."""
    seen = queries.contract_to_edit(contract_id, by)
    with command("contract.edit", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_edit(contract_id, by)
        contract.expect_version(seen_version)
        values = _columns(contract.corporation, agreement, contract)
        _expect_number_free(queries.contract_with_number(contract.corporation, agreement.terms.number), contract)
        if values["supplier"] is not contract.supplier:
            _expect_no_contributions(contract)
        if record_contract(audit, contract.corporation, contract, values)[1] is Outcome.CHANGED:
            contract.facts_changed()
    return contract


def delete(contract_id: int, *, by: User, seen_version: int) -> int:
    """Delete a contract with its amendments; a batch that waits does not make its statement. Gives the id of the
    audit record, for undo.

    Errors: NotFound, Stale, Conflict (`contract_has_contributions`, `contract_has_statements`,
    `contract_has_evidence`, `contract_has_planning`, `contract_has_conversations`,
    `contract_has_settlement`).
    """
    seen = queries.contract_to_edit(contract_id, by)
    with command("contract.delete", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_edit(contract_id, by)
        contract.expect_version(seen_version)
        if queries.has_statements(contract):
            raise Conflict("contract_has_statements")
        if references := queries.references_on(contract):
            raise Conflict("contract_has_contributions", references=", ".join(references))
        if queries.has_evidence(contract):
            raise Conflict("contract_has_evidence")
        if queries.has_planning(contract):
            raise Conflict("contract_has_planning")
        if queries.has_conversations(contract):
            raise Conflict("contract_has_conversations")
        if queries.has_settlements(contract):
            raise Conflict("contract_has_settlement")
        # Those that have a statement were refused above.
        audit.session.execute(delete_rows(queries.BATCH_ITEMS).where(queries.BATCH_ITEMS.c.contract_id == contract.id))
        audit.deleted(contract, *contract.amendments)
    return audit.record_id


def amend(contract_id: int, said: facts.Amendment, *, by: User) -> Amendment:
    """Record an amendment; the same one twice is one.

    Errors: NotFound, Invalid `reference_taken` or `day_taken`, the rule book's faults.
    """
    seen = queries.contract_to_edit(contract_id, by)
    with command("amendment.create", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_edit(contract_id, by)
        known = amendment_like(contract, said)
        if known is not None and _says(known, amendment_columns(said)):
            return known
        _expect_name_free(known, None)
        made, _ = record_amendment(audit, contract, None, said)
        contract.facts_changed()
    return made


def edit_amendment(amendment_id: int, said: facts.Amendment, *, by: User, seen_version: int) -> Amendment:
    """Errors: as `amend`, and Stale."""
    seen = queries.amendment_to_edit(amendment_id, by)
    with command("amendment.edit", by=by, corporation=seen.corporation) as audit:
        amendment = queries.amendment_to_edit(amendment_id, by)
        amendment.expect_version(seen_version)
        _expect_name_free(amendment_like(amendment.contract, said), amendment)
        if record_amendment(audit, amendment.contract, amendment, said)[1] is Outcome.CHANGED:
            amendment.contract.facts_changed()
    return amendment


def delete_amendment(amendment_id: int, *, by: User, seen_version: int) -> int:
    """Gives the id of the audit record, for undo. Errors: NotFound, Stale, the rule book's faults of what is left."""
    seen = queries.amendment_to_edit(amendment_id, by)
    with command("amendment.delete", by=by, corporation=seen.corporation) as audit:
        amendment = queries.amendment_to_edit(amendment_id, by)
        amendment.expect_version(seen_version)
        contract = amendment.contract
        audit.deleted(amendment)
        contract.facts_changed()
    return audit.record_id


def record_contract(
    audit: Audit, corporation: Corporation, known: Contract | None, values: dict[str, Any]
) -> tuple[Contract, Outcome]:
    """Let a contract have these columns; it is made when there is none. Of a change the caller says `facts_changed`."""
    if known is not None:
        return known, keep(audit, known, values)
    made = Contract(corporation=corporation, **values)
    audit.created(made)
    made.facts_changed()
    return made, Outcome.CREATED


def record_amendment(
    audit: Audit, contract: Contract, known: Amendment | None, said: facts.Amendment
) -> tuple[Amendment, Outcome]:
    """Let an amendment be so; it is made when there is none. The caller says that the contract's `facts_changed`."""
    values = amendment_columns(said)
    if known is not None:
        return known, keep(audit, known, values)
    made = Amendment(contract=contract, **values)
    audit.created(made)
    return made, Outcome.CREATED


def _columns(corporation: Corporation, agreement: Agreement, contract: Contract | None) -> dict[str, Any]:
    """The columns of the contract as agreed. Errors: Invalid for what the corporation does not have."""
    kvk, table, policy = agreement.terms.kvk, agreement.rate_table, agreement.policy
    records, tables, policies = records_of(corporation), tables_of(corporation), policies_of(corporation)
    if kvk not in records:
        raise Invalid("no_such_supplier", column="kvk", kvk=kvk, corporation=corporation.name)
    if table not in tables:
        raise Invalid("no_such_rate_table", column="rate_table", scheme=table)
    if policy not in policies:
        raise Invalid("no_such_policy", column="policy", scheme=policy)
    leader = _leader(corporation, agreement.project_leader, contract)
    return agreement.columns(records[kvk].supplier, tables[table], policies[policy], leader.id if leader else None)


def _leader(corporation: Corporation, email: str | None, contract: Contract | None) -> User | None:
    """Whoever leads the project stays so, also after they left. Errors: Invalid `no_such_project_leader`."""
    if email is None:
        return None
    found = queries.leaders_of(corporation, contract).get(email)
    if found is None:
        raise Invalid("no_such_project_leader", column="project_leader", email=email, corporation=corporation.name)
    return found


def _says(row: Contract | Amendment, values: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _expect_number_free(known: Contract | None, contract: Contract | None) -> None:
    if known is not None and known is not contract:
        raise Invalid("number_taken", column="number", number=known.number, title=known.title)


def _expect_name_free(known: Amendment | None, amendment: Amendment | None) -> None:
    if known is None or known is amendment:
        return
    if known.reference is None:
        raise Invalid("day_taken", column="reference", day=known.effective_on)
    raise Invalid("reference_taken", column="reference", reference=known.reference)


def _expect_no_contributions(contract: Contract) -> None:
    """Persons are a supplier's, so what they did stays with it."""
    if references := queries.references_on(contract):
        raise Conflict("supplier_stays", column="kvk", references=", ".join(references))
