"""The pages of the access review: which months are signed, and one month with what is odd in it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, may, requires
from app.auditing import reviews, service
from app.auditing.forms import ReviewForm
from app.auditing.oddities import Oddity
from app.auditing.words import ODDITIES
from app.history.words import said
from app.web.errors import REFUSED, DomainError, NotFound, status_of

bp = Blueprint("reviews", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(unsigned_reviews=unsigned))

ACTS_SHOWN = 20
Page = Response | str | tuple[str, int]


@bp.get("/access-reviews")
@requires(Permission.SEE_HISTORY)
def index() -> str:
    return render_template("auditing/reviews.html", months=reviews.months_for(sessions.me()))


@bp.get("/corporation/<kvk>/access/<month>")
@requires(Permission.SEE_HISTORY)
def show(kvk: str, month: str) -> str:
    """A month ("2026-10")."""
    return _page(kvk, month, ReviewForm(formdata=None))


@bp.post("/corporation/<kvk>/access/<month>/sign")
@requires(Permission.REVIEW_ACCESS)
def sign(kvk: str, month: str) -> Page:
    me, form = sessions.me(), ReviewForm()
    reviews.month_of(kvk, month, me, Permission.REVIEW_ACCESS)
    if not form.validate():
        return _page(kvk, month, form), REFUSED
    try:
        service.sign_review(kvk, month, form.remark.value, seen=form.seen.data or "", by=me)
    except NotFound:
        raise
    except DomainError as refusal:
        form.show(refusal)
        return _page(kvk, month, form), status_of(refusal)
    flash(_("The access review is signed."), "success")
    return redirect(url_for("reviews.show", kvk=kvk, month=month))


def unsigned() -> list[object]:
    """For pages on which somebody starts: the months that wait for a signature of who looks."""
    return [*reviews.unsigned_for(sessions.me())]


def _page(kvk: str, written: str, form: ReviewForm) -> str:
    me = sessions.me()
    month = reviews.month_of(kvk, written, me)
    return render_template(
        "auditing/review.html",
        month=month,
        form=form,
        oddities=ODDITIES,
        rights=Oddity.RIGHTS,
        said=said,
        most=ACTS_SHOWN,
        signs=may(me, Permission.REVIEW_ACCESS, corporation_id=month.corporation.id),
        is_about_me=month.is_about(me),
    )
