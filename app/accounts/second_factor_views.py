"""The second step of a log-in, and the pages on which people set up what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import queries, second_factor, sessions, totp
from app.accounts.forms import FIRST_PAGE, AppForm, CodeForm, ConfirmForm, NewPasskeyForm, PasskeyForm, PasskeyNameForm
from app.accounts.limits import limited_for_user
from app.accounts.permissions import requires_first_step, requires_login
from app.accounts.second_factor import Settled
from app.accounts.strength import is_fresh, is_required_of
from app.web.errors import REFUSED, Invalid
from app.web.sentences import sentence

bp = Blueprint("second_factor", __name__)
Page = AnyResponse | str | tuple[str, int]
P = ParamSpec("P")


def sets_up(view: Callable[P, Page]) -> Callable[P, Page]:
    """Who changes what the second step is made of: who proved a short time ago to be who they are.

    Before the second step that is somebody who has none to show yet.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Page:
        session = sessions.first_step()
        if sessions.is_half() and session.user.second_factor_since is not None:
            return redirect(url_for("second_factor.step"))
        if not sessions.is_half() and not is_fresh(session):
            return redirect(url_for("second_factor.confirm", next=url_for("second_factor.index")))
        return view(*args, **kwargs)

    return requires_first_step(guarded)


@bp.route("/login/second", methods=["GET", "POST"])
@requires_first_step
@limited_for_user
def step() -> Page:
    form, session = CodeForm(next=request.args.get("next")), sessions.first_step()
    if not sessions.is_half():
        return redirect(form.next_address)
    if session.user.second_factor_since is None:
        return redirect(url_for("second_factor.index"))
    if not form.is_submitted():
        return _step(form)
    if form.validate():
        token = second_factor.pass_with_code(session, form.code.data, address=request.remote_addr or "")
        if token:
            return sessions.onward(token, form.next_address)
        form.code.errors = [sentence(Invalid("code_wrong"))]
    return _step(form), REFUSED


@bp.post("/login/second/passkey/ask")
@requires_first_step
def ask_passkey() -> Response:
    return Response(second_factor.begin_showing(sessions.first_step()), mimetype="application/json")


@bp.post("/login/second/passkey")
@requires_first_step
@limited_for_user
def show_passkey() -> Page:
    form, session = PasskeyForm(), sessions.first_step()
    if not sessions.is_half():
        return redirect(form.next_address)
    token = second_factor.pass_with_passkey(session, form.answer.data or "", address=request.remote_addr or "")
    if token:
        return sessions.onward(token, form.next_address)
    again = CodeForm(formdata=None, next=form.next.data)
    again.form_errors.append(sentence(Invalid("passkey_refused")))
    return _step(again), REFUSED


@bp.get("/account/second-factor")
@requires_first_step
def index() -> Page:
    if sessions.is_half() and sessions.first_step().user.second_factor_since is not None:
        return redirect(url_for("second_factor.step"))
    return _index(NewPasskeyForm(formdata=None))


@bp.route("/account/second-factor/app", methods=["GET", "POST"])
@sets_up
@limited_for_user
def add_app() -> Page:
    session, form = sessions.first_step(), AppForm()
    if request.method == "GET":
        form.begun.data = second_factor.begin_app(session.user).decode()
    elif form.validate():
        try:
            return _settled(second_factor.add_app(session, form.begun.data, form.code.data), _("The app is added."))
        except Invalid as refusal:
            form.code.errors = [sentence(refusal)]
    return _app(form), REFUSED if request.method == "POST" else 200


@bp.post("/account/second-factor/app/remove")
@sets_up
def remove_app() -> Page:
    return _settled(second_factor.remove_app(sessions.first_step()), _("The app is removed."))


@bp.post("/account/second-factor/codes")
@sets_up
def new_codes() -> Page:
    return _settled(second_factor.new_codes(sessions.first_step()), "")


@bp.post("/account/passkeys/ask")
@sets_up
def ask_new_passkey() -> Page:
    return Response(second_factor.begin_passkey(sessions.first_step()), mimetype="application/json")


@bp.post("/account/passkeys")
@sets_up
def add_passkey() -> Page:
    form = NewPasskeyForm()
    if not form.validate():
        return _index(form), REFUSED
    try:
        settled = second_factor.add_passkey(sessions.first_step(), form.name.data, form.answer.data or "")
    except Invalid as refusal:
        form.form_errors.append(sentence(refusal))
        return _index(form), REFUSED
    return _settled(settled, _("The passkey is added."))


@bp.route("/account/passkeys/<int:passkey_id>", methods=["GET", "POST"])
@requires_login
def rename_passkey(passkey_id: int) -> Page:
    me = sessions.me()
    passkey = queries.own_passkey(me, passkey_id)
    form = PasskeyNameForm(name=passkey.name)
    if request.method == "POST" and form.validate():
        second_factor.rename_passkey(me, passkey_id, form.name.data)
        return redirect(url_for("second_factor.index"))
    page = render_template("second_factor/passkey.html", form=form, passkey=passkey)
    return page, REFUSED if request.method == "POST" else 200


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@sets_up
def remove_passkey(passkey_id: int) -> Page:
    return _settled(second_factor.remove_passkey(sessions.first_step(), passkey_id), _("The passkey is removed."))


@bp.route("/account/confirm", methods=["GET", "POST"])
@requires_login
@limited_for_user
def confirm() -> Page:
    form, session = ConfirmForm(next=request.args.get("next")), sessions.current()
    if request.method == "GET" and is_fresh(session):
        return redirect(form.next_address)
    if request.method == "POST" and form.validate():
        if second_factor.confirm(session, form.password.data, address=request.remote_addr or ""):
            return redirect(form.next_address)
        form.password.errors = [_("This is not your password.")]
    page = render_template("second_factor/confirm.html", form=form, has_password=session.user.password_hash is not None)
    return page, REFUSED if request.method == "POST" else 200


def _step(form: CodeForm) -> str:
    user = sessions.first_step().user
    answer = PasskeyForm(formdata=None, next=form.next.data)
    return render_template(
        "second_factor/step.html", form=form, answer_form=answer, user=user, passkeys=queries.passkeys_of(user)
    )


def _index(form: NewPasskeyForm) -> str:
    user = sessions.first_step().user
    passkeys = queries.passkeys_of(user)
    return render_template(
        "second_factor/index.html",
        user=user,
        form=form,
        passkeys=passkeys,
        unused=sum(code.used_at is None for code in queries.codes_of(user)),
        may_remove=not is_required_of(user) or len(passkeys) + (user.totp_secret is not None) > 1,
        is_half=sessions.is_half(),
    )


def _app(form: AppForm) -> str:
    """The page with the secret of the form; without one of ours it says to begin again."""
    user = sessions.first_step().user
    secret: Any = second_factor.secret_begun(user, form.begun.data or "")
    shown = {"picture": totp.picture(secret, user.email), "key": totp.in_groups(secret)} if secret else {}
    return render_template("second_factor/app.html", form=form, is_half=sessions.is_half(), **shown)


def _settled(settled: Settled, said: str) -> Page:
    """Go on under the new token; recovery codes, when there are new ones, are shown this once."""
    sessions.begin(settled.token)
    if settled.codes:
        return render_template("second_factor/codes.html", codes=settled.codes, said=said, then=FIRST_PAGE)
    flash(said, "success")
    return redirect(url_for("second_factor.index"))
