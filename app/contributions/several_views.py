"""The pages of several contributions at once: drafts to submit or withdraw, the last period's copied, one employment
entered once over several contracts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, requires
from app.assessments.queries import dossier_of, dossiers
from app.contracts.models import Contract
from app.contributions import queries, service, several
from app.contributions.copying import Copy
from app.contributions.forms import SeveralForm
from app.contributions.judging import Seen, seen_in
from app.contributions.several import NotAll
from app.contributions.spread import Spread, spread_of
from app.portfolio.judging import looked_at
from app.portfolio.last_period import Periods, copies_on, periods_on
from app.rules import RuleError
from app.rules.dossier import Status
from app.web.clock import today
from app.web.errors import REFUSED, DomainError, NotFound, Stale, status_of
from app.web.listing import a_day, a_number
from app.web.reasons import labels_of
from app.web.sentences import sentence

bp = Blueprint("several", __name__)

WITHDRAW = "withdraw"
Page = Response | str | tuple[str, int]


@bp.route("/contributions/<int:contract_id>/drafts", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def drafts(contract_id: int) -> Page:
    """The drafts of a contract; `?only=` (their ids) ticks these, otherwise all of one's own are."""
    me, form = sessions.me(), SeveralForm()
    contract = queries.contract_to_enter(contract_id, me)
    if request.method == "GET":
        only = {int(each) for each in request.args.getlist("only") if a_number(each)}
        return _drafts_page(contract, form, only=only or None)
    chosen, is_withdrawal = seen_in(request.form.getlist("chosen")), request.form.get("action") == WITHDRAW
    if not form.validate() or not chosen:
        form.form_errors += [] if chosen else [_("Choose at least one draft.")]
        return _drafts_page(contract, form, only=chosen.keys()), REFUSED
    act = several.withdraw_drafts if is_withdrawal else several.submit_drafts
    try:
        made = act(contract_id, chosen, by=me)
    except NotAll as refusal:
        contract = queries.contract_to_enter(contract_id, me)
        form.show(refusal)
        return _drafts_page(contract, form, only=chosen.keys(), refusals=refusal.reasons), status_of(refusal)
    _say(len(made), is_withdrawal=is_withdrawal)
    return redirect(_after(contract_id))


@bp.route("/contributions/<int:contract_id>/copy", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def copy(contract_id: int) -> Page:
    """Drafts as what was done in the period before: `?period=` is the first day of the one that is reported."""
    me, form = sessions.me(), SeveralForm()
    contract = queries.contract_to_enter(contract_id, me)
    periods = _periods(contract)
    found = copies_on(contract, periods, me)
    if request.method == "GET":
        return _copy_page(contract, form, periods, found)
    chosen = seen_in(request.form.getlist("chosen"))
    if not form.validate() or not chosen:
        form.form_errors += [] if chosen else [_("Choose what you want to copy.")]
        return _copy_page(contract, form, periods, found, chosen), REFUSED
    try:
        wanted = _wanted(found, chosen)
        entered = [each.entered for each in wanted if each.entered]
        if any(each.refusal for each in wanted) and not service.are_saved(
            contract_id, entered, by=me, key=form.form_key
        ):
            raise Stale
        made = service.save_drafts(contract_id, entered, by=me, key=form.form_key)
    except NotFound:
        raise
    except (DomainError, RuleError) as refusal:
        form.show(refusal)
        contract = queries.contract_to_enter(contract_id, me)
        return _copy_page(contract, form, periods, copies_on(contract, periods, me), chosen), status_of(refusal)
    flash(
        ngettext(
            "%(num)d draft is made. Look at it, and submit it when it is right; or withdraw it here.",
            "%(num)d drafts are made. Look at them, and submit them when they are right; or withdraw them here.",
            len(made),
        ),
        "success",
    )
    return redirect(url_for("several.drafts", contract_id=contract_id, only=[each.id for each in made]))


@bp.route("/contributions/<int:contract_id>/placements/spread", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def spread(contract_id: int) -> Page:
    """One person who works on several contracts of the same supplier, entered once."""
    me = sessions.me()
    form = _spread(contract_id)
    if request.method == "GET":
        return _spread_page(form)
    action = request.form.get("action")
    if action == "add_row":
        form.add_row()
        return _spread_page(form)
    is_right = form.validate()
    if action == "calculate" or not is_right:
        return (_spread_page(form), 200 if action == "calculate" else REFUSED)
    status = Status.DRAFT if action == "draft" else Status.SUBMITTED
    try:
        made = several.spread(form.entered(), by=me, key=form.form_key, status=status)
    except NotFound:
        raise
    except (DomainError, RuleError) as refusal:
        form.show(refusal)
        return _spread_page(form), status_of(refusal)
    flash(
        ngettext(
            "The placement is kept as a draft on %(num)d contract.",
            "The placement is kept as a draft on %(num)d contracts.",
            len(made),
        )
        if status is Status.DRAFT
        else ngettext(
            "The placement is submitted on %(num)d contract.",
            "The placement is submitted on %(num)d contracts.",
            len(made),
        ),
        "success",
    )
    return redirect(url_for("contributions.show", contribution_id=made[0].id))


@bp.post("/contributions/<int:contract_id>/placements/spread/preview")
@requires(Permission.ENTER_CONTRIBUTIONS)
def preview_spread(contract_id: int) -> str:
    form = _spread(contract_id)
    form.validate()
    return render_template("contributions/spread_worth.html", form=form)


def _periods(contract: Contract) -> Periods:
    asked = request.args.get("period", "")
    return periods_on(contract, today(), date.fromisoformat(asked) if a_day(asked) else None)


def _wanted(found: Sequence[Copy], chosen: Seen) -> list[Copy]:
    """Those that were chosen. Errors: Stale when one is not as it was seen, or cannot be copied any more."""
    wanted = [each for each in found if each.entered and chosen.get(each.version.id) == each.version.row_version]
    if len(wanted) < len(chosen):
        raise Stale
    return wanted


def _after(contract_id: int) -> str:
    """Where one goes on: what drafts are left, or else the contract."""
    contract = queries.contract_to_enter(contract_id, sessions.me())
    if queries.drafts_on(contract_id, sessions.me()):
        return url_for("several.drafts", contract_id=contract_id)
    return url_for("contracts.show", kvk=contract.corporation.kvk, number=contract.number)


def _say(number: int, *, is_withdrawal: bool) -> None:
    if is_withdrawal:
        words = ngettext("%(num)d draft is withdrawn.", "%(num)d drafts are withdrawn.", number)
    else:
        words = ngettext(
            "%(num)d draft is submitted and waits for a judgement.",
            "%(num)d drafts are submitted and wait for a judgement.",
            number,
        )
    flash(words, "success")


def _drafts_page(
    contract: Contract,
    form: SeveralForm,
    *,
    only: Collection[int] | None = None,
    refusals: Mapping[int, DomainError | RuleError] | None = None,
) -> str:
    me = sessions.me()
    found = looked_at(queries.drafts_on(contract.id, me), today())
    own = [each for each in found if each.version.entered_by_id == me.id]
    return render_template(
        "contributions/drafts.html",
        contract=contract,
        form=form,
        drafts=found,
        own=own,
        ticked={each.version.id for each in own if only is None or each.version.id in only},
        refusals={number: sentence(each) for number, each in (refusals or {}).items()},
    )


def _copy_page(
    contract: Contract, form: SeveralForm, periods: Periods, found: Sequence[Copy], chosen: Seen | None = None
) -> str:
    return render_template(
        "contributions/copy.html",
        contract=contract,
        form=form,
        periods=periods,
        copies=[each for each in found if not each.refusal],
        left_out=[(each.version, sentence(each.refusal)) for each in found if each.refusal],
        labels=labels_of(dossier_of(contract).rate_table),
        ticked={each.version.id for each in found} if chosen is None else chosen.keys(),
    )


def _spread(contract_id: int) -> Spread:
    me = sessions.me()
    contract = queries.contract_to_enter(contract_id, me)
    beside = queries.contracts_beside(contract, me, today())
    sent = request.form if request.method == "POST" else None
    return spread_of(beside, dossiers(beside), sent, today())


def _spread_page(form: Spread) -> str:
    contract = form.parts[0].contract
    persons = queries.last_used_persons(contract, sessions.me())
    return render_template("contributions/spread.html", form=form, contract=contract, persons=persons)
