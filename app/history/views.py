"""The pages of the history: of a record, of a contract's figures, of what was known; and undoing a deletion."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, may, may_open, requires
from app.audit.snapshots import kind_of
from app.contracts.models import Contract
from app.contributions.models import Contribution
from app.database import Base
from app.history import queries, service, timeline
from app.history.forms import ThenForm
from app.history.records import Record, record_seen_by
from app.history.then import comparison_of
from app.statements.queries import statements_of
from app.web.addresses import own_address
from app.web.as_of import as_of
from app.web.errors import REFUSED

bp = Blueprint("history", __name__)

NEWEST_SHOWN = 5
PAGES = {
    "supplier_record": ("suppliers.show", "record_id"),
    "certificate": ("suppliers.certificate", "certificate_id"),
    "contribution": ("contributions.show", "contribution_id"),
    "rate_table": ("schemes.rate_table", "rate_table_id"),
    "policy": ("schemes.policy", "policy_id"),
    "membership": ("organisation.edit", "membership_id"),
}
"""The page of a record itself: its endpoint, and what it calls the number; a contract's goes by number and KvK."""


@bp.get("/history/<kind>/<int:object_id>")
@requires(Permission.SEE_HISTORY)
def show(kind: str, object_id: int) -> str:
    me = sessions.me()
    record = record_seen_by(me, kind, object_id)
    listing = queries.history_of(record, queries.OFFER.choice(request.args), me)
    return render_template("history/show.html", record=record, listing=listing, back=_address_of(record))


@bp.get("/contract/<int:contract_id>/timeline")
@requires(Permission.SEE_HISTORY)
def course(contract_id: int) -> str:
    contract, on = _contract(contract_id), as_of()
    events = timeline.events_of(contract, _statements(contract), timeline.OFFER.choice(request.args))
    moved = timeline.movements(contract, {event.day for event in events.rows}, on)
    abouts = [(key, str(words)) for key, (words, _kinds) in timeline.ABOUT.items()]
    return render_template(
        "history/timeline.html", contract=contract, on=on, listing=events, moved=moved, abouts=abouts
    )


@bp.get("/contract/<int:contract_id>/then")
@requires(Permission.SEE_HISTORY)
def then(contract_id: int) -> tuple[str, int] | str:
    contract = _contract(contract_id)
    form = ThenForm.of_address(request.args)
    if not form.validate():
        return render_template("history/then.html", contract=contract, form=form, days=None, comparison=None), REFUSED
    on, known = form.days
    found = comparison_of(contract, on, known)
    return render_template("history/then.html", contract=contract, form=form, days=(on, known), comparison=found)


@bp.post("/history/undo/<int:deletion_id>")
@requires(Permission.EDIT_CONTRACTS)
def undo(deletion_id: int) -> Response:
    service.undo(deletion_id, by=sessions.me())
    flash(_("The deletion is undone: everything stands as it stood."), "success")
    return redirect(own_address(request.form.get("next")) or "/")


@bp.app_template_global()
def last_change(kind: str, object_id: int) -> queries.LastChange | None:
    """By whom and when a record was last written, for who may see its history."""
    if not may_open("history.show"):
        return None
    return queries.last_change(sessions.me(), kind, object_id)


@bp.app_template_global()
def last_change_of(row: Base) -> queries.LastChange | None:
    """The same of a row that is at hand."""
    return last_change("contribution" if isinstance(row, Contribution) else kind_of(row), row.id)  # type: ignore[attr-defined]


@bp.app_template_global()
def newest_events(contract: Contract) -> list[timeline.Event] | None:
    """The last of a contract's time line, for its page; None for who may not see it."""
    scope = {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
    if not may(current_user, Permission.SEE_HISTORY, **scope):
        return None
    return list(timeline.newest_events(contract, _statements(contract), NEWEST_SHOWN))


bp.add_app_template_global(timeline.movements, "movements")


def _contract(contract_id: int) -> Contract:
    """Errors: NotFound, also when its history is not for who asks."""
    contract = record_seen_by(sessions.me(), "contract", contract_id).row
    assert isinstance(contract, Contract)
    return contract


def _statements(contract: Contract) -> timeline.Statements:
    return {
        each.id: timeline.Stated(each.number, each.superseded_by_id, each.withdrawn_reason or "")
        for each in statements_of(contract)
    }


def _address_of(record: Record) -> str:
    """Where the record itself is shown."""
    if record.kind == "corporation":
        return url_for("organisation.settings", kvk=record.row.kvk)
    if record.kind in PAGES:
        endpoint, parameter = PAGES[record.kind]
        return url_for(endpoint, _external=False, **{parameter: str(record.id)})
    contract = record.contract
    assert contract is not None
    return url_for("contracts.show", kvk=contract.corporation.kvk, number=contract.number)
