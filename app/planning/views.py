"""The pages of plans, reports and handovers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import sessions
from app.accounts.permissions import Permission, requires
from app.assessments.queries import assessment_of, course_of, dossier_of
from app.contracts.models import Contract
from app.editing.answer import Editing, Effects, Page, answer
from app.planning import card, queries, service
from app.planning.desk import desk_of, desk_of_report
from app.planning.efforts import efforts_of
from app.planning.forms import AgreeForm, AnswerForm, HandoverForm, RemarkForm, ReportForm, ReportingForm, ReturnForm
from app.planning.models import Handover, Plan, PlanStatus, Report, ReportingChoice
from app.planning.plan_form import PlanForm
from app.planning.register import OFFER, listing_of
from app.planning.reporting import due_for, months_of
from app.planning.rights import rights_on
from app.rules import RuleError
from app.rules.plan import plan_course, worth
from app.web.clock import today
from app.web.errors import REFUSED, Conflict, DomainError, NotFound, status_of
from app.web.reasons import labels_of
from app.web.record_form import SeenForm
from app.web.sentences import sentence

bp = Blueprint("planning", __name__)
bp.record_once(card.register)

ADD_ROW = "add_row"
WORTH = "planning/worth.html"


@bp.route("/contract/<int:contract_id>/plan/new", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def new_plan(contract_id: int) -> Page:
    """It begins as what is agreed, when something is."""
    me = sessions.me()
    contract = queries.contract_to_plan(contract_id, me)
    plans = queries.plans_of(contract)
    waiting = next((plan for plan in plans if plan.status in queries.WAITING), None)
    if waiting and request.method == "GET":
        return redirect(url_for("planning.plan", plan_id=waiting.id))
    agreed = next((plan for plan in plans if plan.status is PlanStatus.AGREED), None)
    form = PlanForm(dossier_of(contract), data=PlanForm.typed_from(agreed) if agreed else {})

    def save() -> Plan:
        return service.write_plan(contract_id, form.said(), by=me)

    return _plan_answer(form, contract, save, _address(contract))


@bp.route("/plan/<int:plan_id>/edit", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def edit_plan(plan_id: int) -> Page:
    me = sessions.me()
    plan = queries.plan_to_write(plan_id, me)
    if plan.status is not PlanStatus.DRAFT and request.method == "GET":
        return redirect(url_for("planning.plan", plan_id=plan_id))
    form = PlanForm(dossier_of(plan.contract), plan)

    def save() -> Plan:
        return service.edit_plan(plan_id, form.said(), by=me, seen_version=form.seen_version)

    return _plan_answer(form, plan.contract, save, url_for("planning.plan", plan_id=plan_id))


@bp.get("/plan/<int:plan_id>")
@requires(Permission.SEE_PLANS)
def plan(plan_id: int) -> Page:
    return _plan_shown(plan_id)


@bp.post("/plan/<int:plan_id>/propose")
@requires(Permission.ENTER_CONTRIBUTIONS)
def propose(plan_id: int) -> Page:
    return _plan_acted(plan_id, AnswerForm(), service.propose_plan, _("The plan waits for the other side."))


@bp.post("/plan/<int:plan_id>/take-back")
@requires(Permission.ENTER_CONTRIBUTIONS)
def take_back(plan_id: int) -> Page:
    return _plan_acted(plan_id, AnswerForm(), service.take_back_plan, _("The plan is a draft again."))


@bp.post("/plan/<int:plan_id>/agree")
@requires(Permission.ENTER_CONTRIBUTIONS)
def agree(plan_id: int) -> Page:
    form = AgreeForm()

    def act(number: int, **seen: Any) -> Plan:
        return service.agree_plan(number, note=form.note.value or None, **seen)

    return _plan_acted(plan_id, form, act, _("The plan is agreed: its line stands in the course of the contract."))


@bp.post("/plan/<int:plan_id>/return")
@requires(Permission.ENTER_CONTRIBUTIONS)
def send_back(plan_id: int) -> Page:
    form = ReturnForm()

    def act(number: int, **seen: Any) -> Plan:
        return service.return_plan(number, reason=form.reason.value, **seen)

    return _plan_acted(plan_id, form, act, _("The plan is a draft again. Whoever wrote it reads why."))


@bp.post("/plan/<int:plan_id>/delete")
@requires(Permission.ENTER_CONTRIBUTIONS)
def delete_plan(plan_id: int) -> Page:
    form = AnswerForm()
    contract = queries.plan_to_write(plan_id, sessions.me()).contract
    address = _address(contract)
    try:
        service.delete_plan(plan_id, by=sessions.me(), seen_version=form.seen_version)
    except NotFound:
        raise
    except DomainError as error:
        return _plan_shown(plan_id, refusal=sentence(error)), status_of(error)
    flash(_("The draft is thrown away."), "success")
    return redirect(address)


@bp.get("/reports")
@requires(Permission.SEE_PLANS)
def due() -> str:
    """The contracts on which a report is due or overdue."""
    found = due_for(sessions.me(), today())
    return render_template(
        "planning/due.html",
        listing=listing_of(found, OFFER.choice(request.args)),
        several=len({each.contract.corporation_id for each in found}) > 1,
        on=today(),
    )


@bp.route("/contract/<int:contract_id>/report", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def report(contract_id: int) -> Page:
    """Of the period that begins on `?period=`, or else of the oldest that is due."""
    me = sessions.me()
    contract = queries.contract_to_plan(contract_id, me)
    form = ReportForm()
    if request.method == "GET" or not form.validate():
        return _report_page(contract, form), 200 if request.method == "GET" else REFUSED
    try:
        if form.days is None:
            raise Conflict("period_unknown")
        nil, remark = bool(form.is_nil.data), form.remark.value
        made = service.report(contract_id, form.days, nil=nil, remark=remark, by=me)
    except NotFound:
        raise
    except DomainError as error:
        return _report_page(contract, form, sentence(error)), status_of(error)
    flash(_("The report of this period is handed in."), "success")
    return redirect(url_for("planning.report_shown", report_id=made.id))


@bp.get("/report/<int:report_id>")
@requires(Permission.SEE_PLANS)
def report_shown(report_id: int) -> Page:
    return _report_shown(queries.report_seen_by(sessions.me(), report_id), RemarkForm(formdata=None))


@bp.post("/report/<int:report_id>/remark")
@requires(Permission.ENTER_CONTRIBUTIONS)
def remark(report_id: int) -> Page:
    me, form = sessions.me(), RemarkForm()
    found = queries.report_to_remark(report_id, me)
    if not form.validate():
        return _report_shown(found, form), REFUSED
    service.remark_on(report_id, form.text.value, by=me)
    flash(_("The remark stands with the report."), "success")
    return redirect(url_for("planning.report_shown", report_id=report_id))


@bp.route("/contract/<int:contract_id>/reporting", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def reporting(contract_id: int) -> Page:
    """How this contract is reported."""
    me = sessions.me()
    contract = queries.contract_to_lead(contract_id, me)
    form = ReportingForm(months_of(contract.corporation), queries.choices_of([contract]).get(contract.id))

    def save() -> ReportingChoice:
        chosen = form.chosen, form.starts_on.value
        return service.choose_reporting(contract_id, *chosen, by=me, seen_version=form.seen_version)

    return answer(Editing(form, save, partial(_saved, contract), _page("planning/reporting.html", form, contract)))


@bp.route("/contract/<int:contract_id>/handover", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def handover(contract_id: int) -> Page:
    me = sessions.me()
    contract = queries.contract_to_lead(contract_id, me)
    form = HandoverForm(queries.handover_of(contract))

    def save() -> Handover:
        return service.hand_over(contract_id, form.values(), by=me, seen_version=form.seen_version)

    return answer(Editing(form, save, partial(_saved, contract), _page("planning/handover.html", form, contract)))


@bp.post("/handover/<int:handover_id>/accept")
@requires(Permission.EDIT_CONTRACTS)
def accept(handover_id: int) -> Page:
    made = service.accept_handover(handover_id, by=sessions.me(), seen_version=AnswerForm().seen_version)
    flash(_("The handover is accepted."), "success")
    return redirect(f"{_address(made.contract)}#handover")


def _address(contract: Contract) -> str:
    return url_for("contracts.show", kvk=contract.corporation.kvk, number=contract.number)


def _saved(contract: Contract, _made: object) -> str:
    flash(_("It is recorded with contract %(number)s.", number=contract.number), "success")
    return _address(contract)


def _page(template: str, form: SeenForm, contract: Contract) -> Callable[[Effects], str]:
    def page(effects: Effects) -> str:
        return render_template(template, form=form, contract=contract, cancel=_address(contract), effects=effects)

    return page


def _plan_answer(form: PlanForm, contract: Contract, save: Callable[[], Plan], cancel: str) -> Page:
    def page(effects: Effects) -> str:
        return render_template("planning/form.html", form=form, contract=contract, cancel=cancel, effects=effects)

    def done(made: Plan) -> str:
        flash(_("The draft is kept. Propose it when it is ready."), "success")
        return url_for("planning.plan", plan_id=made.id)

    if request.form.get("action") == ADD_ROW:
        form.add_row()
        return page(None)
    return answer(Editing(form, save, done, page, preview=WORTH))


def _plan_shown(plan_id: int, *, refusal: str | None = None, **forms: Any) -> str:
    """The page of one version; `refusal` says why what was asked did not happen, and what was typed stays."""
    me = sessions.me()
    shown = queries.plan_seen_by(me, plan_id)
    dossier = dossier_of(shown.contract)
    efforts = efforts_of(shown.rows)
    button, agree_form = AnswerForm(formdata=None), forms.get("agree") or AgreeForm(formdata=None)
    return_form = forms.get("back") or ReturnForm(formdata=None)
    for each in (button, agree_form, return_form):
        each.version.data = str(shown.row_version)
    return render_template(
        "planning/plan.html",
        plan=shown,
        plans=queries.plans_of(shown.contract),
        worth=worth(dossier, efforts),
        course=course_of(shown.contract),
        planned=plan_course(dossier, efforts),
        dossier=dossier,
        figures=assessment_of(shown.contract, today()),
        labels=labels_of(dossier.rate_table),
        rights=rights_on(me, shown),
        refusal=refusal,
        button=button,
        agree_form=agree_form,
        return_form=return_form,
    )


def _plan_acted(plan_id: int, form: SeenForm, act: Callable[..., Plan], words: str) -> Page:
    """Do it and say so; when it can't be done show the page as it is now, with the reason and with what was typed."""
    forms = {"agree": form} if isinstance(form, AgreeForm) else {"back": form} if isinstance(form, ReturnForm) else {}
    queries.plan_to_write(plan_id, sessions.me())
    if not form.validate():
        return _plan_shown(plan_id, **forms), REFUSED
    try:
        act(plan_id, by=sessions.me(), seen_version=form.seen_version)
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        return _plan_shown(plan_id, refusal=sentence(error), **forms), status_of(error)
    flash(words, "success")
    return redirect(url_for("planning.plan", plan_id=plan_id))


def _report_page(contract: Contract, form: ReportForm, refusal: str | None = None) -> str:
    """The period that is asked for, or the oldest that is due, with what stands in it; none may be due."""
    desk = desk_of(sessions.me(), contract, request.args.get("period", ""))
    if desk.days:
        form.stand_for(desk.days, is_nil=desk.is_nil)
    return render_template("planning/report_form.html", desk=desk, contract=contract, form=form, refusal=refusal)


def _report_shown(found: Report, form: RemarkForm) -> str:
    desk = desk_of_report(sessions.me(), found)
    return render_template("planning/report.html", desk=desk, contract=found.contract, report=found, form=form)
