"""The pages of statements: the register, issuing one, its file; and the public page that checks one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.limits import asks_draft, limited_checks, limited_codes, limited_drafts, limited_heavy
from app.accounts.models import Corporation, Language
from app.accounts.permissions import Permission, may, public, requires
from app.accounts.queries import corporation_where
from app.contracts.models import Contract
from app.contracts.queries import contract_seen_by
from app.rules.dates import Period
from app.rules.errors import RuleError
from app.statements import archive, in_force, queries, service
from app.statements.bundle import bundle, saved_as
from app.statements.checking import Finding, Outcome, code_in, examine, look_up, refused
from app.statements.extract import log_subject
from app.statements.forms import (
    CheckForm,
    ExtractForm,
    IssueForm,
    IssuingForm,
    LanguageForm,
    WithdrawForm,
    YearForm,
)
from app.statements.in_force import refusal_to_withdraw
from app.statements.models import Statement, StatementState
from app.statements.register import (
    KINDS,
    OFFER,
    files_of,
    records_in,
    register_of,
    sees_whole_series,
    selected,
    title_of,
)
from app.statements.subjects import Subject, contract_draft, final_subject, supplier_subject, year_through
from app.statements.verify import DRAFT
from app.statements.year import HEAD as ANNEX_HEAD
from app.statements.year import annual_subject
from app.web.as_of import as_of
from app.web.clock import today
from app.web.csv_file import csv_answer
from app.web.errors import REFUSED, Conflict, DomainError, Invalid, NotFound, http_error, status_of
from app.web.formats import day_typed
from app.web.listing import a_number
from app.web.parsing import YEARS
from app.web.sentences import sentence

bp = Blueprint("statements", __name__)

ABSENT, TOO_LARGE = 404, 413
AGAIN = "again"
"""What the address of an answer about a file asks: whoever comes back to it reads that nothing was kept."""
UNFIT = re.compile(r"[^\w.-]+")
Page = Response | str | tuple[str, int]


@bp.get("/statements")
@requires(Permission.SEE_STATEMENTS)
def index() -> str:
    me = sessions.me()
    listing = register_of(me, OFFER.choice(request.args))
    return render_template(
        "statements/index.html",
        listing=listing,
        files=files_of([row.id for row in listing.rows]),
        kinds=KINDS,
        is_whole=sees_whole_series(me),
    )


@bp.get("/statements/bundle.zip")
@requires(Permission.SEE_STATEMENTS)
@limited_heavy
def download_bundle() -> Response:
    """The statements that the address names (`?statement=1&statement=2`), or else all that its filters find."""
    asked = request.args.getlist("statement")
    named = {int(each) for each in asked if a_number(each)} if asked else None
    file = bundle(selected(sessions.me(), named, OFFER.choice(request.args)))
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=_("statements.zip"))


@bp.route("/statements/new/<kvk>/<path:number>", methods=["GET", "POST"])
@requires(Permission.ISSUE_STATEMENTS)
@limited_drafts
def new(kvk: str, number: str) -> Page:
    me, contract = sessions.me(), _contract_to_issue(kvk, number)
    form = IssueForm(data={"on": day_typed(as_of()), "language": contract.corporation.language.value})
    seconds = queries.seconds_to_make(contract)
    return _issuing(
        form,
        partial(render_template, "statements/new.html", form=form, contract=contract, seconds=seconds),
        about=lambda: contract_draft(contract, form.on.value),
        issue=lambda language: service.issue(contract, form.on.value, by=me, language=language),
        done=_l("Statement %(number)s is issued."),
    )


@bp.route("/contract/<int:contract_id>/final-statement", methods=["GET", "POST"])
@requires(Permission.ISSUE_STATEMENTS)
@limited_drafts
def final(contract_id: int) -> Page:
    """How a contract was settled: once, so whoever comes again gets to the one that there is."""
    me = sessions.me()
    try:
        settlement = queries.settlement_to_state(contract_id, me)
    except Conflict as refusal:
        flash(sentence(refusal), "warning")
        return redirect(url_for("closing.show", contract_id=contract_id))
    known = queries.final_statement_of(settlement)
    if known is not None and known.state is not StatementState.RESERVED:
        return redirect(url_for("statements.show", statement_id=known.id))
    contract = settlement.contract
    form = IssuingForm(data={"language": contract.corporation.language.value})
    return _issuing(
        form,
        partial(render_template, "statements/new_final.html", form=form, contract=contract, day=settlement.assessed_on),
        about=lambda: final_subject(settlement),
        issue=lambda language: service.issue_final(settlement, by=me, language=language),
        done=_l("Final statement %(number)s is issued."),
    )


@bp.route("/supplier/<int:record_id>/statement", methods=["GET", "POST"])
@requires(Permission.ISSUE_STATEMENTS)
@limited_drafts
def new_of_supplier(record_id: int) -> Page:
    """All contracts of a supplier over a year."""
    me, record = sessions.me(), queries.record_to_state(sessions.me(), record_id)
    form = YearForm(queries.years_of(record, today()), data={"language": record.corporation.language.value})

    def days() -> Period:
        return year_through(int(form.year.data), today())

    return _issuing(
        form,
        partial(render_template, "statements/new_of_supplier.html", form=form, record=record),
        about=lambda: supplier_subject(record, days()),
        issue=lambda language: service.issue_supplier(record, days(), by=me, language=language),
        done=_l("Statement %(number)s is issued."),
    )


@bp.route("/programme/<kvk>/<int:year>/report", methods=["GET", "POST"])
@requires(Permission.ISSUE_STATEMENTS)
@limited_drafts
def annual(kvk: str, year: int) -> Page:
    """The annual report of a corporation."""
    me, corporation, days = sessions.me(), *_year_of(Permission.ISSUE_STATEMENTS, kvk, year)
    form = IssuingForm(data={"language": corporation.language.value})
    return _issuing(
        form,
        partial(render_template, "statements/new_annual.html", form=form, corporation=corporation, days=days),
        about=lambda: annual_subject(corporation, days),
        issue=lambda language: service.issue_annual(corporation, days, by=me, language=language),
        done=_l("Annual report %(number)s is issued."),
    )


@bp.post("/programme/<kvk>/<int:year>/people.csv")
@requires(Permission.SEE_AUDIT)
@limited_heavy
def annex(kvk: str, year: int) -> Response:
    """Every placement that an annual report counts, from today's records, with the references of people.

    That it was taken is logged, so it is asked for with a button.
    """
    corporation, days = _year_of(Permission.SEE_AUDIT, kvk, year)
    rows = service.take_annex(corporation, days, by=sessions.me())
    answer = csv_answer(f"people-{corporation.kvk}-{year}", ANNEX_HEAD, rows)
    answer.make_sequence()  # it is short: nothing of this request stays open while somebody reads it
    return answer


@bp.route("/statements/log/<house>", methods=["GET", "POST"])
@requires(Permission.SEE_AUDIT)
@limited_drafts
def new_of_log(house: str) -> Page:
    """An extract of the audit log, for who sees the log."""
    me = sessions.me()
    corporation = corporation_where(me, Permission.SEE_AUDIT, house)
    first, last = day_typed(today().replace(day=1)), day_typed(today())
    form = ExtractForm(data={"first": first, "last": last, "language": corporation.language.value})
    return _issuing(
        form,
        partial(render_template, "statements/new_of_log.html", form=form, corporation=corporation),
        about=lambda: log_subject(corporation, form.days),
        issue=lambda language: service.issue_extract(corporation, form.days, by=me, language=language),
        done=_l("Extract %(number)s is issued."),
    )


@bp.get("/statements/<int:statement_id>")
@requires(Permission.SEE_STATEMENTS)
def show(statement_id: int) -> str:
    statement = queries.statement_seen_by(sessions.me(), statement_id)
    missing = [each for each in Language if each not in {made.language for made in statement.renditions}]
    return render_template(
        "statements/show.html",
        statement=statement,
        title=title_of(statement),
        kinds=KINDS,
        records=records_in(statement),
        files=files_of([statement.id]).get(statement.id),
        saved_as=saved_as,
        missing=missing,
        is_contradicted=statement.id in queries.contradicted_today([statement.id]),
        form=LanguageForm(formdata=None),
        may_issue=_may_issue(statement),
    )


@bp.route("/statements/<int:statement_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ISSUE_STATEMENTS)
def withdraw(statement_id: int) -> Page:
    me, form = sessions.me(), WithdrawForm()
    statement = queries.statement_seen_by(me, statement_id, Permission.ISSUE_STATEMENTS)
    refusal = refusal_to_withdraw(statement)
    page = partial(render_template, "statements/withdraw.html", statement=statement, form=form)
    if refusal or not form.is_submitted():
        return page(refusal=refusal and sentence(refusal))
    if not form.validate():
        return page(), REFUSED
    in_force.withdraw(statement_id, reason=form.reason.value, by=me)
    return _told(statement_id, _("Statement %(number)s is withdrawn and stays readable.", number=statement.number))


@bp.post("/statements/<int:statement_id>/renditions")
@requires(Permission.ISSUE_STATEMENTS)
def add_rendition(statement_id: int) -> Response:
    """The statement in another language too; of one that a crash left, the file that it lacks."""
    statement = queries.statement_seen_by(sessions.me(), statement_id, Permission.ISSUE_STATEMENTS)
    form = LanguageForm()
    if form.validate():
        service.add_rendition(statement, Language(form.language.data), by=sessions.me())
        flash(_("The file is made."), "success")
    return redirect(url_for("statements.show", statement_id=statement_id))


@bp.get("/statements/<int:statement_id>/<filename>.pdf")
@requires(Permission.SEE_STATEMENTS)
def download(statement_id: int, filename: str) -> Response:
    statement = queries.statement_seen_by(sessions.me(), statement_id)
    rendition = next((each for each in statement.renditions if each.name == filename), None)
    if rendition is None:
        raise NotFound
    answer = Response(archive.read(rendition), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{saved_as(rendition)}.pdf")
    return answer


def _verify_page(form: CheckForm, finding: Finding | None = None, wait: str = "") -> str:
    return render_template("statements/verify.html", form=form, finding=finding, wait=wait, asks_again=AGAIN)


def _page_that_waits(advice: str) -> str:
    """For who has checked very much: the page as it is, and when it goes on."""
    code = (request.view_args or {}).get("code", "")
    return _verify_page(CheckForm(formdata=None, code=code), wait=advice)


@bp.route("/verify", methods=["GET", "POST"])
@public
@limited_checks(_page_that_waits)
def verify() -> Page:
    form = CheckForm()
    if not form.is_submitted() or not form.validate():
        return _verify_page(form)
    if form.file.data:
        finding = examine(form.file.data.read(), form.file.data.filename or "", form.code.data or "")
        return _verify_page(form, finding), REFUSED if finding.why or finding.outcome is Outcome.CHANGED else 200
    if (form.code.data or "").strip():
        if form.has_code():
            return redirect(url_for("statements.verify_code", code=code_in(form.code.data)))
    else:
        form.form_errors.append(_("Fill in the code, or choose the PDF."))
    return _verify_page(form), REFUSED


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Page | HTTPException:
    """Whoever drops a film to check reads the answer where it was dropped; nothing of it was taken in."""
    if request.endpoint != "statements.verify":
        return http_error(error)
    fault = Invalid("statement_file_too_large", megabytes=current_app.config["WEDERDIENST"].max_upload_mb)
    return _verify_page(CheckForm(formdata=None), refused(fault)), TOO_LARGE


@bp.get("/verify/<path:code>")
@public
@limited_codes(_page_that_waits)
def verify_code(code: str) -> Page:
    finding = look_up(code_in(code))
    page = _verify_page(CheckForm(formdata=None, code=code), finding)
    return (page, ABSENT) if finding.outcome is Outcome.UNKNOWN else page


def _issuing(
    form: IssuingForm,
    page: Callable[..., str],
    *,
    about: Callable[[], Subject],
    issue: Callable[[Language], Statement],
    done: Any,
) -> Page:
    """A form that issues a statement, or shows a draft of it.

    What one would supersede is said first: nothing of that kind happens to who presses Enter, or twice.
    """
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), REFUSED
    language = Language(form.language.data)
    try:
        subject = about()
        if asks_draft():
            return _draft(subject, language)
        replaced = queries.in_place_of(subject)
        if not form.knows(replaced):
            return page(replaced=replaced), REFUSED
        issued = issue(language)
    except NotFound:
        raise
    except (DomainError, RuleError) as refusal:
        form.form_errors.append(sentence(refusal))
        return page(), status_of(refusal)
    return _told(issued.id, str(done) % {"number": issued.number})


def _year_of(permission: Permission, kvk: str, year: int) -> tuple[Corporation, Period]:
    """A corporation and its year, through today. Errors: NotFound, also for a year that has not begun."""
    corporation = corporation_where(sessions.me(), permission, kvk)
    if year not in YEARS or year > today().year:
        raise NotFound
    return corporation, year_through(year, today())


def _told(statement_id: int, done: str) -> Response:
    """The page of a statement, which begins with what was done."""
    flash(done, "success")
    return redirect(url_for("statements.show", statement_id=statement_id))


def _draft(about: Subject, language: Language) -> Response:
    """A draft to look at: nobody keeps it for us."""
    name = f"{UNFIT.sub('-', about.contract.number) if about.contract else about.kind}-{DRAFT}.pdf"
    answer = Response(service.draft(about, language), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _contract_to_issue(kvk: str, number: str) -> Contract:
    """Errors: NotFound, also when `ISSUE_STATEMENTS` does not hold for it."""
    contract = contract_seen_by(sessions.me(), kvk, number)
    if not _may_issue(contract):
        raise NotFound
    return contract


def _may_issue(of: Contract | Statement) -> bool:
    return may(sessions.me(), Permission.ISSUE_STATEMENTS, corporation_id=of.corporation_id, supplier_id=of.supplier_id)
