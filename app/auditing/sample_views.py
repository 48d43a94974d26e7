"""The pages of samples: the list, drawing one, one of them with its list and its work paper, and what was found."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.limits import limited_heavy
from app.accounts.models import Corporation
from app.accounts.permissions import Permission, requires
from app.accounts.queries import corporation_where, corporations_open_to
from app.auditing import queries, service
from app.auditing.forms import FindingForm, SampleForm
from app.auditing.models import SampleItem
from app.auditing.queries import OFFER, progress_of, samples_of
from app.auditing.sheet import sheet_of
from app.auditing.words import KINDS
from app.auditing.work_paper import work_paper
from app.web.clock import now
from app.web.errors import REFUSED, DomainError, NotFound, status_of

bp = Blueprint("samples", __name__)

Page = Response | str | tuple[str, int]
ASKED = ("title", "approved_from", "approved_until", "contract", "supplier", "kind", "size", "seed")
"""What a link to the form may fill in."""


@bp.get("/auditing/samples")
@requires(Permission.SEE_AUDIT)
def index() -> str:
    listing = samples_of(sessions.me(), OFFER.choice(request.args))
    return render_template("auditing/samples.html", listing=listing, progress=progress_of(listing.rows))


@bp.route("/auditing/samples/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE)
def new() -> Page:
    """`?corporation=` says whose; the names of fields fill them in."""
    me = sessions.me()
    corporations = corporations_open_to(me, Permission.SAMPLE)
    corporation = _corporation(corporations)
    form = SampleForm(me, corporation, data={name: request.args.get(name, "") for name in ASKED})
    page = {"form": form, "corporation": corporation, "corporations": corporations}
    if request.method == "GET":
        return render_template("auditing/new_sample.html", **page)
    if not form.validate():
        return render_template("auditing/new_sample.html", **page), REFUSED
    try:
        sample = service.draw(form.asked, form.size.value, by=me, seed=form.seed.value, title=form.title.value)
    except DomainError as refusal:
        form.show(refusal)
        return render_template("auditing/new_sample.html", **page), status_of(refusal)
    flash(_("Sample %(number)s is drawn.", number=sample.sequence), "success")
    return redirect(url_for("samples.show", sample_id=sample.id))


@bp.get("/auditing/sample/<int:sample_id>")
@requires(Permission.SEE_AUDIT)
def show(sample_id: int) -> str:
    me = sessions.me()
    sheet = sheet_of(queries.sample_seen_by(me, sample_id))
    is_own = sheet.sample.drawn_by_id == me.id
    return render_template("auditing/sample.html", sheet=sheet, sample=sheet.sample, is_own=is_own)


@bp.get("/auditing/sample/<int:sample_id>/population.csv")
@requires(Permission.SEE_AUDIT)
def population(sample_id: int) -> Response:
    """The list, byte for byte as it was hashed."""
    sheet = sheet_of(queries.sample_seen_by(sessions.me(), sample_id))
    answer = Response(sheet.sample.population, content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=sheet.file)
    return answer


@bp.get("/auditing/sample/<int:sample_id>/work-paper.pdf")
@requires(Permission.SEE_AUDIT)
@limited_heavy
def paper(sample_id: int) -> Response:
    sheet = sheet_of(queries.sample_seen_by(sessions.me(), sample_id))
    content = work_paper(sheet, now())
    answer = Response(content, content_type="application/pdf")
    name = _("work-paper-%(kvk)s-%(number)s.pdf", kvk=sheet.sample.corporation.kvk, number=sheet.sample.sequence)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.route("/auditing/sample-item/<int:item_id>", methods=["GET", "POST"])
@requires(Permission.SAMPLE)
def judge(item_id: int) -> Page:
    """A drawn contribution of one's own sample, with what was found of it."""
    me = sessions.me()
    item = queries.item_to_judge(me, item_id)
    known = item.finding
    held = {"outcome": known.outcome.value, "text": known.text} if known else {}
    form = FindingForm(data=held | {"version": str(known.version if known else 0)})
    if request.method == "GET":
        return _item_page(form, item)
    if not form.validate():
        return _item_page(form, item), REFUSED
    try:
        service.note(item_id, form.found, form.text.value, by=me, seen_version=form.seen_version)
    except NotFound:
        raise
    except DomainError as refusal:
        form.show(refusal)
        return _item_page(form, queries.item_to_judge(me, item_id)), status_of(refusal)
    flash(_("The finding about %(reference)s is noted.", reference=item.contribution.reference), "success")
    return redirect(_next_address(queries.item_to_judge(me, item_id)))


def _corporation(corporations: Sequence[Corporation]) -> Corporation:
    """The one that is asked for, or else the first. Errors: NotFound, also when it is not for who asks."""
    asked = request.args.get("corporation")
    return corporation_where(sessions.me(), Permission.SAMPLE, asked) if asked else corporations[0]


def _item_page(form: FindingForm, item: SampleItem) -> str:
    sheet = sheet_of(item.sample)
    row = next(each for each in sheet.rows if each.item.id == item.id)
    return render_template("auditing/item.html", form=form, sheet=sheet, row=row, item=item, kinds=KINDS)


def _next_address(item: SampleItem) -> str:
    """On to what is still to be looked at; after the last one to the sample."""
    following = sheet_of(item.sample).next_open
    if following is None:
        return url_for("samples.show", sample_id=item.sample_id)
    return url_for("samples.judge", item_id=following.item.id)
