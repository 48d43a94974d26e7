"""The worklist, a signal, conversations; what mail somebody wants; and what became of the mail that was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, public, requires, requires_login
from app.contracts.models import Contract
from app.editing.answer import Editing, Effects, Page, answer
from app.signals import card, mailbox, queries, service
from app.signals.forms import ButtonForm, CloseForm, ConversationForm, SnoozeForm
from app.signals.kinds import KEY_LENGTH
from app.signals.models import Conversation
from app.signals.people import asked_to_stop, kinds_for
from app.signals.worklist import OFFER, at_risk, listing_of, loads_of
from app.web import formats
from app.web.clock import today
from app.web.errors import REFUSED, DomainError, NotFound, status_of
from app.web.record_form import FaultsBesideFields
from app.web.sentences import sentence

bp = Blueprint("signals", __name__)
mails_bp = Blueprint("mails", __name__)
bp.record_once(card.register)


@bp.get("/signals")
@requires(Permission.SEE_SIGNALS)
def index() -> str:
    """The worklist."""
    found = queries.found_for(sessions.me(), today())
    listing = listing_of(found, OFFER.choice(request.args))
    return render_template(
        "signals/index.html",
        listing=listing,
        loads=loads_of(found),
        at_risk=at_risk(each for each in found if each.is_open),
        several=len({each.contract.corporation_id for each in found}) > 1,
    )


@bp.get("/signals/<int:contract_id>/<signal_key>")
@requires(Permission.SEE_SIGNALS)
def show(contract_id: int, signal_key: str) -> Page:
    return _shown(contract_id, signal_key)


@bp.post("/signals/<int:contract_id>/<signal_key>/snooze")
@requires(Permission.HANDLE_SIGNALS)
def snooze(contract_id: int, signal_key: str) -> Page:
    form = SnoozeForm()

    def act() -> str:
        until = form.until.value
        service.snooze(contract_id, signal_key, until=until, reason=form.reason.value, by=sessions.me())
        return str(_("The signal rests until %(day)s.", day=formats.day_long(until)))

    return _acted(contract_id, signal_key, act, snooze_form=form)


@bp.post("/signals/<int:contract_id>/<signal_key>/close")
@requires(Permission.HANDLE_SIGNALS)
def close(contract_id: int, signal_key: str) -> Page:
    form = CloseForm()

    def act() -> str:
        service.close(contract_id, signal_key, reason=form.reason.value, by=sessions.me())
        return str(_("The signal is closed. It comes back when its facts change."))

    return _acted(contract_id, signal_key, act, close_form=form)


@bp.post("/signals/<int:contract_id>/<signal_key>/reopen")
@requires(Permission.HANDLE_SIGNALS)
def reopen(contract_id: int, signal_key: str) -> Page:
    def act() -> str:
        service.reopen(contract_id, signal_key, by=sessions.me())
        return str(_("The signal is back on the worklist."))

    return _acted(contract_id, signal_key, act)


@bp.route("/contract/<int:contract_id>/conversations/new", methods=["GET", "POST"])
@requires(Permission.HANDLE_SIGNALS)
def new_conversation(contract_id: int) -> Page:
    """With `?signal=` it is about that signal, to whose page it leads back."""
    me = sessions.me()
    contract = queries.contract_for(me, contract_id, Permission.HANDLE_SIGNALS)
    form = ConversationForm(data={"held_on": formats.day_typed(today()), "by_whom": ""})

    def save() -> Conversation:
        return service.record_conversation(contract_id, form.said(), by=me)

    return answer(Editing(form, save, _saved(contract), _conversation_page(form, contract, None)))


@bp.route("/conversation/<int:conversation_id>/edit", methods=["GET", "POST"])
@requires(Permission.HANDLE_SIGNALS)
def edit_conversation(conversation_id: int) -> Page:
    me = sessions.me()
    row = queries.conversation_to_edit(conversation_id, me)
    form = ConversationForm(row)

    def save() -> Conversation:
        return service.edit_conversation(conversation_id, form.said(), by=me, seen_version=form.seen_version)

    return answer(Editing(form, save, _saved(row.contract), _conversation_page(form, row.contract, row)))


@bp.post("/conversation/<int:conversation_id>/complete")
@requires(Permission.HANDLE_SIGNALS)
def complete(conversation_id: int) -> Response:
    """What was agreed is done."""
    row = service.complete(conversation_id, by=sessions.me())
    flash(_("What was agreed is done."), "success")
    return redirect(f"{_address(row.contract)}#conversations")


@bp.post("/account/mail")
@requires_login
def choose_mail() -> Response:
    me = sessions.me()
    offered = kinds_for(me, today())
    service.choose_mail(me, [kind for kind in offered if kind in request.form.getlist("mail")], tuple(offered))
    flash(_("From now on you get the mail that you chose."), "success")
    return redirect(f"{url_for('accounts.account')}#mail")


@bp.route("/mail/stop/<stop>", methods=["GET", "POST"])
@public
def stop_mail(stop: str) -> Page:
    """No more mail of a kind, from the link in it: no log-in. A GET only asks, since programs follow links too."""
    asked = asked_to_stop(stop)
    if asked is None:
        raise NotFound
    user, kind = asked
    if request.method == "POST":
        service.opt_out(user, kind)
    with force_locale(user.language.value):
        return render_template("signals/stop_mail.html", kind=kind, is_done=request.method == "POST")


@mails_bp.get("/mails")
@requires(Permission.ADMINISTER)
def index_of_mails() -> str:
    """What became of the mail of the corporations that somebody administers; its text is for its reader alone."""
    listing = mailbox.mails_for(sessions.me(), mailbox.OFFER.choice(request.args))
    return render_template("signals/mails.html", listing=listing)


def _shown(contract_id: int, key: str, refusal: str | None = None, **forms: FaultsBesideFields) -> str:
    """The page of a signal; what was typed and not accepted stays in its form."""
    me = sessions.me()
    found = queries.signal_for(me, contract_id, key, today())
    values: dict[str, Any] = {
        "snooze_form": SnoozeForm(formdata=None),
        "close_form": CloseForm(formdata=None),
    }
    return render_template(
        "signals/show.html",
        found=found,
        contract=found.contract,
        conversations=queries.conversations_of(found.contract),
        handles=card.may_handle(me, found.contract),
        refusal=refusal,
        **values | forms,
    )


def _acted(contract_id: int, key: str, act: Callable[[], str], **forms: FaultsBesideFields) -> Page:
    """Do it and say so; when it can't be done show the page as it is now, with the reason."""
    form = next(iter(forms.values()), None)
    if form is not None and not form.validate():
        return _shown(contract_id, key, **forms), REFUSED
    try:
        flash(act(), "success")
    except NotFound:
        raise
    except DomainError as error:
        if form is None or "column" not in error.values:
            return _shown(contract_id, key, sentence(error), **forms), status_of(error)
        form.show(error)
        return _shown(contract_id, key, **forms), status_of(error)
    return redirect(url_for("signals.show", contract_id=contract_id, signal_key=key))


def _address(contract: Contract) -> str:
    return url_for("contracts.show", kvk=contract.corporation.kvk, number=contract.number)


def _back(contract: Contract) -> str:
    """To the signal that somebody came from, or else to the contract."""
    key = request.args.get("signal", "")
    is_key = len(key) == KEY_LENGTH and key.isascii() and key.isalnum()
    if is_key:
        return url_for("signals.show", contract_id=contract.id, signal_key=key)
    return f"{_address(contract)}#conversations"


def _saved(contract: Contract) -> Callable[[object], str]:
    def done(_made: object) -> str:
        flash(_("The conversation is recorded."), "success")
        return _back(contract)

    return done


def _conversation_page(
    form: ConversationForm, contract: Contract, row: Conversation | None
) -> Callable[[Effects], str]:
    def page(effects: Effects) -> str:
        return render_template(
            "signals/conversation.html",
            form=form,
            contract=contract,
            cancel=_back(contract),
            effects=effects,
            conversation=row,
            button=ButtonForm(formdata=None),
        )

    return page
