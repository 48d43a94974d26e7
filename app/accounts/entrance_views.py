"""Other ways in than a password: by a provider of single sign-on, and by a link to another password."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import resetting, service, sessions, sso
from app.accounts.forms import FIRST_PAGE, ForgotForm, LoginForm, ResetForm
from app.accounts.limits import limited_invitations, limited_resets
from app.accounts.permissions import public
from app.mail.outbox import link
from app.web.addresses import own_address
from app.web.errors import REFUSED

bp = Blueprint("entrance", __name__)
Page = Response | str | tuple[str, int]
GONE = 410


@bp.get("/login/sso")
@public
def to_provider() -> Response:
    if not sso.offered():
        return redirect(FIRST_PAGE)
    then = own_address(request.args.get("next")) or FIRST_PAGE
    return sso.to_provider(link("entrance.from_provider"), then)


@bp.get("/login/sso/back")
@public
@limited_invitations
def from_provider() -> Page:
    via = sso.offered()
    if not via:
        return redirect(FIRST_PAGE)
    identity, then = sso.seen(), own_address(sso.then()) or FIRST_PAGE
    token = service.log_in_by_provider(
        identity.email, shows_second_factor=identity.shows_second_factor, address=request.remote_addr or ""
    )
    if token:
        return sessions.onward(token, then)
    form = LoginForm(formdata=None, next=then)
    unknown = _("%(name)s knows you, but not at an address that has an account here. Ask for an invitation.", name=via)
    form.form_errors.append(unknown)
    return render_template("accounts/login.html", form=form), REFUSED


@bp.route("/password", methods=["GET", "POST"])
@public
@limited_resets
def forgot() -> Page:
    form = ForgotForm()
    if not form.is_submitted():
        return render_template("entrance/forgot.html", form=form)
    if not form.validate():
        return render_template("entrance/forgot.html", form=form), REFUSED
    resetting.ask(form.email.data, address=request.remote_addr or "")
    return render_template("entrance/sent.html")


@bp.route("/password/<key>", methods=["GET", "POST"])
@public
@limited_invitations
def reset(key: str) -> Response:
    page = make_response(_reset(key))
    page.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return page


def _reset(key: str) -> Page:
    found, form = resetting.found(key), ResetForm()
    if found is None:
        return render_template("entrance/gone.html"), GONE
    if request.method == "POST" and form.validate():
        if resetting.reset(key, form.password.data) is None:
            return render_template("entrance/gone.html"), GONE
        sessions.forget()
        flash(_("Your password is changed. Log in with it."), "success")
        return redirect(url_for("accounts.login"))
    page = render_template("entrance/reset.html", form=form, user=found.user)
    return page, REFUSED if request.method == "POST" else 200
