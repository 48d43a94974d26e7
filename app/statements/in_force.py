"""Whether a statement still holds: a later one takes its place, or it is withdrawn with a reason. It never changes."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.audit.service import command
from app.audit.trail import Audit
from app.closing.models import Settlement, SettlementState
from app.extensions import db
from app.statements import queries
from app.statements.models import Statement, StatementState
from app.web.clock import now
from app.web.errors import Conflict

OPENED_AGAIN = "De afrekening is heropend."
"""Why a final statement is withdrawn with its settlement, before the reason for that; as the register says it."""


def take_place(audit: Audit, statement: Statement) -> None:
    """What a statement that was just entered does to the others about the same thing, and they to it.

    A final one whose settlement was opened again while its file was made is withdrawn at once.
    """
    settlement = statement.settlement
    if settlement is not None and settlement.state is SettlementState.WITHDRAWN:
        _withdraw(audit, statement, _opened_again(settlement), settlement.withdrawn_by)
    else:
        _supersede(audit, statement)


def _supersede(audit: Audit, statement: Statement) -> None:
    """Let it take the place of the earlier ones that hold; a later one, whose file was sooner there, takes its place.

    By number and never by moment: so two that are entered in whatever order never point at each other.
    """
    for other in queries.in_place_of(statement):
        if other is statement:
            continue
        earlier, later = sorted((statement, other), key=lambda each: each.id)
        with audit.change_of(earlier):
            earlier.state, earlier.superseded_by = StatementState.SUPERSEDED, later


def withdraw(statement_id: int, *, reason: str, by: User) -> Statement:
    """Withdraw a statement that holds. It stays readable, with the reason; what is right comes in a new one.

    Errors: NotFound; Conflict `statement_being_made`, `statement_superseded`, `statement_withdrawn`,
    `statement_of_settlement`.
    """
    seen = queries.statement_seen_by(by, statement_id, Permission.ISSUE_STATEMENTS)
    with command("statement.withdraw", by=by, corporation=seen.corporation) as audit:
        statement = queries.statement_seen_by(by, statement_id, Permission.ISSUE_STATEMENTS)
        audit.session.refresh(statement)  # under the chain's lock: what it says now holds until the end
        refusal = refusal_to_withdraw(statement)
        if refusal:
            raise refusal
        _withdraw(audit, statement, reason, db.session.get_one(User, by.id))
    return statement


def withdraw_final(audit: Audit, settlement: Settlement, by: User) -> None:
    """Withdraw the final statement of a settlement that is opened again, in the command that does so.

    One without a file yet is withdrawn when that comes: see `take_place`.
    """
    final = queries.final_statement_of(settlement)
    if final is not None and final.state is StatementState.ISSUED:
        _withdraw(audit, final, _opened_again(settlement), db.session.get_one(User, by.id))


def _opened_again(settlement: Settlement) -> str:
    return f"{OPENED_AGAIN} {settlement.withdrawn_reason}"


def refusal_to_withdraw(statement: Statement) -> Conflict | None:
    """Why a statement cannot be withdrawn, if so.

    A final one goes with its settlement: else what two people decided would stand without a paper for good.
    """
    codes = {
        StatementState.RESERVED: "statement_being_made",
        StatementState.SUPERSEDED: "statement_superseded",
        StatementState.WITHDRAWN: "statement_withdrawn",
    }
    code = codes.get(statement.state) or ("statement_of_settlement" if statement.settlement_id else None)
    return Conflict(code) if code else None


def _withdraw(audit: Audit, statement: Statement, reason: str, by: User | None) -> None:
    with audit.change_of(statement):
        statement.state, statement.withdrawn_reason = StatementState.WITHDRAWN, reason
        statement.withdrawn_by, statement.withdrawn_at = by, now()
    if statement.contract_id:
        audit.concerns("contract", statement.contract_id, statement.corporation_id)
