"""What the page of a person lets an administrator do with that person's log-ins."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import care, sessions
from app.accounts.models import Membership
from app.accounts.permissions import Permission, requires

bp = Blueprint("log_ins", __name__)


@bp.post("/people/<int:membership_id>/sessions/<int:session_id>/end")
@requires(Permission.ADMINISTER)
def end(membership_id: int, session_id: int) -> Response:
    membership = care.end_session_of(membership_id, session_id, by=sessions.me())
    flash(_("%(name)s is logged out there.", name=membership.shown_name), "success")
    return _back(membership)


@bp.post("/people/<int:membership_id>/sessions/end")
@requires(Permission.ADMINISTER)
def end_all(membership_id: int) -> Response:
    membership = care.end_sessions_of(membership_id, by=sessions.me())
    flash(_("%(name)s is logged out everywhere.", name=membership.shown_name), "success")
    return _back(membership)


@bp.post("/people/<int:membership_id>/second-factor/reset")
@requires(Permission.ADMINISTER)
def reset_second_factor(membership_id: int) -> Response:
    membership = care.reset_second_factor(membership_id, by=sessions.me())
    flash(_("The second step of %(name)s is removed, and a mail says so.", name=membership.shown_name), "success")
    return _back(membership)


def _back(membership: Membership) -> Response:
    return redirect(url_for("organisation.edit", membership_id=membership.id))
