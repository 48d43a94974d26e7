"""How often somebody may try: failed attempts are counted, for an address of the network and for an account apart.

In a quarter of an hour 30 failures from one network address, 10 for one e-mail address from wherever (and 10 from
browsers that are known for it), and 10 wrong codes or current passwords of one user. A success is not counted, so that
a whole office behind one address can work. A visitor's network address has 60 files checked, and asks after 60 codes
that lead to nothing; other looks at these pages are not counted, and who is logged in has 300 files checked. Of
mails to addresses of one's own choice: 30 an hour. Of questions for a new password: 5 an hour for one e-mail address,
30 from one network address, whoever has it or not. Of files and checks that take the machine long: 60 of one user.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, g, make_response, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_limiter import RequestLimit
from flask_login import current_user

from app.accounts.known_browsers import account_of, is_known
from app.accounts.permissions import HALF
from app.extensions import client_address, limiter
from app.web.clock import HERE
from app.web.errors import PAGES, error_page

OF_AN_ADDRESS = "30 per 15 minutes"
OF_AN_ACCOUNT = "10 per 15 minutes"
OF_A_VISITOR = "60 per 15 minutes"
OF_A_KNOWN_ONE = "300 per 15 minutes"
OF_A_SENDER = "30 per hour"
OF_A_FORGETTER = "5 per hour"
TOO_MANY = 429
Kept = Callable[[str], str]
PREVIEW = "preview"
"""The value of the second button of a form: show what would come of it."""


def limited_log_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse more log-ins after too many failures."""
    for_address = limiter.limit(OF_AN_ADDRESS, **_COUNTING)
    for_account = limiter.limit(OF_AN_ACCOUNT, key_func=_typed_account, **_COUNTING)
    return for_address(for_account(view))


def limited_invitations(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse more tries of links and passwords after too many failures, looks included."""
    return limiter.limit(OF_AN_ADDRESS, **_COUNTING | {"methods": ["GET", "POST"]})(view)


def limited_for_user(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse more after too many failures of whoever is logged in."""
    return limiter.limit(OF_AN_ACCOUNT, key_func=_user, **_COUNTING)(view)


def limited_checks(kept: Kept) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Refuse to read ever more files for one visitor; to fill in a code or to look at the page is not counted.

    `kept` draws the page with the words that say when it goes on.
    """
    return limiter.limit(
        lambda: OF_A_KNOWN_ONE if current_user.is_authenticated else OF_A_VISITOR,
        key_func=lambda: f"user {_user()}" if current_user.is_authenticated else client_address(),
        methods=["POST"],
        exempt_when=lambda: not any(each.filename for each in request.files.values()),
        on_breach=partial(_wait, kept=kept),
    )


def limited_codes(kept: Kept) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Refuse a visitor who asks after ever more codes that lead to nothing. `kept` as for `limited_checks`."""
    return limiter.limit(
        OF_A_VISITOR,
        deduct_when=_failed,
        exempt_when=lambda: current_user.is_authenticated,
        on_breach=partial(_wait, kept=kept),
    )


def limited_heavy(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse to let one user ask ever more for what takes the machine long."""
    return limiter.limit(OF_A_VISITOR, key_func=_user, on_breach=_wait)(view)


def limited_drafts(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse to let one user look at ever more drafts; to issue what was looked at is never refused."""
    return limiter.limit(OF_A_VISITOR, key_func=_user, on_breach=_wait, exempt_when=lambda: not asks_draft())(view)


def asks_draft() -> bool:
    """Whether a form was sent with its button to look at a draft."""
    return request.method == "POST" and request.form.get("action") == PREVIEW


def limited_mails(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse to let one user send ever more mails to addresses of their choice."""
    return limiter.limit(OF_A_SENDER, key_func=_user, methods=["POST"], on_breach=_wait)(view)


def limited_resets(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse more mails with a link to a new password."""
    for_address = limiter.limit(OF_A_SENDER, methods=["POST"], on_breach=_wait)
    for_account = limiter.limit(OF_A_FORGETTER, key_func=_typed_account, methods=["POST"], on_breach=_wait)
    return for_address(for_account(view))


def _failed(response: Response) -> bool:
    return response.status_code >= 400


def _typed_account() -> str:
    """The account that is tried; in a browser that is known for it another one (known_browsers.py)."""
    account = account_of(request.form.get("email", ""))
    return f"known:{account}" if is_known(account) else account


def _user() -> str:
    half = g.get(HALF)
    return str(half.user_id if half else getattr(current_user, "id", "nobody"))


def _wait(limit: RequestLimit, kept: Kept | None = None) -> Response:
    """The page that says until when: one of its own, or the one that was asked for."""
    seconds = max(1, math.ceil(limit.reset_at - time.time()))
    minutes = max(1, round(seconds / 60))
    # The first whole minute at which it works again.
    until = datetime.fromtimestamp(math.ceil(limit.reset_at / 60) * 60, HERE).strftime("%H:%M")
    wait = ngettext("Wait %(num)d minute", "Wait %(num)d minutes", minutes)
    advice = _("%(wait)s and try again at %(until)s.", wait=wait, until=until)
    response = make_response(kept(advice), TOO_MANY) if kept else error_page(TOO_MANY, PAGES[TOO_MANY][0], advice)
    response.headers["Retry-After"] = str(seconds)
    return response


_COUNTING: dict[str, Any] = {"methods": ["POST"], "deduct_when": _failed, "on_breach": _wait}
