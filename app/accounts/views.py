"""Log-in, log-out, the language, and a user's own page: name, roles, where they are logged in, password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import queries, service, sessions
from app.accounts.forms import LanguageForm, LoginForm, NameForm, PasswordForm
from app.accounts.limits import limited_for_user, limited_log_in
from app.accounts.models import Language
from app.accounts.permissions import public, requires_first_step, requires_login
from app.web.clock import today
from app.web.errors import REFUSED

bp = Blueprint("accounts", __name__)
Page = Response | str | tuple[str, int]


@bp.route("/login", methods=["GET", "POST"])
@public
@limited_log_in
def login() -> Page:
    form = LoginForm(next=request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(form.next_address)
    if not form.is_submitted():
        if sessions.is_half():
            return redirect(url_for("second_factor.step", next=form.next_address))
        return render_template("accounts/login.html", form=form)
    if form.validate():
        token = service.log_in(form.email.data, form.password.data, address=request.remote_addr or "")
        if token:
            return sessions.onward(token, form.next_address)
        form.form_errors.append(_("E-mail address and password do not go together. Look at both and try again."))
    return render_template("accounts/login.html", form=form), REFUSED


@bp.post("/logout")
@requires_first_step
def logout() -> Response:
    service.log_out(sessions.first_step().user, sessions.token())
    sessions.forget()
    answer = redirect(url_for("accounts.login"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.post("/language")
@public
def choose_language() -> Response:
    form = LanguageForm()
    if form.validate():
        session["lang"] = form.language.data
        if current_user.is_authenticated:
            service.choose_language(sessions.me(), Language(form.language.data))
    return redirect(form.next_address)


@bp.get("/account")
@requires_login
def account() -> Page:
    return _account()


@bp.post("/account/name")
@requires_login
def change_name() -> Page:
    form = NameForm()
    if not form.validate():
        return _account(name_form=form), REFUSED
    service.change_name(sessions.me(), form.name.data)
    flash(_("Your name is changed."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/account/password")
@requires_login
@limited_for_user
def change_password() -> Page:
    form = PasswordForm(sessions.me().password_hash)
    if not form.validate():
        return _account(password_form=form), REFUSED
    sessions.begin(service.change_password(sessions.current(), form.new.data))
    flash(_("Your password is changed. On other devices you are logged out."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/account/sessions/<int:session_id>/end")
@requires_login
def end_session(session_id: int) -> Response:
    service.end_session(sessions.me(), session_id)
    flash(_("You are logged out there."), "success")
    return redirect(url_for("accounts.account"))


def _account(name_form: NameForm | None = None, password_form: PasswordForm | None = None) -> str:
    me = sessions.me()
    return render_template(
        "accounts/account.html",
        name_form=name_form or NameForm(formdata=None, name=me.name),
        language_form=LanguageForm(formdata=None, language=me.language.value),
        password_form=password_form or PasswordForm(me.password_hash, formdata=None),
        roles=queries.roles_of(me),
        sessions=queries.sessions_of(me),
        this_session=sessions.current(),
        today=today(),
    )
