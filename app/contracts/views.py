"""The pages of contracts: the list, the page of one with every figure and its reasons, and the forms of its facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import sessions
from app.accounts.models import Corporation
from app.accounts.permissions import Permission, requires
from app.accounts.queries import corporation_where, corporations_open_to
from app.assessments.queries import assessment_of, course_of, dossier_of
from app.contracts import queries, service
from app.contracts.agreement import Change, change_of
from app.contracts.amendment_forms import CHANGES, AmendmentForm, called
from app.contracts.entries import entries_of
from app.contracts.forms import ContractForm, offered_by
from app.contracts.models import Amendment, Contract
from app.contributions.queries import sees_persons, versions_on
from app.editing.answer import Editing, Effects, Page, answer
from app.editing.deletion import Deletion, answer_deletion
from app.portfolio.queries import OFFER, listing_of, rows_of
from app.rules.dossier import Status
from app.statements.queries import statements_of
from app.web.as_of import as_of
from app.web.reasons import labels_of, sentences_of
from app.web.undo import flash_deleted

bp = Blueprint("contracts", __name__)

TABS = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)


@bp.get("/contracts")
@requires(Permission.SEE_CONTRACTS)
def index() -> str:
    on, me = as_of(), sessions.me()
    rows = rows_of(me, on)
    return render_template(
        "contracts/index.html",
        on=on,
        rows=rows,
        listing=listing_of(rows, OFFER.choice(request.args)),
        several=len({row.contract.corporation_id for row in rows}) > 1,
    )


@bp.get("/contracts/<kvk>/<path:number>")
@requires(Permission.SEE_CONTRACTS)
def show(kvk: str, number: str) -> str:
    on, me = as_of(), sessions.me()
    contract = queries.contract_seen_by(me, kvk, number)
    dossier, figures = dossier_of(contract), assessment_of(contract, on)
    entries = entries_of(dossier, figures, versions_on(contract))
    asked = request.args.get("status", "")
    return render_template(
        "contracts/show.html",
        on=on,
        contract=contract,
        dossier=dossier,
        figures=figures,
        points=course_of(contract),
        explain=partial(sentences_of, labels=labels_of(dossier.rate_table)),
        entries=[each for each in entries if asked not in TABS or each.credited.status == asked],
        entries_waiting=sum(each.credited.status is Status.SUBMITTED for each in entries),
        tabs=[(status, sum(each.credited.status is status for each in entries)) for status in TABS],
        asked=asked if asked in TABS else "",
        statements=statements_of(contract),
        change_of=change_of,
        CHANGES=CHANGES,
        sees_persons=sees_persons(me, contract),
    )


@bp.route("/contract/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def new() -> Page:
    """Of a corporation (`?corporation=`, its KvK number; asked for when one works for several) and `?supplier=`."""
    me, kvk = sessions.me(), request.args.get("supplier")
    mine = corporations_open_to(me, Permission.EDIT_CONTRACTS)
    corporation = _asked(mine)
    if corporation is None:
        return render_template("contracts/choose.html", corporations=mine, supplier=kvk)
    offered = offered_by(corporation)
    form = ContractForm(offered, data=offered.defaults(me, kvk))

    def save() -> Contract:
        return service.create(corporation.kvk, form.agreed(), by=me)

    def done(made: Contract) -> str:
        flash(_("Contract %(number)s is added.", number=made.number), "success")
        return _address(made)

    return answer(Editing(form, save, done, _contract_page(form, corporation, url_for("contracts.index"))))


@bp.route("/contract/<int:contract_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def edit(contract_id: int) -> Page:
    me = sessions.me()
    contract = queries.contract_to_edit(contract_id, me)
    form = ContractForm(offered_by(contract.corporation, contract), contract, dossier_of(contract))

    def save() -> Contract:
        return service.edit(contract_id, form.agreed(), by=me, seen_version=form.seen_version)

    def done(made: Contract) -> str:
        flash(_("Contract %(number)s is changed.", number=made.number), "success")
        return _address(made)

    return answer(Editing(form, save, done, _contract_page(form, contract.corporation, _address(contract))))


@bp.route("/contract/<int:contract_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def delete(contract_id: int) -> Page:
    contract = queries.contract_to_edit(contract_id, sessions.me())
    number = contract.number

    def act(seen_version: int) -> int:
        return service.delete(contract_id, by=sessions.me(), seen_version=seen_version)

    def done(record_id: int) -> str:
        flash_deleted(_("Contract %(number)s is deleted.", number=number), record_id)
        return url_for("contracts.index")

    return answer_deletion(Deletion(contract, number, act, done, _address(contract)))


@bp.route("/contract/<int:contract_id>/amendments/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def new_amendment(contract_id: int) -> Page:
    """`?kind=` is the kind of change that the form begins with; `end` ends the contract."""
    me = sessions.me()
    contract = queries.contract_to_edit(contract_id, me)
    form = AmendmentForm(contract, dossier_of(contract), data={"kind": request.args.get("kind", Change.EXTRA.value)})

    def save() -> Amendment:
        return service.amend(contract_id, form.said(), by=me)

    def done(made: Amendment) -> str:
        flash(_("The change of %(number)s is recorded.", number=made.contract.number), "success")
        return _address(made.contract)

    return answer(Editing(form, save, done, _amendment_page(form)))


@bp.route("/amendment/<int:amendment_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def edit_amendment(amendment_id: int) -> Page:
    me = sessions.me()
    amendment = queries.amendment_to_edit(amendment_id, me)
    form = AmendmentForm(amendment.contract, dossier_of(amendment.contract), amendment)

    def save() -> Amendment:
        return service.edit_amendment(amendment_id, form.said(), by=me, seen_version=form.seen_version)

    def done(made: Amendment) -> str:
        flash(_("Amendment %(name)s is changed.", name=made.name), "success")
        return _address(made.contract)

    return answer(Editing(form, save, done, _amendment_page(form)))


@bp.route("/amendment/<int:amendment_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def delete_amendment(amendment_id: int) -> Page:
    amendment = queries.amendment_to_edit(amendment_id, sessions.me())
    title, back = called(amendment), _address(amendment.contract)

    def act(seen_version: int) -> int:
        return service.delete_amendment(amendment_id, by=sessions.me(), seen_version=seen_version)

    def done(record_id: int) -> str:
        flash_deleted(_("%(name)s is deleted.", name=title), record_id)
        return back

    return answer_deletion(Deletion(amendment, title, act, done, back))


def _asked(mine: Sequence[Corporation]) -> Corporation | None:
    """The one that is asked for, or else the only one. Errors: NotFound, also when it is not for who asks."""
    asked = request.args.get("corporation")
    if asked is not None:
        return corporation_where(sessions.me(), Permission.EDIT_CONTRACTS, asked)
    return mine[0] if len(mine) == 1 else None


def _address(contract: Contract) -> str:
    return url_for("contracts.show", kvk=contract.corporation.kvk, number=contract.number)


def _contract_page(form: ContractForm, corporation: Corporation, cancel: str) -> Callable[[Effects], str]:
    return partial(_page, "contracts/form.html", form=form, corporation=corporation, cancel=cancel)


def _amendment_page(form: AmendmentForm) -> Callable[[Effects], str]:
    return partial(_page, "contracts/amendment.html", form=form, cancel=_address(form.contract))


def _page(template: str, effects: Effects, **values: Any) -> str:
    return render_template(template, effects=effects, **values)
