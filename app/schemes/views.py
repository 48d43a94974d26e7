"""The pages of rate tables and policies: the lists, one version, a copy of it, an import, and deleting one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import sessions
from app.accounts.models import Corporation
from app.accounts.permissions import Permission, may, requires
from app.accounts.queries import corporations_open_to
from app.contracts.queries import contracts_naming, numbers_naming
from app.editing.answer import Editing, Effects, Page, answer
from app.editing.deletion import Deletion, answer_deletion
from app.schemes import queries, service
from app.schemes.copy_form import CopyForm
from app.schemes.forms import ImportForm, SchemeForm
from app.schemes.models import Policy, RateTable
from app.schemes.policy_form import PolicyCopyForm
from app.schemes.remarks import in_reader_language, remarks_of, site_of
from app.schemes.service import POLICIES, TABLES
from app.schemes.shelf import POLICY_OFFER, TABLE_OFFER, policies_on_shelf, tables_on_shelf
from app.schemes.table_form import TableCopyForm
from app.schemes.wording import SELECTED_BY, bound_to, groups_of, sections_of
from app.web.undo import flash_deleted

bp = Blueprint("schemes", __name__)
bp.add_app_template_filter(site_of)
bp.add_app_template_filter(in_reader_language, "remark")

MOST_CONTRACTS, MOST_IN_THE_WAY = 25, 5
WORDING: Mapping[str, Any] = {
    "groups_of": groups_of,
    "bound_to": bound_to,
    "sections_of": sections_of,
    "selected_by": SELECTED_BY,
}
"""What tells in a template what a scheme says."""
Scheme = RateTable | Policy


@bp.get("/rate-tables")
@requires(Permission.SEE_SCHEMES)
def index() -> str:
    me = sessions.me()
    used = numbers_naming(me, RateTable)
    listing = tables_on_shelf(me, TABLE_OFFER.choice(request.args), used)
    return render_template("schemes/rate_tables.html", listing=listing)


@bp.get("/policies")
@requires(Permission.SEE_SCHEMES)
def policies() -> str:
    me = sessions.me()
    used = numbers_naming(me, Policy)
    listing = policies_on_shelf(me, POLICY_OFFER.choice(request.args), used)
    return render_template("schemes/policies.html", listing=listing)


@bp.get("/rate-table/<int:rate_table_id>")
@requires(Permission.SEE_SCHEMES)
def rate_table(rate_table_id: int) -> str:
    row = queries.scheme_seen_by(sessions.me(), RateTable, rate_table_id)
    return _shown("schemes/rate_table.html", row, queries.parsed_table(row))


@bp.get("/policy/<int:policy_id>")
@requires(Permission.SEE_SCHEMES)
def policy(policy_id: int) -> str:
    row = queries.scheme_seen_by(sessions.me(), Policy, policy_id)
    return _shown("schemes/policy.html", row, queries.parsed_policy(row))


@bp.get("/rate-table/<int:rate_table_id>/file")
@requires(Permission.SEE_SCHEMES)
def rate_table_file(rate_table_id: int) -> Response:
    return _file(queries.scheme_seen_by(sessions.me(), RateTable, rate_table_id))


@bp.get("/policy/<int:policy_id>/file")
@requires(Permission.SEE_SCHEMES)
def policy_file(policy_id: int) -> Response:
    return _file(queries.scheme_seen_by(sessions.me(), Policy, policy_id))


@bp.route("/rate-table/<int:rate_table_id>/copy", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHEMES)
def copy_rate_table(rate_table_id: int) -> Page:
    row = queries.scheme_seen_by(sessions.me(), RateTable, rate_table_id)
    mine = _corporations()
    taken = {code for each in mine for code in queries.tables_of(each)}
    return _copied(TableCopyForm(row, queries.parsed_table(row), mine, taken))


@bp.route("/policy/<int:policy_id>/copy", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHEMES)
def copy_policy(policy_id: int) -> Page:
    row = queries.scheme_seen_by(sessions.me(), Policy, policy_id)
    mine = _corporations()
    taken = {code for each in mine for code in queries.policies_of(each)}
    return _copied(PolicyCopyForm(row, queries.parsed_policy(row), mine, taken))


@bp.route("/schemes/import", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHEMES)
def add() -> Page:
    form = ImportForm(_corporations(), begins={})

    def save() -> tuple[Scheme, bool]:
        is_known = _known(form) is not None
        return _add(form, form.kind), is_known

    def page(_effects: Effects) -> str:
        return _form_page("schemes/import.html", form, known=_known(form), **WORDING)

    return answer(Editing(form, save, _imported, page))


@bp.route("/rate-table/<int:rate_table_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHEMES)
def delete_rate_table(rate_table_id: int) -> Page:
    row = queries.scheme_to_delete(sessions.me(), RateTable, rate_table_id)
    return _deleted(row, lambda _version: service.delete(TABLES, rate_table_id, by=sessions.me()))


@bp.route("/policy/<int:policy_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHEMES)
def delete_policy(policy_id: int) -> Page:
    row = queries.scheme_to_delete(sessions.me(), Policy, policy_id)
    return _deleted(row, lambda _version: service.delete(POLICIES, policy_id, by=sessions.me()))


def _shown(template: str, row: Scheme, parsed: Any) -> str:
    me = sessions.me()
    number = numbers_naming(me, type(row)).get(row.id, 0)
    is_mine = row.corporation_id and may(me, Permission.EDIT_SCHEMES, corporation_id=row.corporation_id)
    return render_template(
        template,
        row=row,
        parsed=parsed,
        remarks=remarks_of(row.content),
        contracts=contracts_naming(me, row, MOST_CONTRACTS),
        number=number,
        may_delete=is_mine and not number,
        **WORDING,
    )


def _file(row: Scheme) -> Response:
    answer = Response(row.content, content_type="application/toml; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{row.code}.toml")
    return answer


def _corporations() -> Sequence[Corporation]:
    """Those in which who asks may add schemes: one at least, for they got past the door."""
    return corporations_open_to(sessions.me(), Permission.EDIT_SCHEMES)


def _copied(form: CopyForm) -> Page:
    kind = type(form.copied)
    template = "schemes/copy_rate_table.html" if kind is RateTable else "schemes/copy_policy.html"
    number = numbers_naming(sessions.me(), kind).get(form.copied.id, 0)

    def done(row: Any) -> str:
        flash(_("%(scheme)s is added.", scheme=row.code), "success")
        return _address(row)

    return answer(
        Editing(form, lambda: _add(form, kind), done, lambda _effects: _form_page(template, form, number=number))
    )


def _form_page(template: str, form: SchemeForm, **values: Any) -> str:
    """With what would be saved, as soon as nothing is wrong with it."""
    is_complete = form.parsed is not None and not any(form.problems())
    if is_complete:
        form.shown.data = form.digest
    return render_template(template, form=form, is_complete=is_complete, **values)


def _add(form: SchemeForm, kind: type[Scheme]) -> Scheme:
    add = service.add_rate_table if kind is RateTable else service.add_policy
    return add(form.text, form.owner, by=sessions.me())


def _known(form: ImportForm) -> Scheme | None:
    """What the corporation already has under the id that is imported."""
    if form.parsed is None:
        return None
    code, corporation = form.parsed.id, form.owner
    if form.kind is RateTable:
        return queries.own_of(RateTable, code, corporation)
    return queries.own_of(Policy, code, corporation)


def _imported(done: tuple[Scheme, bool]) -> str:
    row, is_known = done
    if is_known:
        flash(_("%(scheme)s was there already with the same content. Nothing has changed.", scheme=row.code), "success")
    else:
        flash(_("%(scheme)s is added.", scheme=row.code), "success")
    return _address(row)


def _deleted(row: Scheme, delete: Callable[[int], int]) -> Page:
    me, code = sessions.me(), row.code
    number = numbers_naming(me, type(row)).get(row.id, 0)

    def done(record_id: int) -> str:
        flash_deleted(_("%(scheme)s is deleted.", scheme=code), record_id)
        return url_for("schemes.index" if isinstance(row, RateTable) else "schemes.policies")

    in_the_way = [
        (f"{each.number} {each.title}", url_for("contracts.show", kvk=each.corporation.kvk, number=each.number))
        for each in contracts_naming(me, row, MOST_IN_THE_WAY)
    ]
    return answer_deletion(Deletion(row, code, delete, done, _address(row), in_the_way, number - len(in_the_way)))


def _address(row: Scheme) -> str:
    if isinstance(row, RateTable):
        return url_for("schemes.rate_table", rate_table_id=row.id)
    return url_for("schemes.policy", policy_id=row.id)
