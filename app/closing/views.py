"""The pages at the end of a contract: its settlement step by step, the excuse, and what became of people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import sessions
from app.accounts.permissions import Permission, requires
from app.assessments.queries import assessment_of, dossier_of
from app.closing import after, page, queries, service
from app.closing.forms import AfterForm, ExcuseForm, SettleForm, WithdrawForm
from app.closing.models import AfterProject, Settlement
from app.closing.queries import OFFER
from app.contracts.models import Contract
from app.contributions.queries import sees_persons
from app.editing.answer import Editing, Effects, Page, answer
from app.editing.decision import Decision, answer_decision
from app.statements.in_force import withdraw_final
from app.statements.queries import final_statement_of
from app.web.clock import today
from app.web.errors import REFUSED, DomainError, NotFound, status_of
from app.web.formats import day_typed
from app.web.sentences import sentence

bp = Blueprint("closing", __name__)
bp.record_once(page.register)
after_bp = Blueprint("after_project", __name__)


@bp.get("/contract/<int:contract_id>/settlement")
@requires(Permission.SEE_CONTRACTS)
def show(contract_id: int) -> str:
    return _shown(contract_id)


@bp.route("/contract/<int:contract_id>/settlement/new", methods=["GET", "POST"])
@requires(Permission.SETTLE)
def propose(contract_id: int) -> Page:
    me = sessions.me()
    contract = queries.contract_to_settle(contract_id, me)
    figures = assessment_of(contract, today())
    form = SettleForm(dossier_of(contract), figures)
    refusal = service.refusal_to_settle(contract, figures)

    def save() -> Settlement:
        note = form.note.value
        return service.propose(contract_id, instalment_cents=form.instalment_cents, note=note, by=me)

    def done(_made: Settlement) -> str:
        flash(_("The settlement is proposed. A colleague confirms it."), "success")
        return _address(contract_id)

    def asked(effects: Effects) -> str:
        return render_template(
            "closing/propose.html",
            contract=contract,
            figures=figures,
            form=form,
            refusal=sentence(refusal) if refusal else None,
            effects=effects,
            cancel=_address(contract_id),
        )

    return answer(Editing(form, save, done, asked, preview="closing/outcome.html"))


@bp.route("/contract/<int:contract_id>/settlement/confirm", methods=["GET", "POST"])
@requires(Permission.SETTLE)
def confirm(contract_id: int) -> Page:
    contract = queries.contract_to_settle(contract_id, sessions.me())
    settlement = queries.standing_settlement(contract)
    act = partial(service.confirm, contract_id, by=sessions.me())
    words = _("The contract is settled. A final statement can be issued now.")
    return _decide("confirm", contract, settlement, act, words, settlement=settlement)


@bp.route("/contract/<int:contract_id>/settlement/withdraw", methods=["GET", "POST"])
@requires(Permission.SETTLE)
def withdraw(contract_id: int) -> Page:
    me, form = sessions.me(), WithdrawForm()
    contract = queries.contract_to_settle(contract_id, me)
    settlement = queries.standing_settlement(contract)
    if request.method == "GET":
        form.version.data = str(settlement.row_version) if settlement else ""
        return _withdrawing(contract, settlement, form)
    if not form.validate():
        return _withdrawing(contract, settlement, form), REFUSED
    try:
        service.withdraw(
            contract_id, reason=form.reason.value, by=me, seen_version=form.seen_version, also=withdraw_final
        )
    except NotFound:
        raise
    except DomainError as refusal:
        form.show(refusal)
        return _withdrawing(contract, settlement, form), status_of(refusal)
    flash(_("The settlement is withdrawn and stays readable."), "success")
    return redirect(_address(contract_id))


@bp.route("/contract/<int:contract_id>/excuse", methods=["GET", "POST"])
@requires(Permission.SETTLE)
def excuse(contract_id: int) -> Page:
    me = sessions.me()
    contract = queries.contract_to_settle(contract_id, me)
    form = ExcuseForm(contract)

    def save() -> Contract:
        return service.propose_excuse(
            contract_id, reason=form.reason.value, effort=form.effort.value, by=me, seen_version=form.seen_version
        )

    def done(_made: Contract) -> str:
        flash(_("The excuse is proposed. Nothing changes until a colleague agrees."), "success")
        return _address(contract_id)

    def asked(_effects: Effects) -> str:
        return render_template(
            "closing/excuse.html", contract=contract, form=form, cancel=_address(contract_id), moves_figures=False
        )

    return answer(Editing(form, save, done, asked))


@bp.route("/contract/<int:contract_id>/excuse/agree", methods=["GET", "POST"])
@requires(Permission.SETTLE)
def agree(contract_id: int) -> Page:
    contract = queries.contract_to_settle(contract_id, sessions.me())
    act = partial(service.agree_excuse, contract_id, by=sessions.me())
    return _decide("agree", contract, contract, act, _("The supplier is excused: there is no penalty."))


@bp.route("/contract/<int:contract_id>/excuse/withdraw", methods=["GET", "POST"])
@requires(Permission.SETTLE)
def withdraw_excuse(contract_id: int) -> Page:
    contract = queries.contract_to_settle(contract_id, sessions.me())
    act = partial(service.withdraw_excuse, contract_id, by=sessions.me())
    words = _("The excuse is withdrawn. The history keeps what it said.")
    return _decide("withdraw_excuse", contract, contract, act, words)


@after_bp.get("/after-project")
@requires(Permission.ENTER_CONTRIBUTIONS)
def due() -> str:
    listing = queries.people_to_ask_about(sessions.me(), OFFER.choice(request.args), today())
    return render_template("closing/due.html", listing=listing)


@after_bp.route("/after-project/<int:contribution_id>", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def record(contribution_id: int) -> Page:
    me = sessions.me()
    ended = queries.placement_to_ask_about(contribution_id, me)
    form = AfterForm(ended.known, data={"asked_on": day_typed(today())})
    refusal = after.refusal_to_record(ended)

    def save() -> AfterProject:
        return after.record(contribution_id, **form.said, by=me, seen_version=form.seen_version)

    def done(_made: AfterProject) -> str:
        flash(_("What became of the person of %(name)s is recorded.", name=ended.version.reference), "success")
        return url_for("after_project.due")

    def asked(_effects: Effects) -> str:
        return render_template(
            "closing/record.html",
            ended=ended,
            form=form,
            refusal=sentence(refusal) if refusal else None,
            sees_persons=sees_persons(me, ended.version.contract),
            cancel=url_for("after_project.due"),
            moves_figures=False,
        )

    return answer(Editing(form, save, done, asked))


def _address(contract_id: int) -> str:
    return url_for("closing.show", contract_id=contract_id)


def _shown(contract_id: int) -> str:
    me = sessions.me()
    contract = queries.contract_seen_by(me, contract_id)
    closing = page.closing_of(me, contract)
    final = closing.standing and final_statement_of(closing.standing)
    return render_template("closing/show.html", contract=contract, closing=closing, final=final)


def _withdrawing(contract: Contract, settlement: Settlement | None, form: WithdrawForm) -> str:
    return render_template(
        "closing/withdraw.html",
        contract=contract,
        settlement=settlement,
        final=settlement and final_statement_of(settlement),
        form=form,
        cancel=_address(contract.id),
    )


def _decide(template: str, contract: Contract, row: Any, act: Callable[..., Any], words: str, **values: Any) -> Page:
    """A button on a page of its own, which says first what it does."""

    def done(_made: Any) -> str:
        flash(words, "success")
        return _address(contract.id)

    return answer_decision(
        Decision(
            row,
            contract.number,
            lambda seen_version: act(seen_version=seen_version),
            done,
            _address(contract.id),
            template=f"closing/{template}.html",
            values={"contract": contract, **values},
        )
    )
