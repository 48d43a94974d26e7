"""The pages of batches: ask for one, see how far it is, stop it, try again, and take all its statements along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.limits import limited_heavy
from app.accounts.models import Corporation, Language
from app.accounts.permissions import Permission, requires
from app.accounts.queries import corporation_where, corporations_open_to
from app.batches import queries, service
from app.batches.forms import BatchForm
from app.batches.models import Batch
from app.batches.queries import OFFER, Progress
from app.batches.queue import wake
from app.statements.bundle import bundle
from app.web.clock import today
from app.web.errors import REFUSED, Invalid, status_of
from app.web.formats import day_typed

bp = Blueprint("batches", __name__)

POLL = "poll"
Page = Response | str | tuple[str, int]


@bp.get("/batches")
@requires(Permission.ISSUE_STATEMENTS)
def index() -> str:
    listing = queries.batches_of(sessions.me(), OFFER.choice(request.args))
    return render_template("batches/index.html", listing=listing, progress=queries.progress_of(listing.rows))


@bp.route("/batches/new", methods=["GET", "POST"])
@requires(Permission.ISSUE_STATEMENTS)
def new() -> Page:
    """`?corporation=` says whose."""
    me = sessions.me()
    corporations = corporations_open_to(me, Permission.ISSUE_STATEMENTS)
    corporation = _corporation(corporations)
    form = BatchForm(data={"on": day_typed(_last_year_end()), "language": corporation.language.value})
    page = {"form": form, "corporation": corporation, "corporations": corporations}
    if request.method == "GET":
        return render_template("batches/new.html", **page)
    if not form.validate():
        return render_template("batches/new.html", **page), REFUSED
    try:
        batch = service.ask(corporation.kvk, form.on.value, Language(form.language.data), again=form.again.data, by=me)
    except Invalid as refusal:
        form.show(refusal)
        return render_template("batches/new.html", **page), status_of(refusal)
    wake(batch.id)
    return redirect(url_for("batches.show", batch_id=batch.id))


@bp.get("/batches/<int:batch_id>")
@requires(Permission.ISSUE_STATEMENTS)
def show(batch_id: int) -> str:
    """The page; for the script that looks again while it runs only what changes."""
    batch = queries.batch_seen_by(sessions.me(), batch_id)
    template = "progress" if request.headers.get("X-Requested-With") == POLL else "show"
    return render_template(
        f"batches/{template}.html", batch=batch, progress=_progress(batch), failures=queries.failures_of(batch)
    )


@bp.post("/batches/<int:batch_id>/cancel")
@requires(Permission.ISSUE_STATEMENTS)
def cancel(batch_id: int) -> Response:
    service.cancel(batch_id, by=sessions.me())
    flash(_("The batch is stopped. What was issued stays issued."), "success")
    return redirect(url_for("batches.show", batch_id=batch_id))


@bp.post("/batches/<int:batch_id>/retry")
@requires(Permission.ISSUE_STATEMENTS)
def retry(batch_id: int) -> Response:
    batch = service.retry(batch_id, by=sessions.me())
    wake(batch.id)
    left = _progress(batch).left
    flash(
        ngettext("%(num)d statement is tried again.", "%(num)d statements are tried again.", left),
        "success",
    )
    return redirect(url_for("batches.show", batch_id=batch_id))


@bp.get("/batches/<int:batch_id>/statements.zip")
@requires(Permission.ISSUE_STATEMENTS)
@limited_heavy
def download(batch_id: int) -> Response:
    batch = queries.batch_seen_by(sessions.me(), batch_id)
    file = bundle(queries.statements_of(batch))
    name = _("statements-%(day)s.zip", day=batch.on.isoformat())
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)


def _progress(batch: Batch) -> Progress:
    return queries.progress_of([batch])[batch.id]


def _last_year_end() -> date:
    return date(today().year - 1, 12, 31)


def _corporation(corporations: Sequence[Corporation]) -> Corporation:
    """The one that is asked for, or else the first. Errors: NotFound, also when it is not for who asks."""
    asked = request.args.get("corporation")
    return corporation_where(sessions.me(), Permission.ISSUE_STATEMENTS, asked) if asked else corporations[0]
