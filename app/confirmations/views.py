"""The pages of confirmations: ask the other side, and the page of the link, which needs no account.

That page shows one line and nothing else. A link that is unknown, answered, taken back or too old gets one and the same
answer, as a page that does not exist.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.limits import limited_invitations, limited_mails
from app.accounts.permissions import Permission, may, public, requires
from app.confirmations import queries, service
from app.confirmations.forms import AskForm, DisagreeForm
from app.confirmations.models import Answer, Confirmation, Disputed
from app.confirmations.words import DISPUTED
from app.contributions.models import Contribution
from app.contributions.queries import contribution_to_enter
from app.schemes.queries import parsed_table
from app.web.clock import now
from app.web.errors import REFUSED, DomainError, NotFound, status_of
from app.web.reasons import labels_of

bp = Blueprint("confirmations", __name__)
bp.add_app_template_global(queries.of_contribution, "confirmations_of")

ABSENT = 404
Page = Response | str | tuple[str, int]


@bp.route("/contribution/<int:contribution_id>/confirmations/new", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
@limited_mails
def new(contribution_id: int) -> Page:
    me = sessions.me()
    version = contribution_to_enter(contribution_id, me)
    form = AskForm(data={"language": version.corporation.language.value})
    if not form.is_submitted():
        return _ask_page(form, version)
    if not form.validate():
        return _ask_page(form, version), REFUSED
    question = form.question()
    try:
        asked = service.ask(contribution_id, question, by=me)
    except NotFound:
        raise
    except DomainError as refusal:
        form.show(refusal)
        return _ask_page(form, version), status_of(refusal)
    if asked.address:
        return render_template("confirmations/link.html", asked=asked, version=version)
    flash(_("%(name)s gets a mail with the question.", name=question.organisation), "success")
    return redirect(url_for("contributions.show", contribution_id=contribution_id))


@bp.post("/confirmation/<int:confirmation_id>/withdraw")
@requires(Permission.ENTER_CONTRIBUTIONS)
def take_back(confirmation_id: int) -> Response:
    row = service.take_back(confirmation_id, by=sessions.me())
    flash(_("The question to %(name)s is taken back.", name=row.organisation), "success")
    return redirect(url_for("contributions.show", contribution_id=row.contribution_id))


@bp.route("/confirm/<question>", methods=["GET", "POST"])
@public
@limited_invitations
def answer(question: str) -> Page:
    found = queries.open_question(question)
    if found is None:
        return _no_question()
    form, said = DisagreeForm(), request.form.get("answer", "")
    if request.method == "GET":
        return _line_page(found, form)
    if said == Answer.YES:
        return _thanked(service.say_yes(question))
    if said == Answer.NO and form.validate():
        return _thanked(service.say_no(question, form.what, form.reason.value))
    if said != Answer.NO:
        form.form_errors.append(_("Say yes or no."))
    return _line_page(found, form), REFUSED


@bp.get("/confirm")
@public
def thanks() -> str:
    return render_template("confirmations/thanks.html")


@bp.app_template_global()
def may_ask_other_side(version: Contribution) -> bool:
    """Whether who looks may ask about this version now."""
    contract = version.contract
    of = {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
    return version.status in service.FIXED and may(sessions.me(), Permission.ENTER_CONTRIBUTIONS, **of)


@bp.app_template_filter()
def disputed_in_words(what: Disputed) -> str:
    return str(DISPUTED[what])


@bp.app_template_test("open_question")
def is_open(confirmation: Confirmation) -> bool:
    return confirmation.is_open(now())


def _thanked(row: Confirmation | None) -> Page:
    """Somebody else may have used the link a moment before."""
    return _no_question() if row is None else redirect(url_for("confirmations.thanks"))


def _ask_page(form: AskForm, version: Contribution) -> str:
    back = url_for("contributions.show", contribution_id=version.id)
    return render_template("confirmations/ask.html", form=form, version=version, back=back, labels=_labels(version))


def _line_page(found: Confirmation, form: DisagreeForm) -> str:
    version = found.contribution
    table = parsed_table(version.contract.rate_table)
    return render_template(
        "confirmations/line.html",
        form=form,
        version=version,
        block=table.blocks[version.block],
        label=_labels(version).get(version.block, version.block),
    )


def _labels(version: Contribution) -> dict[str, str]:
    return dict(labels_of(parsed_table(version.contract.rate_table)))


def _no_question() -> Page:
    return render_template("confirmations/no_question.html"), ABSENT
