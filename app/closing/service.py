"""Commands at the end of a contract: excuse a supplier by two people, settle by two people.

Who proposes does not decide, administrators included. Only the agreed excuse is a fact of the contract: a proposal
moves no figure. A settlement freezes amounts that the rule book reckons, and is confirmed only while it still reckons
the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.accounts.models import User
from app.assessments.queries import assessment_of, dossier_of
from app.assessments.service import dossier_for_statement
from app.audit.service import command
from app.audit.trail import Audit
from app.closing import queries
from app.closing.models import Settlement, SettlementState
from app.contracts.models import Contract
from app.rules import Assessment
from app.rules.assessment import Standing
from app.rules.closing import may_be_settled, repair_ends_on, settle
from app.rules.errors import RuleError
from app.web.clock import now, today
from app.web.errors import Conflict

RECKONED = (
    "standing",
    "net_cents",
    "credited_cents",
    "shortfall_cents",
    "penalty_cents",
    "is_excused",
    "deducted_cents",
    "claimed_cents",
)


def propose_excuse(contract_id: int, *, reason: str, effort: str, by: User, seen_version: int) -> Contract:
    """Propose that the supplier is not to blame for a shortfall; it moves nothing until another person agrees.

    Whoever changes a proposal makes it theirs. Errors: NotFound, Stale, Conflict `nothing_to_excuse`,
    `excuse_decided`, `already_settled`.
    """
    with _excusing("propose", contract_id, by, seen_version) as (_audit, contract):
        _expect_unsettled(contract)
        if contract.is_excused:
            raise Conflict("excuse_decided")
        if assessment_of(contract, today()).status is not Standing.SHORTFALL:
            raise Conflict("nothing_to_excuse")
        if (contract.excused_reason, contract.excused_effort, contract.excused_by_id) != (reason, effort, by.id):
            contract.excused_reason, contract.excused_effort = reason, effort
            contract.excused_by, contract.excused_at = by, now()
    return contract


def agree_excuse(contract_id: int, *, by: User, seen_version: int) -> Contract:
    """Agree, as a second person: from now on there is no penalty.

    Errors: NotFound, Stale, Conflict `no_excuse`, `own_excuse`, `excuse_decided`, `already_settled`.
    """
    with _excusing("agree", contract_id, by, seen_version) as (_audit, contract):
        _expect_unsettled(contract)
        _expect_proposed(contract)
        if contract.is_excused:
            raise Conflict("excuse_decided")
        if contract.excused_by_id == by.id:
            raise Conflict("own_excuse")
        contract.excused_approved_by, contract.excused_approved_at = by, now()
        contract.facts_changed()
    return contract


def withdraw_excuse(contract_id: int, *, by: User, seen_version: int) -> Contract:
    """Take a proposal back, or what was decided when it proves wrong: the penalty counts again.

    Errors: NotFound, Stale, Conflict `no_excuse`, `already_settled`.
    """
    with _excusing("withdraw", contract_id, by, seen_version) as (_audit, contract):
        _expect_unsettled(contract)
        _expect_proposed(contract)
        if contract.is_excused:
            contract.facts_changed()
        contract.excused_reason = contract.excused_effort = contract.excused_by = contract.excused_at = None
        contract.excused_approved_by = contract.excused_approved_at = None
    return contract


def propose(contract_id: int, *, instalment_cents: int | None, note: str, by: User) -> Settlement:
    """Propose how a contract is settled, as of today; the same proposal twice is one.

    Errors: NotFound, Conflict `already_settled`, `settlement_waits`, `repair_period_runs`, `excuse_undecided`,
    `contributions_wait`, the RuleErrors of `settle`.
    """
    seen = queries.contract_to_settle(contract_id, by)
    with command("settlement.propose", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_settle(contract_id, by)
        known = queries.standing_settlement(contract)
        said = {**_reckoned(contract, instalment_cents), "instalment_cents": instalment_cents, "note": note}
        if known is not None:
            if known.proposed_by_id == by.id and all(getattr(known, name) == each for name, each in said.items()):
                return known
            raise Conflict("already_settled" if known.is_settled else "settlement_waits")
        made = Settlement(contract=contract, assessed_on=today(), proposed_by=by, proposed_at=now(), **said)
        audit.created(made)
        audit.concerns("contract", contract.id, contract.corporation_id)
    return made


def confirm(contract_id: int, *, by: User, seen_version: int) -> Settlement:
    """Confirm a proposal, as a second person: the contract is settled.

    Errors: NotFound, Stale, Conflict `no_settlement`, `already_settled`, `own_settlement`, `settlement_moved` (what is
    reckoned now differs), and what `propose` refuses.
    """
    with _settling("confirm", contract_id, by, seen_version) as (audit, settlement):
        if settlement.is_settled:
            raise Conflict("already_settled")
        if settlement.proposed_by_id == by.id:
            raise Conflict("own_settlement")
        if _reckoned(settlement.contract, settlement.instalment_cents) != amounts_of(settlement):
            raise Conflict("settlement_moved")
        settlement.dossier = dossier_for_statement(audit.session, settlement.contract)
        settlement.state, settlement.confirmed_by, settlement.confirmed_at = SettlementState.SETTLED, by, now()
    return settlement


def withdraw(
    contract_id: int, *, reason: str, by: User, seen_version: int, also: Callable[[Audit, Settlement, User], None]
) -> Settlement:
    """Take a proposal back, or open a settled contract again; it stays readable with the reason.

    `also` does in the same transaction what hangs on it: a later feature's final statement. Errors: NotFound, Stale,
    Conflict `no_settlement`.
    """
    with _settling("withdraw", contract_id, by, seen_version) as (audit, settlement):
        settlement.state, settlement.withdrawn_reason = SettlementState.WITHDRAWN, reason
        settlement.withdrawn_by, settlement.withdrawn_at = by, now()
        also(audit, settlement, by)
    return settlement


def has_moved(settlement: Settlement, figures: Assessment) -> bool:
    """Whether the contract's figures are other than those that the settlement rests on."""
    reckoned = (figures.status, figures.net_cents, figures.credited_cents)
    return reckoned != (settlement.standing, settlement.net_cents, settlement.credited_cents)


def refusal_to_settle(contract: Contract, figures: Assessment) -> Conflict | RuleError | None:
    """Why a contract cannot be settled yet, if so."""
    if figures.on <= figures.term.last:
        return RuleError("term_not_over", end=figures.term.last)
    if contract.excused_reason is not None and not contract.is_excused:
        return Conflict("excuse_undecided")
    if not may_be_settled(figures):
        return Conflict("repair_period_runs", until=repair_ends_on(figures))
    if figures.pending_cents:
        return Conflict("contributions_wait")
    return None


def amounts_of(settlement: Settlement) -> dict[str, Any]:
    """What a settlement froze."""
    return {name: getattr(settlement, name) for name in RECKONED}


def _reckoned(contract: Contract, instalment_cents: int | None) -> dict[str, Any]:
    """What is reckoned today. Errors: see `propose`."""
    figures = assessment_of(contract, today())
    refusal = refusal_to_settle(contract, figures)
    if refusal is not None:
        raise refusal
    outcome = settle(dossier_of(contract), figures, instalment_cents)
    return {
        "standing": figures.status,
        "net_cents": figures.net_cents,
        "credited_cents": figures.credited_cents,
        "shortfall_cents": outcome.shortfall_cents,
        "penalty_cents": outcome.penalty_cents,
        "is_excused": figures.closing is not None and figures.closing.excused,
        "deducted_cents": outcome.deducted_cents,
        "claimed_cents": outcome.claimed_cents,
    }


def _expect_unsettled(contract: Contract) -> None:
    if queries.standing_settlement(contract) is not None:
        raise Conflict("already_settled")


def _expect_proposed(contract: Contract) -> None:
    if contract.excused_reason is None:
        raise Conflict("no_excuse")


@contextmanager
def _excusing(verb: str, contract_id: int, by: User, seen_version: int) -> Iterator[tuple[Audit, Contract]]:
    """A command that changes what a contract says about an excuse."""
    seen = queries.contract_to_settle(contract_id, by)
    with command(f"excuse.{verb}", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_settle(contract_id, by)
        contract.expect_version(seen_version)
        with audit.change_of(contract):
            yield audit, contract


@contextmanager
def _settling(verb: str, contract_id: int, by: User, seen_version: int) -> Iterator[tuple[Audit, Settlement]]:
    """A command that changes the standing settlement of a contract."""
    seen = queries.contract_to_settle(contract_id, by)
    with command(f"settlement.{verb}", by=by, corporation=seen.corporation) as audit:
        settlement = queries.standing_settlement(queries.contract_to_settle(contract_id, by))
        if settlement is None:
            raise Conflict("no_settlement")
        settlement.expect_version(seen_version)
        with audit.change_of(settlement):
            yield audit, settlement
        audit.concerns("contract", contract_id, settlement.contract.corporation_id)
