"""The administrator's pages: people, invitations, the settings of a corporation; and the page of who was invited."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request
from flask import url_for as address_of
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import invitations, people, sessions
from app.accounts import service as accounts
from app.accounts.invitations import Invitation
from app.accounts.limits import limited_invitations
from app.accounts.models import Corporation, Language, Membership, Token
from app.accounts.permissions import Permission, public, requires, requires_login
from app.accounts.queries import corporation_where, corporations_open_to, membership_to_administer, sessions_of
from app.accounts.words import PRESENCES, ROLES, Presence
from app.editing.answer import Editing, Page, answer
from app.organisation import colours, queries, service
from app.organisation.forms import AcceptForm, InviteForm, LogoForm, MembershipForm, SettingsForm
from app.web.errors import REFUSED, Conflict, Invalid
from app.web.headers import ONE_YEAR
from app.web.locale import chosen as chosen_language
from app.web.record_form import SeenForm
from app.web.sentences import sentence

bp = Blueprint("organisation", __name__)

GONE = 410
DIGITS = re.compile("[0-9a-f]{6}")


@bp.get("/people")
@requires(Permission.ADMINISTER)
def index() -> Page:
    me = sessions.me()
    return render_template(
        "organisation/people.html",
        listing=queries.people_of(me, queries.OFFER.choice(request.args)),
        corporations=corporations_open_to(me, Permission.ADMINISTER),
        roles=ROLES,
        presences=PRESENCES,
    )


@bp.route("/people/<int:membership_id>", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def edit(membership_id: int) -> Page:
    me = sessions.me()
    membership = membership_to_administer(me, membership_id)
    form = MembershipForm(membership)

    def save() -> Membership:
        return people.change(membership_id, **form.granted, seen_version=form.seen_version, by=me)

    def done(changed: Membership) -> str:
        flash(_("What %(name)s may do is changed.", name=changed.shown_name), "success")
        return address_of("organisation.index")

    return answer(Editing(form, save, done, lambda _effects: _person(membership, form)))


@bp.route("/people/<int:membership_id>/end", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def end(membership_id: int) -> Page:
    me = sessions.me()
    membership, form = membership_to_administer(me, membership_id), SeenForm()
    if request.method == "GET":
        return _ending(membership)
    try:
        ended = people.end(membership_id, seen_version=form.seen_version, by=me)
    except Conflict as refusal:
        return _ending(membership, sentence(refusal)), refusal.status
    flash(_("%(name)s has no access any more.", name=ended.shown_name), "success")
    return redirect(address_of("organisation.index"))


@bp.post("/people/<int:membership_id>/restore")
@requires(Permission.ADMINISTER)
def restore(membership_id: int) -> Page:
    back = people.let_in(membership_id, seen_version=SeenForm().seen_version, by=sessions.me())
    flash(*_restored(back))
    return redirect(address_of("organisation.edit", membership_id=membership_id))


@bp.route("/corporation/<kvk>/invite", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def invite(kvk: str) -> Page:
    me = sessions.me()
    corporation = corporation_where(me, Permission.ADMINISTER, kvk)
    form = InviteForm(corporation)
    if not form.is_submitted():
        return _inviting(corporation, form)
    if form.validate():
        typed = {"email": form.email.value, "name": form.name.value, "language": Language(form.language.data)}
        try:
            return _link(invitations.invite(corporation, **typed, **form.granted, by=me))
        except Invalid as refusal:
            form.show(refusal)
    return _inviting(corporation, form), REFUSED


@bp.post("/people/<int:membership_id>/invitation")
@requires(Permission.ADMINISTER)
def renew_invitation(membership_id: int) -> Page:
    made = invitations.renew(membership_id, seen_version=SeenForm().seen_version, by=sessions.me())
    return _link(made)


@bp.post("/people/<int:membership_id>/invitation/withdraw")
@requires(Permission.ADMINISTER)
def withdraw_invitation(membership_id: int) -> Page:
    withdrawn = invitations.withdraw(membership_id, seen_version=SeenForm().seen_version, by=sessions.me())
    flash(_("The invitation of %(name)s is withdrawn: the link no longer works.", name=withdrawn.shown_name), "success")
    return redirect(address_of("organisation.edit", membership_id=membership_id))


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limited_invitations
def invitation(token: str) -> Response:
    page = make_response(_invitation(token))
    page.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return page


@bp.route("/corporation/<kvk>/settings", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def settings(kvk: str) -> Page:
    me = sessions.me()
    corporation = corporation_where(me, Permission.ADMINISTER, kvk)
    form = SettingsForm(corporation)

    def save() -> Corporation:
        return service.change_settings(kvk, **form.settings, seen_version=form.seen_version, by=me)

    def done(_changed: Corporation) -> str:
        flash(_("The settings are saved."), "success")
        return address_of("organisation.settings", kvk=kvk)

    return answer(Editing(form, save, done, lambda _effects: _settings(corporation, form)))


@bp.post("/corporation/<kvk>/settings/logo")
@requires(Permission.ADMINISTER)
def set_logo(kvk: str) -> Page:
    me, form = sessions.me(), LogoForm()
    corporation = corporation_where(me, Permission.ADMINISTER, kvk)
    if not form.validate() or form.picture is None:
        return _settings(corporation, SettingsForm(corporation, as_is=True), form), REFUSED
    service.set_logo(kvk, form.picture, by=me)
    flash(_("The logo is saved."), "success")
    return redirect(address_of("organisation.settings", kvk=kvk))


@bp.post("/corporation/<kvk>/settings/logo/remove")
@requires(Permission.ADMINISTER)
def remove_logo(kvk: str) -> Page:
    service.remove_logo(kvk, seen_version=SeenForm().seen_version, by=sessions.me())
    flash(_("The logo is removed."), "success")
    return redirect(address_of("organisation.settings", kvk=kvk))


@bp.get("/corporation/<house>/logo")
@requires_login
def logo(house: str) -> Response:
    found = queries.logo_seen_by(sessions.me(), house)
    picture = Response(found.content, mimetype="image/png")
    picture.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"  # another logo has another address
    picture.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return picture


@bp.get("/accent/<colour>.css")
@public
def accent(colour: str) -> Response:
    """The accent of a corporation as a style sheet: pages may have no style of their own inside them."""
    if not DIGITS.fullmatch(colour):
        abort(404)
    sheet = Response(colours.stylesheet(f"#{colour}"), mimetype="text/css")
    sheet.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return sheet


def _person(membership: Membership, form: MembershipForm) -> str:
    presence = queries.presence_of(membership)
    cancel = address_of("organisation.index")
    return render_template(
        "organisation/person.html", membership=membership, form=form, presence=presence, presences=PRESENCES,
        cancel=cancel, moves_figures=False, version=membership.row_version,
        sessions=sessions_of(membership.user) if presence is Presence.ACTIVE else (),
    )  # fmt: skip


def _restored(back: Membership) -> tuple[str, str]:
    """What became of it, and how that is."""
    if back.invited_as is not None:
        return _("%(name)s can be invited again.", name=back.shown_name), "success"
    if not back.user.is_active:
        return _("The account of %(name)s stays closed. Ask whoever runs the product.", name=back.shown_name), "warning"
    return _("%(name)s has access again.", name=back.shown_name), "success"


def _ending(membership: Membership, refusal: str | None = None) -> str:
    return render_template("organisation/end.html", membership=membership, refusal=refusal)


def _inviting(corporation: Corporation, form: InviteForm) -> str:
    return render_template("organisation/invite.html", corporation=corporation, form=form)


def _link(made: Invitation) -> str:
    """The page that shows the link, this once."""
    return render_template(
        "organisation/link.html", made=made, link=made.address, mail=_mail(made.membership, made.address)
    )


def _mail(membership: Membership, link: str) -> str:
    """The address that opens a mail with the link in it, in whatever program mails."""
    name = membership.corporation.name
    subject = _("Your access to Wederdienst for %(name)s", name=name)
    body = _("Follow this link to begin. It works once, for seven days: %(link)s", link=link)
    asked = urlencode({"subject": subject, "body": body}, quote_via=quote)
    return f"mailto:{quote(membership.user.email, safe='@')}?{asked}"


def _invitation(token: str) -> Page:
    found = invitations.found(token)
    if found is None or found.membership is None:
        return _no_invitation()
    form = AcceptForm(data={"name": found.membership.invited_as, "language": chosen_language()})
    accepted = _accepted(token, found, form) if request.method == "POST" else None
    if accepted is not None:
        return accepted
    page = render_template("organisation/invitation.html", invitation=found, form=form, roles=ROLES, here=request.path)
    return page, REFUSED if request.method == "POST" else 200


def _accepted(token: str, found: Token, form: AcceptForm) -> Page | None:
    """The answer to an acceptance; None when the page must be filled in or looked at again."""
    if current_user.is_authenticated:
        if found.user_id != sessions.me().id:
            return None
        return _welcome() if invitations.accept(token, by=sessions.me()) else _no_invitation()
    if found.user.password_hash is not None or not form.validate():
        return None
    name, language = form.name.value, Language(form.language.data)
    user = invitations.accept_as_new(token, name=name, password=form.password.data, language=language)
    if user is None:
        return _no_invitation()
    session_token = accounts.log_in(user.email, form.password.data, address=request.remote_addr or "")
    return _welcome(sessions.onward(session_token, "/") if session_token else None)


def _welcome(onward: Page | None = None) -> Page:
    flash(_("Welcome. From now on you see what is yours to see."), "success")
    return onward or redirect("/")


def _no_invitation() -> Page:
    return render_template("organisation/no_invitation.html"), GONE


def _settings(corporation: Corporation, form: SettingsForm, logo_form: LogoForm | None = None) -> str:
    return render_template(
        "organisation/settings.html",
        corporation=corporation,
        form=form,
        logo_form=logo_form or LogoForm(formdata=None),
        product_colour=colours.PRODUCT,
        cancel=address_of("organisation.index"),
        moves_figures=False,
    )
