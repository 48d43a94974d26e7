"""Mails about accounts, in their reader's language: texts without a secret, but for the links that let in once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.accounts.models import Language, Membership, User
from app.accounts.words import ROLES
from app.audit.trail import Audit
from app.mail.outbox import link as link_to
from app.mail.outbox import put
from app.web.formats import instant

OURS = _l("Was that not you? Then tell the administrator of your organisation at once.")


def invitation(audit: Audit, membership: Membership, link: str, until: datetime, language: Language) -> None:
    """The link that makes somebody a member, beside the page that shows it to who invites."""
    with force_locale(language.value):
        role, moment = str(ROLES[membership.role]), instant(until)
    corporation = membership.corporation.name
    subject = _l("Your access to Wederdienst for %(name)s", name=corporation)
    given = _l("%(corporation)s gives you access to Wederdienst, as %(role)s.", corporation=corporation, role=role)
    follow = _l("Follow this link to begin. It works once, until %(moment)s:", moment=moment)
    _put(audit, membership.user, "invitation", subject, language, given, follow, link)


def reset_link(audit: Audit, user: User, link: str) -> None:
    """The link that sets another password."""
    asked = _l("Somebody asked for a new password of your account at Wederdienst. Choose one here, within an hour:")
    here = link_to("entrance.reset", key=link)
    nothing = _l("Was that not you? Then do nothing: your password stays as it is.")
    _put(audit, user, "reset", _l("Choose a new password"), user.language, asked, here, nothing)


def password_changed(audit: Audit, user: User) -> None:
    said = _l("The password of your account at Wederdienst was changed, by a link that was mailed to you.")
    _put(audit, user, "password_changed", _l("Your password was changed"), user.language, said, OURS)


def second_factor_reset(audit: Audit, user: User, by: str | None) -> None:
    """That the second factor was taken away, by a colleague with that name or by whoever runs the product."""
    who = by or _l("Whoever runs the product")
    said = _l(
        "%(name)s removed the second step of your log-in at Wederdienst: the app, the passkeys and the recovery codes."
        " When you log in again with your password, you set up a new one.",
        name=who,
    )
    subject = _l("The second step of your log-in was removed")
    _put(audit, user, "second_factor_reset", subject, user.language, said, OURS)


def _put(audit: Audit, user: User, kind: str, subject: Any, language: Language, *paragraphs: Any) -> None:
    with force_locale(language.value):
        text = "\n\n".join(str(each) for each in paragraphs)
        put(audit, to=user.email, language=language.value, kind=kind, subject=str(subject), text=text, user=user)
