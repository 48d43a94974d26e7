"""The pages of contributions: enter one with a live preview, look at one, correct, judge or withdraw it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, requires
from app.assessments.queries import dossier_of
from app.confirmations.queries import supported
from app.contracts.models import Contract
from app.contributions import queries, service
from app.contributions.desk import Desk, EntryForms, rights_of, why, worth_in_words
from app.contributions.entry_form import YES
from app.contributions.forms import JudgeForm, ManyForm, PlacementForm, RejectForm
from app.contributions.judging import Outcome, Seen, judge_each, seen_in
from app.contributions.models import Contribution, ContributionKind
from app.contributions.preview import Preview
from app.contributions.register import OFFER
from app.contributions.units import unit
from app.contributions.words import CHECKED_BY, SEVERITIES, sentence_of_finding
from app.planning.queries import agreed_efforts
from app.portfolio.contributions import listing_of
from app.portfolio.judging import as_entered, looked_at
from app.rules import RuleError
from app.rules.checks import planned_by_block
from app.rules.dossier import WAITING, Status
from app.statements.queries import contradicted_by
from app.web.addresses import HIGHEST
from app.web.clock import today
from app.web.errors import REFUSED, DomainError, NotFound, Stale, status_of
from app.web.reasons import labels_of
from app.web.sentences import sentence

bp = Blueprint("contributions", __name__)
bp.add_app_template_filter(unit)
bp.add_app_template_global(sentence_of_finding)
bp.record_once(lambda state: state.app.jinja_env.globals.update(CHECKED_BY=CHECKED_BY, SEVERITIES=SEVERITIES))

PREVIEWED = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED)
Page = Response | str | tuple[str, int]


@bp.route("/contributions/<int:contract_id>/placements/new", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def new_placement(contract_id: int) -> Page:
    return _entry(_desk(contract_id, ContributionKind.PLACEMENT))


@bp.route("/contributions/<int:contract_id>/activities/new", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def new_activity(contract_id: int) -> Page:
    return _entry(_desk(contract_id, ContributionKind.ACTIVITY))


@bp.route("/contribution/<int:contribution_id>/correct", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def correct(contribution_id: int) -> Page:
    version = queries.contribution_to_enter(contribution_id, sessions.me())
    return _entry(_desk_at(version.contract, version.kind, version))


@bp.post("/contributions/<int:contract_id>/placements/preview")
@requires(Permission.ENTER_CONTRIBUTIONS)
def preview_placement(contract_id: int) -> str:
    return _live_preview(contract_id, ContributionKind.PLACEMENT)


@bp.post("/contributions/<int:contract_id>/activities/preview")
@requires(Permission.ENTER_CONTRIBUTIONS)
def preview_activity(contract_id: int) -> str:
    return _live_preview(contract_id, ContributionKind.ACTIVITY)


@bp.get("/contributions")
@requires(Permission.SEE_CONTRACTS)
def index() -> Page:
    me = sessions.me()
    return render_template(
        "contributions/index.html",
        listing=listing_of(me, OFFER.choice(request.args), today()),
        waiting=queries.number_waiting_for(me),
    )


@bp.route("/contributions/to-judge", methods=["GET", "POST"])
@requires(Permission.JUDGE)
def to_judge() -> Page:
    """What waits; those that are chosen are judged together, each by a command of its own."""
    form = ManyForm()
    if request.method == "GET":
        return _to_judge_page(form)
    chosen = seen_in(request.form.getlist("chosen"))
    is_rejection = request.form.get("action") == "reject"
    form.reason.needed = is_rejection
    if not form.validate() or not chosen:
        form.form_errors += [] if chosen else [_("Choose what you want to judge.")]
        return _to_judge_page(form, chosen), REFUSED
    reason = form.reason.value if is_rejection else None
    return _to_judge_page(ManyForm(formdata=None), outcomes=judge_each(chosen, by=sessions.me(), reason=reason))


def _to_judge_page(form: ManyForm, chosen: Seen | None = None, outcomes: Sequence[Outcome] = ()) -> str:
    me = sessions.me()
    waiting = queries.waiting_for(me)
    return render_template(
        "contributions/to_judge.html",
        waiting=looked_at(waiting, today()),
        number=queries.number_waiting_for(me),
        several=len({version.contract.corporation_id for version in waiting}) > 1,
        form=form,
        chosen=chosen or {},
        outcomes=outcomes,
    )


@bp.get("/contribution/<int:contribution_id>")
@requires(Permission.SEE_CONTRACTS)
def show(contribution_id: int) -> Page:
    return _shown(contribution_id)


@bp.post("/contribution/<int:contribution_id>/approve")
@requires(Permission.JUDGE)
def approve(contribution_id: int) -> Page:
    form = JudgeForm()

    def act() -> str:
        made = service.approve(contribution_id, by=sessions.me(), seen_version=form.seen_version)
        return str(_("%(reference)s is approved and counts from now on.", reference=made.reference))

    return _acted(contribution_id, act)


@bp.post("/contribution/<int:contribution_id>/reject")
@requires(Permission.JUDGE)
def reject(contribution_id: int) -> Page:
    form = RejectForm()
    queries.contribution_to_judge(contribution_id, sessions.me())
    if not form.validate():
        return _shown(contribution_id, reject_form=form), REFUSED

    def act() -> str:
        made = service.reject(
            contribution_id, by=sessions.me(), seen_version=form.seen_version, reason=form.reason.value
        )
        return str(_("%(reference)s is rejected. Whoever entered it reads why.", reference=made.reference))

    return _acted(contribution_id, act, form)


@bp.post("/contribution/<int:contribution_id>/withdraw")
@requires(Permission.ENTER_CONTRIBUTIONS)
def withdraw(contribution_id: int) -> Page:
    form, with_others = JudgeForm(), request.form.get("others") == YES

    def act() -> str:
        made = service.withdraw(
            contribution_id, by=sessions.me(), seen_version=form.seen_version, with_others=with_others
        )
        return str(_("%(reference)s is withdrawn and stays readable.", reference=made.reference))

    return _acted(contribution_id, act)


def _desk(contract_id: int, kind: ContributionKind, corrects: int | None = None) -> Desk:
    """Errors: NotFound, also when the version that is corrected stands on another contract."""
    contract = queries.contract_to_enter(contract_id, sessions.me())
    return _desk_at(contract, kind, _version_on(contract, kind, corrects))


def _desk_at(contract: Contract, kind: ContributionKind, version: Contribution | None) -> Desk:
    """With what other features know: whether something shows that it is so, and what the plan foresees."""
    dossier, efforts = dossier_of(contract), agreed_efforts([contract]).get(contract.id)
    shown = bool(supported([version.id])) if version else None
    return Desk(contract, dossier, kind, version, shown, planned_by_block(dossier, efforts) if efforts else None)


def _why_rejected(desk: Desk) -> str | None:
    """Why the version that is corrected was rejected, or the one before the draft that somebody goes on with."""
    version = desk.corrected
    before = version.replaces if version and version.status in WAITING else None
    return (version and version.rejected_reason) or (before and before.rejected_reason) or None


def _version_on(contract: Contract, kind: ContributionKind, contribution_id: int | None) -> Contribution | None:
    if contribution_id is None:
        return None
    if contribution_id > HIGHEST:
        raise NotFound
    version = queries.contribution_to_enter(contribution_id, sessions.me())
    if version.contract_id != contract.id or version.kind is not kind:
        raise NotFound
    return version


def _entry(desk: Desk) -> Page:
    """The form of a new contribution or of a correction: opened, reckoned, refused or saved."""
    if request.method == "GET":
        return _opened(desk)
    form, action = desk.form(desk.dossier.rate_table, desk.corrected), request.form.get("action")
    if action == "add_row" and isinstance(form, PlacementForm):
        form.add_row()
        return _entry_page(desk, form)
    is_right = form.validate()
    if action == "calculate":
        return _entry_page(desk, form, _typed_worth(desk, form))
    status = REFUSED
    if is_right:
        try:
            return _saved(desk, form, is_draft=action == "draft")
        except (DomainError, RuleError) as error:
            desk = _met(desk, form, error)
            status = status_of(error)
    return _entry_page(desk, form, _typed_worth(desk, form)), status


def _opened(desk: Desk) -> str:
    """Empty, or as the version that is corrected, or as the one that is copied but for another person."""
    table = desk.dossier.rate_table
    model = desk.corrected or _version_on(desk.contract, desk.kind, request.args.get("copy", type=int))
    if model is None:
        return _entry_page(desk, desk.form(table))
    copied = {} if desk.corrected else desk.form.typed_from(model) | {"person": ""}
    form = desk.form(table, desk.corrected, data=copied)
    return _entry_page(desk, form, desk.reckon(as_entered(model), today()))


def _saved(desk: Desk, form: EntryForms, *, is_draft: bool) -> Response:
    me, entered, key = sessions.me(), form.entered(), form.form_key
    if desk.corrected:
        status = Status.DRAFT if is_draft else Status.SUBMITTED
        made = service.correct(
            desk.corrected.id, entered, by=me, seen_version=form.seen_version, status=status, key=key
        )
    else:
        save = service.save_draft if is_draft else service.submit
        made = save(desk.contract.id, entered, by=me, key=key)
    if is_draft:
        flash(_("%(reference)s is kept as a draft. Nobody judges it yet.", reference=made.reference), "success")
    else:
        flash(_("%(reference)s is submitted. It counts once it is approved.", reference=made.reference), "success")
    return redirect(url_for("contributions.show", contribution_id=made.id))


def _met(desk: Desk, form: EntryForms, error: DomainError | RuleError) -> Desk:
    """Where to go on after a refusal: beside the newest version, when somebody was quicker. What was typed stays."""
    if desk.corrected is None or not isinstance(error, Stale):
        form.show(error)
        return desk
    newest = queries.versions_of(desk.corrected)[0]
    form.stand_beside(newest)
    form.meet()
    if not form.differences:
        form.show(Stale("stale_correction", reference=newest.reference))
    return replace(desk, corrected=newest)


def _entry_page(desk: Desk, form: EntryForms, reckoned: Preview | None = None) -> str:
    persons = queries.last_used_persons(desk.contract, sessions.me()) if isinstance(form, PlacementForm) else ()
    worth = worth_in_words(desk, reckoned)
    return render_template(
        f"contributions/{desk.kind}.html", desk=desk, form=form, persons=persons, reason=_why_rejected(desk), **worth
    )


def _live_preview(contract_id: int, kind: ContributionKind) -> str:
    """The piece of the page that says what it is worth, for what has been typed so far. Nothing is saved."""
    desk = _desk(contract_id, kind, request.args.get("corrects", type=int))
    form = desk.form(desk.dossier.rate_table, desk.corrected)
    form.validate()
    worth = worth_in_words(desk, _typed_worth(desk, form))
    unclear = [problem for problem in form.problems() if not problem.is_empty]
    return render_template("contributions/preview.html", desk=desk, unclear=unclear, **worth)


def _typed_worth(desk: Desk, form: EntryForms) -> Preview | None:
    """What stands in a form that was looked through would be worth; None while it can't be reckoned."""
    return desk.reckon(form.entered(), today()) if form.can_be_reckoned else None


def _shown(contribution_id: int, *, refusal: str | None = None, reject_form: RejectForm | None = None) -> str:
    """The page of one version; `refusal` says why what was asked did not happen, and what was typed stays."""
    me = sessions.me()
    version = queries.contribution_seen_by(me, contribution_id)
    versions = queries.versions_of(version)
    desk = _desk_at(version.contract, version.kind, version)
    judge_form, reject_form = JudgeForm(formdata=None), reject_form or RejectForm(formdata=None)
    labels = labels_of(desk.dossier.rate_table)
    reckoned = _reckoned(desk, version)
    waits = version.status in WAITING
    judge_form.version.data = reject_form.version.data = str(version.row_version)
    return render_template(
        "contributions/show.html",
        desk=desk,
        version=version,
        versions=versions,
        rights=rights_of(me, version, versions),
        refusal=refusal,
        judge_form=judge_form,
        reject_form=reject_form,
        preview=reckoned,
        labels=labels,
        sentences=why(reckoned, labels),
        contradicted=contradicted_by(desk.contract, reckoned.dossier) if waits and reckoned else (),
        corrects=version.replaces if waits else None,
        beside=queries.spread_beside(version, me),
    )


def _reckoned(desk: Desk, version: Contribution) -> Preview | None:
    if version.status not in PREVIEWED:
        return None
    return desk.reckon(as_entered(version), today(), entered_on=version.entered_at.date())


def _acted(contribution_id: int, act: Callable[[], str], form: RejectForm | None = None) -> Page:
    """Do it and say so; when it can't be done show the page as it is now, with the reason and with what was typed."""
    try:
        done = act()
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        return _shown(contribution_id, refusal=sentence(error), reject_form=form), status_of(error)
    flash(done, "success")
    return redirect(url_for("contributions.show", contribution_id=contribution_id))
