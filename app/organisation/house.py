"""In whose house style a page is shown: of the corporation that it is about, or the only one of its reader."""

from __future__ import annotations

from flask import Flask, g, request
from flask_login import current_user

from app.accounts.models import Corporation, User
from app.web.clock import today


def register(app: Flask) -> None:
    app.jinja_env.globals["house"] = house


def house() -> Corporation | None:
    """None for visitors, and where nothing says which of several it is."""
    if not current_user.is_authenticated or "session_row" not in g:
        return None
    mine = corporations_of(g.session_row.user)
    kvk = (request.view_args or {}).get("kvk")
    if kvk in mine:
        return mine[kvk]
    return next(iter(mine.values())) if len(mine) == 1 else None


def corporations_of(user: User) -> dict[str, Corporation]:
    """Those where the user is somebody today, by KvK number."""
    return {each.corporation.kvk: each.corporation for each in user.active_memberships(today())}
