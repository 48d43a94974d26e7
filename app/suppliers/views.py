"""The pages of suppliers and of their PSO certificates: the lists, one of each, and the forms that record them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import sessions
from app.accounts.models import Corporation
from app.accounts.permissions import Permission, corporations_where, requires
from app.accounts.queries import corporations_open_to
from app.assessments.queries import dossiers
from app.editing.answer import Editing, Effects, Page, answer, reckoned
from app.editing.deletion import Deletion, answer_deletion
from app.portfolio import suppliers as overview
from app.portfolio.certificates import shares_of
from app.portfolio.queries import rows_of, rows_with, waiting_on
from app.rules.dates import ONE_DAY
from app.statements.queries import statements_of_supplier
from app.suppliers import queries, register, service
from app.suppliers.forms import CertificateForm, CheckForm, SupplierForm, WithdrawForm, remarks, typed_certificate
from app.suppliers.models import Certificate, SupplierRecord
from app.suppliers.validity import days_left, facts_of, held_on, latest_end, validity_of
from app.web.clock import today
from app.web.listing import a_number, a_text
from app.web.record_form import RecordForm
from app.web.undo import flash_deleted

bp = Blueprint("suppliers", __name__)
bp.add_app_template_global(days_left)
bp.add_app_template_global(validity_of)

# Suppliers


@bp.get("/suppliers")
@requires(Permission.SEE_SUPPLIERS)
def index() -> str:
    me, on = sessions.me(), today()
    records = queries.records_seen_by(me)
    contracts, certificates = rows_of(me, on, Permission.SEE_SUPPLIERS), queries.facts_by_company(me)
    choice = overview.OFFER.choice(request.args)
    return render_template(
        "suppliers/index.html",
        on=on,
        listing=overview.suppliers_listed(records, contracts, certificates, choice, on),
        several=len({record.corporation_id for record in records}) > 1,
    )


@bp.get("/supplier/<int:record_id>")
@requires(Permission.SEE_SUPPLIERS)
def show(record_id: int) -> str:
    me, on = sessions.me(), today()
    record = queries.record_seen_by(me, record_id)
    kvk = record.supplier.kvk
    contracts = rows_with(me, record.corporation_id, [kvk], on)
    certificates = queries.certificates_covering(record.corporation_id, [kvk])
    facts = [facts_of(each) for each in certificates]
    return render_template(
        "suppliers/show.html",
        on=on,
        record=record,
        contracts=contracts,
        certificates=certificates,
        names=queries.records_covered_by(certificates),
        held=held_on(facts, kvk, on),
        covered=overview.covered_over(facts, kvk, contracts),
        waiting=waiting_on(row.contract for row in contracts),
        people=queries.people_of(record),
        statements=statements_of_supplier(me, record),
    )


@bp.route("/supplier/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def new() -> Page:
    form = SupplierForm(corporations=_mine(), data=_asked("kvk"))

    def save() -> SupplierRecord:
        return service.create_supplier(form.owner, form.kvk.value, form.shown, by=sessions.me())

    def page(_effects: Effects) -> str:
        known = queries.record_of(form.owner, form.kvk.value) if form.kvk.value else None
        return render_template("suppliers/form.html", form=form, known=known, cancel=url_for("suppliers.index"))

    return answer(Editing(form, save, _supplier_saved, page))


@bp.route("/supplier/<int:record_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def edit(record_id: int) -> Page:
    record = queries.record_to_edit(sessions.me(), record_id)
    form = SupplierForm(record)

    def save() -> SupplierRecord:
        return service.change_supplier(record_id, form.shown, by=sessions.me(), seen_version=form.seen_version)

    def page(_effects: Effects) -> str:
        cancel = url_for("suppliers.show", record_id=record_id)
        return render_template("suppliers/form.html", form=form, record=record, cancel=cancel)

    return answer(Editing(form, save, _supplier_saved, page))


@bp.route("/supplier/<int:record_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def delete(record_id: int) -> Page:
    record = queries.record_to_edit(sessions.me(), record_id)
    name = record.name

    def done(audit_record_id: int) -> str:
        flash_deleted(_("%(name)s is deleted.", name=name), audit_record_id)
        return url_for("suppliers.index")

    def act(seen_version: int) -> int:
        return service.delete_supplier(record_id, by=sessions.me(), seen_version=seen_version)

    return answer_deletion(Deletion(record, name, act, done, url_for("suppliers.show", record_id=record_id)))


# Certificates


@bp.get("/certificates")
@requires(Permission.SEE_SUPPLIERS)
def certificates() -> str:
    me, on = sessions.me(), today()
    listing = register.certificates_listed(me, register.OFFER.choice(request.args), on)
    return render_template(
        "certificates/index.html",
        on=on,
        listing=listing,
        names=queries.records_covered_by(listing.rows),
        to_check=register.number_to_check(me, on),
        several=len(corporations_where(me, Permission.SEE_SUPPLIERS)) > 1,
    )


@bp.get("/certificate/<int:certificate_id>")
@requires(Permission.SEE_SUPPLIERS)
def certificate(certificate_id: int) -> str:
    on = today()
    row = queries.certificate_seen_by(sessions.me(), certificate_id)
    contracts = rows_with(sessions.me(), row.corporation_id, row.kvk_numbers, on)
    others = [each for each in queries.certificates_covering(row.corporation_id, row.kvk_numbers) if each is not row]
    return render_template(
        "certificates/show.html",
        on=on,
        certificate=row,
        names=queries.records_covered_by([row]),
        shares=shares_of(row, contracts, dossiers(each.contract for each in contracts), on),
        remarks=list(remarks(facts_of(row), others)),
    )


@bp.route("/certificate/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def new_certificate() -> Page:
    """Of a supplier (`?supplier=`, its KvK number), or the next one of another certificate (`?renews=`, its id)."""
    renews = request.args.get("renews", "")
    known = queries.certificate_to_edit(sessions.me(), int(renews)) if a_number(renews) else None
    data = _renewal_of(known) if known else _asked("supplier")
    form = CertificateForm(corporations=[known.corporation] if known else _mine(), data=data)

    def save() -> Certificate:
        return service.create_certificate(form.owner, form.seen_certificate, by=sessions.me())

    record = queries.record_numbered(sessions.me(), data["kvk"]) if a_text(data["kvk"]) else None
    back = url_for("suppliers.show", record_id=record.id) if record else url_for("suppliers.certificates")
    cancel = _certificate_page(known.id) if known else back
    return answer(Editing(form, save, _certificate_saved, _certificate_form(form, cancel, renews=known)))


@bp.route("/certificate/<int:certificate_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def edit_certificate(certificate_id: int) -> Page:
    form = CertificateForm(queries.certificate_to_edit(sessions.me(), certificate_id))

    def save() -> Certificate:
        return service.change_certificate(
            certificate_id, form.seen_certificate, by=sessions.me(), seen_version=form.seen_version
        )

    page = _certificate_form(form, _certificate_page(certificate_id))
    return answer(Editing(form, save, _certificate_saved, page))


@bp.route("/certificate/<int:certificate_id>/check", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def check_certificate(certificate_id: int) -> Page:
    form = CheckForm(queries.certificate_to_edit(sessions.me(), certificate_id))

    def save() -> Certificate:
        return service.check_certificate(
            certificate_id, form.checked_on.value, by=sessions.me(), seen_version=form.seen_version
        )

    page = _certificate_form(form, _certificate_page(certificate_id), "certificates/check.html")
    editing = Editing(form, save, _certificate_saved, page)
    if request.method == "GET":  # the day is proposed, so what it does can be told
        form.checked_on.pre_validate(form)
        return page(reckoned(editing))
    return answer(editing)


@bp.route("/certificate/<int:certificate_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def withdraw_certificate(certificate_id: int) -> Page:
    form = WithdrawForm(queries.certificate_to_edit(sessions.me(), certificate_id))

    def save() -> Certificate:
        return service.withdraw_certificate(
            certificate_id, form.withdrawn_on.value, by=sessions.me(), seen_version=form.seen_version
        )

    page = _certificate_form(form, _certificate_page(certificate_id), "certificates/withdraw.html")
    return answer(Editing(form, save, _certificate_saved, page))


@bp.route("/certificate/<int:certificate_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_CONTRACTS)
def delete_certificate(certificate_id: int) -> Page:
    row = queries.certificate_to_edit(sessions.me(), certificate_id)
    number = row.number
    title = _("certificate %(number)s", number=number)

    def done(audit_record_id: int) -> str:
        flash_deleted(_("Certificate %(number)s is deleted.", number=number), audit_record_id)
        return url_for("suppliers.certificates")

    def act(seen_version: int) -> int:
        return service.delete_certificate(certificate_id, by=sessions.me(), seen_version=seen_version)

    return answer_deletion(Deletion(row, title, act, done, _certificate_page(certificate_id)))


def _mine() -> Sequence[Corporation]:
    """The corporations whose suppliers and certificates who asks may edit."""
    return corporations_open_to(sessions.me(), Permission.EDIT_CONTRACTS)


def _asked(kvk: str) -> dict[str, str]:
    """What the address says beforehand: a KvK number under that name, and the corporation that records it."""
    return {"kvk": request.args.get(kvk, ""), "corporation": request.args.get("corporation", "")}


def _supplier_saved(record: SupplierRecord) -> str:
    flash(_("%(name)s is saved.", name=record.name), "success")
    return url_for("suppliers.show", record_id=record.id)


def _certificate_saved(row: Certificate) -> str:
    flash(_("Certificate %(number)s is saved.", number=row.number), "success")
    return _certificate_page(row.id)


def _certificate_page(certificate_id: int) -> str:
    return url_for("suppliers.certificate", certificate_id=certificate_id)


def _certificate_form(
    form: RecordForm, cancel: str, template: str = "certificates/form.html", **values: Any
) -> Callable[[Effects], str]:
    def page(effects: Effects) -> str:
        return render_template(template, form=form, effects=effects, faults=(), cancel=cancel, **values)

    return page


def _renewal_of(known: Certificate) -> dict[str, Any]:
    """What somebody would type to record the next certificate after this one."""
    begins = known.valid_until + ONE_DAY
    following = replace(
        facts_of(known), valid_from=begins, valid_until=latest_end(begins), checked_on=None, withdrawn_on=None
    )
    return typed_certificate(following)
