"""The pages of evidence: add files or a visit, look at one, open its file, withdraw or erase it; and its cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, may, requires
from app.contracts.models import Contract
from app.contributions.models import Contribution
from app.evidence import queries, service
from app.evidence.forms import ACCEPTED, MOST_FILES, FilesForm, LookForm, WithdrawForm
from app.evidence.looking import MOST_BYTES
from app.evidence.models import Evidence
from app.evidence.queries import About, Subject, SubjectKind
from app.evidence.words import FORMATS, LOOKS, called, size_in_words
from app.suppliers.models import Certificate
from app.web.clock import today
from app.web.errors import REFUSED, DomainError, NotFound, status_of
from app.web.formats import day_typed
from app.web.sentences import sentence

bp = Blueprint("evidence", __name__)
bp.add_app_template_global(called, "evidence_called")
bp.add_app_template_filter(size_in_words)

UPLOADS = frozenset({"new_for_contribution", "new_for_contract", "new_for_certificate"})
MOST_REQUEST = MOST_FILES * MOST_BYTES + 1024 * 1024
"""Of a request with files, for who is logged in; every other request keeps to the installation's own limit."""
# Nothing in a file may run or fetch anything, wherever a browser shows it after all.
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
Page = Response | str | tuple[str, int]


@bp.url_value_preprocessor
def _let_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form, as the check of its token does."""
    if endpoint and endpoint.partition(".")[2] in UPLOADS and current_user.is_authenticated:
        request.max_content_length = MOST_REQUEST


@bp.route("/contribution/<int:contribution_id>/evidence/new", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def new_for_contribution(contribution_id: int) -> Page:
    return _add_files(About(SubjectKind.CONTRIBUTION, contribution_id))


@bp.route("/contract/<int:contract_id>/evidence/new", methods=["GET", "POST"])
@requires(Permission.JUDGE)
def new_for_contract(contract_id: int) -> Page:
    return _add_files(About(SubjectKind.CONTRACT, contract_id))


@bp.route("/certificate/<int:certificate_id>/evidence/new", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def new_for_certificate(certificate_id: int) -> Page:
    return _add_files(About(SubjectKind.CERTIFICATE, certificate_id))


@bp.route("/contribution/<int:contribution_id>/visits/new", methods=["GET", "POST"])
@requires(Permission.JUDGE)
def visit_for_contribution(contribution_id: int) -> Page:
    return _record_look(About(SubjectKind.CONTRIBUTION, contribution_id))


@bp.route("/contract/<int:contract_id>/visits/new", methods=["GET", "POST"])
@requires(Permission.JUDGE)
def visit_for_contract(contract_id: int) -> Page:
    return _record_look(About(SubjectKind.CONTRACT, contract_id))


@bp.get("/evidence/<int:evidence_id>")
@requires(Permission.SEE_EVIDENCE)
def show(evidence_id: int) -> str:
    return _shown(evidence_id, WithdrawForm(formdata=None))


@bp.post("/evidence/<int:evidence_id>/open")
@requires(Permission.SEE_EVIDENCE)
def open_file(evidence_id: int) -> Response:
    """A POST, since it leaves a record: nobody is made to open a file by a link, and no browser does so beforehand."""
    row, content = service.open_file(evidence_id, by=sessions.me())
    assert row.media_type is not None
    answer = send_file(
        BytesIO(content), mimetype=row.media_type.value, as_attachment=True, download_name=row.name, etag=False
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/evidence/<int:evidence_id>/withdraw")
@requires(Permission.SEE_EVIDENCE)
def withdraw(evidence_id: int) -> Page:
    form = WithdrawForm()
    queries.evidence_seen_by(sessions.me(), evidence_id)
    if not form.validate():
        return _shown(evidence_id, form), REFUSED
    try:
        row = service.withdraw(evidence_id, form.reason.value, by=sessions.me())
    except NotFound:
        raise
    except DomainError as refusal:
        form.show(refusal)
        return _shown(evidence_id, form), status_of(refusal)
    flash(_("%(name)s is withdrawn and stays readable.", name=called(row)), "success")
    return redirect(url_for("evidence.show", evidence_id=evidence_id))


@bp.post("/evidence/<int:evidence_id>/erase")
@requires(Permission.ADMINISTER)
def erase(evidence_id: int) -> Response:
    service.erase(evidence_id, by=sessions.me())
    flash(_("The file is erased. That it was here stays in the log."), "success")
    return redirect(url_for("evidence.show", evidence_id=evidence_id))


@dataclass(frozen=True, slots=True)
class Card:
    """What a page of a record shows of its evidence; addresses are those of what its reader may do, or None."""

    items: Sequence[Evidence]
    add: str | None
    look: str | None


@bp.app_template_global("evidence_of_contribution")
def card_of_contribution(version: Contribution) -> Card:
    return _card(
        Subject(contract=version.contract, reference=version.reference),
        url_for("evidence.new_for_contribution", contribution_id=version.id),
        url_for("evidence.visit_for_contribution", contribution_id=version.id),
        SubjectKind.CONTRIBUTION,
    )


@bp.app_template_global("evidence_of_contract")
def card_of_contract(contract: Contract) -> Card:
    return _card(
        Subject(contract=contract),
        url_for("evidence.new_for_contract", contract_id=contract.id),
        url_for("evidence.visit_for_contract", contract_id=contract.id),
        SubjectKind.CONTRACT,
    )


@bp.app_template_global("evidence_of_certificate")
def card_of_certificate(certificate: Certificate) -> Card:
    return _card(
        Subject(certificate=certificate),
        url_for("evidence.new_for_certificate", certificate_id=certificate.id),
        None,
        SubjectKind.CERTIFICATE,
    )


def _card(subject: Subject, add: str, look: str | None, kind: SubjectKind) -> Card:
    return Card(
        queries.shown_with(subject),
        add if _may(subject, service.ADDING[kind]) else None,
        look if look and _may(subject, Permission.JUDGE) else None,
    )


def _may(subject: Subject, permission: Permission) -> bool:
    contract = subject.contract
    of_contract = {"supplier_id": contract.supplier_id, "contract_id": contract.id} if contract else {}
    return may(sessions.me(), permission, corporation_id=subject.corporation.id, **of_contract)


def _add_files(about: About) -> Page:
    me = sessions.me()
    subject = queries.subject(me, about, service.ADDING[about.kind])
    form = FilesForm()
    if not form.is_submitted():
        return _form_page("evidence/files.html", form, subject, about)
    if not form.validate():
        return _form_page("evidence/files.html", form, subject, about), REFUSED
    try:
        made = service.add_files(about, form.sent(), description=form.description.value, by=me)
    except NotFound:
        raise
    except DomainError as refusal:
        form.show(refusal)
        return _form_page("evidence/files.html", form, subject, about), status_of(refusal)
    if made:
        files = len({each.sha256 for each in made})
        flash(ngettext("%(num)d file is added.", "%(num)d files are added.", files), "success")
    else:
        flash(_("These files stand there already."), "success")
    return redirect(_page_of(subject, about))


def _record_look(about: About) -> Page:
    me = sessions.me()
    subject = queries.subject(me, about, Permission.JUDGE)
    form = LookForm(data={"seen_by": me.name, "happened_on": day_typed(today())})
    if not form.is_submitted():
        return _form_page("evidence/look.html", form, subject, about)
    if not form.validate():
        return _form_page("evidence/look.html", form, subject, about), REFUSED
    try:
        made = service.record_look(about, form.look(), by=me)
    except NotFound:
        raise
    except DomainError as refusal:
        form.show(refusal)
        return _form_page("evidence/look.html", form, subject, about), status_of(refusal)
    flash(_("%(name)s is recorded.", name=called(made)), "success")
    return redirect(_page_of(subject, about))


def _form_page(template: str, form: FilesForm | LookForm, subject: Subject, about: About) -> str:
    copies = queries.subjects(sessions.me(), about, service.ADDING[about.kind]) if subject.certificate else [subject]
    names = ", ".join(each.corporation.name for each in copies)
    back = _page_of(subject, about)
    return render_template(template, form=form, subject=subject, names=names, back=back, accepted=ACCEPTED)


def _shown(evidence_id: int, form: WithdrawForm) -> str:
    me = sessions.me()
    row = queries.evidence_seen_by(me, evidence_id)
    subject = Subject(row.contract, row.reference, row.certificate)
    refusal = service.refusal_to_withdraw(row, me)
    sees_views = row.is_file and may(me, Permission.SEE_HISTORY, corporation_id=row.corporation_id)
    return render_template(
        "evidence/show.html",
        evidence=row,
        subject=subject,
        back=_page_of(subject, _about(row)),
        form=form,
        looks=LOOKS,
        format_of=FORMATS,
        refusal=sentence(refusal) if refusal else None,
        views=queries.views_of(row) if sees_views else None,
        may_erase=service.may_erase(row, me),
    )


def _about(row: Evidence) -> About:
    """Of a contribution its newest version."""
    if row.certificate_id is not None:
        return About(SubjectKind.CERTIFICATE, row.certificate_id)
    version_id = queries.newest_version(row)
    if version_id is not None:
        return About(SubjectKind.CONTRIBUTION, version_id)
    assert row.contract_id is not None
    return About(SubjectKind.CONTRACT, row.contract_id)


def _page_of(subject: Subject, about: About) -> str:
    """The page of what it is about; a supplier sees certificates on a page of its own."""
    if about.kind is SubjectKind.CONTRIBUTION:
        return url_for("contributions.show", contribution_id=about.id)
    if subject.contract is not None:
        contract = subject.contract
        return url_for("contracts.show", kvk=contract.corporation.kvk, number=contract.number)
    sees = may(sessions.me(), Permission.SEE_SUPPLIERS, corporation_id=subject.corporation.id)
    return url_for("suppliers.certificate", certificate_id=about.id) if sees else url_for("home.certificates")
