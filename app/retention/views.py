"""The pages of what is kept about people: what is past its time, and all that is held about one reference."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import sessions
from app.accounts.permissions import Permission, requires
from app.accounts.queries import corporation_where
from app.retention import person, queries, service
from app.retention.forms import EraseForm
from app.retention.words import HOLDS
from app.rules.dossier_json import canonical
from app.web.clock import today
from app.web.errors import REFUSED, Stale, status_of
from app.web.record_form import SeenForm

bp = Blueprint("retention", __name__)

Page = AnyResponse | str | tuple[str, int]


@bp.route("/corporation/<kvk>/retention", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def due(kvk: str) -> Page:
    """What a run would erase; sent with a tick it is erased, when it is still the same."""
    me = sessions.me()
    corporation = corporation_where(me, Permission.ADMINISTER, kvk)
    form = EraseForm()

    def page() -> str:
        found = queries.due_of(corporation_where(me, Permission.ADMINISTER, kvk), today())
        return render_template("retention/due.html", corporation=corporation, due=found, form=form, holds=HOLDS)

    if request.method == "GET":
        return page()
    if not form.validate():
        return page(), REFUSED
    try:
        erased = service.erase(kvk, by=me, seen=form.seen.data or "")
    except Stale as refusal:
        form.show(refusal)
        return page(), status_of(refusal)
    flash(
        _(
            "Erased: %(persons)s references of people, %(files)s files, %(addresses)s addresses.",
            persons=len(erased.persons),
            files=len(erased.files),
            addresses=len(erased.addresses),
        ),
        "success",
    )
    return redirect(url_for("retention.due", kvk=kvk))


@bp.get("/person/<int:person_id>")
@requires(Permission.SEE_PERSONS)
def held(person_id: int) -> str:
    """What is held about one reference, counted: what an export would give."""
    seen = person.person_seen_by(sessions.me(), person_id)
    found = person.held_about(sessions.me(), seen)
    return render_template("retention/person.html", person=seen, held=found, form=SeenForm(formdata=None))


@bp.post("/person/<int:person_id>/export")
@requires(Permission.SEE_PERSONS)
def export(person_id: int) -> Response:
    """A POST: it leaves a record. The reference stands in the file and in no address."""
    found = person.export(person_id, by=sessions.me())
    answer = Response(canonical(found), content_type="application/json; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"person-{person_id}.json")
    answer.headers["Cache-Control"] = "no-store"
    return answer
