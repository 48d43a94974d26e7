"""The pages of batches: ask for one, see how far it is, stop it, go on, and take all its statements along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.limits import limited_heavy
from app.accounts.models import Corporation, Language
from app.accounts.permissions import Permission, may, requires
from app.accounts.queries import corporation_where, corporations_open_to
from app.batches import queries, service
from app.batches.duration import about
from app.batches.failures import causes
from app.batches.forms import BatchForm
from app.batches.models import Batch
from app.batches.queries import OFFER
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
        return render_template("batches/new.html", **page, **_amount(corporation, _last_year_end(), again=False))
    if not form.validate():
        return render_template("batches/new.html", **page), REFUSED
    try:
        batch = service.ask(corporation.kvk, form.on.value, Language(form.language.data), again=form.again.data, by=me)
    except Invalid as refusal:
        form.show(refusal)
        return render_template("batches/new.html", **page), status_of(refusal)
    wake(batch.id)
    return redirect(url_for("batches.show", batch_id=batch.id))


@bp.post("/batches/count")
@requires(Permission.ISSUE_STATEMENTS)
def count() -> str:
    """How many statements the form asks for and how long that takes, while it is filled in: what its button says."""
    corporation = _corporation(corporations_open_to(sessions.me(), Permission.ISSUE_STATEMENTS))
    form = BatchForm()
    amount = _amount(corporation, form.on.value, again=form.again.data) if form.validate() else {}
    return render_template("batches/asks.html", **amount)


@bp.get("/batches/<int:batch_id>")
@requires(Permission.ISSUE_STATEMENTS)
def show(batch_id: int) -> str:
    """The page; for the script that looks again while it runs only what changes."""
    batch = queries.batch_seen_by(sessions.me(), batch_id)
    template = "progress" if request.headers.get("X-Requested-With") == POLL else "show"
    return render_template(f"batches/{template}.html", batch=batch, **_state(batch))


@bp.post("/batches/<int:batch_id>/cancel")
@requires(Permission.ISSUE_STATEMENTS)
def cancel(batch_id: int) -> Response:
    service.cancel(batch_id, by=sessions.me())
    return redirect(url_for("batches.show", batch_id=batch_id))


@bp.post("/batches/<int:batch_id>/go-on")
@requires(Permission.ISSUE_STATEMENTS)
def go_on(batch_id: int) -> Response:
    return _woken(service.go_on(batch_id, by=sessions.me()))


@bp.post("/batches/<int:batch_id>/retry")
@requires(Permission.ISSUE_STATEMENTS)
def retry(batch_id: int) -> Response:
    return _woken(service.retry(batch_id, by=sessions.me()))


@bp.get("/batches/<int:batch_id>/statements.zip")
@requires(Permission.ISSUE_STATEMENTS)
@limited_heavy
def download(batch_id: int) -> Response:
    batch = queries.batch_seen_by(sessions.me(), batch_id)
    file = bundle(queries.statements_of(batch))
    name = _("statements-%(day)s.zip", day=batch.on.isoformat())
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)


def _woken(batch: Batch) -> Response:
    """To its page, which says by itself what happens."""
    wake(batch.id)
    return redirect(url_for("batches.show", batch_id=batch.id))


def _state(batch: Batch) -> dict[str, Any]:
    """What a page says of a batch: how far and how long still, what stands in the way, and what can be done."""
    progress = queries.progress_of([batch])[batch.id]
    idle = queries.idle_since(batch) if progress.left else None
    each = queries.seconds_each(batch) if progress.left else None
    failed, asker_may = queries.failures_of(batch), queries.asker_may(batch)
    is_administrator = may(sessions.me(), Permission.ADMINISTER, corporation_id=batch.corporation_id)
    with_number = sum(row.has_number for row in failed)
    goes_on = batch.cancelled_at is None
    return {
        "progress": progress,
        "time_left": about(each * progress.left) if each is not None else None,
        "idle_since": idle,
        "waits": idle is not None and queries.workers_are_busy(),
        "causes": causes(failed, to_administrator=is_administrator),
        "unmade": queries.unmade_of(batch),
        "asker_may": asker_may,
        "retries": len(failed) if goes_on and asker_may else with_number,
        "rest": 0 if goes_on else progress.unmade + progress.failed,
    }


def _amount(corporation: Corporation, on: date, *, again: bool) -> dict[str, Any]:
    """How many statements a batch would make and about how long that takes; that it makes none, when it is refused."""
    try:
        number = len(service.contracts_for(corporation, on, again=again))
    except Invalid:
        return {"is_refused": True}
    workers = current_app.config["WEDERDIENST"].workers
    return {"number": number, "time": about(number * queries.seconds_usual(corporation, workers))}


def _last_year_end() -> date:
    return date(today().year - 1, 12, 31)


def _corporation(corporations: Sequence[Corporation]) -> Corporation:
    """The one that is asked for, or else the first. Errors: NotFound, also when it is not for who asks."""
    asked = request.args.get("corporation")
    return corporation_where(sessions.me(), Permission.ISSUE_STATEMENTS, asked) if asked else corporations[0]
